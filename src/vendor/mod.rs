//! Who a MAC address belongs to, and what its first octet says about it.
//!
//! The first two bits on the wire decide before any list does (IEEE 802-2014, clause 8): a group address has no
//! owner, and a locally administered one was made up by software, unless it starts with a Company ID. Only then
//! do the IEEE registries say who bought the prefix: MA-L and CID (24 bits), MA-M (28), MA-S and IAB (36).
//!
//! Nothing here allocates, and nothing is prepared at the start: the registries are searched as they lie in the
//! executable. `scripts/make_vendor_table` makes them.

mod special;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;

/// An organisation, a protocol's group or a virtual machine's maker, in two lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// As registered with IEEE, or a phrase that explains; may hold any printable Unicode.
    pub full: &'static str,
    /// A word or two: 1 to 12 characters of printable ASCII.
    pub short: &'static str,
}

/// What the 48 bits say about themselves and who they belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// 00:00:00:00:00:00, "no address" in ARP probes and on the loopback interface.
    Zero,
    /// ff:ff:ff:ff:ff:ff.
    Broadcast,
    /// A group address, with what the group is for where that is well known.
    Multicast(Option<Name>),
    /// An address that software gives out: a virtual machine, a container, a redundant router.
    Virtual(Name),
    /// Locally administered: set by software or an administrator, often at random to protect privacy.
    Local,
    /// In a block that IEEE assigned to this organisation.
    Registered(Name),
    /// In a block that IEEE divides into smaller ones, and this smaller one has no owner in the listing.
    Unassigned,
    /// Universally administered, but in no block of the listing.
    Unknown,
}

/// What `mac` is and whose.
pub fn identify(mac: [u8; 6]) -> Identity {
    let address = to_number(mac);
    if address == 0 {
        return Identity::Zero;
    }
    if address == BROADCAST {
        return Identity::Broadcast;
    }
    if is_group(mac) {
        return Identity::Multicast(special::group(address));
    }
    if let Some(name) = special::software_made(address) {
        return Identity::Virtual(name);
    }
    match table::find(address) {
        Some(row) if row.is_parent() => Identity::Unassigned,
        Some(row) => Identity::Registered(row.name()),
        None if is_local(mac) => Identity::Local,
        None => Identity::Unknown,
    }
}

/// Which kind of redundant routers (VRRP, HSRP and the like) share `mac`: an address that moves between machines, so
/// that another MAC address beside it is no conflict.
pub fn redundant_router(mac: [u8; 6]) -> Option<Name> {
    special::redundant_router(to_number(mac))
}

/// How many leading bits of `mac` are its owner's prefix: 24, 28 or 36. The rest is the owner's to number.
///
/// `None` where no registry says so: group addresses, all zeros, and prefixes that are not in the listing. 24 for an
/// [`Identity::Unassigned`] sub-block, as only the block around it matched.
pub fn prefix_bits(mac: [u8; 6]) -> Option<u8> {
    let address = to_number(mac);
    if address == 0 || is_group(mac) {
        return None;
    }
    table::find(address).map(|row| row.prefix_bits)
}

/// The two lowest bits of the first octet in words: I/G (individual or group) and U/L (universally or locally
/// administered), IEEE 802-2014, clause 8.
pub fn first_octet_bits(mac: [u8; 6]) -> &'static str {
    match (is_group(mac), is_local(mac)) {
        (false, false) => "individual, universally administered",
        (false, true) => "individual, locally administered",
        (true, false) => "group, universally administered",
        (true, true) => "group, locally administered",
    }
}

/// The day of the IEEE listings in this executable, such as `2026-10-17`.
pub fn data_date() -> &'static str {
    table::date()
}

impl Identity {
    /// A word or two for a one-line display: 1 to 12 characters of printable ASCII.
    pub fn short(&self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Broadcast => "broadcast",
            Self::Multicast(None) => "multicast",
            Self::Multicast(Some(name)) | Self::Virtual(name) | Self::Registered(name) => {
                name.short
            }
            Self::Local => "local",
            Self::Unassigned => "unassigned",
            Self::Unknown => "unknown",
        }
    }
}

/// The whole sentence, as `netinspect vendor` prints it.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Zero => "all zeros (no address)",
            Self::Broadcast => "broadcast",
            Self::Multicast(None) => "multicast",
            Self::Registered(name) if name.full == "Private" => {
                "private (the owner asked IEEE not to be named)"
            }
            Self::Multicast(Some(name)) | Self::Virtual(name) | Self::Registered(name) => name.full,
            Self::Local => "locally administered (random?)",
            Self::Unassigned => "unassigned sub-block of the IEEE Registration Authority",
            Self::Unknown => "unknown (not in the IEEE listing)",
        })
    }
}

const BROADCAST: u64 = 0xffff_ffff_ffff;

fn to_number(mac: [u8; 6]) -> u64 {
    let [a, b, c, d, e, f] = mac;
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

fn is_group(mac: [u8; 6]) -> bool {
    mac[0] & 0x01 != 0
}

fn is_local(mac: [u8; 6]) -> bool {
    mac[0] & 0x02 != 0
}
