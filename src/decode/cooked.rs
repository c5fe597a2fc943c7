//! Headers that a capturing system puts before what it captured, and the simplest links:
//! Linux "cooked" v1 and v2 (tcpdump.org/linktypes), BSD loopback, Cisco HDLC, Frame Relay.

use super::walk::{Next, Span, Walk};
use super::{Kind, link, ppp};
use crate::bytes;

const SLL_LEN: usize = 16;
const SLL2_LEN: usize = 20;
/// Where each keeps the protocol.
const SLL_PROTOCOL: usize = 14;
const SLL2_PROTOCOL: usize = 0;
/// Values of that field below the EtherTypes, as Linux's if_ether.h has them.
const LINUX_802_2: u16 = 4;

pub(super) fn sll(walk: &mut Walk<'_>, span: Span) -> Next {
    cooked(walk, Kind::Sll, span, SLL_LEN, SLL_PROTOCOL)
}

pub(super) fn sll2(walk: &mut Walk<'_>, span: Span) -> Next {
    cooked(walk, Kind::Sll2, span, SLL2_LEN, SLL2_PROTOCOL)
}

fn cooked(walk: &mut Walk<'_>, kind: Kind, span: Span, len: usize, protocol_at: usize) -> Next {
    if !walk.has(kind, span, len) {
        return Next::STOP;
    }
    let protocol = bytes::be16(walk.rest(span), protocol_at);
    let payload = walk.layer(kind, span, len);
    match protocol {
        Some(LINUX_802_2) => Next::llc(payload),
        Some(number) => Next::ether_type(number, payload),
        None => Next::data(payload),
    }
}

/// A 32-bit address family in the byte order of the machine that captured; OpenBSD's LOOP has network order.
pub(super) fn null(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 4;
    const INET: u32 = 2;
    /// NetBSD and Linux, FreeBSD, macOS.
    const INET6: [u32; 4] = [10, 24, 28, 30];
    let Some(family) = bytes::be32(walk.rest(span), 0) else {
        return walk.cut(Kind::Null, span, LEN);
    };
    let payload = walk.layer(Kind::Null, span, LEN);
    // Families are small, so one half is zero, on whichever machine it was written. Where neither is,
    // the second half is an EtherType, as some systems write it.
    if family >> 16 != 0 && family & 0xffff != 0 {
        return Next::ether_type(family as u16, payload);
    }
    let family = family.min(family.swap_bytes());
    if family == INET || INET6.contains(&family) {
        Next::ip(payload)
    } else {
        Next::data(payload)
    }
}

/// Address, control, then an EtherType (RFC 1547 4.3.1 describes the practice).
pub(super) fn chdlc(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 4;
    // PPP in HDLC framing is captured under this type too, and starts with its own address and control.
    if walk.rest(span).starts_with(&ppp::ADDRESS_CONTROL) {
        return Next::ppp(span);
    }
    /// Cisco's own keep-alives use the number that is RARP elsewhere.
    const SLARP: u16 = 0x8035;
    let Some(number) = bytes::be16(walk.rest(span), 2) else {
        return walk.cut(Kind::Chdlc, span, LEN);
    };
    let payload = walk.layer(Kind::Chdlc, span, LEN);
    match number {
        SLARP => Next::data(payload),
        _ => Next::ether_type(number, payload),
    }
}

/// A Q.922 address of two to four octets, then a network layer protocol identifier (RFC 2427).
pub(super) fn frame_relay(walk: &mut Walk<'_>, span: Span) -> Next {
    const UNNUMBERED: u8 = 0x03;
    const SNAP: u8 = 0x80;
    const NLPID_IPV4: u8 = 0xcc;
    const NLPID_IPV6: u8 = 0x8e;
    let rest = walk.rest(span);
    let Some(last) = rest.iter().take(4).position(|octet| octet & 1 == 1) else {
        return walk.cut(Kind::FrameRelay, span, 4);
    };
    let address = last + 1;
    match rest.get(address..) {
        Some([UNNUMBERED, NLPID_IPV4 | NLPID_IPV6, ..]) => {
            Next::ip(walk.layer(Kind::FrameRelay, span, address + 2))
        }
        Some([UNNUMBERED, 0, SNAP, 0, 0, 0, high, low, ..])
        | Some([UNNUMBERED, SNAP, 0, 0, 0, high, low, ..]) => {
            let pad = usize::from(rest[address + 1] == 0);
            let number = u16::from_be_bytes([*high, *low]);
            Next::ether_type(
                number,
                walk.layer(Kind::FrameRelay, span, address + pad + 7),
            )
        }
        // Cisco's own encapsulation: an EtherType where the control field would be.
        Some([high, low, ..]) if *high != UNNUMBERED => {
            let number = u16::from_be_bytes([*high, *low]);
            Next::ether_type(number, walk.layer(Kind::FrameRelay, span, address + 2))
        }
        _ => Next::data(walk.layer(Kind::FrameRelay, span, address)),
    }
}

/// Linux's netfilter log: a family, then values with length and type; one of them is the packet.
pub(super) fn nflog(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 4;
    const VALUE_HEADER: usize = 4;
    const PAYLOAD: u16 = 9;
    const TYPE: u16 = 0x7fff;
    if !walk.has(Kind::Nflog, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let mut at = FIXED;
    while let (Some(len), Some(kind)) = (bytes::chunk(rest, at), bytes::chunk(rest, at + 2)) {
        // In the byte order of the machine that logged; those that do are little-endian.
        let len = usize::from(u16::from_le_bytes(len));
        let kind = u16::from_le_bytes(kind) & TYPE;
        if len < VALUE_HEADER {
            break;
        }
        if kind == PAYLOAD {
            let packet = walk.layer(Kind::Nflog, span, (at + VALUE_HEADER).min(rest.len()));
            return Next::ip(packet.limit(len - VALUE_HEADER));
        }
        at += len.next_multiple_of(4);
    }
    link::whole(walk, Kind::Nflog, span)
}
