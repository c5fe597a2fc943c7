//! The frames that ask: ARP requests (RFC 826; RFC 5227 for probes and announcements), neighbor solicitations and
//! echo requests to all nodes (RFC 4861, 4.3; RFC 4443, 4.1).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{BROADCAST, Mac, NO_MAC};
use crate::address::{multicast_mac, solicited_node};
use crate::decode::checksum::of_icmpv6;
use crate::decode::{arp, icmp};

/// Who asks: the addresses of one interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    pub mac: Mac,
    /// Its family says which protocol asks.
    pub ip: IpAddr,
}

impl Asker {
    /// Writes the frame that asks who has `target`: everybody on the link, or `to` alone. An address of the other family
    /// than the asker's makes no frame.
    pub fn question(&self, frame: &mut Vec<u8>, target: IpAddr, to: Option<Mac>) {
        frame.clear();
        match (self.ip, target) {
            (IpAddr::V4(source), IpAddr::V4(target)) => {
                let to = to.unwrap_or(BROADCAST);
                request(frame, self.mac, source, target, to);
            }
            (IpAddr::V6(source), IpAddr::V6(target)) => {
                solicitation(frame, self.mac, source, target, to);
            }
            _ => {}
        }
    }

    /// Writes the same question without saying who asks (an ARP probe, RFC 5227, 1.1): only who owns the address
    /// answers it, a router that answers for others does not. IPv4 only.
    pub fn anonymous(&self, frame: &mut Vec<u8>, target: Ipv4Addr, to: Option<Mac>) {
        frame.clear();
        let to = to.unwrap_or(BROADCAST);
        request(frame, self.mac, Ipv4Addr::UNSPECIFIED, target, to);
    }
}

/// Writes an announcement of `address` (RFC 5227, 1.1): a request in which sender and target are the same.
pub(super) fn announcement(frame: &mut Vec<u8>, mac: Mac, address: Ipv4Addr) {
    frame.clear();
    request(frame, mac, address, address, BROADCAST);
}

fn request(frame: &mut Vec<u8>, mac: Mac, source: Ipv4Addr, target: Ipv4Addr, to: Mac) {
    const ETHERTYPE_ARP: [u8; 2] = [0x08, 0x06];
    // Hardware type Ethernet, protocol IPv4, lengths of their addresses.
    const FIXED: [u8; 6] = [0, 1, 0x08, 0x00, 6, 4];
    ethernet(frame, to, mac, ETHERTYPE_ARP);
    frame.extend_from_slice(&FIXED);
    frame.extend_from_slice(&arp::REQUEST.to_be_bytes());
    frame.extend_from_slice(&mac);
    frame.extend_from_slice(&source.octets());
    // Zeros: what is asked for is not known (RFC 5227, 2.1.1).
    frame.extend_from_slice(&NO_MAC);
    frame.extend_from_slice(&target.octets());
}

fn solicitation(
    frame: &mut Vec<u8>,
    mac: Mac,
    source: Ipv6Addr,
    target: Ipv6Addr,
    to: Option<Mac>,
) {
    const SOURCE_LINK_ADDRESS: [u8; 2] = [1, 1];
    let (link, destination) = match to {
        Some(to) => (to, target),
        None => {
            let group = solicited_node(target);
            (group_mac(group), group)
        }
    };
    let mut message = vec![icmp::NEIGHBOR_SOLICITATION, 0, 0, 0, 0, 0, 0, 0];
    message.extend_from_slice(&target.octets());
    message.extend_from_slice(&SOURCE_LINK_ADDRESS);
    message.extend_from_slice(&mac);
    icmpv6(frame, (mac, source), (link, destination), &[], &mut message);
}

/// Writes an echo request to every host on the link. With an unknown option before it that asks to be objected to (RFC
/// 8200, 4.2: 10 in its highest bits), a host that answers no echo to a group must send an error all the same (RFC 4443,
/// 2.4 e).
pub(super) fn echo_to_all(
    frame: &mut Vec<u8>,
    mac: Mac,
    source: Ipv6Addr,
    identifier: u16,
    sequence: u16,
    with_option: bool,
) {
    let [a, b] = identifier.to_be_bytes();
    let [c, d] = sequence.to_be_bytes();
    let mut message = vec![icmp::ECHO_REQUEST_V6, 0, 0, 0, a, b, c, d];
    message.extend_from_slice(b"netinspect");
    frame.clear();
    let to = (group_mac(ALL_NODES), ALL_NODES);
    let options: &[u8] = if with_option { &UNKNOWN_OPTION } else { &[] };
    icmpv6(frame, (mac, source), to, options, &mut message);
}

/// Destination options (RFC 8200, 4.6): next is ICMPv6, eight bytes in all, an option that nobody has, with four bytes.
const UNKNOWN_OPTION: [u8; 8] = [58, 0, 0x80, 4, 0, 0, 0, 0];
const ALL_NODES: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);

