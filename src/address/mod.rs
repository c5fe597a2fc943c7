//! Addresses as people write them, and what an IP address is for, by the block it lies in: private, loopback, multicast, documentation, public and so on.
//!
//! The blocks are those of IANA's special-purpose address registries (RFC 6890, kept at iana.org as
//! iana-ipv4-special-registry and iana-ipv6-special-registry), of the multicast registries, and the allocation of the
//! rest. Where blocks lie in each other, the smallest one decides. Pure: whether an address is on a
//! subnet of this machine is not asked here.

mod groups;
mod mac;
mod subnet;
mod table;
mod way;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use groups::{group, is_many};
pub use mac::parse_mac;
pub use subnet::{NotASubnet, Subnet, parse_address};
pub use way::{Way, multicast_mac, solicited_node};

/// How far packets to or from an address may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Never leaves the machine.
    Host,
    /// Stays on one link: no router passes it on.
    Link,
    /// Stays in one organisation's or provider's network.
    Network,
    /// Anywhere on the Internet.
    Internet,
    /// Nothing real should be sent there.
    Nowhere,
}

/// What the block that an address lies in is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// A word or two: "private", "link-local", "public".
    pub name: &'static str,
    /// One sentence for people, without a full stop.
    pub meaning: &'static str,
    /// The document that says so: "RFC 1918".
    pub rfc: &'static str,
    pub reach: Reach,
    pub block: Block,
}

/// A network address and the length of its prefix in bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub address: IpAddr,
    pub prefix: u8,
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Scope {
    /// What `address` is for. Every address has an answer.
    pub fn of(address: IpAddr) -> Self {
        let row = match address {
            IpAddr::V4(address) => table::find(table::V4, u128::from(address.to_bits()) << 96),
            IpAddr::V6(address) => table::find(table::V6, address.to_bits()),
        };
        Self {
            name: row.name,
            meaning: row.meaning,
            rfc: row.rfc,
            reach: row.reach,
            block: Block {
                address: match address {
                    IpAddr::V4(_) => Ipv4Addr::from_bits((row.first >> 96) as u32).into(),
                    IpAddr::V6(_) => Ipv6Addr::from_bits(row.first).into(),
                },
                prefix: row.prefix,
            },
        }
    }

    /// For use inside one network only, by whoever wants: RFC 1918's blocks and RFC 4193's.
    pub fn is_private(&self) -> bool {
        matches!(self.name, table::PRIVATE | table::UNIQUE_LOCAL)
    }

    /// Anybody on the Internet can be meant by it.
    pub fn is_public(&self) -> bool {
        self.reach == Reach::Internet
    }
}

/// The network classes from before prefixes had a length (RFC 791, 2.3; gone since RFC 1519): they live on in
/// courses and in default masks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    A,
    B,
    C,
    /// Multicast.
    D,
    /// Reserved.
    E,
}

impl Class {
    pub fn of(address: Ipv4Addr) -> Self {
        match address.octets()[0] {
            0..=127 => Self::A,
            128..=191 => Self::B,
            192..=223 => Self::C,
            224..=239 => Self::D,
            _ => Self::E,
        }
    }

    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
            Self::E => 'E',
        }
    }

    /// Length of the prefix that the class implied, in bits; none for multicast and reserved addresses.
    pub fn prefix(self) -> Option<u8> {
        match self {
            Self::A => Some(8),
            Self::B => Some(16),
            Self::C => Some(24),
            Self::D | Self::E => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::of(text.parse().expect("an address"))
    }

    #[test]
    fn blocks_begin_and_end_where_their_documents_say() {
        for (address, name) in [
            ("0.0.0.0", "unspecified"),
            ("0.0.0.1", "this network"),
            ("9.255.255.255", "public"),
            ("10.0.0.0", "private"),
            ("10.255.255.255", "private"),
            ("11.0.0.0", "public"),
            ("100.63.255.255", "public"),
            ("100.64.0.0", "shared"),
            ("100.127.255.255", "shared"),
            ("100.128.0.0", "public"),
            ("127.0.0.1", "loopback"),
            ("169.254.1.1", "link-local"),
            ("172.15.255.255", "public"),
            ("172.16.0.0", "private"),
            ("172.31.255.255", "private"),
            ("172.32.0.0", "public"),
            ("192.0.2.1", "documentation"),
            ("192.168.0.1", "private"),
            ("198.17.255.255", "public"),
            ("198.18.0.0", "benchmarking"),
            ("198.19.255.255", "benchmarking"),
            ("203.0.113.9", "documentation"),
            ("224.0.0.251", "link multicast"),
            ("224.0.1.1", "multicast"),
            ("239.255.255.250", "private multicast"),
            ("240.0.0.1", "reserved"),
            ("255.255.255.254", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::ffff:1.2.3.4", "IPv4-mapped"),
            ("2001:4860:4860::8888", "public"),
            ("2001:0:1::", "Teredo"),
            ("2001:db8::1", "documentation"),
            ("2002::1", "6to4"),
            ("3fff::1", "documentation"),
            ("4000::1", "reserved"),
            ("fc00::1", "unique local"),
            ("fd09::1", "unique local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff01::1", "host multicast"),
            ("ff02::fb", "link multicast"),
            ("ff02::1:ff00:1", "solicited-node"),
            ("ff05::1", "site multicast"),
            ("ff0e::1", "multicast"),
        ] {
            assert_eq!(scope(address).name, name, "{address}");
        }
    }

    #[test]
    fn private_is_not_public() {
        assert!(scope("192.168.1.1").is_private());
        assert!(scope("fd00::1").is_private());
        assert!(!scope("fe80::1").is_private());
        assert!(scope("8.8.8.8").is_public());
        assert!(!scope("100.64.0.1").is_public() && !scope("100.64.0.1").is_private());
    }

    #[test]
    fn a_scope_names_its_block() {
        assert_eq!(scope("172.20.1.1").block.to_string(), "172.16.0.0/12");
        assert_eq!(scope("fe80::1").block.to_string(), "fe80::/10");
        assert_eq!(scope("8.8.8.8").block.to_string(), "0.0.0.0/0");
    }

    #[test]
    fn classes_follow_the_first_bits() {
        let class = |text: &str| Class::of(text.parse().expect("an address")).letter();
        assert_eq!(
            [
                "127.0.0.1",
                "128.0.0.1",
                "192.0.0.1",
                "224.0.0.1",
                "240.0.0.1"
            ]
            .map(class),
            ['A', 'B', 'C', 'D', 'E']
        );
    }
}
