//! To how many a frame is addressed: one station, a group of them, or all.

use super::traffic::Traffic;
use crate::decode::{Kind, Layer, Packet, wlan};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    Unicast,
    Multicast,
    Broadcast,
    /// The link has no addresses, or they were not captured.
    Unknown,
}

impl Cast {
    pub const ALL: [Cast; 4] = [
        Self::Unicast,
        Self::Multicast,
        Self::Broadcast,
        Self::Unknown,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Unicast => "unicast",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Unknown => "unknown",
        }
    }

    /// By the destination on the outermost link; where that has none, by the outermost IP destination.
    fn of(packet: &Packet<'_>) -> Self {
        let mut layers = packet.layers.iter();
        layers
            .find_map(|layer| Self::from_layer(packet, layer))
            .unwrap_or(Self::Unknown)
    }

    /// None where this layer does not tell.
    fn from_layer(packet: &Packet<'_>, layer: &Layer) -> Option<Self> {
        match layer.kind {
            Kind::Ethernet | Kind::Ieee8023 => packet.chunk(layer, 0).map(Self::of_mac),
            // In the end, not over the air to an access point; control frames go no farther than that.
            Kind::Wlan => {
                let ends = wlan::Addresses::of(packet.header(layer));
                ends.destination.or(ends.receiver).map(Self::of_mac)
            }
            // What the kernel says of the frame (packet(7)): to us, to all, to a group, to somebody else, from us.
            Kind::Sll => packet.u16(layer, 0).and_then(Self::of_packet_type),
            Kind::Sll2 => packet
                .u8(layer, 10)
                .and_then(|kind| Self::of_packet_type(kind.into())),
            Kind::Ipv4 => packet.u32(layer, 16).map(Self::of_ipv4),
            Kind::Ipv6 => packet.u8(layer, 24).map(|first| match first {
                0xff => Self::Multicast,
                _ => Self::Unicast,
            }),
            _ => None,
        }
    }

    fn of_mac(mac: [u8; 6]) -> Self {
        match mac {
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Self::Broadcast,
            [first, ..] if first & 1 != 0 => Self::Multicast,
            _ => Self::Unicast,
        }
    }

    /// None where the frame was sent from here: then its IP destination tells.
    fn of_packet_type(kind: u16) -> Option<Self> {
        match kind {
            0 | 3 => Some(Self::Unicast),
            1 => Some(Self::Broadcast),
            2 => Some(Self::Multicast),
            _ => None,
        }
    }

    fn of_ipv4(address: u32) -> Self {
        match address {
            u32::MAX => Self::Broadcast,
            _ if address >> 28 == 0xe => Self::Multicast,
            _ => Self::Unicast,
        }
    }
}

/// Frames by how many they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivery([Traffic; Cast::ALL.len()]);

impl Delivery {
    pub(super) fn count(&mut self, packet: &Packet<'_>) {
        self.0[Cast::of(packet) as usize] += Traffic::of(&packet.frame);
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        for (sum, more) in self.0.iter_mut().zip(std::mem::take(part).0) {
            *sum += more;
        }
    }

    pub fn of(&self, cast: Cast) -> Traffic {
        self.0[cast as usize]
    }
}
