//! Protocols that carry whole packets or frames of others.

use super::walk::{Next, Span, Walk};
use super::{Kind, tags, wlan};
use crate::bytes;

/// One label stack entry (RFC 3032); a layer each, down to the bottom of the stack.
pub(super) fn mpls(walk: &mut Walk<'_>, span: Span) -> Next {
    const ENTRY: usize = 4;
    const BOTTOM: u32 = 0x100;
    let mut span = span;
    loop {
        let Some(entry) = bytes::be32(walk.rest(span), 0) else {
            return walk.cut(Kind::Mpls, span, ENTRY);
        };
        if !walk.may_go_deeper(span) {
            return Next::STOP;
        }
        span = walk.layer(Kind::Mpls, span, ENTRY);
        if entry & BOTTOM != 0 {
            break;
        }
    }
    // Nothing in the stack tells what it carries; the first four bits do, by convention (RFC 4385, 3).
    match walk.rest(span).first().map(|octet| octet >> 4) {
        Some(4 | 6) => Next::ip(span),
        // A pseudowire's control word, then a frame.
        Some(0) if looks_like_frame(walk.rest(span.after(ENTRY))) => {
            Next::ethernet(span.after(ENTRY))
        }
        _ if looks_like_frame(walk.rest(span)) => Next::ethernet(span),
        _ => Next::data(span),
    }
}

/// Whether this could be an Ethernet frame: what stands in the place of its EtherType is one that is in use.
/// A guess, made only where nothing else tells.
fn looks_like_frame(bytes: &[u8]) -> bool {
    const IN_USE: [u16; 6] = [0x0800, 0x0806, 0x8100, 0x86dd, 0x88a8, 0x8847];
    match bytes::be16(bytes, 12) {
        Some(field) => field <= 1500 || IN_USE.contains(&field),
        None => false,
    }
}

/// Generic Routing Encapsulation (RFC 2784, RFC 2890), and its version 1 for PPTP (RFC 2637).
pub(super) fn gre(walk: &mut Walk<'_>, span: Span) -> Next {
    const CHECKSUM: u16 = 0x8000;
    const ROUTING: u16 = 0x4000;
    const KEY: u16 = 0x2000;
    const SEQUENCE: u16 = 0x1000;
    const ACKNOWLEDGMENT: u16 = 0x0080;
    const VERSION: u16 = 0x0007;
    const PPP: u16 = 0x880b;
    const ERSPAN: u16 = 0x88be;
    /// MikroTik's Ethernet over IP.
    const EOIP: u16 = 0x6400;
    /// Aruba's controllers and access points.
    const ARUBA_FIRST: u16 = 0x8200;
    const ARUBA_LAST: u16 = 0x82ff;
    const FIXED: usize = 4;
    let rest = walk.rest(span);
    let (Some(flags), Some(protocol)) = (bytes::be16(rest, 0), bytes::be16(rest, 2)) else {
        return walk.cut(Kind::Gre, span, FIXED);
    };
    let version = flags & VERSION;
    let optional = [
        flags & (CHECKSUM | ROUTING) != 0,
        flags & KEY != 0,
        flags & SEQUENCE != 0,
        version == 1 && flags & ACKNOWLEDGMENT != 0,
    ];
    let len = FIXED + 4 * optional.iter().filter(|there| **there).count();
    if !walk.has(Kind::Gre, span, len) {
        return Next::STOP;
    }
    let has_sequence = flags & SEQUENCE != 0;
    let payload = walk.layer(Kind::Gre, span, len);
    match protocol {
        PPP => Next::ppp(payload),
        // The first version of ERSPAN has no header; later ones count their frames.
        ERSPAN if !has_sequence => Next::ethernet(payload),
        EOIP if version == 1 => Next::ethernet(payload),
        ARUBA_FIRST..=ARUBA_LAST => wlan::ieee80211(walk, payload),
        _ => Next::ether_type(protocol, payload),
    }
}

/// Mirrored frames, type II (draft-foschiano-erspan): version, VLAN, session, index.
pub(super) fn erspan_2(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 8;
    if !walk.has(Kind::Erspan, span, LEN) {
        return Next::STOP;
    }
    Next::ethernet(walk.layer(Kind::Erspan, span, LEN))
}

/// Type III: a time stamp too, and where the last bit says so eight bytes for the platform.
pub(super) fn erspan_3(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 12;
    const PLATFORM: usize = 8;
    if !walk.has(Kind::Erspan, span, FIXED) {
        return Next::STOP;
    }
    let has_platform = walk.rest(span)[FIXED - 1] & 1 != 0;
    let len = FIXED + if has_platform { PLATFORM } else { 0 };
    if !walk.has(Kind::Erspan, span, len) {
        return Next::STOP;
    }
    Next::ethernet(walk.layer(Kind::Erspan, span, len))
}

