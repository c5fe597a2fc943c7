//! Where a field's value stands: for whoever shows or marks bytes.

use std::ops::Range;

use super::Field;
use super::row::Read;
use crate::decode::{Kind, Layer, Packet};

/// The bytes that hold a value, and which of their bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Counted as layers are.
    pub bytes: Range<usize>,
    /// The value's bits, the last byte's lowest being the lowest; none where it takes all of them.
    pub mask: Option<u32>,
}

/// Where a value stands in its layer's header: first byte, how many, and which of their bits.
type Place = (usize, usize, u32);

const ALL: u32 = u32::MAX;

impl Field {
    /// Where the layer keeps this field; none for what is worked out from elsewhere, and for what was not captured.
    pub fn span(&self, packet: &Packet<'_>, layer: &Layer) -> Option<Span> {
        let (at, size, mask) = match self.read {
            Read::Number { at, size, mask } | Read::Bit { at, size, mask } => {
                (at.into(), size.into(), mask)
            }
            Read::Mac { at } => (at.into(), 6, ALL),
            Read::Ipv4 { at } => (at.into(), 4, ALL),
            Read::Ipv6 { at } => (at.into(), 16, ALL),
            Read::Derived { .. } | Read::One(_) | Read::Many(_) => {
                declared(self.name, packet, layer)?
            }
        };
        let span = narrowed(at, size, mask);
        let header = packet.header(layer);
        (span.bytes.end <= header.len()).then(|| {
            let start = layer.start as usize;
            Span {
                bytes: start + span.bytes.start..start + span.bytes.end,
                ..span
            }
        })
    }

    /// Whether a layer may have this field more than once.
    pub fn repeats(&self) -> bool {
        matches!(self.read, Read::Many(_))
    }
}

/// Leaves out the bytes that the mask has no bit of.
fn narrowed(at: usize, size: usize, mask: u32) -> Span {
    let whole = Span {
        bytes: at..at + size,
        mask: None,
    };
    if mask == ALL || mask == 0 || size > 4 {
        return whole;
    }
    let behind = mask.trailing_zeros() / 8;
    let mask = mask >> (8 * behind);
    let kept = (u32::BITS - mask.leading_zeros()).div_ceil(8);
    let end = at + size - behind as usize;
    let is_whole = mask.count_ones() == 8 * kept;
    Span {
        bytes: end - kept as usize..end,
        mask: (!is_whole).then_some(mask),
    }
}

/// Rows that are read by a function of their own, but from one place. Beside the rows would be their home, if
/// it didn't double the length of every line there.
#[rustfmt::skip]
static FIXED: &[(&str, Place)] = &[
    ("ip.hdr_len", (0, 1, 0x0f)),
    ("ip.len", (2, 2, ALL)),
    ("tcp.seq", (4, 4, ALL)),
    ("tcp.ack", (8, 4, ALL)),
    ("tcp.hdr_len", (12, 1, 0xf0)),
    ("icmp.ident", (4, 2, ALL)),
    ("icmp.seq", (6, 2, ALL)),
    ("icmpv6.echo.identifier", (4, 2, ALL)),
    ("icmpv6.echo.sequence_number", (6, 2, ALL)),
    ("icmpv6.nd.ns.target_address", (8, 16, ALL)),
    ("icmpv6.nd.na.target_address", (8, 16, ALL)),
    ("llc.oui", (3, 3, ALL)),
    ("llc.type", (6, 2, ALL)),
    ("null.family", (0, 4, ALL)),
    ("stp.flags.port_role", (4, 1, 0x0c)),
    ("stp.root.prio", (5, 2, 0xf000)),
    ("stp.bridge.prio", (17, 2, 0xf000)),
];

fn declared(name: &str, packet: &Packet<'_>, layer: &Layer) -> Option<Place> {
    if let Some((_, place)) = FIXED.iter().find(|(fixed, _)| *fixed == name) {
        return Some(*place);
    }
    let whole = |at: usize, size: usize| Some((at, size, ALL));
    match (name, layer.kind) {
        ("arp.src.hw_mac" | "arp.src.proto_ipv4" | "arp.dst.hw_mac" | "arp.dst.proto_ipv4", _) => {
            arp_address(name, packet, layer)
        }
        ("tcp.options.mss_val", _) => whole(tcp_option(packet, layer, 2)?, 2),
        ("tcp.options.wscale.shift", _) => whole(tcp_option(packet, layer, 3)?, 1),
        ("tcp.options.timestamp.tsval", _) => whole(tcp_option(packet, layer, 8)?, 4),
        ("tcp.options.timestamp.tsecr", _) => whole(tcp_option(packet, layer, 8)? + 4, 4),
        ("sll.src.eth", Kind::Sll) => whole(6, 6),
        ("sll.src.eth", Kind::Sll2) => whole(12, 6),
        _ => None,
    }
}

/// ARP's addresses follow each other, as long as two octets before them say (RFC 826).
fn arp_address(name: &str, packet: &Packet<'_>, layer: &Layer) -> Option<Place> {
    const ADDRESSES: usize = 8;
    let hardware = usize::from(packet.u8(layer, 4)?);
    let protocol = usize::from(packet.u8(layer, 5)?);
    Some(match name {
        "arp.src.hw_mac" => (ADDRESSES, hardware, ALL),
        "arp.src.proto_ipv4" => (ADDRESSES + hardware, protocol, ALL),
        "arp.dst.hw_mac" => (ADDRESSES + hardware + protocol, hardware, ALL),
        _ => (ADDRESSES + 2 * hardware + protocol, protocol, ALL),
    })
}

/// Where the content of the first TCP option of a kind starts in the header (RFC 9293, 3.1).
fn tcp_option(packet: &Packet<'_>, layer: &Layer, wanted: u8) -> Option<usize> {
    const OPTIONS: usize = 20;
    const END: u8 = 0;
    const NO_OPERATION: u8 = 1;
    let mut at = OPTIONS;
    loop {
        match packet.u8(layer, at)? {
            END => return None,
            NO_OPERATION => at += 1,
            kind if kind == wanted => return Some(at + 2),
            _ => at += usize::from(packet.u8(layer, at + 1)?.max(2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::all;
    use super::*;

    #[test]
    fn declared_places_are_those_of_rows_that_exist() {
        for (name, _) in FIXED {
            assert!(all().any(|field| field.name == *name), "{name}");
        }
    }

    #[test]
    fn a_mask_takes_only_the_bytes_it_has_bits_in() {
        let span = |bytes, mask| Span { bytes, mask };
        assert_eq!(narrowed(12, 2, ALL), span(12..14, None));
        assert_eq!(narrowed(12, 2, 0x0002), span(13..14, Some(0x02)));
        assert_eq!(narrowed(12, 2, 0x0e00), span(12..13, Some(0x0e)));
        assert_eq!(narrowed(0, 4, 0x0ff0_0000), span(0..2, Some(0x0ff0)));
        assert_eq!(narrowed(0, 4, 0x0000_00ff), span(3..4, None));
    }
}
