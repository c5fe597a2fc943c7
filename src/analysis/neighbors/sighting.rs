//! One time that an address was seen at a MAC address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use crate::frame::Timestamp;

/// An address was at a MAC address: where, how it became known, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub address: IpAddr,
    pub mac: [u8; 6],
    /// Name of the interface; empty where a capture file has none.
    pub interface: Arc<str>,
    pub vlan: Vlan,
    pub how: How,
    pub time: Timestamp,
}

/// How a binding became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Overheard, without asking.
    Passive,
    /// The answer to a question of ours about this address.
    Reply,
    /// The answer in a scan of ours.
    Scan,
    /// From the kernel's neighbor table.
    Kernel,
    /// From a file of another program.
    Import,
}

impl How {
    pub const ALL: [Self; 5] = [
        Self::Passive,
        Self::Reply,
        Self::Scan,
        Self::Kernel,
        Self::Import,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Passive => "passive",
            Self::Reply => "reply",
            Self::Scan => "scan",
            Self::Kernel => "kernel",
            Self::Import => "import",
        }
    }
}

/// All the ways in which a binding became known over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ways(u8);

impl Ways {
    pub fn with(self, how: How) -> Self {
        Self(self.0 | 1 << how as u8)
    }

    pub fn iter(self) -> impl Iterator<Item = How> {
        How::ALL
            .into_iter()
            .filter(move |how| self.0 & 1 << *how as u8 != 0)
    }

    /// As the table stores it: one bit for each of [`How`], the lowest for the first.
    pub fn bits(self) -> u8 {
        self.0
    }

    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

/// `passive, scan`.
impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(How::name).collect();
        f.pad(&names.join(", "))
    }
}

/// The virtual LANs that a frame is in, 1 to 4094 each: none, one, or a customer's inside a provider's (802.1ad).
/// The same address on two of them is two hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Vlan {
    outer: u16,
    inner: u16,
}

impl Vlan {
    pub const NONE: Self = Self { outer: 0, inner: 0 };

    /// Adds the next tag, from the outside in. A tag with the number 0 has only a priority. Of more than two tags,
    /// the outermost and the innermost count.
    #[must_use]
    pub fn tagged(self, id: u16) -> Self {
        match (id & 0x0fff, self.outer) {
            (0, _) => self,
            (id, 0) => Self {
                outer: id,
                inner: 0,
            },
            (id, outer) => Self { outer, inner: id },
        }
    }

    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl From<Option<u16>> for Vlan {
    fn from(id: Option<u16>) -> Self {
        id.map_or(Self::NONE, |id| Self::NONE.tagged(id))
    }
}

/// `7`, or `100.7` for 7 inside 100; empty for none.
impl fmt::Display for Vlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.outer, self.inner) {
            (0, _) => f.pad(""),
            (outer, 0) => f.pad(&outer.to_string()),
            (outer, inner) => f.pad(&format!("{outer}.{inner}")),
        }
    }
}

/// The text is no VLAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAVlan;

impl FromStr for Vlan {
    type Err = NotAVlan;

    fn from_str(text: &str) -> Result<Self, NotAVlan> {
        let mut vlan = Self::NONE;
        if text.is_empty() {
            return Ok(vlan);
        }
        for (at, part) in text.split('.').enumerate() {
            let id = part.parse().map_err(|_| NotAVlan)?;
            if at > 1 || !(1..=4094).contains(&id) {
                return Err(NotAVlan);
            }
            vlan = vlan.tagged(id);
        }
        Ok(vlan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vlans_read_back() {
        for text in ["", "1", "4094", "100.7"] {
            let vlan: Vlan = text.parse().expect("a VLAN");
            assert_eq!(vlan.to_string(), text);
        }
        for text in ["0", "4095", "1.2.3", "x", "1.", "-1"] {
            assert_eq!(text.parse::<Vlan>(), Err(NotAVlan), "{text}");
        }
        assert!(Vlan::from(Some(0)).is_none());
    }

    #[test]
    fn ways_add_up() {
        let ways = Ways::default().with(How::Scan).with(How::Passive);
        assert_eq!(ways.with(How::Scan).to_string(), "passive, scan");
        assert_eq!(Ways::from_bits(ways.bits()), ways);
    }
}
