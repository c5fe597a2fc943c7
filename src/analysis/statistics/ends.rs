//! Who talks to whom over IP: addresses, pairs of them, and flows between their ports.
//!
//! A frame is looked up once, by addresses and ports. What a batch holds of each flow is then added to the pair and to both
//! addresses, so that a busy flow costs little.

use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::heaviest::Heaviest;
use super::traffic::{Dialogue, Exchange, Period, Traffic};
use crate::decode::{Kind, Layer, Packet};

/// An IPv4 or an IPv6 address, as a number.
pub trait Address: Copy + Ord + Hash + Send {
    /// Where the header keeps the source and the destination, in bytes from its start.
    const AT: (usize, usize);
    const KIND: Kind;

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self>;
    fn ip(self) -> IpAddr;
}

impl Address for u32 {
    const AT: (usize, usize) = (12, 16);
    const KIND: Kind = Kind::Ipv4;

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self> {
        packet.u32(layer, at)
    }

    fn ip(self) -> IpAddr {
        Ipv4Addr::from_bits(self).into()
    }
}

impl Address for u128 {
    const AT: (usize, usize) = (8, 24);
    const KIND: Kind = Kind::Ipv6;

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self> {
        packet.chunk(layer, at).map(u128::from_be_bytes)
    }

    fn ip(self) -> IpAddr {
        Ipv6Addr::from_bits(self).into()
    }
}

/// Both ends, the lower first, so that either direction gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FlowKey<A> {
    pub low: A,
    pub high: A,
    pub low_port: u16,
    pub high_port: u16,
    pub transport: Option<Transport>,
}

/// What has ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    Tcp,
    Udp,
    Sctp,
}

/// One version's addresses.
#[derive(Debug)]
pub struct Ends<A> {
    pub(super) flows: Heaviest<FlowKey<A>, Dialogue>,
    pub addresses: Heaviest<A, Exchange>,
}

impl<A: Address> Ends<A> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            flows: Heaviest::new(limit),
            addresses: Heaviest::new(limit),
        }
    }

    pub(super) fn count(&mut self, packet: &Packet<'_>, index: usize) {
        let layer = &packet.layers[index];
        let (Some(source), Some(destination)) = (
            A::read(packet, layer, A::AT.0),
            A::read(packet, layer, A::AT.1),
        ) else {
            return;
        };
        let (transport, ports) = transport_of(packet, index);
        let traffic = Traffic::of(&packet.frame);
        let upwards = (source, ports.0) <= (destination, ports.1);
        let (low, high) = if upwards {
            ((source, ports.0), (destination, ports.1))
        } else {
            ((destination, ports.1), (source, ports.0))
        };
        let mut dialogue = Dialogue {
            period: Period::at(packet.frame.time),
            ..Dialogue::default()
        };
        *(if upwards {
            &mut dialogue.up
        } else {
            &mut dialogue.down
        }) = traffic;
        let key = FlowKey {
            low: low.0,
            high: high.0,
            low_port: low.1,
            high_port: high.1,
            transport,
        };
        self.flows.add(key, dialogue);
    }

    /// Adds what was counted by flow to the addresses.
    pub(super) fn settle(&mut self) {
        for (key, dialogue) in self.flows.iter() {
            self.addresses.add(
                key.low,
                Exchange {
                    sent: dialogue.up,
                    received: dialogue.down,
                },
            );
            self.addresses.add(
                key.high,
                Exchange {
                    sent: dialogue.down,
                    received: dialogue.up,
                },
            );
        }
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        self.addresses.absorb(&mut part.addresses);
        part.flows.clear();
    }
}

/// What lies directly in the IP packet at `index`, and its ports; of a later fragment nothing is known.
fn transport_of(packet: &Packet<'_>, index: usize) -> (Option<Transport>, (u16, u16)) {
    let inner = packet.layers[index + 1..]
        .iter()
        .find(|layer| !is_extension(layer.kind));
    let none = (None, (0, 0));
    let Some(layer) = inner else { return none };
    let transport = match layer.kind {
        Kind::Tcp => Transport::Tcp,
        Kind::Udp => Transport::Udp,
        Kind::Sctp => Transport::Sctp,
        _ => return none,
    };
    match (packet.u16(layer, 0), packet.u16(layer, 2)) {
        (Some(source), Some(destination)) => (Some(transport), (source, destination)),
        _ => none,
    }
}

/// Part of an IPv6 packet's header, not of what it carries (RFC 8200, section 4).
fn is_extension(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::HopByHop | Kind::Routing | Kind::Fragment | Kind::DestOpts
    )
}
