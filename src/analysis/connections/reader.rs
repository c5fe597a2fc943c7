//! Which conversation a layer belongs to, as its headers say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::conversation::{Endpoint, Protocol};
use super::icmp;
use crate::analysis::ends::enclosing_network;
use crate::decode::tcp::at;
use crate::decode::{Kind, Layer, Packet, arp};

/// An end as a header names it. A plain number, since every frame has two that are compared and hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    pub address: u128,
    pub port: u16,
}

impl End {
    pub(super) fn of(end: Endpoint) -> Self {
        let address = match end.address {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        };
        let port = end.port;
        Self { address, port }
    }
}

/// One frame's part in a conversation.
#[derive(Clone, Copy)]
pub(super) struct Talk {
    pub protocol: Protocol,
    /// Whether the addresses are IPv4's.
    pub is_v4: bool,
    pub source: End,
    pub destination: End,
    /// Whether it asks or answers, where it says so.
    pub asks: Option<bool>,
    /// Length of the IP packet, header included.
    pub ip_len: u32,
    /// IPv4's identification; 0 where there is none.
    pub ip_id: u16,
}

impl Talk {
    /// Both ends, the source first.
    pub(super) fn ends(&self) -> [Endpoint; 2] {
        [self.source, self.destination].map(|End { address, port }| {
            let address = match self.is_v4 {
                true => Ipv4Addr::from_bits(address as u32).into(),
                false => Ipv6Addr::from_bits(address).into(),
            };
            Endpoint { address, port }
        })
    }
}

#[inline]
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

/// Where an IPv4 header has it.
const IDENTIFICATION: usize = 4;

fn between(
    packet: &Packet<'_>,
    layer: &Layer,
    protocol: Protocol,
    ports: (u16, u16),
    asks: Option<bool>,
) -> Option<Talk> {
    let network = enclosing_network(packet, layer)?;
    let is_v4 = network.kind == Kind::Ipv4;
    let (source, destination) = if is_v4 {
        let read = |at| packet.u32(network, at).map(u128::from);
        (read(12)?, read(16)?)
    } else {
        let read = |at| packet.chunk(network, at).map(u128::from_be_bytes);
        (read(8)?, read(24)?)
    };
    let end = |address, port| End { address, port };
    Some(Talk {
        protocol,
        is_v4,
        source: end(source, ports.0),
        destination: end(destination, ports.1),
        asks,
        ip_len: network.end.saturating_sub(network.start),
        ip_id: match is_v4 {
            true => packet.u16(network, IDENTIFICATION).unwrap_or(0),
            false => 0,
        },
    })
}

/// ARP between IPv4 addresses: who asked about whom.
fn neighbors(packet: &Packet<'_>, layer: &Layer) -> Option<Talk> {
    const OPERATION: usize = 6;
    let end = |who| {
        let address = arp::ipv4(packet, layer, who)?;
        Some(End {
            address: Ipv4Addr::from(address).to_bits().into(),
            port: 0,
        })
    };
    Some(Talk {
        protocol: Protocol::Arp,
        is_v4: true,
        source: end(arp::Who::Sender)?,
        destination: end(arp::Who::Target)?,
        asks: Some(packet.u16(layer, OPERATION)? == arp::REQUEST),
        ip_len: 0,
        ip_id: 0,
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
pub(super) fn print(packet: &Packet<'_>, layer: &Layer, ip_id: u16) -> u64 {
    let (id @ 1.., Some(checksum), Some(seq)) = (
        ip_id,
        packet.u16(layer, at::CHECKSUM),
        packet.u32(layer, at::SEQUENCE),
    ) else {
        return 0;
    };
    u64::from(id) << 48 | u64::from(checksum) << 32 | u64::from(seq)
}
