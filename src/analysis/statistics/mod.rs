//! Counts over what passes: protocols, addresses, rates.
//!
//! Each worker counts its batch by itself ([`Statistics::count`]), and what came of it is added up in the order of the
//! capture ([`Statistics::absorb`]), so that the same capture gives the same answer for any number of workers. Only the
//! sections asked for are counted. Tables that traffic can grow keep who sends most ([`Heaviest`]).

mod ends;
mod heaviest;
mod hierarchy;
mod section;
mod totals;
mod traffic;

pub use ends::{Address, Ends, Transport};
pub use heaviest::{Counted, Forgotten, Heaviest};
pub use hierarchy::{Branch, Hierarchy};
pub use section::{Section, Sections};
pub use totals::Totals;
pub use traffic::{Dialogue, Exchange, Period, Traffic};

use crate::decode::{Kind, Packet};

/// Entries of a table for IPv4: as many as fit a hash table of 2^17 places.
const MOST_V4: usize = (1 << 17) / 8 * 7;
/// For what is rarer or has longer keys.
const MOST: usize = (1 << 16) / 8 * 7;

/// Everything that was counted.
#[derive(Debug)]
pub struct Statistics {
    pub sections: Sections,
    pub totals: Totals,
    pub protocols: Hierarchy,
    pub v4: Ends<u32>,
    pub v6: Ends<u128>,
}

impl Statistics {
    pub fn new(sections: Sections) -> Self {
        Self {
            sections,
            totals: Totals::default(),
            protocols: Hierarchy::default(),
            v4: Ends::new(MOST_V4),
            v6: Ends::new(MOST),
        }
    }

    pub fn count(&mut self, packet: &Packet<'_>) {
        self.totals.count(packet);
        if self.sections.has(Section::Protocols) {
            self.protocols.count(packet);
        }
        if self.sections.has(Section::Endpoints) {
            for (index, layer) in packet.layers.iter().enumerate() {
                match layer.kind {
                    Kind::Ipv4 if !layer.quoted() => self.v4.count(packet, index),
                    Kind::Ipv6 if !layer.quoted() => self.v6.count(packet, index),
                    _ => {}
                }
            }
        }
    }

    /// Ends a batch, so that it can be added to others.
    pub fn settle(&mut self) {
        self.v4.settle();
        self.v6.settle();
    }

    /// Adds what `part` counted since it was empty, and empties it. To be called in the order of the capture.
    pub fn absorb(&mut self, part: &mut Self) {
        self.totals.absorb(&mut part.totals);
        self.protocols.absorb(&mut part.protocols);
        self.v4.absorb(&mut part.v4);
        self.v6.absorb(&mut part.v6);
    }
}
