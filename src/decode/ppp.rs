//! The Point-to-Point Protocol (RFC 1661), in HDLC-like framing (RFC 1662) or over Ethernet (RFC 2516).

use super::walk::{Next, Span, Walk};
use super::{Kind, tunnel};
use crate::bytes;

/// HDLC's all-stations address and unnumbered-information control.
pub(super) const ADDRESS_CONTROL: [u8; 2] = [0xff, 0x03];
const PROTOCOL_IPV4: u16 = 0x0021;
const PROTOCOL_IPV6: u16 = 0x0057;
const PROTOCOL_MPLS: u16 = 0x0281;

const PPPOE_LEN: usize = 6;

pub(super) fn ppp(walk: &mut Walk<'_>, span: Span) -> Next {
    let rest = walk.rest(span);
    let framing = if rest.starts_with(&ADDRESS_CONTROL) {
        2
    } else {
        0
    };
    let Some(&first) = rest.get(framing) else {
        return walk.cut(Kind::Ppp, span, framing + 2);
    };
    // Protocol-Field-Compression: an odd first octet is the whole field.
    let (protocol, len) = if first & 1 == 1 {
        (u16::from(first), framing + 1)
    } else {
        match bytes::be16(rest, framing) {
            Some(protocol) => (protocol, framing + 2),
            None => return walk.cut(Kind::Ppp, span, framing + 2),
        }
    };
    let payload = walk.layer(Kind::Ppp, span, len);
    match protocol {
        PROTOCOL_IPV4 | PROTOCOL_IPV6 => Next::ip(payload),
        PROTOCOL_MPLS => tunnel::mpls(walk, payload),
        _ => Next::data(payload),
    }
}

pub(super) fn pppoe(walk: &mut Walk<'_>, kind: Kind, span: Span) -> Next {
    if !walk.has(kind, span, PPPOE_LEN) {
        return Next::STOP;
    }
    let length = bytes::be16(walk.rest(span), 4).unwrap_or(0);
    let payload = walk.layer(kind, span, PPPOE_LEN).limit(length as usize);
    match kind {
        Kind::Pppoe => Next::ppp(payload),
        _ => Next::data(payload),
    }
}