/// Web cache redirection: version 2 puts four bytes before the packet; version 1 has none.
pub(super) fn wccp(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 4;
    match walk.rest(span).first() {
        Some(octet) if octet >> 4 == 4 => Next::ip(span),
        Some(_) if walk.rest(span).len() >= LEN => Next::ip(walk.layer(Kind::Wccp, span, LEN)),
        _ => Next::data(span),
    }
}

/// RFC 4380: an authentication and an origin indication may stand before the packet.
pub(super) fn teredo(walk: &mut Walk<'_>, span: Span) -> Next {
    const AUTHENTICATION: [u8; 2] = [0, 1];
    const AUTHENTICATION_FIXED: usize = 13;
    const ORIGIN: [u8; 2] = [0, 0];
    const ORIGIN_LEN: usize = 8;
    let rest = walk.rest(span);
    let mut len = 0;
    if rest.starts_with(&AUTHENTICATION) {
        // Two lengths, of the client's name and of the authentication value.
        let lengths: [u8; 2] = bytes::chunk(rest, 2).unwrap_or_default();
        len += AUTHENTICATION_FIXED + usize::from(lengths[0]) + usize::from(lengths[1]);
    }
    if rest
        .get(len..)
        .is_some_and(|rest| rest.starts_with(&ORIGIN))
    {
        len += ORIGIN_LEN;
    }
    let packet = span.after(len);
    match walk.rest(packet).first() {
        Some(octet) if octet >> 4 == 6 => {
            if len > 0 {
                walk.layer(Kind::Teredo, span, len);
            }
            Next::ip(packet)
        }
        _ => Next::data(span),
    }
}

/// RFC 7348: flags, a 24-bit network identifier, then an Ethernet frame.
pub(super) fn vxlan(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 8;
    if !walk.has(Kind::Vxlan, span, LEN) {
        return Next::STOP;
    }
    Next::ethernet(walk.layer(Kind::Vxlan, span, LEN))
}

/// Its generic extension (draft-ietf-nvo3-vxlan-gpe): the header names what follows.
pub(super) fn vxlan_gpe(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 8;
    const NEXT_PROTOCOL: usize = 3;
    if !walk.has(Kind::Vxlan, span, LEN) {
        return Next::STOP;
    }
    let protocol = walk.rest(span)[NEXT_PROTOCOL];
    let payload = walk.layer(Kind::Vxlan, span, LEN);
    match protocol {
        1 | 2 => Next::ip(payload),
        3 => Next::ethernet(payload),
        4 => tags::service_header(walk, payload),
        _ => Next::data(payload),
    }
}

/// RFC 8926: a fixed header, options counted in units of four bytes, then what the protocol type names.
pub(super) fn geneve(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 8;
    const OPTIONS_LEN: u8 = 0x3f;
    if !walk.has(Kind::Geneve, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let len = FIXED + 4 * usize::from(rest[0] & OPTIONS_LEN);
    let protocol = u16::from_be_bytes([rest[2], rest[3]]);
    if !walk.has(Kind::Geneve, span, len) {
        return Next::STOP;
    }
    Next::ether_type(protocol, walk.layer(Kind::Geneve, span, len))
}

/// GTP version 1, user plane (3GPP TS 29.281): only G-PDU messages carry a packet.
pub(super) fn gtp(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 8;
    const OPTIONAL: usize = 4;
    const ANY_OPTIONAL: u8 = 0x07;
    const EXTENSION: u8 = 0x04;
    const G_PDU: u8 = 255;
    const VERSION_1: u8 = 1;
    if !walk.has(Kind::Gtp, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    if rest[0] >> 5 != VERSION_1 {
        return Next::data(span);
    }
    let mut len = FIXED;
    if rest[0] & ANY_OPTIONAL != 0 {
        len += OPTIONAL;
        if !walk.has(Kind::Gtp, span, len) {
            return Next::STOP;
        }
        let mut next_extension = if rest[0] & EXTENSION != 0 {
            rest[len - 1]
        } else {
            0
        };
        while next_extension != 0 {
            let units = rest.get(len).map_or(0, |units| usize::from(*units));
            if units == 0 || !walk.has(Kind::Gtp, span, len + 4 * units) {
                return Next::STOP;
            }
            len += 4 * units;
            next_extension = rest[len - 1];
        }
    }
    let length = bytes::be16(rest, 2).map_or(0, usize::from);
    let message = rest[1];
    let payload = walk.layer(Kind::Gtp, span.limit(FIXED + length), len);
    match message {
        G_PDU if !walk.rest(payload).is_empty() => Next::ip(payload),
        _ => Next::data(payload),
    }
}
