//! What a frame that came says about who has which address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Mac;
use crate::decode::checksum::{Verdict, transport};
use crate::decode::{Kind, Layer, Packet, arp, icmp};

/// Somebody names an address and a MAC address in one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub how: How,
    /// Sender protocol address (RFC 826), target address of an advertisement (RFC 4861, 4.4).
    pub address: IpAddr,
    /// The MAC address said to go with it.
    pub mac: Mac,
    /// Whom it is told, by IP address: an ARP packet's target, an IPv6 packet's destination.
    pub told: IpAddr,
    pub ethernet_source: Mac,
    pub ethernet_destination: Mac,
    /// Of the outermost 802.1Q tag; 0, which only gives a priority, is none.
    pub vlan: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Request,
    Reply,
    /// Neighbor advertisement, with its flags (RFC 4861, 4.4).
    Advertisement {
        router: bool,
        solicited: bool,
        overrides: bool,
    },
    /// Somebody is there who has heard an ICMPv6 echo request with this identifier: it replies, or objects to an option
    /// in it.
    Echo {
        identifier: u16,
    },
    /// Somebody on this link says something else of neighbor discovery or of groups, which no router passes on.
    Presence,
}

impl Heard {
    /// Asks whether an address is in use, naming none of its own (RFC 5227, 1.1).
    pub fn is_probe(&self) -> bool {
        self.how == How::Request && self.address.is_unspecified() && !self.told.is_unspecified()
    }

    /// An answer, by what it calls itself. Whether it answers us is another question.
    pub fn is_answer(&self) -> bool {
        match self.how {
            How::Reply => true,
            How::Advertisement { solicited, .. } => solicited,
            How::Request | How::Echo { .. } | How::Presence => false,
        }
    }
}

/// Reads a frame; none where it says nothing of that kind, or breaks the rules of neighbor discovery.
pub fn hear(packet: &Packet<'_>) -> Option<Heard> {
    const VLAN_ID: u16 = 0x0fff;
    let ethernet = packet.find(Kind::Ethernet)?;
    let (how, address, mac, told) = said(packet)?;
    let tag = packet.find(Kind::Vlan).or(packet.find(Kind::ServiceTag));
    let vlan = tag.and_then(|tag| packet.u16(tag, 0));
    let ethernet_source = packet.chunk(ethernet, 6)?;
    Some(Heard {
        how,
        address,
        // An answer to a unicast question may leave it out (RFC 4861, 4.4).
        mac: mac.unwrap_or(ethernet_source),
        told,
        ethernet_source,
        ethernet_destination: packet.chunk(ethernet, 0)?,
        vlan: vlan.map(|tag| tag & VLAN_ID).filter(|id| *id != 0),
    })
}

type Said = (How, IpAddr, Option<Mac>, IpAddr);

fn said(packet: &Packet<'_>) -> Option<Said> {
    if let Some(layer) = packet.find(Kind::Arp) {
        return said_by_arp(packet, layer);
    }
    let network = packet.find(Kind::Ipv6)?;
    let message = packet.find(Kind::Icmpv6)?;
    said_by_icmpv6(packet, network, message)
}

fn said_by_arp(packet: &Packet<'_>, layer: &Layer) -> Option<Said> {
    let addresses = arp::addresses(packet, layer)?;
    let how = match addresses.opcode {
        arp::REQUEST => How::Request,
        arp::REPLY => How::Reply,
        _ => return None,
    };
    Some((
        how,
        Ipv4Addr::from(addresses.sender_ip).into(),
        Some(addresses.sender_mac),
        Ipv4Addr::from(addresses.target_ip).into(),
    ))
}

fn said_by_icmpv6(packet: &Packet<'_>, network: &Layer, message: &Layer) -> Option<Said> {
    const ROUTER: u8 = 0x80;
    const SOLICITED: u8 = 0x40;
    const OVERRIDE: u8 = 0x20;
    const UNKNOWN_OPTION: u8 = 2;
    let hop_limit = packet.u8(network, 7)?;
    let source = Ipv6Addr::from(packet.chunk::<16>(network, 8)?);
    let destination = Ipv6Addr::from(packet.chunk::<16>(network, 24)?);
    if message.quoted() || transport(packet, message) == Verdict::Bad {
        return None;
    }
    match packet.u8(message, 0)? {
        icmp::NEIGHBOR_ADVERTISEMENT => {
            // From elsewhere, or not as RFC 4861, 7.1.2 wants it.
            if hop_limit != 255 || packet.u8(message, 1)? != 0 {
                return None;
            }
            let flags = packet.u8(message, 4)?;
            let how = How::Advertisement {
                router: flags & ROUTER != 0,
                solicited: flags & SOLICITED != 0,
                overrides: flags & OVERRIDE != 0,
            };
            let target = Ipv6Addr::from(packet.chunk::<16>(message, 8)?);
            let mac = icmp::link_address(packet, message);
            Some((how, target.into(), mac, destination.into()))
        }
        icmp::ECHO_REPLY_V6 => {
            let identifier = packet.u16(message, 4)?;
            let how = How::Echo { identifier };
            Some((how, source.into(), None, destination.into()))
        }
        icmp::PARAMETER_PROBLEM_V6 if packet.u8(message, 1)? == UNKNOWN_OPTION => {
            let identifier = quoted_echo(packet)?;
            let how = How::Echo { identifier };
            Some((how, source.into(), None, destination.into()))
        }
        icmp::ROUTER_SOLICITATION | icmp::ROUTER_ADVERTISEMENT | icmp::NEIGHBOR_SOLICITATION
            if hop_limit == 255 && packet.u8(message, 1)? == 0 && !source.is_unspecified() =>
        {
            Some((How::Presence, source.into(), None, destination.into()))
        }
        // Such a report comes from a link-local address (RFC 3810, 5.2.13).
        icmp::LISTENER_REPORT_V2 if source.is_unicast_link_local() => {
            Some((How::Presence, source.into(), None, destination.into()))
        }
        _ => None,
    }
}

