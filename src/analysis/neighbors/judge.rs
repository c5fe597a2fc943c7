//! What is ordinary on a link, and what is not.

use std::net::IpAddr;

use super::claim::Claim;
use super::event::{Kind, Level};
use crate::address::{Subnet, is_many};
use crate::vendor::{self, Identity};

/// The MAC address can be no single host's. Microsoft's load balancing answers with a group address by design.
pub(super) fn is_no_station(claim: &Claim) -> bool {
    let is_none = |mac: [u8; 6]| {
        let is_group = mac[0] & 1 != 0 && mac[..2] != [0x03, 0xbf];
        is_group || mac == [0; 6]
    };
    is_none(claim.mac) || claim.sender.is_some_and(is_none)
}

/// The address is no host's, or is off the subnets of the link.
pub(super) fn is_bogon<'a>(address: IpAddr, subnets: impl Iterator<Item = &'a Subnet>) -> bool {
    if address.is_unspecified() || address.is_loopback() || is_many(address) {
        return true;
    }
    if is_link_local(address) {
        return false;
    }
    // A host that has no address of a family, or none but link-local ones, knows nothing of the others' subnets.
    let mut known = subnets
        .filter(|subnet| subnet.address().is_ipv4() == address.is_ipv4())
        .filter(|subnet| !is_link_local(subnet.address()))
        .peekable();
    known.peek().is_some() && !known.any(|subnet| subnet.contains(address))
}

/// Hosts give themselves these (RFC 3927, RFC 4291), whatever subnets there are.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// The frame was sent from another address than it speaks of. A redundant router does so by design: it answers
/// with the virtual address, some from their own card.
pub(super) fn is_mismatch(claim: &Claim) -> bool {
    claim.sender.is_some_and(|sender| {
        sender != claim.mac && !is_virtual_router(claim.mac) && !is_virtual_router(sender)
    })
}

/// VRRP, CARP, HSRP, GLBP: an address that moves between machines.
fn is_virtual_router(mac: [u8; 6]) -> bool {
    const NAMES: [&str; 6] = ["VRRP", "VRRPv6", "HSRP", "HSRPv2", "HSRP IPv6", "GLBP"];
    matches!(vendor::identify(mac), Identity::Virtual(name) if NAMES.contains(&name.short))
}

/// How much an event matters, with the MAC address now and the other one it is about.
pub(super) fn level(kind: Kind, mac: [u8; 6], other: Option<[u8; 6]>, is_expected: bool) -> Level {
    let is_random = |mac| vendor::identify(mac) == Identity::Local;
    let level = match (kind, other) {
        (Kind::NewStation | Kind::NewActivity, _) if is_random(mac) => Level::Quiet,
        (Kind::NewStation | Kind::NewActivity | Kind::Bogon | Kind::EthernetMismatch, _) => {
            Level::Notice
        }
        // A device that comes back under another random address, or the next one that was given the address.
        (Kind::Changed, Some(other)) if is_random(mac) && is_random(other) => Level::Quiet,
        (Kind::Changed | Kind::FlipFlop | Kind::ReusedOld, Some(other))
            if is_same_group(mac, other) || is_decnet(mac) || is_decnet(other) =>
        {
            Level::Quiet
        }
        _ => Level::Warning,
    };
    if is_expected {
        level.min(Level::Notice)
    } else {
        level
    }
}

/// Forwarders of one GLBP group: each host that asks for the gateway is given another one of them.
fn is_same_group(a: [u8; 6], b: [u8; 6]) -> bool {
    const GLBP: [u8; 3] = [0x00, 0x07, 0xb4];
    a[..3] == GLBP && a[..5] == b[..5]
}

/// A DECnet node changes its card's address when it starts, and back: arpwatch keeps quiet about it too.
fn is_decnet(mac: [u8; 6]) -> bool {
    mac[..4] == [0xaa, 0x00, 0x04, 0x00]
}
