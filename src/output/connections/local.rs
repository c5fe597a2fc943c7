//! Which addresses Zeek takes for local where nobody says which are: those that the Internet does not route, by its
//! `Site::private_address_space`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::Subnet;

const LOCAL: [(IpAddr, u8); 25] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 24),
    v4([239, 0, 0, 0], 8),
    v4([240, 0, 0, 0], 4),
    v4([255, 255, 255, 255], 32),
    v6([0, 0, 0], 0, 128),
    v6([0, 0, 0], 1, 128),
    v6([0x64, 0xff9b, 1], 0, 48),
    v6([0x100, 0, 0], 0, 64),
    // Benchmarking (2001:2::/48) is part of it.
    v6([0x2001, 0, 0], 0, 23),
    v6([0x2001, 0xdb8, 0], 0, 32),
    v6([0xfc00, 0, 0], 0, 7),
    v6([0xfe80, 0, 0], 0, 10),
    v6([0xfec0, 0, 0], 0, 10),
];

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> (IpAddr, u8) {
    (IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix)
}

/// From the first three groups and the last.
const fn v6([a, b, c]: [u16; 3], last: u16, prefix: u8) -> (IpAddr, u8) {
    (IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, last)), prefix)
}

/// An IPv4 address follows, which decides (RFC 3056).
const SIX_TO_FOUR: u16 = 0x2002;

pub(super) fn is_local(address: IpAddr) -> bool {
    if let IpAddr::V6(address) = address
        && let [SIX_TO_FOUR, high, low, ..] = address.segments()
    {
        let inside = u32::from(high) << 16 | u32::from(low);
        return is_local(Ipv4Addr::from_bits(inside).into());
    }
    LOCAL.iter().any(|(first, prefix)| {
        Subnet::new(*first, *prefix).is_some_and(|block| block.contains(address))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_internet_does_not_route_is_local() {
        let local = [
            "10.9.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.127.0.1",
            "224.0.0.251",
            "255.255.255.255",
            "239.255.255.250",
            "::1",
            "fe80::1",
            "fd00::1",
            "2001::1",
            "2001:db8::1",
            "2002:a09:1::1",
        ];
        let others = [
            "172.32.0.0",
            "192.0.1.0",
            "224.0.1.1",
            "8.8.8.8",
            "100.128.0.0",
            "::2",
            "ff02::fb",
            "2001:200::1",
            "2a00::1",
            "2002:808:808::1",
        ];
        for (addresses, expected) in [(&local[..], true), (&others[..], false)] {
            for text in addresses {
                let address = text.parse().expect("an address");
                assert_eq!(is_local(address), expected, "{text}");
            }
        }
    }
}
