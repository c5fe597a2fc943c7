//! Who talks to whom: the IP header around a layer, and its addresses.

use std::net::IpAddr;

use crate::decode::{Kind, Layer, Packet};

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
