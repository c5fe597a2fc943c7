//! A subnet: an address, and how many of its leading bits name the network (RFC 4632; RFC 4291, 2.3).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::Block;

/// An interface's address with the length of its prefix: `192.168.1.50/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is no subnet; a sentence for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASubnet(String);

impl fmt::Display for NotASubnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Subnet {
    /// None where the prefix is longer than the address: 32 bits for IPv4, 128 for IPv6.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        (prefix <= width(address)).then_some(Self { address, prefix })
    }

    /// The address as it was given, not the network's.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Leading bits that name the network.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Bits that are left to number hosts with.
    pub fn host_bits(&self) -> u8 {
        width(self.address) - self.prefix
    }

    /// Ones for the network, zeros for the host.
    pub fn mask(&self) -> IpAddr {
        self.build(self.mask_bits())
    }

    /// The inverse of the mask, as access lists of some routers want it.
    pub fn wildcard(&self) -> IpAddr {
        self.build(!self.mask_bits())
    }

    /// The lowest address: all host bits zero.
    pub fn network(&self) -> IpAddr {
        self.build(bits(self.address) & self.mask_bits())
    }

    /// The highest address: all host bits one. In IPv4 it is the broadcast address, where there is one.
    pub fn last(&self) -> IpAddr {
        self.build(bits(self.address) | !self.mask_bits())
    }

    /// The address that means everybody on the subnet (RFC 919). IPv6 has none, nor have the two ends of a
    /// point-to-point link (/31, RFC 3021) or a single host (/32).
    pub fn broadcast(&self) -> Option<IpAddr> {
        (self.address.is_ipv4() && self.host_bits() > 1).then(|| self.last())
    }

    /// The first and the last address that a host may have.
    pub fn hosts(&self) -> (IpAddr, IpAddr) {
        let (first, last) = (bits(self.network()), bits(self.last()));
        match (self.address.is_ipv4(), self.host_bits() > 1) {
            (true, true) => (
                self.build(first + self.unit()),
                self.build(last - self.unit()),
            ),
            // The lowest is the routers' anycast address (RFC 4291, 2.6.1), save between two routers (RFC 6164).
            (false, true) => (self.build(first + 1), self.last()),
            (_, false) => (self.network(), self.last()),
        }
    }

    /// How many addresses hosts may have.
    pub fn count(&self) -> u128 {
        let (first, last) = self.hosts();
        let difference = (bits(last) - bits(first)) / self.unit();
        difference.saturating_add(1)
    }

    /// Whether `other` is of the same family and has the same network bits.
    pub fn contains(&self, other: IpAddr) -> bool {
        self.masked(other) == Some(self.network())
    }

    /// `other` AND the mask: what a host compares with its own network. None across address families.
    pub fn masked(&self, other: IpAddr) -> Option<IpAddr> {
        (self.address.is_ipv4() == other.is_ipv4())
            .then(|| self.build(bits(other) & self.mask_bits()))
    }

    fn mask_bits(&self) -> u128 {
        // A shift by all 128 bits is what a prefix of 0 asks for.
        u128::MAX
            .checked_shl(128 - u32::from(self.prefix))
            .unwrap_or(0)
    }

    /// The difference between an address and the next, in [`bits`].
    fn unit(&self) -> u128 {
        if self.address.is_ipv4() { 1 << 96 } else { 1 }
    }

    fn build(&self, bits: u128) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => Ipv4Addr::from_bits((bits >> 96) as u32).into(),
            IpAddr::V6(_) => Ipv6Addr::from_bits(bits).into(),
        }
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Left-aligned: an IPv4 address is in the first 32 bits.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// `192.168.1.50/24`: the address as it was given.
impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// `192.168.1.0/24`.
impl From<Subnet> for Block {
    fn from(subnet: Subnet) -> Self {
        Self {
            address: subnet.network(),
            prefix: subnet.prefix,
        }
    }
}

/// `ADDRESS/PREFIX` or, for IPv4, `ADDRESS/MASK`.
impl FromStr for Subnet {
    type Err = NotASubnet;

    fn from_str(text: &str) -> Result<Self, NotASubnet> {
        let Some((address, length)) = text.split_once('/') else {
            let address = parse_address(text)?;
            let example = if address.is_ipv4() { 24 } else { 64 };
            return Err(NotASubnet(format!(
                "{address} alone says nothing of its subnet: add the prefix length or the mask, such as {address}/{example}"
            )));
        };
        let address = parse_address(address)?;
        let most = width(address);
        let prefix = match (length.parse::<u8>(), length.parse::<Ipv4Addr>()) {
            (Ok(prefix), _) if prefix <= most && !length.starts_with('+') => prefix,
            (_, Ok(mask)) if address.is_ipv4() => prefix_of(mask)?,
            _ => {
                return Err(NotASubnet(format!(
                    "'{length}' is no prefix length: {address} has 0 to {most} bits for it"
                )));
            }
        };
        Ok(Self { address, prefix })
    }
}

/// An IP address, or a sentence on why it is none.
///
/// # Errors
/// With what is wrong, for whoever typed it.
pub fn parse_address(text: &str) -> Result<IpAddr, NotASubnet> {
    text.parse().map_err(|_| {
        let hint = match text.split_once('%') {
            Some((address, _)) if address.parse::<Ipv6Addr>().is_ok() => {
                "leave out the interface behind it"
            }
            _ if has_leading_zero(text) => {
                "leave out zeros in front of a number: some programs take such a number as octal"
            }
            _ => "write one such as 192.168.1.50 or fe80::1",
        };
        NotASubnet(format!("'{text}' is no IP address; {hint}"))
    })
}

