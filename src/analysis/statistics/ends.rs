//! Who talks to whom over IP: addresses, pairs of them, and flows between their ports.
//!
//! A frame is looked up once, by addresses and ports. What a batch holds of each flow is then added to all that is asked
//! for ([`Ends::settle`]), so that a busy flow costs little.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::heaviest::Heaviest;
use super::ports::Ports;
use super::scopes::Scopes;
use super::section::{Section, Sections};
use super::shapes::Inside;
use super::traffic::{Dialogue, Exchange};
use crate::decode::{Layer, Packet};

/// An IPv4 or an IPv6 address, as a number.
pub trait Address: Copy + Ord + Hash + Send {
    /// Where the header keeps the source and the destination, in bytes from its start.
    const AT: (usize, usize);

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self>;
    fn ip(self) -> IpAddr;
}

impl Address for u32 {
    const AT: (usize, usize) = (12, 16);

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self> {
        packet.u32(layer, at)
    }

    fn ip(self) -> IpAddr {
        Ipv4Addr::from_bits(self).into()
    }
}

impl Address for u128 {
    const AT: (usize, usize) = (8, 24);

    fn read(packet: &Packet<'_>, layer: &Layer, at: usize) -> Option<Self> {
        packet.chunk(layer, at).map(u128::from_be_bytes)
    }

    fn ip(self) -> IpAddr {
        Ipv6Addr::from_bits(self).into()
    }
}

/// Both ends, the lower first, so that either direction gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow<A> {
    pub low: A,
    pub high: A,
    /// None where ports are not asked for or not known.
    pub transport: Option<Transport>,
    pub low_port: u16,
    pub high_port: u16,
}

impl<A: Hash> Hash for Flow<A> {
    /// As few numbers as there can be: this is done for every frame.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.low.hash(state);
        self.high.hash(state);
        let transport = self.transport.map_or(0, |transport| transport as u64 + 1);
        let ports = u64::from(self.low_port) << 16 | u64::from(self.high_port);
        state.write_u64(transport << 32 | ports);
    }
}

/// What has ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    Tcp,
    Udp,
    Sctp,
}

impl Transport {
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// Sections that are counted by address.
pub(super) const BY_ADDRESS: &[Section] = &[
    Section::Endpoints,
    Section::Conversations,
    Section::Flows,
    Section::Ports,
    Section::Scopes,
];

/// Sections that are counted by port.
pub(super) const BY_PORT: &[Section] = &[Section::Flows, Section::Ports];

/// One version's addresses.
#[derive(Debug)]
pub struct Ends<A> {
    sections: Sections,
    pub flows: Heaviest<Flow<A>, Dialogue>,
    pub pairs: Heaviest<(A, A), Dialogue>,
    pub addresses: Heaviest<A, Exchange>,
}

impl<A: Address> Ends<A> {
    pub(super) fn new(sections: Sections, limit: usize) -> Self {
        Self {
            sections,
            flows: Heaviest::new(limit),
            pairs: Heaviest::new(limit),
            addresses: Heaviest::new(limit),
        }
    }

    /// Counts the IP packet that is the layer at `index`. Of a later fragment's ports nothing is known.
    #[inline]
    pub(super) fn count(&mut self, packet: &Packet<'_>, index: usize, inside: Inside) {
        let layer = &packet.layers[index];
        let (from, to) = A::AT;
        let (Some(source), Some(destination)) =
            (A::read(packet, layer, from), A::read(packet, layer, to))
        else {
            return;
        };
        let ports = inside.and_then(|(transport, index)| {
            let layer = &packet.layers[index];
            let ports = (packet.u16(layer, 0)?, packet.u16(layer, 2)?);
            Some((Some(transport), ports))
        });
        let (transport, ports) = ports.unwrap_or_default();
        let upwards = (source, ports.0) <= (destination, ports.1);
        let flow = if upwards {
            Flow {
                low: source,
                high: destination,
                transport,
                low_port: ports.0,
                high_port: ports.1,
            }
        } else {
            Flow {
                low: destination,
                high: source,
                transport,
                low_port: ports.1,
                high_port: ports.0,
            }
        };
        let count = |known: &mut Dialogue| known.count(&packet.frame, upwards);
        self.flows.change(flow, count);
    }

    /// Adds what this batch holds of each flow to what is asked for.
    pub(super) fn settle(&mut self, ports: &mut Ports, scopes: &mut Scopes) {
        let has = |section| self.sections.has(section);
        if has(Section::Conversations) {
            for (flow, dialogue) in self.flows.iter() {
                let (low, high) = (flow.low, flow.high);
                self.pairs.add((low, high), dialogue.between(low, high));
            }
        }
        if has(Section::Endpoints) || has(Section::Scopes) {
            for (flow, dialogue) in self.flows.iter() {
                let (low, high) = dialogue.ends();
                self.addresses.add(flow.low, low);
                self.addresses.add(flow.high, high);
            }
        }
        if has(Section::Scopes) {
            for (address, exchange) in self.addresses.iter() {
                scopes.add(address.ip(), *exchange);
            }
        }
        if has(Section::Ports) {
            for (flow, dialogue) in self.flows.iter() {
                if let Some(transport) = flow.transport {
                    ports.add(transport, (flow.low_port, flow.high_port), dialogue.total());
                }
            }
        }
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        match self.sections.has(Section::Flows) {
            true => self.flows.absorb(&mut part.flows),
            false => part.flows.clear(),
        }
        match self.sections.has(Section::Endpoints) {
            true => self.addresses.absorb(&mut part.addresses),
            false => part.addresses.clear(),
        }
        self.pairs.absorb(&mut part.pairs);
    }
}
