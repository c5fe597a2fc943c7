//! Local networks from before Ethernet won: Token Ring (IEEE 802.5), FDDI (ISO 9314), ARCNET (RFC 1201, RFC 1051).

use super::walk::{Next, Span, Walk};
use super::{Kind, arp, ipv4};

pub(super) fn token_ring(walk: &mut Walk<'_>, span: Span) -> Next {
    const HEADER: usize = 14;
    const SOURCE: usize = 8;
    /// Set in the source address where routing information follows the header.
    const ROUTED: u8 = 0x80;
    const ROUTING_LEN: u8 = 0x1f;
    /// Frame control: the two high bits tell logical-link frames from the ring's own.
    const FRAME_TYPE: u8 = 0xc0;
    const LLC: u8 = 0x40;
    if !walk.has(Kind::TokenRing, span, HEADER) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let (control, routed) = (rest[1], rest[SOURCE] & ROUTED != 0);
    let mut len = HEADER;
    if routed {
        if !walk.has(Kind::TokenRing, span, HEADER + 2) {
            return Next::STOP;
        }
        len += usize::from(rest[HEADER] & ROUTING_LEN).max(2);
        if !walk.has(Kind::TokenRing, span, len) {
            return Next::STOP;
        }
    }
    let payload = walk.layer(Kind::TokenRing, span, len);
    if control & FRAME_TYPE == LLC {
        Next::llc(payload)
    } else {
        Next::data(payload)
    }
}

pub(super) fn fddi(walk: &mut Walk<'_>, span: Span) -> Next {
    const HEADER: usize = 13;
    /// Frame control: class, address length, and two bits that tell logical-link frames.
    const FRAME_TYPE: u8 = 0x30;
    const LLC: u8 = 0x10;
    if !walk.has(Kind::Fddi, span, HEADER) {
        return Next::STOP;
    }
    let control = walk.rest(span)[0];
    let payload = walk.layer(Kind::Fddi, span, HEADER);
    if control & FRAME_TYPE == LLC {
        Next::llc(payload)
    } else {
        Next::data(payload)
    }
}

/// As BSD hands frames on: source, destination, protocol.
pub(super) fn arcnet(walk: &mut Walk<'_>, span: Span) -> Next {
    arcnet_from(walk, span, 2)
}

/// As Linux hands frames on: two bytes of offset stand before the protocol.
pub(super) fn arcnet_linux(walk: &mut Walk<'_>, span: Span) -> Next {
    arcnet_from(walk, span, 4)
}

fn arcnet_from(walk: &mut Walk<'_>, span: Span, protocol_at: usize) -> Next {
    const IP_1051: u8 = 240;
    const ARP_1051: u8 = 241;
    const IP_1201: u8 = 212;
    const ARP_1201: u8 = 213;
    /// RFC 1201: a split flag and a sequence number; a flag of 255 is padding, and they follow again behind it.
    const SPLIT: usize = 3;
    const EXCEPTION: u8 = 0xff;
    if !walk.has(Kind::Arcnet, span, protocol_at + 1) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let protocol = rest[protocol_at];
    let mut len = protocol_at + 1;
    if !matches!(protocol, IP_1051 | ARP_1051) {
        len += SPLIT;
        if rest.get(protocol_at + 1) == Some(&EXCEPTION) {
            len += 1 + SPLIT;
        }
        if !walk.has(Kind::Arcnet, span, len) {
            return Next::STOP;
        }
    }
    let payload = walk.layer(Kind::Arcnet, span, len);
    match protocol {
        IP_1051 | IP_1201 => ipv4::ipv4(walk, payload),
        ARP_1051 | ARP_1201 => arp::arp(walk, payload),
        _ => Next::data(payload),
    }
}
