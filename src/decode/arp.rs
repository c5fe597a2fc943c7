//! The Address Resolution Protocol (RFC 826), and its reverse (RFC 903).

use etherparse::ArpPacketSlice;

use super::walk::{Next, Span, Walk};
use super::{Kind, Layer, Packet, Why, flow};
use crate::bytes;

pub(super) fn arp(walk: &mut Walk<'_>, span: Span) -> Next {
    flow::arp(walk, walk.rest(span));
    match ArpPacketSlice::from_slice(walk.rest(span)) {
        Ok(packet) => {
            let len = packet.slice().len();
            walk.layer(Kind::Arp, span, len);
            if len == ADDRESSES {
                let why = Why::Malformed("it says that addresses have no bytes");
                walk.problem(Kind::Arp, span, why);
            }
            Next::STOP
        }
        Err(error) => walk.short(Kind::Arp, span, &error),
    }
}

/// Whose address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Sender,
    Target,
}

pub const REQUEST: u16 = 1;
pub const REPLY: u16 = 2;

const HARDWARE_ETHERNET: u16 = 1;
const HARDWARE_IEEE_802: u16 = 6;
const PROTOCOL_IPV4: u16 = 0x0800;
const ADDRESSES: usize = 8;

/// A hardware address, where it is a MAC address and was captured.
pub fn mac(packet: &Packet<'_>, layer: &Layer, who: Who) -> Option<[u8; 6]> {
    let kind = packet.u16(layer, 0)?;
    let size = packet.u8(layer, 4)?;
    if !matches!(kind, HARDWARE_ETHERNET | HARDWARE_IEEE_802) || size != 6 {
        return None;
    }
    let at = match who {
        Who::Sender => ADDRESSES,
        Who::Target => ADDRESSES + 6 + usize::from(packet.u8(layer, 5)?),
    };
    packet.chunk(layer, at)
}

/// A protocol address, where it is an IPv4 address and was captured.
pub fn ipv4(packet: &Packet<'_>, layer: &Layer, who: Who) -> Option<[u8; 4]> {
    ipv4_in(packet.header(layer), who)
}

/// The same in a message, as far as that was captured.
pub(super) fn ipv4_in(message: &[u8], who: Who) -> Option<[u8; 4]> {
    let size = *message.get(5)?;
    if bytes::be16(message, 2)? != PROTOCOL_IPV4 || size != 4 {
        return None;
    }
    let hardware = usize::from(*message.get(4)?);
    let at = match who {
        Who::Sender => ADDRESSES + hardware,
        Who::Target => ADDRESSES + hardware + 4 + hardware,
    };
    bytes::chunk(message, at)
}

/// What an ARP packet for IPv4 over Ethernet says: who, by which address, about whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    pub opcode: u16,
    pub sender_mac: [u8; 6],
    pub sender_ip: [u8; 4],
    pub target_mac: [u8; 6],
    pub target_ip: [u8; 4],
}

pub fn addresses(packet: &Packet<'_>, layer: &Layer) -> Option<Addresses> {
    Some(Addresses {
        opcode: packet.u16(layer, 6)?,
        sender_mac: mac(packet, layer, Who::Sender)?,
        sender_ip: ipv4(packet, layer, Who::Sender)?,
        target_mac: mac(packet, layer, Who::Target)?,
        target_ip: ipv4(packet, layer, Who::Target)?,
    })
}

impl Addresses {
    /// Says an address unasked (RFC 5944, 4.6): sender and target are the same.
    pub fn is_gratuitous(&self) -> bool {
        self.sender_ip == self.target_ip
    }

    /// Asks whether an address is in use, naming none of its own (RFC 5227, 1.1).
    pub fn is_probe(&self) -> bool {
        self.opcode == REQUEST && self.sender_ip == [0; 4] && self.target_ip != [0; 4]
    }

    /// Claims an address after probing for it (RFC 5227, 1.1).
    pub fn is_announcement(&self) -> bool {
        self.opcode == REQUEST && self.is_gratuitous()
    }
}
