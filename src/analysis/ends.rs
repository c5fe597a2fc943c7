//! Who talks to whom: the key that conversations are kept under.

use std::net::IpAddr;

use crate::decode::{Kind, Layer, Packet};

/// Both ends, the lower one first, so that either direction gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key<const N: usize> {
    pub low: ([u8; N], u16),
    pub high: ([u8; N], u16),
}

/// The key of what `network` (IPv4 for N = 4, IPv6 for N = 16) carries between `ports` (source, destination), and
/// which end sent this: 0 is the lower one.
pub(super) fn direction<const N: usize>(
    packet: &Packet<'_>,
    network: &Layer,
    ports: (u16, u16),
) -> Option<(Key<N>, usize)> {
    let first = if N == 4 { 12 } else { 8 };
    let source = (packet.chunk(network, first)?, ports.0);
    let destination = (packet.chunk(network, first + N)?, ports.1);
    Some(order(source, destination))
}

pub(super) fn order<const N: usize>(
    source: ([u8; N], u16),
    destination: ([u8; N], u16),
) -> (Key<N>, usize) {
    if source <= destination {
        let (low, high) = (source, destination);
        (Key { low, high }, 0)
    } else {
        let (low, high) = (destination, source);
        (Key { low, high }, 1)
    }
}

/// The IP header that a layer was carried in.
pub(super) fn enclosing_network<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<&'a Layer> {
    let before = packet
        .layers
        .iter()
        .rev()
        .skip_while(|other| other.start >= layer.start);
    before
        .into_iter()
        .find(|other| matches!(other.kind, Kind::Ipv4 | Kind::Ipv6))
}

/// Source and destination of an IP header.
pub(super) fn addresses(packet: &Packet<'_>, network: &Layer) -> Option<(IpAddr, IpAddr)> {
    Some(if network.kind == Kind::Ipv4 {
        let read = |at| packet.chunk::<4>(network, at).map(IpAddr::from);
        (read(12)?, read(16)?)
    } else {
        let read = |at| packet.chunk::<16>(network, at).map(IpAddr::from);
        (read(8)?, read(24)?)
    })
}
