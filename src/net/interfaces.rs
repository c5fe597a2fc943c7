//! The network interfaces, as the kernel tells anybody who asks: no privilege is needed to list them.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::address::{AddressAttribute, AddressMessage};
use pnet::datalink;

use super::{State, netlink};

/// One interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub name: String,
    /// The kernel's number for it, from 1.
    pub index: u32,
    /// None where the link has no such addresses.
    pub mac: Option<[u8; 6]>,
    /// Addresses with their prefix lengths.
    pub addresses: Vec<(IpAddr, u8)>,
    pub gateways: Vec<IpAddr>,
    /// Up, without carrier, or down.
    pub state: State,
    pub is_loopback: bool,
    /// Neighbors are not asked for here: a tunnel, or set so by an administrator.
    pub no_arp: bool,
    /// Largest packet it carries, in bytes, where the kernel tells.
    pub mtu: Option<u32>,
}

impl Link {
    /// A radio: broadcasts are slow there, and cost everybody on the channel air time.
    pub fn is_wireless(&self) -> bool {
        let about = Path::new("/sys/class/net").join(&self.name);
        about.join("wireless").exists() || about.join("phy80211").exists()
    }
}

/// Every interface, in the kernel's order.
pub fn interfaces() -> Vec<Link> {
    let addresses = addresses();
    let gateways = super::routes::gateways();
    datalink::interfaces()
        .into_iter()
        // An alias ("eth0:1") is a label on an address, listed as if it were an interface.
        .filter(|interface| !interface.name.contains(':'))
        .map(|interface| describe(interface, &addresses, &gateways))
        .collect()
}

fn describe(
    interface: datalink::NetworkInterface,
    addresses: &[Address],
    gateways: &[(u32, IpAddr)],
) -> Link {
    let is_loopback = interface.is_loopback();
    Link {
        mac: interface
            .mac
            .map(|mac| mac.octets())
            .filter(|_| !is_loopback),
        addresses: addresses
            .iter()
            .filter(|address| address.interface == interface.index)
            .map(|address| (address.ip, address.prefix))
            .collect(),
        gateways: gateways
            .iter()
            .filter(|(index, _)| *index == interface.index)
            .map(|(_, gateway)| *gateway)
            .collect(),
        state: state(&interface),
        is_loopback,
        no_arp: interface.flags & NOARP != 0,
        mtu: read_mtu(&interface.name),
        index: interface.index,
        name: interface.name,
    }
}

/// IFF_NOARP of linux/if.h.
const NOARP: u32 = 1 << 7;

fn state(interface: &datalink::NetworkInterface) -> State {
    match (interface.is_up(), interface.is_lower_up()) {
        (false, _) => State::Down,
        (true, false) => State::NoCarrier,
        (true, true) => State::Up,
    }
}

struct Address {
    interface: u32,
    ip: IpAddr,
    prefix: u8,
}

fn addresses() -> Vec<Address> {
    let question = RouteNetlinkMessage::GetAddress(AddressMessage::default());
    // Without an answer interfaces are shown without their addresses.
    let answers = netlink::dump("ask the kernel for its addresses", question).unwrap_or_default();
    answers.iter().filter_map(read_address).collect()
}

fn read_address(answer: &RouteNetlinkMessage) -> Option<Address> {
    let RouteNetlinkMessage::NewAddress(message) = answer else {
        return None;
    };
    let find = |wanted: fn(&AddressAttribute) -> Option<IpAddr>| {
        message.attributes.iter().find_map(wanted)
    };
    // On a point-to-point link the other attribute is the address of the other end.
    let local = find(|attribute| match attribute {
        AddressAttribute::Local(ip) => Some(*ip),
        _ => None,
    });
    let ip = local.or_else(|| {
        find(|attribute| match attribute {
            AddressAttribute::Address(ip) => Some(*ip),
            _ => None,
        })
    })?;
    Some(Address {
        interface: message.header.index,
        ip,
        prefix: message.header.prefix_len,
    })
}

fn read_mtu(name: &str) -> Option<u32> {
    let text = fs::read_to_string(format!("/sys/class/net/{name}/mtu")).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_interface_is_there_and_has_no_mac() {
        let links = interfaces();
        let loopback = links.iter().find(|link| link.is_loopback);
        assert_eq!(loopback.map(|link| link.mac), Some(None), "{links:?}");
    }
}
