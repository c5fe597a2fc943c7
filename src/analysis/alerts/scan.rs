//! Port scans (many ports of one host) and host scans (the same on many hosts): attempts that come to nothing.
//!
//! What exchanged data was no probe; so a browser that opens a hundred connections at once is none, and a connect scan,
//! which completes handshakes and says nothing, is one. An attempt has a second for that before it counts.

use std::hash::Hash;
use std::net::IpAddr;

use super::attempts::{Event, Goal, Way, What};
use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::Moment;
use super::window::SECOND;
use super::{ip_field, span};
use crate::analysis::memory::Bounded;
use crate::frame::Timestamp;

const LIMIT: usize = 16_384;
const WINDOW: i64 = 60 * SECOND;
const GRACE: i64 = SECOND;
/// More attempts of one kind are not kept apart.
const MOST_PROBES: usize = 128;

pub(super) struct Scan {
    settings: settings::Scan,
    /// Ports, by who tries whom.
    ports: Bounded<(Way, IpAddr, IpAddr), Tried<u16>>,
    /// Hosts, by who tries which port.
    hosts: Bounded<(Way, IpAddr, u16), Tried<IpAddr>>,
}

#[derive(Debug, Clone, Copy)]
struct Probe<T> {
    what: T,
    at: Timestamp,
    frame: u64,
    answered: bool,
    /// Nothing more is to come of it: refused, mostly.
    settled: bool,
}

/// What one tries of another.
struct Tried<T> {
    probes: Vec<Probe<T>>,
    /// Attempts that exchanged data, in this window.
    fruitful: u32,
    since: Timestamp,
}

/// Probes that came to nothing, in the order they were made.
struct Fruitless<T> {
    tried: Vec<T>,
    first: (u64, Timestamp),
    last: (u64, Timestamp),
    answered: usize,
    refused: usize,
}

impl<T: Copy + PartialEq> Tried<T> {
    fn new(since: Timestamp) -> Self {
        Self {
            probes: Vec::new(),
            fruitful: 0,
            since,
        }
    }

    fn note(&mut self, event: &Event, what: T) {
        let known = self.probes.iter().position(|probe| probe.what == what);
        match (event.what, known) {
            (What::Asked | What::Refused, None) => {
                self.forget_old(event.at.time);
                if self.probes.is_empty() {
                    // Most try one thing, and in a flood there are many of them.
                    self.probes.reserve_exact(1);
                }
                if self.probes.len() < MOST_PROBES {
                    self.probes.push(Probe {
                        what,
                        at: event.asked,
                        frame: event.at.frame,
                        answered: false,
                        settled: event.what == What::Refused,
                    });
                }
            }
            // An answered ping is a finding of the sweep, not a conversation.
            (What::Talked, Some(known)) if event.goal.way == Way::Ping => {
                self.probes[known].answered = true;
                self.probes[known].settled = true;
            }
            (What::Talked, known) => {
                self.fruitful += 1;
                if let Some(known) = known {
                    self.probes.swap_remove(known);
                }
            }
            (What::Refused, Some(known)) => self.probes[known].settled = true,
            (What::Answered, Some(known)) => self.probes[known].answered = true,
            _ => {}
        }
    }

    fn forget_old(&mut self, now: Timestamp) {
        self.probes
            .retain(|probe| (0..WINDOW).contains(&now.since(probe.at)));
        if !(0..WINDOW).contains(&now.since(self.since)) {
            (self.since, self.fruitful) = (now, 0);
        }
    }

    /// Those that came to nothing by `now`, where they are `enough` and the greater part; at the end of the capture what was
    /// not answered yet will not be.
    fn fruitless(
        &self,
        now: Timestamp,
        ended: bool,
        enough: u32,
        share: f64,
    ) -> Option<Fruitless<T>> {
        if self.probes.len() < enough as usize {
            return None;
        }
        let counts = |probe: &&Probe<T>| {
            probe.settled || now.since(probe.at) >= GRACE || ended && !probe.answered
        };
        let mut found: Vec<_> = self.probes.iter().filter(counts).collect();
        let all = found.len() + self.fruitful as usize;
        if found.len() < enough as usize || (found.len() as f64) < share * all as f64 {
            return None;
        }
        found.sort_by_key(|probe| probe.frame);
        let (first, last) = (found.first()?, found.last()?);
        Some(Fruitless {
            first: (first.frame, first.at),
            last: (last.frame, last.at),
            answered: found.iter().filter(|probe| probe.answered).count(),
            refused: found
                .iter()
                .filter(|probe| probe.settled && !probe.answered)
                .count(),
            tried: found.iter().map(|probe| probe.what).collect(),
        })
    }
}

impl<T> Fruitless<T> {
    fn evidence(&self) -> Vec<String> {
        let silent = self.tried.len() - self.answered - self.refused;
        vec![
            format!(
                "frames {} to {}, within {}",
                self.first.0,
                self.last.0,
                span(self.last.1.since(self.first.1))
            ),
            format!(
                "{} refused, {silent} not answered, {} answered and then left",
                self.refused, self.answered
            ),
        ]
    }
}

impl Scan {
    pub(super) fn new(settings: settings::Scan) -> Self {
        Self {
            settings,
            ports: Bounded::new(LIMIT),
            hosts: Bounded::new(LIMIT),
        }
    }