fn has_leading_zero(text: &str) -> bool {
    let numbers = || text.split('.').map(|part| part.parse::<u8>().is_ok());
    numbers().count() == 4
        && numbers().all(|is_number| is_number)
        && text
            .split('.')
            .any(|part| part.len() > 1 && part.starts_with('0'))
}

/// The length of the prefix that a mask stands for.
fn prefix_of(mask: Ipv4Addr) -> Result<u8, NotASubnet> {
    let (ones, zeros) = (
        mask.to_bits().leading_ones(),
        mask.to_bits().trailing_zeros(),
    );
    if ones + zeros == 32 || zeros == 0 && ones == 32 {
        return Ok(ones as u8);
    }
    let wildcard = !mask.to_bits();
    let hint = if wildcard.leading_ones() + wildcard.trailing_zeros() == 32 {
        format!(
            "; as a wildcard it stands for {}",
            Ipv4Addr::from_bits(wildcard)
        )
    } else {
        String::new()
    };
    Err(NotASubnet(format!(
        "{mask} is no mask: its ones must all come before its zeros{hint}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subnet(text: &str) -> Subnet {
        text.parse().expect("a subnet")
    }

    fn facts(text: &str) -> String {
        let subnet = subnet(text);
        let broadcast = subnet
            .broadcast()
            .map_or("none".to_owned(), |ip| ip.to_string());
        let (first, last) = subnet.hosts();
        format!(
            "{} {} {broadcast} {first} {last} {}",
            subnet.network(),
            subnet.mask(),
            subnet.count()
        )
    }

    #[test]
    fn ipv4_subnets_from_everything_to_one_host() {
        for (text, expected) in [
            (
                "192.168.1.50/24",
                "192.168.1.0 255.255.255.0 192.168.1.255 192.168.1.1 192.168.1.254 254",
            ),
            (
                "10.1.2.3/255.255.252.0",
                "10.1.0.0 255.255.252.0 10.1.3.255 10.1.0.1 10.1.3.254 1022",
            ),
            (
                "172.16.5.9/30",
                "172.16.5.8 255.255.255.252 172.16.5.11 172.16.5.9 172.16.5.10 2",
            ),
            (
                "10.0.0.1/31",
                "10.0.0.0 255.255.255.254 none 10.0.0.0 10.0.0.1 2",
            ),
            (
                "10.0.0.1/32",
                "10.0.0.1 255.255.255.255 none 10.0.0.1 10.0.0.1 1",
            ),
            (
                "10.0.0.1/0",
                "0.0.0.0 0.0.0.0 255.255.255.255 0.0.0.1 255.255.255.254 4294967294",
            ),
        ] {
            assert_eq!(facts(text), expected, "{text}");
        }
    }

    #[test]
    fn ipv6_subnets_have_no_broadcast() {
        for (text, expected) in [
            (
                "2001:db8::50/64",
                "2001:db8:: ffff:ffff:ffff:ffff:: none 2001:db8::1 2001:db8::ffff:ffff:ffff:ffff 18446744073709551615",
            ),
            (
                "2001:db8::1/127",
                "2001:db8:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe none 2001:db8:: 2001:db8::1 2",
            ),
            (
                "fe80::1/128",
                "fe80::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff none fe80::1 fe80::1 1",
            ),
        ] {
            assert_eq!(facts(text), expected, "{text}");
        }
        assert_eq!(subnet("::/0").count(), u128::MAX);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, said) in [
            ("192.168.1.50", "add the prefix length"),
            ("192.168.1.50/33", "0 to 32"),
            ("192.168.1.50/+8", "0 to 32"),
            ("192.168.1.50/", "no prefix length"),
            ("192.168.1.50/-1", "no prefix length"),
            ("192.168.1.50/255.0.255.0", "ones must all come before"),
            ("192.168.1.50/0.0.0.255", "stands for 255.255.255.0"),
            ("2001:db8::1/129", "0 to 128"),
            ("2001:db8::1/255.255.255.0", "0 to 128"),
            ("192.168.1.256/24", "no IP address"),
            ("192.168.01.5/24", "octal"),
            ("fe80::1%eth0/64", "leave out the interface"),
            ("/24", "no IP address"),
            ("a/b/c", "no IP address"),
        ] {
            let error = text.parse::<Subnet>().expect_err(text);
            assert!(error.to_string().contains(said), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_on_its_own_subnet(address in any::<u32>(), prefix in 0u8..=32, other in any::<u32>()) {
            let subnet = Subnet::new(Ipv4Addr::from_bits(address).into(), prefix).expect("fits");
            prop_assert!(subnet.contains(subnet.address()));
            let other_address = Ipv4Addr::from_bits(other).into();
            // The definition, another way: the network bits are the same.
            let same = (0..prefix).all(|bit| (address ^ other) >> (31 - bit) & 1 == 0);
            prop_assert_eq!(subnet.contains(other_address), same);
            prop_assert_eq!(subnet.to_string().parse::<Subnet>().expect("reads back"), subnet);
        }
    }
}
