//! The kernel's own neighbor table: which MAC address it uses for which neighbor, and how sure it is.

use std::fmt;
use std::net::IpAddr;

use netlink_packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourFlags, NeighbourMessage,
    NeighbourState as Kernel,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::netlink;
use crate::error::Result;

/// One entry of the kernel's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbor {
    pub address: IpAddr,
    /// None where it is not known (yet).
    pub mac: Option<[u8; 6]>,
    /// Index of the interface it is on.
    pub interface: u32,
    pub state: NeighborState,
    /// It said so itself (RFC 4861, 4.4); IPv6 only.
    pub is_router: bool,
}

/// How sure the kernel is of an entry (RFC 4861, 7.3.2; linux/neighbour.h), spelled as `ip neigh` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NeighborState {
    /// Asked, and not answered yet.
    Incomplete,
    /// Known to be there: confirmed a moment ago.
    Reachable,
    /// Not confirmed for a while; used all the same, and then checked.
    Stale,
    /// Used while stale: about to be checked.
    Delay,
    /// Being checked.
    Probe,
    /// Asked several times, and never answered.
    Failed,
    /// Needs no asking: the address tells the MAC address, or the link has none.
    NoArp,
    /// Set by an administrator; never checked.
    Permanent,
    /// None of these, or one that this program does not know.
    None,
}

impl NeighborState {
    pub const ALL: [Self; 9] = [
        Self::Incomplete,
        Self::Reachable,
        Self::Stale,
        Self::Delay,
        Self::Probe,
        Self::Failed,
        Self::NoArp,
        Self::Permanent,
        Self::None,
    ];

    /// Whether the MAC address is one that frames are sent to.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Incomplete | Self::Failed | Self::None)
    }

    /// As `ip neigh` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "INCOMPLETE",
            Self::Reachable => "REACHABLE",
            Self::Stale => "STALE",
            Self::Delay => "DELAY",
            Self::Probe => "PROBE",
            Self::Failed => "FAILED",
            Self::NoArp => "NOARP",
            Self::Permanent => "PERMANENT",
            Self::None => "NONE",
        }
    }
}

impl fmt::Display for NeighborState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<Kernel> for NeighborState {
    fn from(state: Kernel) -> Self {
        match state {
            Kernel::Incomplete => Self::Incomplete,
            Kernel::Reachable => Self::Reachable,
            Kernel::Stale => Self::Stale,
            Kernel::Delay => Self::Delay,
            Kernel::Probe => Self::Probe,
            Kernel::Failed => Self::Failed,
            Kernel::Noarp => Self::NoArp,
            Kernel::Permanent => Self::Permanent,
            _ => Self::None,
        }
    }
}

/// The whole table: IPv4 and IPv6, every interface, in the kernel's order. Anybody may read it.
///
/// # Errors
/// Where the kernel can't be asked.
pub fn neighbors() -> Result<Vec<Neighbor>> {
    let mut found = Vec::new();
    for family in [AddressFamily::Inet, AddressFamily::Inet6] {
        let mut question = NeighbourMessage::default();
        question.header.family = family;
        let question = RouteNetlinkMessage::GetNeighbour(question);
        let answers = netlink::dump("read the kernel's neighbor table", question)?;
        found.extend(answers.iter().filter_map(read));
    }
    Ok(found)
}

fn read(answer: &RouteNetlinkMessage) -> Option<Neighbor> {
    let RouteNetlinkMessage::NewNeighbour(entry) = answer else {
        return None;
    };
    let mut address = None;
    let mut mac = None;
    for attribute in &entry.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(v4)) => {
                address = Some(IpAddr::V4(*v4));
            }
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(v6)) => {
                address = Some(IpAddr::V6(*v6));
            }
            NeighbourAttribute::LinkLayerAddress(bytes) => mac = bytes.as_slice().try_into().ok(),
            _ => {}
        }
    }
    Some(Neighbor {
        address: address?,
        mac,
        interface: entry.header.ifindex,
        state: entry.header.state.into(),
        is_router: entry.header.flags.contains(NeighbourFlags::Router),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_the_kernel_has_its_name() {
        for (bits, name) in [
            (0x01, "INCOMPLETE"),
            (0x02, "REACHABLE"),
            (0x04, "STALE"),
            (0x08, "DELAY"),
            (0x10, "PROBE"),
            (0x20, "FAILED"),
            (0x40, "NOARP"),
            (0x80, "PERMANENT"),
            (0x00, "NONE"),
        ] {
            assert_eq!(NeighborState::from(Kernel::from(bits)).name(), name);
        }
    }

    #[test]
    fn the_table_can_be_read_by_anybody() {
        assert!(neighbors().is_ok());
    }
}
