//! Multicast groups that people meet (registries: iana.org, multicast-addresses and ipv6-multicast-addresses).

use std::net::IpAddr;

/// Whether a packet to it is for many: a multicast group, or everybody on the link.
pub fn is_many(address: IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    address.is_multicast() || is_broadcast
}

/// Who is in a well-known multicast group; none where the group has no name here.
pub fn group(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => v4(address.octets()),
        IpAddr::V6(address) => {
            let segments = address.segments();
            let [scope, 0, 0, 0, 0, 0, high, low] = segments else {
                return None;
            };
            // Bits 8 to 11 are flags, which well-known groups have at zero; the last four are how far it reaches.
            (scope & 0xfff0 == 0xff00)
                .then(|| v6(u32::from(high) << 16 | u32::from(low)))
                .flatten()
        }
    }
}

fn v4(address: [u8; 4]) -> Option<&'static str> {
    Some(match address {
        [224, 0, 0, 1] => "all hosts",
        [224, 0, 0, 2] => "all routers",
        [224, 0, 0, 4] => "DVMRP routers",
        [224, 0, 0, 5] => "OSPF routers",
        [224, 0, 0, 6] => "OSPF designated routers",
        [224, 0, 0, 9] => "RIP routers",
        [224, 0, 0, 10] => "EIGRP routers",
        [224, 0, 0, 13] => "PIM routers",
        [224, 0, 0, 18] => "VRRP routers",
        [224, 0, 0, 22] => "IGMPv3 routers",
        [224, 0, 0, 102] => "HSRP and GLBP routers",
        [224, 0, 0, 107] => "PTP peer delay",
        [224, 0, 0, 251] => "mDNS",
        [224, 0, 0, 252] => "LLMNR",
        [224, 0, 1, 1] => "NTP",
        [224, 0, 1, 129] => "PTP",
        [239, 255, 255, 250] => "SSDP and WS-Discovery",
        [239, 255, 255, 253] => "service location",
        _ => return None,
    })
}

fn v6(group: u32) -> Option<&'static str> {
    Some(match group {
        0x1 => "all hosts",
        0x2 => "all routers",
        0x5 => "OSPF routers",
        0x6 => "OSPF designated routers",
        0x9 => "RIP routers",
        0xa => "EIGRP routers",
        0xc => "SSDP and WS-Discovery",
        0xd => "PIM routers",
        0x12 => "VRRP routers",
        0x16 => "MLDv2 routers",
        0x6b => "PTP peer delay",
        0xfb => "mDNS",
        0x101 => "NTP",
        0x181 => "PTP",
        0x1_0002 => "DHCPv6 servers and relays",
        0x1_0003 => "LLMNR",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_known_at_every_reach() {
        let of = |text: &str| group(text.parse().expect("an address"));
        assert_eq!(of("224.0.0.251"), Some("mDNS"));
        assert_eq!(of("ff02::fb"), Some("mDNS"));
        assert_eq!(of("ff05::fb"), Some("mDNS"));
        assert_eq!(of("ff02::1:2"), Some("DHCPv6 servers and relays"));
        assert_eq!(of("ff12::fb"), None);
        assert_eq!(of("10.0.0.1"), None);
    }
}
