//! Counts over what passes: protocols, addresses, rates.
//!
//! Each worker counts its batch by itself ([`Statistics::count`]), and what came of it is added up in the order of the
//! capture ([`Statistics::absorb`]), so that the same capture gives the same answer for any number of workers. Only the
//! sections asked for are counted. Tables that traffic can grow keep who sends most ([`Heaviest`]).

mod delivery;
mod ends;
mod heaviest;
mod hierarchy;
mod macs;
mod ports;
mod rates;
mod scopes;
mod section;
mod shapes;
mod sizes;
mod tcp;
mod totals;
mod traffic;

pub use delivery::{Cast, Delivery};
pub use ends::{Address, Ends, Flow, Transport};
pub use heaviest::{Counted, Forgotten, Heaviest};
pub use hierarchy::{Branch, Hierarchy};
pub use macs::Macs;
pub use ports::{Port, Ports};
pub use rates::Rates;
pub use scopes::Scopes;
pub use section::{Section, Sections};
pub use sizes::{Class, FLOORS, Sizes};
pub use tcp::TcpHealth;
pub use totals::Totals;
pub use traffic::{Dialogue, Exchange, Period, Traffic};

use crate::decode::Packet;
use shapes::{Part, Shapes};

/// Entries of a table for IPv4: as many as fit a hash table of 2^17 places. All tables of it take 21 MiB when full.
const MOST_V4: usize = (1 << 17) / 8 * 7;
/// For what is rarer or has longer keys: 14 MiB for IPv6, 4 MiB for MAC addresses, 3 MiB for ports.
const MOST: usize = (1 << 16) / 8 * 7;

/// Everything that was counted. What was not asked for is empty.
#[derive(Debug)]
pub struct Statistics {
    pub sections: Sections,
    shapes: Shapes,
    pub totals: Totals,
    pub rates: Rates,
    pub protocols: Hierarchy,
    pub v4: Ends<u32>,
    pub v6: Ends<u128>,
    pub macs: Macs,
    pub ports: Ports,
    pub tcp: TcpHealth,
    pub sizes: Sizes,
    pub delivery: Delivery,
    pub scopes: Scopes,
}

impl Statistics {
    pub fn new(sections: Sections) -> Self {
        Self {
            sections,
            shapes: Shapes::new(sections),
            totals: Totals::default(),
            rates: Rates::default(),
            protocols: Hierarchy::default(),
            v4: Ends::new(sections, MOST_V4),
            v6: Ends::new(sections, MOST),
            macs: Macs::new(MOST),
            ports: Ports::new(MOST),
            tcp: TcpHealth::default(),
            sizes: Sizes::default(),
            delivery: Delivery::default(),
            scopes: Scopes::default(),
        }
    }

    /// Counts a frame. What it adds to protocols and addresses waits for [`Self::settle`]. Always in place: what a packet is
    /// put together of need not go through memory then.
    #[inline(always)]
    pub fn count(&mut self, packet: &Packet<'_>) {
        let has = |section| self.sections.has(section);
        self.totals.count(packet);
        if has(Section::Rates) {
            self.rates.count(&packet.frame);
        }
        if has(Section::Sizes) {
            self.sizes.count(&packet.frame);
        }
        if has(Section::Delivery) {
            self.delivery.count(packet);
        }
        for part in self.shapes.count(&packet.frame, packet.layers) {
            match *part {
                Part::Mac(index) => self.macs.count(packet, index),
                Part::V4(index, inside) => self.v4.count(packet, index, inside),
                Part::V6(index, inside) => self.v6.count(packet, index, inside),
                Part::Tcp(index) => self.tcp.count(packet, index),
            }
        }
    }

    /// Ends a batch, so that it can be added to others.
    pub fn settle(&mut self) {
        let protocols = self.sections.has(Section::Protocols);
        self.shapes.settle(protocols.then_some(&mut self.protocols));
        self.v4.settle(&mut self.ports, &mut self.scopes);
        self.v6.settle(&mut self.ports, &mut self.scopes);
        self.macs.settle();
    }

    /// Adds a settled batch, and empties `part`. To be called in the order of the capture.
    pub fn absorb(&mut self, part: &mut Self) {
        self.totals.absorb(&mut part.totals);
        self.rates.absorb(&mut part.rates);
        self.protocols.absorb(&mut part.protocols);
        self.v4.absorb(&mut part.v4);
        self.v6.absorb(&mut part.v6);
        self.macs.absorb(&mut part.macs);
        self.ports.absorb(&mut part.ports);
        self.tcp.absorb(&mut part.tcp);
        self.sizes.absorb(&mut part.sizes);
        self.delivery.absorb(&mut part.delivery);
        self.scopes.absorb(&mut part.scopes);
    }
}
