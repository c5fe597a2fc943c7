//! The network interfaces, as the kernel tells anybody who asks: no privilege is needed to list them.

use std::fs;
use std::net::IpAddr;

use pnet::datalink;

/// One interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub name: String,
    /// None where the link has no such addresses.
    pub mac: Option<[u8; 6]>,
    /// Addresses with their prefix lengths.
    pub addresses: Vec<(IpAddr, u8)>,
    pub gateways: Vec<IpAddr>,
    pub state: &'static str,
    pub is_loopback: bool,
    /// Largest packet it carries, in bytes, where the kernel tells.
    pub mtu: Option<u32>,
}

/// Every interface, in the kernel's order.
pub fn interfaces() -> Vec<Link> {
    datalink::interfaces().into_iter().map(describe).collect()
}

fn describe(interface: datalink::NetworkInterface) -> Link {
    let is_loopback = interface.is_loopback();
    let state = match (interface.is_up(), interface.is_lower_up()) {
        (false, _) => "down",
        (true, false) => "no carrier",
        (true, true) => "up",
    };
    Link {
        mac: interface
            .mac
            .map(|mac| mac.octets())
            .filter(|_| !is_loopback),
        addresses: interface
            .ips
            .iter()
            .map(|ip| (ip.ip(), ip.prefix()))
            .collect(),
        gateways: super::routes::gateways(&interface.name),
        state,
        is_loopback,
        mtu: read_mtu(&interface.name),
        name: interface.name,
    }
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
