//! What a packet says about who has which address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use super::judge;
use super::sighting::{How, Sighting, Vlan};
use crate::decode::checksum::{self, Verdict};
use crate::decode::{Kind, Layer, Packet, arp, icmp};
use crate::frame::Timestamp;

/// "This address is at this MAC address", as its sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub address: IpAddr,
    pub mac: [u8; 6],
    /// Who sent the frame, by its link header; none where the link has no such address.
    pub sender: Option<[u8; 6]>,
    pub vlan: Vlan,
    pub form: Form,
}

impl Claim {
    /// What the neighbor table should learn of it; nothing where no host can have this address or this MAC address.
    pub fn sighting(&self, interface: &Arc<str>, time: Timestamp) -> Option<Sighting> {
        let is_possible =
            !judge::is_no_station(self) && !judge::is_bogon(self.address, std::iter::empty());
        is_possible.then(|| Sighting {
            address: self.address,
            mac: self.mac,
            interface: interface.clone(),
            vlan: self.vlan,
            how: How::Passive,
            time,
        })
    }
}

/// In which kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    ArpRequest,
    ArpReply,
    /// Unasked, to tell everybody: sender's and target's address are the same.
    GratuitousArp,
    RouterSolicitation,
    RouterAdvertisement,
    NeighborSolicitation,
    NeighborAdvertisement,
}

/// What the packet claims; none for all packets but ARP and neighbor discovery, and for those of them that claim
/// nothing: probes, which have no address yet (RFC 5227, 1.1; RFC 4862, 5.4.2), and what a receiver must ignore
/// (RFC 4861, 6.1 and 7.1). What travels inside a tunnel is about another link, and is left out too.
///
/// Only the sender's addresses count, as in RFC 826: a reply's target did not say so itself.
pub fn claim(packet: &Packet<'_>) -> Option<Claim> {
    let mut vlan = Vlan::NONE;
    let mut sender = None;
    let mut ipv6 = None;
    for layer in packet.layers {
        match layer.kind {
            Kind::Ethernet | Kind::Ieee8023 => sender = packet.chunk(layer, 6),
            Kind::Sll if packet.u16(layer, 4) == Some(6) => sender = packet.chunk(layer, 6),
            Kind::Sll2 if packet.u8(layer, 11) == Some(6) => sender = packet.chunk(layer, 12),
            Kind::Vlan | Kind::ServiceTag => vlan = vlan.tagged(packet.u16(layer, 0)?),
            Kind::Frame | Kind::Llc | Kind::Sll | Kind::Sll2 | Kind::Wlan | Kind::Radiotap => {}
            Kind::Arp => {
                let (address, mac, form) = arp_claim(packet, layer)?;
                return Some(Claim {
                    address,
                    mac,
                    sender,
                    vlan,
                    form,
                });
            }
            Kind::Ipv6 if ipv6.is_none() => ipv6 = Some(layer),
            Kind::HopByHop | Kind::DestOpts => {}
            Kind::Icmpv6 => {
                let (address, mac, form) = discovery_claim(packet, ipv6?, layer)?;
                return Some(Claim {
                    address,
                    mac,
                    sender,
                    vlan,
                    form,
                });
            }
            _ => return None,
        }
    }
    None
}

fn arp_claim(packet: &Packet<'_>, layer: &Layer) -> Option<(IpAddr, [u8; 6], Form)> {
    let said = arp::addresses(packet, layer)?;
    let form = match said.opcode {
        arp::REQUEST if said.is_probe() => return None,
        arp::REQUEST | arp::REPLY if said.is_gratuitous() => Form::GratuitousArp,
        arp::REQUEST => Form::ArpRequest,
        arp::REPLY => Form::ArpReply,
        _ => return None,
    };
    Some((Ipv4Addr::from(said.sender_ip).into(), said.sender_mac, form))
}

