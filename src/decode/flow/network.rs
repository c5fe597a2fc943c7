//! The IP header around, as far as others need it.

use crate::bytes;
use crate::decode::{Kind, Layer};

/// What conversations, and the checksums of what is inside, need of an IP header.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) enum Network<'a> {
    Unknown,
    V4 {
        /// The source in the upper half, the destination in the lower.
        addresses: u64,
        identification: u16,
        /// Of the packet in bytes, header included.
        len: u32,
    },
    V6 {
        header: &'a [u8],
        /// Of the packet in bytes, header included.
        len: u32,
        /// Still on its way along a route: the destination is another one.
        is_on_route: bool,
    },
}

impl<'a> Network<'a> {
    /// From an IPv4 header, of a packet with `len` bytes.
    #[inline]
    pub(in crate::decode) fn v4(header: &[u8], len: usize) -> Self {
        match (bytes::chunk(header, 12), bytes::be16(header, 4)) {
            (Some(addresses), Some(identification)) => Self::V4 {
                addresses: u64::from_be_bytes(addresses),
                identification,
                len: len as u32,
            },
            _ => Self::Unknown,
        }
    }

    /// From an IPv6 header, of a packet with `len` bytes.
    pub(in crate::decode) fn v6(header: &'a [u8], len: usize) -> Self {
        Self::V6 {
            header,
            len: len as u32,
            is_on_route: false,
        }
    }

    /// Takes in what a routing header behind the IP header says, of which there are so many bytes.
    pub(in crate::decode) fn route(&mut self, routing: &[u8]) {
        const SEGMENTS_LEFT: usize = 3;
        if let Self::V6 { is_on_route, .. } = self {
            *is_on_route |= routing.get(SEGMENTS_LEFT).is_none_or(|left| *left > 0);
        }
    }

    /// Whether the addresses are those that a checksum covers (RFC 8200, 8.1).
    pub(in crate::decode) fn names_ends(&self) -> bool {
        match *self {
            Self::Unknown => false,
            Self::V4 { .. } => true,
            Self::V6 { is_on_route, .. } => !is_on_route,
        }
    }

    /// The sum of its addresses for a checksum (RFC 1071): of four bytes at a time, carries not folded in.
    #[inline]
    pub(in crate::decode) fn sum(&self) -> u64 {
        match *self {
            Self::Unknown => 0,
            Self::V4 { addresses, .. } => (addresses >> 32) + u64::from(addresses as u32),
            Self::V6 { header, .. } => {
                let addresses = header.get(8..40).unwrap_or_default();
                let quads = addresses.as_chunks().0.iter();
                quads.map(|quad| u64::from(u32::from_be_bytes(*quad))).sum()
            }
        }
    }

    /// The innermost of some layers of a frame.
    pub(in crate::decode) fn of(frame: &'a [u8], layers: &[Layer]) -> Self {
        let is_network = |layer: &Layer| matches!(layer.kind, Kind::Ipv4 | Kind::Ipv6);
        let Some(place) = layers.iter().rposition(is_network) else {
            return Self::Unknown;
        };
        let from = |layer: &Layer| frame.get(layer.start as usize..).unwrap_or_default();
        let (layer, behind) = (&layers[place], &layers[place + 1..]);
        let len = layer.end.saturating_sub(layer.start) as usize;
        let mut network = match layer.kind {
            Kind::Ipv4 => Self::v4(from(layer), len),
            _ => Self::v6(from(layer), len),
        };
        let routing = behind.iter().filter(|layer| layer.kind == Kind::Routing);
        routing.for_each(|layer| network.route(from(layer)));
        network
    }
}
