//! What the detectors want to know of a frame, looked up once.

use std::fmt;
use std::net::IpAddr;

use crate::address::is_many;
use crate::decode::arp::{self, Addresses};
use crate::decode::{Kind, Layer, Packet};
use crate::frame::Timestamp;

pub(super) type Mac = [u8; 6];

/// A part of the network in which MAC addresses mean something: an interface, a VLAN, a tunnel's network. What is
/// said in one tells nothing about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Segment {
    interface: u32,
    /// Outer and inner VLAN, with the bit above twelve set where there is one.
    vlans: [u16; 2],
    /// Identifier of the overlay network (VXLAN, Geneve), with the bit above 24 set where there is one.
    overlay: u32,
}

impl Segment {
    /// The same network, whichever interface it was seen on.
    pub(super) fn anywhere(self) -> Self {
        Self {
            interface: 0,
            ..self
        }
    }

    /// In a VLAN or a tunnel, which the interface alone does not lead to.
    pub(super) fn is_inside(self) -> bool {
        self.vlans != [0; 2] || self.overlay != 0
    }

    fn tagged(&mut self, vlan: u16) {
        self.vlans = [self.vlans[1], vlan & 0xfff | 0x1000];
    }
}

/// Says which VLAN, where there is one: "", " on VLAN 5".
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.vlans {
            [_, 0] => Ok(()),
            [0, vlan] => write!(f, " on VLAN {}", vlan & 0xfff),
            [outer, inner] => write!(f, " on VLAN {}.{}", outer & 0xfff, inner & 0xfff),
        }
    }
}

/// Who put a frame on the link, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub source: Mac,
    pub to: To,
}

/// Whom a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Station(Mac),
    /// One, or this machine's own frame: a cooked capture does not say more.
    Somebody,
    Group,
    Broadcast,
}

impl Ends {
    /// Whether it is for more than one station.
    pub(super) fn to_group(self) -> bool {
        matches!(self.to, To::Group | To::Broadcast)
    }
}

impl From<Mac> for To {
    fn from(destination: Mac) -> Self {
        match destination {
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => Self::Broadcast,
            [first, ..] if first & 1 != 0 => Self::Group,
            one => Self::Station(one),
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Ip<'a> {
    pub source: IpAddr,
    pub destination: IpAddr,
    /// Time to live or hop limit.
    pub ttl: u8,
    pub layer: &'a Layer,
}

/// A frame at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub frame: u64,
    /// The frame's own time; that of the frame before where it has none.
    pub time: Timestamp,
}

impl Moment {
    /// Whether it is at most `span` nanoseconds after `earlier`, and not before it.
    pub(super) fn is_within(self, span: i64, earlier: Self) -> bool {
        (0..=span).contains(&self.time.since(earlier.time))
    }
}

pub(super) struct Sight<'a> {
    pub packet: &'a Packet<'a>,
    pub at: Moment,
    /// Which interface of the capture saw it; the same one of another file has the same number.
    pub link: u32,
    pub segment: Segment,
    /// Of the innermost Ethernet frame.
    pub ends: Option<Ends>,
    pub arp: Option<Addresses>,
    /// The packet that the innermost frame carries.
    pub carried: Option<Ip<'a>>,
    /// The innermost packet, which is the same where there is no tunnel.
    pub ip: Option<Ip<'a>>,
    /// The innermost TCP, UDP or ICMP layer that is whole and in no fragment.
    pub upper: Option<&'a Layer>,
    /// What an ICMP error quotes: the packet, and its TCP or UDP layer.
    pub quoted: Option<(Ip<'a>, Option<&'a Layer>)>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(packet: &'a Packet<'a>, link: u32, time: Timestamp) -> Self {
        let mut sight = Self {
            packet,
            at: Moment {
                frame: packet.frame.number,
                time,
            },
            link,
            segment: Segment {
                interface: link,
                ..Segment::default()
            },
            ends: None,
            arp: None,
            carried: None,
            ip: None,
            upper: None,
            quoted: None,
        };
        for layer in packet.layers {
            if layer.quoted() {
                sight.quote(layer);
            } else {
                sight.add(layer);
            }
        }
        sight
    }

