//! What an alert can be about, and how bad it is.

use std::fmt;

/// How much it matters. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; often meant to be.
    Info,
    /// Somebody should look.
    Warning,
    /// Does harm now, or is an attack that nothing harmless looks like.
    Critical,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! kinds {
    ($($kind:ident $name:literal $meaning:literal;)*) => {
        /// What an alert is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($kind,)* }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// As output, configuration and `check` name it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// One sentence for people.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$kind => $meaning,)* }
            }
        }
    };
}

kinds! {
    ArpSpoofing "arp-spoofing" "a station claims an address that another one still uses, in a way that only somebody does who wants its traffic";
    ArpBindingChanged "arp-binding-changed" "an address went from one MAC address to another";
    ArpUnrequestedReply "arp-unrequested-reply" "ARP replies that nobody asked for, again and again";
    ArpSenderMismatch "arp-sender-mismatch" "an ARP packet names another sender than the frame that carries it";
    ArpManyAddresses "arp-many-addresses" "one MAC address claims many addresses unasked";
    NdSpoofing "nd-spoofing" "a station claims another one's IPv6 address in a way that only somebody does who wants its traffic, or wants nobody to have it";
    NdBindingChanged "nd-binding-changed" "an IPv6 address went from one MAC address to another";
    DuplicateAddress "duplicate-address" "two stations use the same address (RFC 5227, RFC 4862)";
    ArpScan "arp-scan" "one station asks for many addresses by ARP";
    NdScan "nd-scan" "one station asks for many addresses by IPv6 neighbor solicitations";
    ArpStorm "arp-storm" "more ARP than a link can have a use for";
    BroadcastStorm "broadcast-storm" "broadcasts in masses, or copies of the same frame going round a loop";
    SynFlood "syn-flood" "connections are opened in masses and left half open";
    PortScan "port-scan" "one host tries many ports of another one";
    HostScan "host-scan" "one host tries the same on many others";
    RogueDhcpServer "rogue-dhcp-server" "a DHCP server answers that is not known, or differs from the one that is";
    DhcpStarvation "dhcp-starvation" "more DHCP clients in a few seconds than there are machines";
    RogueRouterAdvertisement "rogue-router-advertisement" "a router advertisement that is not known, contradicts another one, or can't be true";
    MacFlapping "mac-flapping" "a MAC address goes to and fro between interfaces";
    OddPing "odd-ping" "a ping that is too large, or is answered with something else than was asked";
    OversizedPacket "oversized-packet" "fragments that make up more than an IP packet can hold";
    RoutingLoop "routing-loop" "the same packet passes again and again while its time to live runs out";
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
