//! Headers that a capturing system puts before what it captured, and the simplest links:
//! Linux "cooked" v1 and v2 (tcpdump.org/linktypes), BSD loopback, Cisco HDLC, Frame Relay.

use super::ethertype;
use super::walk::{Next, Span, Walk};
use super::{Kind, ppp};
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
        return Next::Stop;
    }
    let protocol = bytes::be16(walk.rest(span), protocol_at);
    let payload = walk.layer(kind, span, len);
    match protocol {
        Some(LINUX_802_2) => Next::Llc(payload),
        Some(number) => Next::EtherType(number, payload),
        None => Next::Data(payload),
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
    // Families are small: whichever order gives a small number is the one it was written in.
    let family = family.min(family.swap_bytes());
    let payload = walk.layer(Kind::Null, span, LEN);
    if family == INET || INET6.contains(&family) {
        Next::Ip(payload)
    } else if family > u32::from(u8::MAX) && family <= u32::from(u16::MAX) {
        Next::EtherType(family as u16, payload)
    } else {
        Next::Data(payload)
    }
}

/// Address, control, then an EtherType (RFC 1547 4.3.1 describes the practice).
pub(super) fn chdlc(walk: &mut Walk<'_>, span: Span) -> Next {
    const LEN: usize = 4;
    // PPP in HDLC framing is captured under this type too, and starts with its own address and control.
    if walk.rest(span).starts_with(&ppp::ADDRESS_CONTROL) {
        return Next::Ppp(span);
    }
    let Some(number) = bytes::be16(walk.rest(span), 2) else {
        return walk.cut(Kind::Chdlc, span, LEN);
    };
    Next::EtherType(number, walk.layer(Kind::Chdlc, span, LEN))
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
            Next::Ip(walk.layer(Kind::FrameRelay, span, address + 2))
        }
        Some([UNNUMBERED, 0, SNAP, 0, 0, 0, high, low, ..])
        | Some([UNNUMBERED, SNAP, 0, 0, 0, high, low, ..]) => {
            let pad = usize::from(rest[address + 1] == 0);
            let number = u16::from_be_bytes([*high, *low]);
            Next::EtherType(
                number,
                walk.layer(Kind::FrameRelay, span, address + pad + 7),
            )
        }
        // Cisco's own encapsulation puts an EtherType there.
        Some([high, low, ..]) if u16::from_be_bytes([*high, *low]) == ethertype::IPV4 => {
            Next::EtherType(
                ethertype::IPV4,
                walk.layer(Kind::FrameRelay, span, address + 2),
            )
        }
        _ => Next::Data(walk.layer(Kind::FrameRelay, span, address)),
    }
}
