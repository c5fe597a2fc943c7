//! What can happen to a binding, in arpwatch's words (arpwatch(8)), which are this field's.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use super::sighting::Vlan;
use crate::frame::Timestamp;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $name:literal;)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$meta])* $kind,)* }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// The address was never seen.
    NewStation = "new station";
    /// The same pair as before, after more than six months.
    NewActivity = "new activity";
    /// The address is at a MAC address that it never had.
    Changed = "changed ethernet address";
    /// The address is back at the MAC address that it had before this one.
    FlipFlop = "flip flop";
    /// The address is back at one that it had earlier than that.
    ReusedOld = "reused old ethernet address";
    /// The address is not of this subnet, or no host can have it.
    Bogon = "bogon";
    /// The frame came from another MAC address than it speaks of.
    EthernetMismatch = "ethernet mismatch";
    /// The MAC address is all zeros, or a group's.
    EthernetBroadcast = "ethernet broadcast";
    /// Not one of the bindings that are expected.
    Unexpected = "unexpected binding";
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Ordinary for what it is: a random MAC address comes, or makes room for the next.
    Quiet,
    /// Worth knowing.
    Notice,
    /// Worth looking into: so does ARP spoofing look.
    Warning,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Quiet, Self::Notice, Self::Warning];

    pub fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Notice => "notice",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Something that happened to a binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub kind: Kind,
    pub level: Level,
    pub address: IpAddr,
    /// The MAC address that it is at now, as the message says.
    pub mac: [u8; 6],
    /// The one before; for a mismatch, the frame's sender.
    pub other: Option<[u8; 6]>,
    /// Name of the interface; empty where a capture file has none.
    pub interface: Arc<str>,
    pub vlan: Vlan,
    pub time: Timestamp,
    /// How long the binding before was not seen, in nanoseconds.
    pub idle: Option<i64>,
    /// How often the same happened since it was last told.
    pub repeats: u64,
}
