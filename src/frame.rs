//! A frame as it was captured: its bytes, when, how long it was on the wire, and on which kind of link.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z. Reaches from 1677 to 2262.
///
/// Counted from one nanosecond before the earliest of them, so that it is never 0, and one that may be missing takes no
/// more memory: every frame and every conversation has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(NonZeroU64);

const NANOS_PER_SECOND: i64 = 1_000_000_000;

impl Default for Timestamp {
    /// 1970-01-01T00:00:00Z.
    fn default() -> Self {
        Self::from_nanos(0)
    }
}

impl Timestamp {
    /// What lies before the range becomes its start.
    pub const fn from_nanos(nanos: i64) -> Self {
        match NonZeroU64::new(nanos.wrapping_sub(i64::MIN) as u64) {
            Some(counted) => Self(counted),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// Seconds and nanoseconds as capture formats store them; what lies outside the range becomes its end.
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        Self::from_nanos(
            seconds
                .saturating_mul(NANOS_PER_SECOND)
                .saturating_add(nanos as i64),
        )
    }

    /// A number that orders by time, those that are missing before all, and then by `next`: one is sorted sooner than two.
    pub fn rank(time: Option<Self>, next: u64) -> u128 {
        let time = time.map_or(0, |time| time.0.get());
        u128::from(time) << 64 | u128::from(next)
    }

    pub const fn nanos(self) -> i64 {
        (self.0.get() as i64).wrapping_add(i64::MIN)
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.nanos().div_euclid(NANOS_PER_SECOND)
    }

    /// Nanoseconds past [`Self::seconds`]: 0 to 999,999,999.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos().rem_euclid(NANOS_PER_SECOND) as u32
    }

    /// This moment and a span later.
    pub const fn after(self, span: Duration) -> Self {
        // A span longer than the range ends at its end.
        let nanos = span.as_nanos();
        if nanos > i64::MAX as u128 {
            return Self::from_nanos(i64::MAX);
        }
        Self::from_nanos(self.nanos().saturating_add(nanos as i64))
    }

    /// Nanoseconds from `earlier` to this moment; negative when the clock went backwards.
    pub const fn since(self, earlier: Self) -> i64 {
        self.nanos().saturating_sub(earlier.nanos())
    }
}

/// What kind of link a frame was captured on: a `LINKTYPE_` number of the registry at tcpdump.org/linktypes.html.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkType(pub u16);

macro_rules! link_types {
    ($($constant:ident = $number:literal, $name:literal;)*) => {
        impl LinkType {
            $(pub const $constant: Self = Self($number);)*

            /// The registry's name, or none for a number not known here.
            pub fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

link_types! {
    NULL = 0, "BSD loopback";
    ETHERNET = 1, "Ethernet";
    TOKEN_RING = 6, "Token Ring";
    ARCNET = 7, "ARCNET";
    SLIP = 8, "SLIP";
    PPP = 9, "PPP";
    FDDI = 10, "FDDI";
    RAW_BSD = 12, "raw IP";
    RAW_OPENBSD = 14, "raw IP";
    PPP_HDLC = 50, "PPP in HDLC framing";
    PPP_ETHER = 51, "PPPoE session";
    ATM_RFC1483 = 100, "ATM with LLC (RFC 1483)";
    RAW = 101, "raw IP";
    C_HDLC = 104, "Cisco HDLC";
    IEEE802_11 = 105, "802.11";
    ATM_CLIP = 106, "classical IP over ATM";
    FRELAY = 107, "Frame Relay";
    LOOP = 108, "OpenBSD loopback";
    LINUX_SLL = 113, "Linux cooked v1";
    LTALK = 114, "LocalTalk";
    PRISM = 119, "802.11 with Prism header";
    IEEE802_11_RADIOTAP = 127, "802.11 with radiotap";
    ARCNET_LINUX = 129, "ARCNET (Linux)";
    MTP2 = 140, "SS7 MTP2";
    IEEE802_11_AVS = 163, "802.11 with AVS header";
    PPP_WITH_DIR = 166, "PPP with direction";
    PPI = 192, "Per-Packet Information";
    IEEE802_15_4 = 195, "802.15.4";
    IPV4 = 228, "raw IPv4";
    IPV6 = 229, "raw IPv6";
    CAN_SOCKETCAN = 227, "SocketCAN";
    NFLOG = 239, "netfilter log";
    NETLINK = 253, "Linux netlink";
    LINUX_SLL2 = 276, "Linux cooked v2";
}

impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "link type {}", self.0),
        }
    }
}

