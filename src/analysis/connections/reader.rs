//! Which conversation a layer belongs to, as its headers say.

use super::conversation::{Endpoint, Protocol};
use super::icmp;
use crate::analysis::ends::{addresses, enclosing_network};
use crate::decode::tcp::at;
use crate::decode::{Kind, Layer, Packet, arp};

/// One frame's part in a conversation.
pub(super) struct Talk {
    pub protocol: Protocol,
    pub source: Endpoint,
    pub destination: Endpoint,
    /// Whether it asks or answers, where it says so.
    pub asks: Option<bool>,
    /// Length of the IP packet, header included.
    pub ip_len: u32,
}

pub(super) fn read(packet: &Packet<'_>, layer: &Layer) -> Option<Talk> {
    match layer.kind {
        Kind::Tcp if layer.quoted() || packet.u8(layer, at::DATA_OFFSET).is_some() => {
            ported(packet, layer, Protocol::Tcp)
        }
        Kind::Udp if !layer.is_cut() => ported(packet, layer, Protocol::Udp),
        Kind::Icmp | Kind::Icmpv6 if !layer.quoted() => message(packet, layer),
        Kind::Arp => neighbors(packet, layer),
        _ => None,
    }
}

fn ported(packet: &Packet<'_>, layer: &Layer, protocol: Protocol) -> Option<Talk> {
    let ports = (packet.u16(layer, 0)?, packet.u16(layer, 2)?);
    // Without a sequence number it is not known to be a segment.
    if protocol == Protocol::Tcp {
        packet.u32(layer, at::SEQUENCE)?;
    }
    between(packet, layer, protocol, ports, None)
}

fn message(packet: &Packet<'_>, layer: &Layer) -> Option<Talk> {
    let (kind, code) = (packet.u8(layer, 0)?, packet.u8(layer, 1)?);
    let version = if layer.kind == Kind::Icmp { 4 } else { 6 };
    let (source, destination, is_exchange) = icmp::ports(version, kind, code);
    let protocol = match is_exchange {
        true => Protocol::Icmp,
        false => Protocol::IcmpMessage,
    };
    let asks = is_exchange.then(|| icmp::asks(version, kind));
    between(packet, layer, protocol, (source, destination), asks)
}

/// What an ICMP message holds behind the eight bytes that each one has (RFC 792, 4443).
pub(super) fn message_len(layer: &Layer) -> u32 {
    const HEADER: u32 = 8;
    layer.end.saturating_sub(layer.start + HEADER)
}

fn between(
    packet: &Packet<'_>,
    layer: &Layer,
    protocol: Protocol,
    ports: (u16, u16),
    asks: Option<bool>,
) -> Option<Talk> {
    let network = enclosing_network(packet, layer)?;
    let (source, destination) = addresses(packet, network)?;
    Some(Talk {
        protocol,
        source: Endpoint {
            address: source,
            port: ports.0,
        },
        destination: Endpoint {
            address: destination,
            port: ports.1,
        },
        asks,
        ip_len: network.end.saturating_sub(network.start),
    })
}

/// ARP between IPv4 addresses: who asked about whom.
fn neighbors(packet: &Packet<'_>, layer: &Layer) -> Option<Talk> {
    const OPERATION: usize = 6;
    let end = |who| {
        Some(Endpoint {
            address: arp::ipv4(packet, layer, who)?.into(),
            port: 0,
        })
    };
    Some(Talk {
        protocol: Protocol::Arp,
        source: end(arp::Who::Sender)?,
        destination: end(arp::Who::Target)?,
        asks: Some(packet.u16(layer, OPERATION)? == arp::REQUEST),
        ip_len: 0,
    })
}

/// Whether the ICMP error around a quoted layer says that its packet did not arrive.
pub(super) fn says_unreachable(packet: &Packet<'_>, layer: &Layer) -> bool {
    const V4_UNREACHABLE: u8 = 3;
    const V6_UNREACHABLE: u8 = 1;
    let around = packet
        .layers
        .iter()
        .take_while(|other| other.start < layer.start);
    around.into_iter().any(|other| match other.kind {
        Kind::Icmp => packet.u8(other, 0) == Some(V4_UNREACHABLE),
        Kind::Icmpv6 => packet.u8(other, 0) == Some(V6_UNREACHABLE),
        _ => false,
    })
}

/// What makes a segment that was sent again differ from one that was captured twice: the IPv4 identification, which the
/// kernel counts up. 0 where there is none. Checksum and numbers come in, since some stacks count slowly.
pub(super) fn print(packet: &Packet<'_>, layer: &Layer) -> u64 {
    const IDENTIFICATION: usize = 4;
    let identification = enclosing_network(packet, layer)
        .filter(|network| network.kind == Kind::Ipv4)
        .and_then(|network| packet.u16(network, IDENTIFICATION));
    let (Some(id @ 1..), Some(checksum), Some(seq)) = (
        identification,
        packet.u16(layer, at::CHECKSUM),
        packet.u32(layer, at::SEQUENCE),
    ) else {
        return 0;
    };
    u64::from(id) << 48 | u64::from(checksum) << 32 | u64::from(seq)
}
