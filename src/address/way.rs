//! How a packet leaves a host, by its destination and the host's own subnet: the decision that comes before ARP
//! (RFC 1122, 3.3.1.1) or neighbor discovery (RFC 4861, 5.2).

use std::net::{IpAddr, Ipv6Addr};

use super::{Reach, Scope, Subnet, is_many};

/// What a host does with a packet for some destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is the host's own address, or the loopback's: no frame is sent.
    Inside,
    /// To everybody on the link: the frame goes to ff:ff:ff:ff:ff:ff, nothing is asked.
    Broadcast,
    /// To a group: the frame goes to a MAC address that is made from the group's.
    Multicast([u8; 6]),
    /// On the host's subnet: it asks for the destination's MAC address.
    Neighbor,
    /// Link-local addresses are on the link whatever the mask says (RFC 3927, 2.6.2; RFC 4861, 5.2).
    LinkLocal,
    /// Elsewhere: it asks for the gateway's MAC address.
    Gateway,
    /// No packet may go there: the unspecified address.
    Nowhere,
    /// Elsewhere, and no router passes on what this host's address sends: it is good on one link only, or inside the host, or is
    /// that of many (RFC 3927, 2.7; RFC 4291, 2.5.6; RFC 1122, 3.2.1.3).
    Confined,
}

impl Way {
    /// The way from the host that `subnet` describes to `destination`; none across address families.
    pub fn of(subnet: &Subnet, destination: IpAddr) -> Option<Self> {
        subnet.masked(destination)?;
        let is_limited_broadcast = matches!(destination, IpAddr::V4(ip) if ip.is_broadcast());
        Some(if destination.is_unspecified() {
            Self::Nowhere
        } else if destination == subnet.address() || destination.is_loopback() {
            Self::Inside
        } else if is_limited_broadcast || subnet.broadcast() == Some(destination) {
            Self::Broadcast
        } else if let Some(mac) = multicast_mac(destination) {
            Self::Multicast(mac)
        } else if subnet.contains(destination) {
            Self::Neighbor
        } else if Scope::of(destination).name == "link-local" {
            Self::LinkLocal
        } else if matches!(Scope::of(subnet.address()).reach, Reach::Host | Reach::Link)
            || is_many(subnet.address())
        {
            Self::Confined
        } else {
            Self::Gateway
        })
    }

    /// Whether it goes through a router.
    pub fn is_routed(self) -> bool {
        self == Self::Gateway
    }
}

/// The MAC address that frames to a multicast group go to (RFC 1112, 6.4: 23 bits of 28; RFC 2464, 7).
pub fn multicast_mac(group: IpAddr) -> Option<[u8; 6]> {
    match group {
        IpAddr::V4(group) => {
            let [_, a, b, c] = group.octets();
            group
                .is_multicast()
                .then_some([0x01, 0x00, 0x5e, a & 0x7f, b, c])
        }
        IpAddr::V6(group) => {
            let [.., a, b, c, d] = group.octets();
            group.is_multicast().then_some([0x33, 0x33, a, b, c, d])
        }
    }
}

/// The group that a neighbor solicitation for `address` goes to (RFC 4291, 2.7.1).
pub fn solicited_node(address: Ipv6Addr) -> Ipv6Addr {
    const PREFIX: u128 = 0xff02 << 112 | 1 << 32 | 0xff00_0000;
    Ipv6Addr::from_bits(PREFIX | address.to_bits() & 0xff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_decides_except_where_the_address_does() {
        let way = |host: &str, to: &str| {
            let subnet: Subnet = host.parse().expect("a subnet");
            Way::of(&subnet, to.parse().expect("an address"))
        };
        for (host, to, expected) in [
            ("192.168.1.50/24", "192.168.1.9", Way::Neighbor),
            ("192.168.1.50/24", "192.168.2.9", Way::Gateway),
            ("192.168.1.50/16", "192.168.2.9", Way::Neighbor),
            ("192.168.1.50/24", "192.168.1.50", Way::Inside),
            ("192.168.1.50/24", "127.0.0.1", Way::Inside),
            ("192.168.1.50/24", "192.168.1.255", Way::Broadcast),
            ("192.168.1.50/24", "192.168.2.255", Way::Gateway),
            ("192.168.1.50/24", "255.255.255.255", Way::Broadcast),
            ("192.168.1.50/24", "169.254.7.7", Way::LinkLocal),
            ("192.168.1.50/24", "0.0.0.0", Way::Nowhere),
            (
                "192.168.1.50/24",
                "239.129.2.3",
                Way::Multicast([1, 0, 0x5e, 1, 2, 3]),
            ),
            ("169.254.1.1/16", "8.8.8.8", Way::Confined),
            ("169.254.1.1/16", "169.254.9.9", Way::Neighbor),
            ("127.0.0.1/8", "8.8.8.8", Way::Confined),
            ("224.0.0.1/24", "10.0.0.2", Way::Confined),
            ("239.1.1.1/24", "10.0.0.2", Way::Confined),
            ("fe80::1/64", "2001:db8::9", Way::Confined),
            ("10.0.0.0/31", "10.0.0.1", Way::Neighbor),
            ("10.0.0.1/32", "10.0.0.2", Way::Gateway),
            ("10.0.0.1/0", "8.8.8.8", Way::Neighbor),
            ("2001:db8::1/64", "fe80::9", Way::LinkLocal),
            ("2001:db8::1/64", "2001:db8:0:1::1", Way::Gateway),
            (
                "2001:db8::1/64",
                "ff02::fb",
                Way::Multicast([0x33, 0x33, 0, 0, 0, 0xfb]),
            ),
        ] {
            assert_eq!(way(host, to), Some(expected), "{host} to {to}");
        }
        assert_eq!(way("192.168.1.50/24", "::1"), None);
    }

    #[test]
    fn a_solicited_node_group_ends_as_the_address_does() {
        let group = solicited_node("2001:db8::12:3456:789a".parse().expect("an address"));
        assert_eq!(group.to_string(), "ff02::1:ff56:789a");
    }
}
