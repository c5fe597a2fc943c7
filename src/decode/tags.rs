//! Headers that switches put between the addresses and the EtherType, VLAN tags apart.

use super::walk::{Next, Span, Walk};
use super::{Kind, ethernet};
use crate::bytes::be16;

/// A tag of `len` bytes that ends with the EtherType of what follows: Cisco's metadata (whose security group TrustSec tells
/// switches) and VN-Tag, 802.1BR's E-Tag, HSR's tag (IEC 62439-3, 5.6).
pub(super) fn tag(walk: &mut Walk<'_>, kind: Kind, span: Span, len: usize) -> Next {
    if !walk.has(kind, span, len) {
        return Next::STOP;
    }
    let field = be16(walk.rest(span), len - 2).unwrap_or(0);
    let payload = walk.layer(kind, span, len);
    ethernet::length_or_type(walk, field, payload)
}

/// Provider backbone bridging (IEEE 802.1ah): a service tag, then the customer's whole frame.
pub(super) fn backbone(walk: &mut Walk<'_>, span: Span) -> Next {
    const SERVICE_TAG: usize = 4;
    const ADDRESSES: usize = 12;
    const LEN: usize = SERVICE_TAG + ADDRESSES + 2;
    tag(walk, Kind::Backbone, span, LEN)
}

/// Arista's time stamps and other additions (its documents call it the AVSP header).
pub(super) fn arista(walk: &mut Walk<'_>, span: Span) -> Next {
    const TIMESTAMP: u16 = 1;
    /// 48 bits of time, or 64, by the version.
    const VERSION_48: u16 = 0x20;
    let rest = walk.rest(span);
    let (Some(subtype), Some(version)) = (be16(rest, 0), be16(rest, 2)) else {
        return walk.cut(Kind::Arista, span, 4);
    };
    match subtype {
        TIMESTAMP if version & 0xff == VERSION_48 => tag(walk, Kind::Arista, span, 4 + 6 + 2),
        TIMESTAMP => tag(walk, Kind::Arista, span, 4 + 8 + 2),
        _ => Next::data(walk.layer(Kind::Arista, span, 4)),
    }
}

/// Network service header (RFC 8300): its length in units of four bytes, then what the next-protocol octet names.
pub(super) fn service_header(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 8;
    const LENGTH: u16 = 0x003f;
    const IPV4: u8 = 1;
    const IPV6: u8 = 2;
    const ETHERNET: u8 = 3;
    if !walk.has(Kind::Nsh, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let len = (4 * usize::from(u16::from_be_bytes([rest[0], rest[1]]) & LENGTH)).max(FIXED);
    let next = rest[3];
    if !walk.has(Kind::Nsh, span, len) {
        return Next::STOP;
    }
    let payload = walk.layer(Kind::Nsh, span, len);
    match next {
        IPV4 | IPV6 => Next::ip(payload),
        ETHERNET => Next::ethernet(payload),
        _ => Next::data(payload),
    }
}

#[cfg(test)]
mod tests {
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    /// UDP from 10.9.0.2 port 9000 to 10.9.0.1 port 53.
    const DATAGRAM: [u8; 28] = [
        0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1, // IPv4
        0x23, 0x28, 0, 53, 0, 8, 0, 0, // UDP
    ];

    #[test]
    fn what_stands_behind_a_tag_is_found() {
        for (ether_type, len) in [
            (0x8909_u16, 8), // Cisco metadata
            (0x8926, 6),     // VN-Tag
            (0x892f, 6),     // HSR
            (0x893f, 8),     // E-Tag
        ] {
            let mut frame = vec![2; 12];
            frame.extend(ether_type.to_be_bytes());
            frame.extend(vec![1; len - 2]);
            frame.extend([0x08, 0x00]);
            frame.extend(DATAGRAM);
            let mut batch = Batch::default();
            batch.push(&frame, frame.len() as u32, None, LinkType::ETHERNET, 0);
            let mut decoded = Decoded::default();
            decoded.push(&batch, 0);
            let ports = |decoded: &Decoded| -> Vec<u16> {
                let parts = decoded.parts(&batch, 0);
                parts
                    .flows()
                    .iter()
                    .map(|flow| flow.source().port)
                    .collect()
            };
            assert_eq!(ports(&decoded), [9000], "{ether_type:#06x}");
        }
    }
}
