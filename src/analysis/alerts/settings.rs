//! Thresholds: what they are, what they mean, and the file that changes them. The file that `--print-config` prints is
//! made from what stands here, so that it can't say anything else.

use std::net::IpAddr;

use serde::Deserialize;

use super::kind::Kind;

macro_rules! settings {
    ($(
        $(#[doc = $about:literal])*
        $section:ident: $Section:ident {
            $( $(#[doc = $meaning:literal])* $key:ident: $type:ty = $default:expr; )*
        }
    )*) => {
        /// Every threshold, by the detector that uses it.
        #[derive(Debug, Clone, PartialEq, Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Settings {
            $( $(#[doc = $about])* pub $section: $Section, )*
        }

        $(
            $(#[doc = $about])*
            #[derive(Debug, Clone, PartialEq, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct $Section {
                $( $(#[doc = $meaning])* pub $key: $type, )*
            }

            impl Default for $Section {
                fn default() -> Self {
                    Self { $( $key: $default, )* }
                }
            }
        )*

        /// The defaults, as a file with comments.
        pub fn defaults() -> String {
            let mut text = String::new();
            $(
                text.push('\n');
                $( text.push_str(concat!("#", $about, "\n")); )*
                text.push_str(concat!("[", stringify!($section), "]\n"));
                let section = $Section::default();
                $(
                    $( text.push_str(concat!("#", $meaning, "\n")); )*
                    text.push_str(&format!("{} = {:?}\n", stringify!($key), section.$key));
                )*
            )*
            text.trim_start().to_owned()
        }
    };
}

/// Attempts of one kind that a station makes; more are not kept apart.
pub(super) const MOST_TRIED: u32 = 128;

settings! {
    /// What is told, and how often.
    general: General {
        /// Alerts that are not wanted, by name.
        off: Vec<Kind> = Vec::new();
        /// The same alert about the same thing is told again after this many seconds with how often it was raised, then
        /// after twice as many, and so on up to an hour.
        repeat_after: u32 = 60;
        /// Different alerts of one kind that are told in a minute; more are counted and summed up.
        most_a_minute: u32 = 20;
    }

    /// ARP: who says which address is whose. The first two hold for IPv6 neighbor discovery too.
    arp: Arp {
        /// Two claims to one address contradict each other when they are at most this many seconds apart.
        conflict_within: u32 = 60;
        /// A binding that was not heard of for this many seconds may change without more than a note.
        stale_after: u32 = 300;
        /// Replies of one station to another one that did not ask, about one address, in 60 seconds.
        unrequested_replies: u32 = 5;
        /// Addresses of one /24 network that one MAC address claims unasked in 60 seconds.
        many_addresses: u32 = 8;
        /// Different addresses that one station asks for ...
        scan_targets: u32 = 30;
        /// ... in this many seconds.
        scan_within: u32 = 10;
        /// ARP packets a second on a link, scans left out.
        storm_rate: u32 = 500;
        /// Only one direction is captured (as with --direction), so that nobody knows who asked for what: whether answers
        /// were asked for is not judged then.
        one_way: bool = false;
    }

    /// Broadcast storms and loops.
    storm: Storm {
        /// Broadcasts a second on a link ...
        broadcast_rate: u32 = 1000;
        /// ... that are at least this share of all frames.
        broadcast_share: f64 = 0.5;
        /// Copies of one broadcast or multicast frame in a second: it goes round a loop.
        copies: u32 = 50;
    }

    /// Connections left half open. A connection has a second to complete its handshake before it counts.
    syn_flood: SynFlood {
        /// Half-open connections to one port (or to many of one host, from at least 20 sources) in 10 seconds ...
        half_open: u32 = 100;
        /// ... a second ...
        rate: f64 = 20.0;
        /// ... that are at least this share of those that were opened.
        share: f64 = 0.8;
    }

    /// Port and host scans: attempts in 60 seconds that came to nothing (refused, not answered, no data).
    scan: Scan {
        /// TCP ports of one host, tried by one other.
        tcp_ports: u32 = 10;
        /// UDP ports of one host.
        udp_ports: u32 = 15;
        /// Hosts tried on the same TCP port, or pinged.
        tcp_hosts: u32 = 15;
        /// Hosts tried on the same UDP port.
        udp_hosts: u32 = 30;
        /// They are at least this share of all attempts.
        share: f64 = 0.6;
    }

    /// DHCP.
    dhcp: Dhcp {
        /// The servers that may answer, by server identifier; any other is an alert. Where none is named, the first one
        /// seen is taken for the right one.
        servers: Vec<IpAddr> = Vec::new();
        /// Clients that ask in 10 seconds.
        clients: u32 = 50;
    }

    /// IPv6 router advertisements.
    router_advertisement: RouterAdvertisement {
        /// The routers that may advertise, by link-local address; any other is an alert. Where none is named, they are
        /// compared with each other.
        routers: Vec<IpAddr> = Vec::new();
        /// Routers that appear in 10 seconds.
        many: u32 = 8;
    }

    /// A MAC address that goes to and fro between interfaces.
    flapping: Flapping {
        /// Moves in 10 seconds.
        moves: u32 = 4;
    }

    /// Pings.
    ping: Ping {
        /// More data than this, in bytes, is large.
        large: u32 = 8000;
        /// Answers with other data than the request had, between two hosts, in 60 seconds.
        altered: u32 = 3;
    }

    /// Time to live.
    ttl: Ttl {
        /// Times that the same packet passes with an ever smaller time to live.
        passes: u32 = 5;
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
            serde::de::Error::custom(format!(
                "no alert is called {name:?}; there are {}",
                known.join(", ")
            ))
        })
    }
}

impl Settings {
    /// A value that makes no sense, in a sentence.
    pub fn mistake(&self) -> Option<String> {
        // What they are called in the file, and what they are.
        macro_rules! named {
            ($($section:ident.$key:ident),+) => {
                [$((concat!(stringify!($section), ".", stringify!($key)), self.$section.$key)),+]
            };
        }
        let shares = named!(storm.broadcast_share, syn_flood.share, scan.share);
        if let Some((name, share)) = shares
            .into_iter()
            .find(|(_, share)| !(0.0..=1.0).contains(share))
        {
            return Some(format!("{name} is a share, from 0 to 1, and not {share}"));
        }
        if !(self.syn_flood.rate > 0.0 && self.syn_flood.rate.is_finite()) {
            return Some(format!(
                "syn_flood.rate is a number above 0, and not {}",
                self.syn_flood.rate
            ));
        }
        let counts = named!(
            general.most_a_minute,
            arp.unrequested_replies,
            arp.many_addresses,
            arp.scan_targets,
            arp.scan_within,
            arp.storm_rate,
            storm.broadcast_rate,
            storm.copies,
            syn_flood.half_open,
            scan.tcp_ports,
            scan.udp_ports,
            scan.tcp_hosts,
            scan.udp_hosts,
            dhcp.clients,
            router_advertisement.many,
            flapping.moves,
            ping.altered,
            ttl.passes
        );
        let kept = named!(
            scan.tcp_ports,
            scan.udp_ports,
            scan.tcp_hosts,
            scan.udp_hosts
        );
        if let Some((name, _)) = kept.into_iter().find(|(_, count)| *count > MOST_TRIED) {
            return Some(format!(
                "{name} is {MOST_TRIED} at most: more attempts of one station are not kept apart"
            ));
        }
        let (name, _) = counts.into_iter().find(|(_, count)| *count == 0)?;
        Some(format!(
            "{name} is 1 or more, and not 0; to hear nothing of an alert, name it in general.off"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_what_holds() {
        let text = defaults();
        assert_eq!(toml::from_str::<Settings>(&text), Ok(Settings::default()));
        assert!(
            text.contains(
                "# Different addresses that one station asks for ...\nscan_targets = 30\n"
            )
        );
    }

    #[test]
    fn a_share_is_no_more_than_all() {
        let mistake = |text| {
            toml::from_str::<Settings>(text)
                .expect("settings")
                .mistake()
        };
        assert_eq!(mistake("[scan]\nshare = 1.0"), None);
        for wrong in [
            "[scan]\nshare = 1.5",
            "[syn_flood]\nshare = -0.1",
            "[storm]\nbroadcast_share = nan",
        ] {
            assert!(
                mistake(wrong).is_some_and(|said| said.contains("share is a share")),
                "{wrong}"
            );
        }
    }

    #[test]
    fn nothing_is_no_threshold() {
        assert_eq!(Settings::default().mistake(), None);
        for (text, said) in [
            ("[scan]\ntcp_ports = 0", "scan.tcp_ports is 1 or more"),
            ("[ttl]\npasses = 0", "ttl.passes is 1 or more"),
            ("[scan]\nudp_hosts = 129", "scan.udp_hosts is 128 at most"),
            (
                "[syn_flood]\nrate = 0.0",
                "syn_flood.rate is a number above 0",
            ),
            (
                "[syn_flood]\nrate = nan",
                "syn_flood.rate is a number above 0",
            ),
        ] {
            let settings: Settings = toml::from_str(text).expect("settings");
            let mistake = settings.mistake().expect("a mistake");
            assert!(mistake.starts_with(said), "{text}: {mistake}");
        }
    }

    #[test]
    fn a_file_changes_what_it_names_and_nothing_else() {
        let text = "[arp]\nscan_targets = 5\n[general]\noff = [\"odd-ping\"]\n[dhcp]\nservers = [\"10.0.0.1\"]";
        let settings: Settings = toml::from_str(text).expect("settings");
        assert_eq!(
            (settings.arp.scan_targets, settings.arp.scan_within),
            (5, 10)
        );
        assert_eq!(settings.general.off, [Kind::OddPing]);
        for wrong in [
            "[arp]\nscan_target = 5",
            "[general]\noff = [\"odd\"]",
            "[arpp]",
            "[scan]\nshare = 1",
        ] {
            let refused = toml::from_str::<Settings>(wrong).is_err();
            assert_eq!(refused, wrong != "[scan]\nshare = 1", "{wrong}");
        }
    }
}
