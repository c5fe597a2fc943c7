//! Who sends and receives how much on the link, by MAC address.

use super::heaviest::Heaviest;
use super::traffic::{Exchange, Traffic};
use crate::decode::Packet;

type Mac = [u8; 6];

/// Ethernet stations. A frame is looked up once, by both addresses together.
#[derive(Debug)]
pub struct Macs {
    /// From the first to the second; of one batch only.
    pairs: Heaviest<(Mac, Mac), Traffic>,
    pub addresses: Heaviest<Mac, Exchange>,
}

impl Macs {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            pairs: Heaviest::new(limit),
            addresses: Heaviest::new(limit),
        }
    }

    /// Counts the Ethernet frame that is the layer at `index`.
    pub(super) fn count(&mut self, packet: &Packet<'_>, index: usize) {
        let layer = &packet.layers[index];
        if let (Some(destination), Some(source)) = (packet.chunk(layer, 0), packet.chunk(layer, 6))
        {
            self.pairs
                .add((source, destination), Traffic::of(&packet.frame));
        }
    }

    /// Adds what was counted by pair to the addresses.
    pub(super) fn settle(&mut self) {
        for ((source, destination), traffic) in self.pairs.iter() {
            self.addresses.add(*source, Exchange::sent(*traffic));
            self.addresses
                .add(*destination, Exchange::received(*traffic));
        }
        self.pairs.clear();
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        self.addresses.absorb(&mut part.addresses);
    }
}