    fn add(&mut self, layer: &'a Layer) {
        let packet = self.packet;
        match layer.kind {
            Kind::Ethernet | Kind::Ieee8023 => self.between(layer, 0),
            // The customer's frame starts behind the service identifier (802.1Q-2022, 9.7).
            Kind::Backbone => self.between(layer, 4),
            Kind::Sll => {
                let kind = packet.u16(layer, 0);
                let address = packet.u16(layer, 2).zip(packet.u16(layer, 4));
                self.cooked(layer, kind, address, 6);
            }
            Kind::Sll2 => {
                // The machine's own interface index, where a capture is of all of them.
                self.segment.interface = packet.u32(layer, 4).unwrap_or(self.segment.interface);
                let kind = packet.u8(layer, 10).map(u16::from);
                let address = packet
                    .u16(layer, 8)
                    .zip(packet.u8(layer, 11).map(u16::from));
                self.cooked(layer, kind, address, 12);
            }
            Kind::Vlan | Kind::ServiceTag => {
                if let Some(control) = packet.u16(layer, 0) {
                    self.segment.tagged(control);
                }
            }
            Kind::Vxlan | Kind::Geneve => {
                let identifier = packet.u32(layer, 4).map_or(0, |word| word >> 8);
                self.segment.overlay = identifier | 0x0100_0000;
                self.segment.vlans = [0; 2];
            }
            Kind::Arp => self.arp = arp::addresses(packet, layer),
            Kind::Ipv4 | Kind::Ipv6 => {
                self.ip = self.read(layer);
                self.carried = self.carried.or(self.ip);
            }
            Kind::Tcp | Kind::Udp | Kind::Icmp | Kind::Icmpv6
                if !layer.is_cut() && !layer.in_fragment() =>
            {
                self.upper = Some(layer);
            }
            _ => {}
        }
    }

    /// Whose frame it is: the addresses start `at` this offset of the header.
    fn between(&mut self, layer: &Layer, at: usize) {
        if let (Some(destination), Some(source)) = (
            self.packet.chunk(layer, at),
            self.packet.chunk(layer, at + 6),
        ) {
            self.ends = Some(Ends {
                source,
                to: destination.into(),
            });
            self.carried = None;
        }
    }

    /// What a cooked capture (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2) tells of an Ethernet frame: its sender, whose address
    /// starts `at` this offset, and what kind of address it was for. `address`: hardware type and length.
    fn cooked(&mut self, layer: &Layer, kind: Option<u16>, address: Option<(u16, u16)>, at: usize) {
        const ETHERNET: (u16, u16) = (1, 6);
        const BROADCAST: u16 = 1;
        const MULTICAST: u16 = 2;
        let source = self.packet.chunk(layer, at);
        if let (Some(kind), Some(source), Some(ETHERNET)) = (kind, source, address) {
            let to = match kind {
                BROADCAST => To::Broadcast,
                MULTICAST => To::Group,
                _ => To::Somebody,
            };
            self.ends = Some(Ends { source, to });
        }
    }

    fn quote(&mut self, layer: &'a Layer) {
        match layer.kind {
            Kind::Ipv4 | Kind::Ipv6 => self.quoted = self.read(layer).map(|ip| (ip, None)),
            Kind::Tcp | Kind::Udp => {
                self.quoted = self.quoted.map(|(ip, _)| (ip, Some(layer)));
            }
            _ => {}
        }
    }

    fn read(&self, layer: &'a Layer) -> Option<Ip<'a>> {
        let packet = self.packet;
        if layer.kind == Kind::Ipv4 {
            Some(Ip {
                source: IpAddr::from(packet.chunk::<4>(layer, 12)?),
                destination: IpAddr::from(packet.chunk::<4>(layer, 16)?),
                ttl: packet.u8(layer, 8)?,
                layer,
            })
        } else {
            Some(Ip {
                source: IpAddr::from(packet.chunk::<16>(layer, 8)?),
                destination: IpAddr::from(packet.chunk::<16>(layer, 24)?),
                ttl: packet.u8(layer, 7)?,
                layer,
            })
        }
    }

    /// Source and destination port, where the innermost layer is of `kind`.
    pub(super) fn ports(&self, kind: Kind) -> Option<(u16, u16)> {
        let layer = self.upper.filter(|layer| layer.kind == kind)?;
        Some((self.packet.u16(layer, 0)?, self.packet.u16(layer, 2)?))
    }

    /// Whether only one host is meant.
    pub(super) fn is_to_one(&self) -> bool {
        !self.ends.is_some_and(|ends| ends.to_group())
            && self.ip.is_some_and(|ip| !is_many(ip.destination))
    }
}
