//! Default routes, as the kernel lists them under `/proc/net`.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The gateways of default routes through an interface.
pub(super) fn gateways(interface: &str) -> Vec<IpAddr> {
    let v4 = fs::read_to_string("/proc/net/route").unwrap_or_default();
    let v6 = fs::read_to_string("/proc/net/ipv6_route").unwrap_or_default();
    let v4 = v4
        .lines()
        .filter_map(|line| gateway_v4(line, interface))
        .map(IpAddr::V4);
    let v6 = v6
        .lines()
        .filter_map(|line| gateway_v6(line, interface))
        .map(IpAddr::V6);
    v4.chain(v6).collect()
}

/// Columns: interface, destination, gateway, … mask; addresses in the machine's byte order.
fn gateway_v4(line: &str, interface: &str) -> Option<Ipv4Addr> {
    let columns: Vec<_> = line.split_whitespace().collect();
    let number = |at: usize| u32::from_str_radix(columns.get(at)?, 16).ok();
    let is_default = number(1)? == 0 && number(7)? == 0;
    let gateway = number(2)?;
    (columns[0] == interface && is_default && gateway != 0)
        .then(|| Ipv4Addr::from(gateway.to_ne_bytes()))
}

/// Columns: destination, its prefix length, source, its prefix length, next hop, … interface.
fn gateway_v6(line: &str, interface: &str) -> Option<Ipv6Addr> {
    let columns: Vec<_> = line.split_whitespace().collect();
    let is_default = *columns.get(1)? == "00";
    let gateway = u128::from_str_radix(columns.get(4)?, 16).ok()?;
    (*columns.last()? == interface && is_default && gateway != 0).then(|| Ipv6Addr::from(gateway))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_route_names_its_gateway() {
        let line = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0";
        let expected = Ipv4Addr::from(0x0101_a8c0u32.to_ne_bytes());
        assert_eq!(gateway_v4(line, "eth0"), Some(expected));
        assert_eq!(gateway_v4(line, "eth1"), None);
        let subnet = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0";
        assert_eq!(gateway_v4(subnet, "eth0"), None);
        assert_eq!(gateway_v4("Iface\tDestination\tGateway", "eth0"), None);
    }

    #[test]
    fn an_ipv6_default_route_names_its_gateway() {
        let line = "00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
                    fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0";
        assert_eq!(
            gateway_v6(line, "eth0"),
            Some("fe80::1".parse().expect("an address"))
        );
    }
}