fn discovery_claim(
    packet: &Packet<'_>,
    ipv6: &Layer,
    layer: &Layer,
) -> Option<(IpAddr, [u8; 6], Form)> {
    const HOP_LIMIT: usize = 7;
    const SOURCE: usize = 8;
    const TARGET: usize = 8;
    let form = match packet.u8(layer, 0)? {
        icmp::ROUTER_SOLICITATION => Form::RouterSolicitation,
        icmp::ROUTER_ADVERTISEMENT => Form::RouterAdvertisement,
        icmp::NEIGHBOR_SOLICITATION => Form::NeighborSolicitation,
        icmp::NEIGHBOR_ADVERTISEMENT => Form::NeighborAdvertisement,
        _ => return None,
    };
    // A lower hop limit came through a router, from another link.
    let is_local = packet.u8(ipv6, HOP_LIMIT) == Some(255) && packet.u8(layer, 1) == Some(0);
    let is_whole = !layer.in_fragment() && !layer.quoted();
    if !is_local || !is_whole || checksum::transport(packet, layer) == Verdict::Bad {
        return None;
    }
    let mac = icmp::link_address(packet, layer)?;
    let address: [u8; 16] = match form {
        Form::NeighborAdvertisement => packet.chunk(layer, TARGET)?,
        _ => packet.chunk(ipv6, SOURCE)?,
    };
    let address = Ipv6Addr::from(address);
    (!address.is_unspecified()).then_some((address.into(), mac, form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    const NEAR: [u8; 6] = [2, 0, 0, 0, 0, 1];
    const FAR: [u8; 6] = [0, 0x1b, 0x21, 0, 0, 2];

    fn claimed(frame: &[u8]) -> Option<Claim> {
        let mut batch = Batch::default();
        batch.push(frame, frame.len() as u32, None, LinkType::ETHERNET, 0);
        let mut decoded = Decoded::default();
        decoded.push(&batch, 0);
        claim(&decoded.packet(&batch, 0))
    }

    /// An ARP packet in a frame from NEAR with these tags (TPID, number).
    fn arp_frame(
        tags: &[(u16, u16)],
        opcode: u16,
        sender: ([u8; 6], [u8; 4]),
        target: [u8; 4],
    ) -> Vec<u8> {
        let mut frame = [[0xff; 6], NEAR].concat();
        for (tpid, id) in tags {
            frame.extend([tpid.to_be_bytes(), id.to_be_bytes()].concat());
        }
        frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4]);
        frame.extend(opcode.to_be_bytes());
        frame.extend(sender.0);
        frame.extend(sender.1);
        frame.extend([0; 6]);
        frame.extend(target);
        frame
    }

    #[test]
    fn arp_senders_are_believed_and_probes_claim_nothing() {
        let of = |opcode, ip, target| claimed(&arp_frame(&[], opcode, (FAR, ip), target));
        let expected = |form| {
            Some(Claim {
                address: "10.9.0.2".parse().expect("an address"),
                mac: FAR,
                sender: Some(NEAR),
                vlan: Vlan::NONE,
                form,
            })
        };
        let (here, there) = ([10, 9, 0, 2], [10, 9, 0, 1]);
        assert_eq!(of(1, here, there), expected(Form::ArpRequest));
        assert_eq!(of(2, here, there), expected(Form::ArpReply));
        assert_eq!(of(1, here, here), expected(Form::GratuitousArp));
        assert_eq!(of(2, here, here), expected(Form::GratuitousArp));
        assert_eq!(of(1, [0; 4], here), None, "a probe");
        assert_eq!(of(8, here, there), None, "inverse ARP");
    }

    #[test]
    fn tags_say_which_link_it_is() {
        let vlan = |tags: &[(u16, u16)]| {
            let frame = arp_frame(tags, 2, (FAR, [10, 9, 0, 2]), [10, 9, 0, 1]);
            claimed(&frame).map(|claim| claim.vlan.to_string())
        };
        assert_eq!(vlan(&[(0x8100, 7)]).as_deref(), Some("7"));
        assert_eq!(
            vlan(&[(0x88a8, 100), (0x8100, 7)]).as_deref(),
            Some("100.7")
        );
        assert_eq!(
            vlan(&[(0x8100, 0xe000)]).as_deref(),
            Some(""),
            "priority only"
        );
    }

    #[test]
    fn a_claim_cut_short_is_none() {
        let frame = arp_frame(&[], 2, (FAR, [10, 9, 0, 2]), [10, 9, 0, 1]);
        for len in 0..frame.len() {
            assert_eq!(claimed(&frame[..len]), None, "{len} bytes");
        }
    }
}
