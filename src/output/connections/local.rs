//! Which addresses Zeek takes for local where nobody says which are: those that the Internet does not route, by its
//! `Site::private_address_space`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 24),
    (Ipv4Addr::new(239, 0, 0, 0), 8),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::BROADCAST, 32),
];

const V6: [(Ipv6Addr, u32); 9] = [
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    // Benchmarking (2001:2::/48) is part of it.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
];

/// An IPv4 address inside an IPv6 one follows (RFC 3056).
const SIX_TO_FOUR: u16 = 0x2002;

pub(super) fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => V4.iter().any(|(first, prefix)| {
            let differs = address.to_bits() ^ first.to_bits();
            differs.leading_zeros() >= *prefix
        }),
        IpAddr::V6(address) => match address.segments() {
            [SIX_TO_FOUR, high, low, ..] => {
                let inside = u32::from(high) << 16 | u32::from(low);
                is_local(Ipv4Addr::from_bits(inside).into())
            }
            _ => V6.iter().any(|(first, prefix)| {
                let differs = address.to_bits() ^ first.to_bits();
                differs.leading_zeros() >= *prefix
            }),
        },
    }
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