/// The identifier of the echo request that an error is about.
fn quoted_echo(packet: &Packet<'_>) -> Option<u16> {
    let mut layers = packet.layers.iter();
    let echo = layers.find(|layer| layer.quoted() && layer.kind == Kind::Icmpv6)?;
    let is_request = packet.u8(echo, 0)? == icmp::ECHO_REQUEST_V6;
    packet.u16(echo, 4).filter(|_| is_request)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    /// Decodes one Ethernet frame.
    pub fn decoded<T>(frame: &[u8], look: impl FnOnce(&Packet<'_>) -> T) -> T {
        let mut batch = Batch::default();
        batch.push(frame, frame.len() as u32, None, LinkType::ETHERNET, 0);
        let mut decoded = Decoded::default();
        decoded.push(&batch, 0);
        look(&decoded.packet(&batch, 0))
    }

    const REPLY: &str = "0200000000010010db0000020806\
                         00010800060400020010db0000020a0900020200000000010a090001";

    fn bytes(hex: &str) -> Vec<u8> {
        let octet = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
        (0..hex.len()).step_by(2).map(octet).collect()
    }

    #[test]
    fn a_reply_says_who_has_what_and_to_whom() {
        let heard = decoded(&bytes(REPLY), |packet| hear(packet).expect("ARP"));
        assert_eq!(heard.how, How::Reply);
        assert_eq!(heard.address, IpAddr::from([10, 9, 0, 2]));
        assert_eq!(heard.told, IpAddr::from([10, 9, 0, 1]));
        assert_eq!(heard.mac, [0, 0x10, 0xdb, 0, 0, 2]);
        assert_eq!(heard.ethernet_destination, [2, 0, 0, 0, 0, 1]);
        assert_eq!(heard.vlan, None);
    }

    #[test]
    fn a_tag_says_which_vlan_and_a_mere_priority_is_none() {
        for (tag, vlan) in [("81000064", Some(100)), ("8100e000", None)] {
            let tagged = format!("{}{tag}{}", &REPLY[..24], &REPLY[24..]);
            let heard = decoded(&bytes(&tagged), |packet| hear(packet).expect("ARP"));
            assert_eq!(heard.vlan, vlan);
        }
    }

    #[test]
    fn an_advertisement_from_beyond_a_router_is_not_heard() {
        const ADVERTISEMENT: &str = "0200000000010010db00000286dd\
            6000000000203aff\
            fd090000000000000000000000000002fd090000000000000000000000000001\
            8800000060000000fd0900000000000000000000000000020201\
            0010db000002";
        let mut frame = bytes(ADVERTISEMENT);
        let source: [u8; 16] = frame[22..38].try_into().expect("an address");
        let destination: [u8; 16] = frame[38..54].try_into().expect("an address");
        let sum = crate::decode::checksum::of_icmpv6(source, destination, &frame[54..]);
        frame[56..58].copy_from_slice(&sum);
        let heard = decoded(&frame, hear).expect("an advertisement");
        assert!(heard.is_answer());
        assert_eq!(heard.mac, [0, 0x10, 0xdb, 0, 0, 2]);
        let mut routed = frame.clone();
        routed[21] = 254;
        assert_eq!(decoded(&routed, hear), None);
        let mut wrong = frame;
        wrong[57] ^= 1;
        assert_eq!(decoded(&wrong, hear), None);
    }

    #[test]
    fn other_operations_and_cut_packets_say_nothing() {
        let mut reverse = bytes(REPLY);
        reverse[21] = 4;
        assert_eq!(decoded(&reverse, hear), None);
        let whole = bytes(REPLY);
        for length in 0..whole.len() {
            assert_eq!(decoded(&whole[..length], hear), None, "{length}");
        }
    }
}