    pub(super) fn look(&mut self, event: &Event, report: &mut Report) {
        let Goal {
            way,
            client,
            server,
            port,
        } = event.goal;
        let asks = matches!(event.what, What::Asked | What::Refused);
        if way != Way::Ping
            && let Some(tried) = entry(&mut self.ports, (way, client, server), event, asks)
        {
            tried.note(event, port);
            let (enough, share) = (self.settings.ports(way), self.settings.share);
            let found = tried.fruitless(event.at.time, false, enough, share);
            if let Some(found) = found.filter(|_| asks) {
                tried.probes.clear();
                tell_ports(event.at, way, client, server, &found, report);
            }
        }
        if way != Way::Protocol
            && let Some(tried) = entry(&mut self.hosts, (way, client, port), event, asks)
        {
            tried.note(event, server);
            let (enough, share) = (self.settings.hosts(way), self.settings.share);
            let found = tried.fruitless(event.at.time, false, enough, share);
            if let Some(found) = found.filter(|_| asks) {
                tried.probes.clear();
                tell_hosts(event.at, way, client, port, &found, report);
            }
        }
    }

    pub(super) fn finish(&mut self, last: Moment, report: &mut Report) {
        let share = self.settings.share;
        let mut ports: Vec<_> = self.ports.iter().collect();
        ports.sort_unstable_by_key(|(key, _)| **key);
        for ((way, client, server), tried) in ports {
            let enough = self.settings.ports(*way);
            if let Some(found) = tried.fruitless(last.time, true, enough, share) {
                tell_ports(last, *way, *client, *server, &found, report);
            }
        }
        let mut hosts: Vec<_> = self.hosts.iter().collect();
        hosts.sort_unstable_by_key(|(key, _)| **key);
        for ((way, client, port), tried) in hosts {
            let enough = self.settings.hosts(*way);
            if let Some(found) = tried.fruitless(last.time, true, enough, share) {
                tell_hosts(last, *way, *client, *port, &found, report);
            }
        }
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.ports.forgotten() + self.hosts.forgotten()
    }
}

/// What is known of one's attempts; made anew only by an attempt.
fn entry<'a, K: Hash + Eq + Copy, T: Copy + PartialEq>(
    table: &'a mut Bounded<K, Tried<T>>,
    key: K,
    event: &Event,
    asks: bool,
) -> Option<&'a mut Tried<T>> {
    if asks {
        Some(table.get_or_insert_with(key, || Tried::new(event.at.time)))
    } else {
        table.get_mut(&key)
    }
}

impl settings::Scan {
    fn ports(&self, way: Way) -> u32 {
        match way {
            Way::Tcp | Way::Protocol | Way::Ping => self.tcp_ports,
            Way::Udp => self.udp_ports,
        }
    }

    fn hosts(&self, way: Way) -> u32 {
        match way {
            Way::Tcp | Way::Ping | Way::Protocol => self.tcp_hosts,
            Way::Udp => self.udp_hosts,
        }
    }
}

impl Way {
    fn ports_named(self) -> &'static str {
        match self {
            Self::Tcp => "TCP ports",
            Self::Udp => "UDP ports",
            Self::Ping | Self::Protocol => "IP protocols",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Ping | Self::Protocol => "IP",
        }
    }

    fn filter(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Ping => "(icmp or icmpv6)",
            Self::Protocol => "frame",
        }
    }
}

fn tell_ports(
    at: Moment,
    way: Way,
    client: IpAddr,
    server: IpAddr,
    found: &Fruitless<u16>,
    report: &mut Report,
) {
    report.raise(
        at,
        Kind::PortScan,
        Severity::Warning,
        &(way, client, server),
        || {
            let mut ports = found.tried.clone();
            ports.sort_unstable();
            let listed: Vec<_> = ports.iter().take(16).map(u16::to_string).collect();
            let more = if ports.len() > listed.len() {
                ", …"
            } else {
                ""
            };
            let mut evidence = found.evidence();
            evidence.push(format!("{}{more}", listed.join(", ")));
            Words {
                subject: format!("{client} → {server}"),
                summary: format!(
                    "{client} tries {} {} of {server}",
                    ports.len(),
                    way.ports_named()
                ),
                evidence,
                filter: format!(
                    "{} and {} and {}",
                    way.filter(),
                    ip_field(client, "addr"),
                    ip_field(server, "addr")
                ),
            }
        },
    );
}

fn tell_hosts(
    at: Moment,
    way: Way,
    client: IpAddr,
    port: u16,
    found: &Fruitless<IpAddr>,
    report: &mut Report,
) {
    // What watches a network pings many hosts too, but hosts that are there.
    let severity = if way == Way::Ping && 2 * found.answered > found.tried.len() {
        Severity::Info
    } else {
        Severity::Warning
    };
    report.raise(at, Kind::HostScan, severity, &(way, client, port), || {
        let hosts = found.tried.len();
        let mut evidence = found.evidence();
        if let (Some(first), Some(last)) = (found.tried.iter().min(), found.tried.iter().max()) {
            evidence.push(format!("from {first} to {last}"));
        }
        let (summary, ports) = match way {
            Way::Ping => (format!("{client} pings {hosts} hosts"), String::new()),
            _ => (
                format!("{client} tries {} port {port} of {hosts} hosts", way.name()),
                format!(" and {}.dstport == {port}", way.filter()),
            ),
        };
        Words {
            subject: client.to_string(),
            summary,
            evidence,
            filter: format!("{} and {}{ports}", way.filter(), ip_field(client, "src")),
        }
    });
}