/// What the interfaces of a capture are called, as far as the capture has said.
#[derive(Debug, Clone, Default)]
pub struct InterfaceNames {
    names: Vec<Option<Arc<str>>>,
    differ: bool,
}

impl InterfaceNames {
    /// So many are kept; an input that names more of them is meant to fill our memory.
    const MOST: usize = 65_536;

    pub const fn new() -> Self {
        Self {
            names: Vec::new(),
            differ: false,
        }
    }

    /// Appends the name of the next interface, if it has one.
    pub fn push(&mut self, name: Option<&str>) {
        if self.names.len() < Self::MOST {
            let first = self.names.iter().flatten().next();
            self.differ |= name.is_some() && first.is_some_and(|first| name != Some(first));
            self.names.push(name.map(Arc::from));
        }
    }

    /// Whether there is more than one name, so that frames have to be told apart by it.
    pub fn differ(&self) -> bool {
        self.differ
    }

    fn get(&self, index: u32) -> Option<&str> {
        self.names.get(index as usize)?.as_deref()
    }
}

/// One captured frame, borrowing its bytes from the [`Batch`](crate::batch::Batch) it came in.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// 1 for the first frame of the input, as read (not as filtered).
    pub number: u64,
    /// None where the format stores no time (pcapng's Simple Packet Block).
    pub time: Option<Timestamp>,
    /// The captured bytes; fewer than `wire_len` where the snapshot length cut the frame.
    pub bytes: &'a [u8],
    /// Length on the wire, in bytes.
    pub wire_len: u32,
    pub link: LinkType,
    /// Index of the capturing interface among all those the input named so far, from 0.
    pub interface: u32,
    /// What they are called.
    pub interfaces: &'a InterfaceNames,
}

impl<'a> Frame<'a> {
    /// The name of the interface that saw it, where the capture says one.
    pub fn interface_name(&self) -> Option<&'a str> {
        self.interfaces.get(self.interface)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_before_1970_keep_positive_nanoseconds() {
        let t = Timestamp::from_nanos(-1);
        assert_eq!((t.seconds(), t.subsec_nanos()), (-1, 999_999_999));
    }

    #[test]
    fn names_differ_only_where_there_are_two() {
        let mut names = InterfaceNames::new();
        for name in [None, Some("eth0"), None, Some("eth0")] {
            names.push(name);
            assert!(!names.differ());
        }
        names.push(Some("eth1"));
        assert!(names.differ());
        assert_eq!(
            (names.get(1), names.get(2), names.get(9)),
            (Some("eth0"), None, None)
        );
    }

    #[test]
    fn timestamps_saturate_instead_of_wrapping() {
        assert_eq!(Timestamp::new(i64::MAX, 5).nanos(), i64::MAX);
        assert!(Timestamp::new(i64::MIN, 0) < Timestamp::new(0, 0));
    }

    #[test]
    fn timestamps_keep_their_order_and_one_that_is_missing_takes_no_memory() {
        let all = [i64::MIN + 1, -1, 0, 1, i64::MAX];
        assert_eq!(all.map(|nanos| Timestamp::from_nanos(nanos).nanos()), all);
        assert!(all.map(Timestamp::from_nanos).is_sorted());
        // Times count more than what comes next.
        let times = all.map(|nanos| Some(Timestamp::from_nanos(nanos)));
        let mut ranks = vec![Timestamp::rank(None, u64::MAX)];
        for time in times {
            ranks.extend([0, 1, u64::MAX].map(|next| Timestamp::rank(time, next)));
        }
        assert!(ranks.is_sorted_by(|one, other| one < other), "{ranks:?}");
        assert_eq!(Timestamp::from_nanos(i64::MIN).nanos(), i64::MIN + 1);
        assert_eq!(Timestamp::default().nanos(), 0);
        assert_eq!(size_of::<Option<Timestamp>>(), size_of::<Timestamp>());
    }

    #[test]
    fn unknown_link_types_are_named_by_number() {
        assert_eq!(LinkType(147).to_string(), "link type 147");
        assert_eq!(LinkType::ETHERNET.to_string(), "Ethernet");
    }
}
