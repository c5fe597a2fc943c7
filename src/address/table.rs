//! The blocks, as IANA lists them.

use super::Reach::{self, Host, Internet, Link, Network, Nowhere};
use std::net::{Ipv4Addr, Ipv6Addr};

pub(super) const PRIVATE: &str = "private";
pub(super) const UNIQUE_LOCAL: &str = "unique local";

pub(super) struct Row {
    /// Left-aligned: an IPv4 address is in the first 32 bits.
    pub(super) first: u128,
    pub(super) prefix: u8,
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) rfc: &'static str,
    pub(super) reach: Reach,
}

impl Row {
    fn holds(&self, address: u128) -> bool {
        // A shift by all 128 bits is what a prefix of 0 asks for.
        let mask = u128::MAX
            .checked_shl(128 - u32::from(self.prefix))
            .unwrap_or(0);
        address & mask == self.first
    }
}

/// The smallest block that holds the address; each table ends with a block that holds all.
pub(super) fn find(rows: &'static [Row], address: u128) -> &'static Row {
    let holding = rows.iter().filter(|row| row.holds(address));
    holding
        .max_by_key(|row| row.prefix)
        .unwrap_or(&rows[rows.len() - 1])
}

const fn v4(
    [a, b, c, d]: [u8; 4],
    prefix: u8,
    name: &'static str,
    reach: Reach,
    rfc: &'static str,
    meaning: &'static str,
) -> Row {
    Row {
        first: (Ipv4Addr::new(a, b, c, d).to_bits() as u128) << 96,
        prefix,
        name,
        meaning,
        rfc,
        reach,
    }
}

const fn v6(
    [a, b, c, d]: [u16; 4],
    prefix: u8,
    name: &'static str,
    reach: Reach,
    rfc: &'static str,
    meaning: &'static str,
) -> Row {
    Row {
        first: Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_bits(),
        prefix,
        name,
        meaning,
        rfc,
        reach,
    }
}

const PUBLIC_MEANING: &str = "unique on the Internet, given out by a regional registry";
const PRIVATE_MEANING: &str = "for use inside one network; the same addresses are used in many others, and no router passes them on to the Internet";
const DOCUMENTATION: &str = "for examples in documents; no host has it";
const ANYCAST: &str = "whichever server of this service is nearest";

#[rustfmt::skip]
pub(super) static V4: &[Row] = &[
    v4([0, 0, 0, 0], 32, "unspecified", Host, "RFC 1122", "no address: the sender has none yet"),
    v4([0, 0, 0, 0], 8, "this network", Nowhere, "RFC 1122", "a host on this network, by its number alone; not used any more"),
    v4([10, 0, 0, 0], 8, PRIVATE, Network, "RFC 1918", PRIVATE_MEANING),
    v4([100, 64, 0, 0], 10, "shared", Network, "RFC 6598", "for a provider's own network between its customers and its address translation"),
    v4([127, 0, 0, 0], 8, "loopback", Host, "RFC 1122", "this machine itself; never leaves it"),
    v4([169, 254, 0, 0], 16, "link-local", Link, "RFC 3927", "chosen by the host itself where no server gave it one; works on this link only"),
    v4([172, 16, 0, 0], 12, PRIVATE, Network, "RFC 1918", PRIVATE_MEANING),
    v4([192, 0, 0, 0], 24, "IETF protocols", Nowhere, "RFC 6890", "for protocols that need a fixed address"),
    v4([192, 0, 0, 0], 29, "DS-Lite", Link, "RFC 7335", "between the ends of an IPv4-in-IPv6 tunnel"),
    v4([192, 0, 0, 8], 32, "dummy", Host, "RFC 7600", "stands for the sender of an ICMP error that has no IPv4 address"),
    v4([192, 0, 0, 9], 32, "anycast", Internet, "RFC 7723", ANYCAST),
    v4([192, 0, 0, 10], 32, "anycast", Internet, "RFC 8155", ANYCAST),
    v4([192, 0, 0, 170], 31, "NAT64 discovery", Nowhere, "RFC 8880", "shows a host which prefix its network translates with"),
    v4([192, 0, 2, 0], 24, "documentation", Nowhere, "RFC 5737", DOCUMENTATION),
    v4([192, 31, 196, 0], 24, "anycast", Internet, "RFC 7535", ANYCAST),
    v4([192, 52, 193, 0], 24, "anycast", Internet, "RFC 7450", ANYCAST),
    v4([192, 88, 99, 0], 24, "6to4 relay", Nowhere, "RFC 7526", "formerly the nearest 6to4 relay; withdrawn"),
    v4([192, 168, 0, 0], 16, PRIVATE, Network, "RFC 1918", PRIVATE_MEANING),
    v4([192, 175, 48, 0], 24, "anycast", Internet, "RFC 7534", ANYCAST),
    v4([198, 18, 0, 0], 15, "benchmarking", Network, "RFC 2544", "for measuring equipment in a laboratory"),
    v4([198, 51, 100, 0], 24, "documentation", Nowhere, "RFC 5737", DOCUMENTATION),
    v4([203, 0, 113, 0], 24, "documentation", Nowhere, "RFC 5737", DOCUMENTATION),
    v4([224, 0, 0, 0], 4, "multicast", Internet, "RFC 5771", "a group: whoever joined it gets a copy"),
    v4([224, 0, 0, 0], 24, "link multicast", Link, "RFC 5771", "a group on this link; no router passes it on"),
    v4([232, 0, 0, 0], 8, "source multicast", Internet, "RFC 4607", "a group that is joined for one sender only"),
    v4([233, 252, 0, 0], 24, "documentation", Nowhere, "RFC 6676", DOCUMENTATION),
    v4([239, 0, 0, 0], 8, "private multicast", Network, "RFC 2365", "a group inside one organisation"),
    v4([240, 0, 0, 0], 4, "reserved", Nowhere, "RFC 1112", "kept for later; no host has it"),
    v4([255, 255, 255, 255], 32, "broadcast", Link, "RFC 919", "everybody on this link; no router passes it on"),
    v4([0, 0, 0, 0], 0, "public", Internet, "RFC 7020", PUBLIC_MEANING),
];

#[rustfmt::skip]
pub(super) static V6: &[Row] = &[
    v6([0, 0, 0, 0], 128, "unspecified", Host, "RFC 4291", "no address: the sender has none yet"),
    Row { first: 1, prefix: 128, name: "loopback", meaning: "this machine itself; never leaves it", rfc: "RFC 4291", reach: Host },
    Row { first: 0xffff << 32, prefix: 96, name: "IPv4-mapped", meaning: "an IPv4 address as IPv6 programs see it; not to be sent", rfc: "RFC 4291", reach: Host },
    Row { first: 0xff02 << 112 | 1 << 32 | 0xff00_0000, prefix: 104, name: "solicited-node", meaning: "a group made from the end of an address, so that few hosts are disturbed when it is asked for", rfc: "RFC 4291", reach: Link },
    v6([0x64, 0xff9b, 0, 0], 96, "NAT64", Internet, "RFC 6052", "an IPv4 address, to be reached through a translator"),
    v6([0x64, 0xff9b, 1, 0], 48, "local NAT64", Network, "RFC 8215", "an IPv4 address, to be reached through a translator of this network"),
    v6([0x100, 0, 0, 0], 64, "discard", Network, "RFC 6666", "whatever is sent there is dropped"),
    v6([0x100, 0, 0, 1], 64, "dummy", Nowhere, "RFC 9780", "a prefix that stands for none"),
    v6([0x2001, 0, 0, 0], 23, "IETF protocols", Nowhere, "RFC 2928", "for protocols that need a fixed address"),
    v6([0x2001, 0, 0, 0], 32, "Teredo", Internet, "RFC 4380", "a host behind IPv4 address translation"),
    v6([0x2001, 2, 0, 0], 48, "benchmarking", Network, "RFC 5180", "for measuring equipment in a laboratory"),
    v6([0x2001, 3, 0, 0], 32, "anycast", Internet, "RFC 7450", ANYCAST),
    v6([0x2001, 4, 0x112, 0], 48, "anycast", Internet, "RFC 7535", ANYCAST),
    v6([0x2001, 0x20, 0, 0], 28, "ORCHIDv2", Internet, "RFC 7343", "names a host by its key, not by its place"),
    v6([0x2001, 0x30, 0, 0], 28, "drone remote ID", Internet, "RFC 9374", "names a drone by its key, not by its place"),
    v6([0x2001, 0xdb8, 0, 0], 32, "documentation", Nowhere, "RFC 3849", DOCUMENTATION),
    v6([0x2002, 0, 0, 0], 16, "6to4", Internet, "RFC 3056", "holds an IPv4 address, to which it is tunnelled; withdrawn"),
    v6([0x2620, 0x4f, 0x8000, 0], 48, "anycast", Internet, "RFC 7534", ANYCAST),
    v6([0x3fff, 0, 0, 0], 20, "documentation", Nowhere, "RFC 9637", DOCUMENTATION),
    v6([0x5f00, 0, 0, 0], 16, "SRv6", Network, "RFC 9602", "a segment that a router is to visit"),
    v6([0xfc00, 0, 0, 0], 7, UNIQUE_LOCAL, Network, "RFC 4193", "for use inside one network; no router passes it on to the Internet"),
    v6([0xfe80, 0, 0, 0], 10, "link-local", Link, "RFC 4291", "every interface gives itself one; works on this link only"),
    v6([0xfec0, 0, 0, 0], 10, "site-local", Network, "RFC 3879", "formerly for use inside one network; withdrawn"),
    v6([0xff00, 0, 0, 0], 8, "multicast", Internet, "RFC 4291", "a group: whoever joined it gets a copy"),
    v6([0xff01, 0, 0, 0], 16, "host multicast", Host, "RFC 4291", "a group inside one machine"),
    v6([0xff02, 0, 0, 0], 16, "link multicast", Link, "RFC 4291", "a group on this link; no router passes it on"),
    v6([0xff05, 0, 0, 0], 16, "site multicast", Network, "RFC 4291", "a group inside one site"),
    v6([0xff08, 0, 0, 0], 16, "private multicast", Network, "RFC 4291", "a group inside one organisation"),
    v6([0x2000, 0, 0, 0], 3, "public", Internet, "RFC 4291", PUBLIC_MEANING),
    v6([0, 0, 0, 0], 0, "reserved", Nowhere, "RFC 4291", "kept for later; no host has it"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_block_has_bits_beyond_its_prefix_and_every_address_has_one() {
        for rows in [V4, V6] {
            assert!(rows.iter().all(|row| row.holds(row.first)));
            assert_eq!(rows[rows.len() - 1].prefix, 0);
        }
    }
}
