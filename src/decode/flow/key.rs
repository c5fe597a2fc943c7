//! What a conversation is kept under: both ends and the protocol, the same for either direction.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::bytes;

/// What conversations are told apart by, beside their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    Tcp,
    Udp,
    /// ICMP questions and their answers.
    Icmp,
    /// ICMP messages that nobody answers.
    IcmpMessage,
    Arp,
    Sctp,
    /// Any other that an IP header names, by its number, which stands for both ports.
    Ip,
    /// No conversation, but the fragments of one packet. What tells it from others stands for ports: of IPv4 the protocol's
    /// number and the identification (RFC 791, 3.2), of IPv6 both halves of the identification (RFC 8200, 4.5).
    Fragment,
}

/// One end as a header names it. Plain numbers, since every frame has two that are compared and hashed. For ICMP the
/// message's type and what answers it, or its code, stand for ports; for [`Protocol::Ip`] the protocol's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// An IPv4 address takes the lower 32 bits.
    pub address: u128,
    pub port: u16,
}

/// Both ends, the lower one first, and the protocol. Short for IPv4: most are, and all are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    V4(KeyV4),
    V6(KeyV6),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KeyV4 {
    /// The lower end's in the upper half.
    addresses: u64,
    tail: Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyV6 {
    /// Halves, since a `u128` would make every key longer.
    low: (u64, u64),
    high: (u64, u64),
    tail: Tail,
}

/// The lower end's port, the higher one's, and the protocol, from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Tail(u64);

impl Tail {
    fn new(low: u16, high: u16, protocol: Protocol) -> Self {
        Self(u64::from(low) << 24 | u64::from(high) << 8 | protocol as u64)
    }
}

impl KeyV4 {
    /// A number whose highest bits differ between most keys, in a few steps. Others can choose keys that share one.
    #[inline]
    pub fn mixed(&self) -> u64 {
        bytes::mixed(self.addresses ^ self.tail.0.rotate_left(20))
    }
}

impl KeyV6 {
    /// As [`KeyV4::mixed`]. Networks' halves come in less than hosts': those differ more.
    #[inline]
    pub fn mixed(&self) -> u64 {
        let networks = self.low.0 ^ self.high.0.rotate_left(32);
        let hosts = self.low.1 ^ self.high.1.rotate_left(13);
        bytes::mixed(networks ^ hosts ^ self.tail.0.rotate_left(20))
    }
}

impl Protocol {
    /// In lower case, as a name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Icmp | Self::IcmpMessage => "icmp",
            Self::Arp => "arp",
            Self::Sctp => "sctp",
            Self::Ip | Self::Fragment => "ip",
        }
    }

    /// Whether its ends have ports, not something that stands for these.
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp | Self::Sctp)
    }
}

#[cfg(test)]
impl End {
    pub(crate) fn new(address: IpAddr, port: u16) -> Self {
        let address = match address {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        };
        Self { address, port }
    }
}

impl Key {
    /// Between two ends; also which of them is the first: 0 is the lower, 1 the higher.
    pub fn between(protocol: Protocol, is_v4: bool, first: End, second: End) -> (Self, u8) {
        match is_v4 {
            true => {
                let end = |end: End| (end.address as u32, end.port);
                Self::between_v4(protocol, end(first), end(second))
            }
            false => Self::between_v6(protocol, first, second),
        }
    }

    /// The same between IPv4 addresses and ports.
    #[inline]
    pub fn between_v4(protocol: Protocol, first: (u32, u16), second: (u32, u16)) -> (Self, u8) {
        // Both in one number, which is compared at once.
        let joined = |(address, port)| u64::from(address) << 16 | u64::from(port);
        let (first, second) = (joined(first), joined(second));
        let (low, high) = (first.min(second), first.max(second));
        let key = KeyV4 {
            addresses: (low >> 16) << 32 | high >> 16,
            tail: Tail::new(low as u16, high as u16, protocol),
        };
        (Self::V4(key), u8::from(first > second))
    }

    pub fn between_v6(protocol: Protocol, first: End, second: End) -> (Self, u8) {
        let (low, high, from) = match first <= second {
            true => (first, second, 0),
            false => (second, first, 1),
        };
        let halves = |address: u128| ((address >> 64) as u64, address as u64);
        let key = KeyV6 {
            low: halves(low.address),
            high: halves(high.address),
            tail: Tail::new(low.port, high.port, protocol),
        };
        (Self::V6(key), from)
    }

    pub fn is_v4(&self) -> bool {
        matches!(self, Self::V4(_))
    }

    /// The lower end, and the higher one.
    pub fn ends(&self) -> [End; 2] {
        let [low, high] = match *self {
            Self::V4(key) => [key.addresses >> 32, key.addresses & 0xffff_ffff].map(u128::from),
            Self::V6(key) => [key.low, key.high]
                .map(|(upper, lower)| u128::from(upper) << 64 | u128::from(lower)),
        };
        let [low_port, high_port] = self.ports();
        let end = |address, port| End { address, port };
        [end(low, low_port), end(high, high_port)]
    }

    /// The lower end's port, and the higher one's.
    pub fn ports(&self) -> [u16; 2] {
        let Tail(tail) = match *self {
            Self::V4(key) => key.tail,
            Self::V6(key) => key.tail,
        };
        [(tail >> 24) as u16, (tail >> 8) as u16]
    }

    /// An end's address as one.
    pub fn address(&self, end: End) -> IpAddr {
        match self.is_v4() {
            true => Ipv4Addr::from_bits(end.address as u32).into(),
            false => Ipv6Addr::from_bits(end.address).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(address: &str, port: u16) -> End {
        End::new(address.parse().expect("an address"), port)
    }

    #[test]
    fn both_directions_have_one_key_that_keeps_the_ends() {
        let pairs = [
            (end("10.0.0.1", 65535), end("10.0.0.2", 1)),
            (end("255.255.255.255", 443), end("0.0.0.0", 0)),
            (end("10.0.0.1", 80), end("10.0.0.1", 81)),
        ];
        let long = [(end("ffff::", 65535), end("fe80::1", 443))];
        let all = pairs
            .map(|pair| (true, pair))
            .into_iter()
            .chain(long.map(|pair| (false, pair)));
        for (is_v4, (one, other)) in all {
            let (there, from) = Key::between(Protocol::Tcp, is_v4, one, other);
            let (back, to) = Key::between(Protocol::Tcp, is_v4, other, one);
            assert_eq!((there, from), (back, 1 - to));
            assert_eq!(there.ends()[usize::from(from)], one);
            assert_eq!(there.ends()[usize::from(to)], other);
            assert_ne!(there, Key::between(Protocol::Udp, is_v4, one, other).0);
        }
    }
}