fn icmpv6(
    frame: &mut Vec<u8>,
    (from_mac, from): (Mac, Ipv6Addr),
    (to_mac, to): (Mac, Ipv6Addr),
    destination_options: &[u8],
    message: &mut [u8],
) {
    const ETHERTYPE_IPV6: [u8; 2] = [0x86, 0xdd];
    const VERSION_6: [u8; 4] = [0x60, 0, 0, 0];
    const NEXT_ICMPV6: u8 = 58;
    const NEXT_OPTIONS: u8 = 60;
    /// So that a receiver knows that no router has passed it on (RFC 4861, 7.1).
    const HOP_LIMIT: u8 = 255;
    let checksum = of_icmpv6(from.octets(), to.octets(), message);
    message[2..4].copy_from_slice(&checksum);
    ethernet(frame, to_mac, from_mac, ETHERTYPE_IPV6);
    frame.extend_from_slice(&VERSION_6);
    let length = destination_options.len() + message.len();
    frame.extend_from_slice(&(length as u16).to_be_bytes());
    let next = match destination_options {
        [] => NEXT_ICMPV6,
        _ => NEXT_OPTIONS,
    };
    frame.extend_from_slice(&[next, HOP_LIMIT]);
    frame.extend_from_slice(&from.octets());
    frame.extend_from_slice(&to.octets());
    frame.extend_from_slice(destination_options);
    frame.extend_from_slice(message);
}

fn group_mac(group: Ipv6Addr) -> Mac {
    // Only groups are asked for here.
    multicast_mac(group.into()).unwrap_or(BROADCAST)
}

fn ethernet(frame: &mut Vec<u8>, to: Mac, from: Mac, ethertype: [u8; 2]) {
    frame.extend_from_slice(&to);
    frame.extend_from_slice(&from);
    frame.extend_from_slice(&ethertype);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arp::heard::tests::decoded;
    use crate::arp::{How, hear};
    use crate::decode::Kind;
    use crate::decode::checksum::{Verdict, transport};

    const MAC: Mac = [2, 0, 0, 0, 0, 1];

    fn asker(ip: &str) -> Asker {
        let ip = ip.parse().expect("an address");
        Asker { mac: MAC, ip }
    }

    #[test]
    fn a_request_is_what_the_kernel_would_send() {
        let mut frame = Vec::new();
        asker("10.9.0.1").question(&mut frame, [10, 9, 0, 2].into(), None);
        let expected = "ffffffffffff0200000000010806\
                        0001080006040001\
                        0200000000010a0900010000000000000a090002";
        let hex: String = frame.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }

    #[test]
    fn a_probe_names_no_sender_address() {
        let mut frame = Vec::new();
        asker("10.9.0.1").anonymous(&mut frame, [10, 9, 0, 2].into(), Some([9; 6]));
        assert_eq!(frame[..6], [9; 6]);
        let heard = decoded(&frame, |packet| hear(packet).expect("ARP"));
        assert_eq!(heard.how, How::Request);
        assert!(heard.is_probe(), "{heard:?}");
    }

    #[test]
    fn a_solicitation_goes_to_the_group_of_its_target_and_adds_up() {
        let mut frame = Vec::new();
        let target: Ipv6Addr = "fd09::2:abcd:ef12".parse().expect("an address");
        asker("fd09::1").question(&mut frame, target.into(), None);
        assert_eq!(frame[..6], [0x33, 0x33, 0xff, 0xcd, 0xef, 0x12]);
        let group: Ipv6Addr = "ff02::1:ffcd:ef12".parse().expect("an address");
        assert_eq!(frame[38..54], group.octets());
        assert_eq!(frame[21], 255);
        let verdict = decoded(&frame, |packet| {
            transport(packet, packet.find(Kind::Icmpv6).expect("ICMPv6"))
        });
        assert_eq!(verdict, Verdict::Good);
        frame[60] ^= 1;
        let verdict = decoded(&frame, |packet| {
            transport(packet, packet.find(Kind::Icmpv6).expect("ICMPv6"))
        });
        assert_eq!(verdict, Verdict::Bad);
    }

    #[test]
    fn an_unknown_option_asks_to_be_objected_to() {
        for with_option in [false, true] {
            let mut frame = Vec::new();
            let source = "fe80::1".parse().expect("an address");
            echo_to_all(&mut frame, MAC, source, 7, 1, with_option);
            assert_eq!(frame[20], if with_option { 60 } else { 58 });
            let (echo, verdict) = decoded(&frame, |packet| {
                let echo = packet.find(Kind::Icmpv6).expect("ICMPv6");
                (packet.u16(echo, 4), transport(packet, echo))
            });
            assert_eq!((echo, verdict), (Some(7), Verdict::Good));
        }
    }

    #[test]
    fn an_address_of_the_other_family_makes_no_frame() {
        let mut frame = vec![1];
        asker("10.9.0.1").question(&mut frame, Ipv6Addr::LOCALHOST.into(), None);
        assert_eq!(frame, [0; 0]);
    }
}
