//! Port scans (many ports of one host) and host scans (the same on many hosts): attempts that come to nothing.
//!
//! What exchanged data was no probe; so a browser that opens a hundred connections at once is none, and a connect scan,
//! which completes handshakes and says nothing, is one. An attempt has a second for that before it counts.

mod tried;
mod words;

use std::collections::VecDeque;
use std::hash::Hash;
use std::net::IpAddr;

use super::attempts::{Event, Goal, Way, What};
use super::report::Report;
use super::settings;
use super::sight::Moment;
use crate::analysis::memory::Bounded;
use crate::frame::Timestamp;
use tried::{GRACE, Tried};
use words::{tell_hosts, tell_ports};

const LIMIT: usize = 16_384;

/// Who tries whom.
type OfHost = (Way, IpAddr, IpAddr);
/// Who tries which port.
type OfPort = (Way, IpAddr, u16);

pub(super) struct Scan {
    settings: settings::Scan,
    ports: Bounded<OfHost, Tried<u16>>,
    hosts: Bounded<OfPort, Tried<IpAddr>>,
    /// What is to be judged, and when, in about this order: a scan without answers says nothing more by itself.
    due: VecDeque<(Timestamp, Due)>,
}

#[derive(Clone, Copy)]
enum Due {
    Ports(OfHost),
    Hosts(OfPort),
}

impl Scan {
    pub(super) fn new(settings: settings::Scan) -> Self {
        Self {
            settings,
            ports: Bounded::new(LIMIT),
            hosts: Bounded::new(LIMIT),
            due: VecDeque::new(),
        }
    }

    /// Judges what waited for answers, by the time of any frame.
    #[inline]
    pub(super) fn pass(&mut self, now: Moment, report: &mut Report) {
        // A clock that was set back would have them wait for ever.
        let is_over = |when: Timestamp| !(1..=GRACE).contains(&when.since(now.time));
        while let Some((when, due)) = self.due.front().copied()
            && is_over(when)
        {
            self.due.pop_front();
            let (settings, now) = (&self.settings, now.time);
            let again = match due {
                Due::Ports(key @ (way, client, server)) => {
                    self.ports.get_mut(&key).and_then(|tried| {
                        tried.judge(now, settings.ports(way), settings.share, |found| {
                            tell_ports(found.last, way, client, server, found, report);
                        })
                    })
                }
                Due::Hosts(key @ (way, client, port)) => {
                    self.hosts.get_mut(&key).and_then(|tried| {
                        tried.judge(now, settings.hosts(way), settings.share, |found| {
                            tell_hosts(found.last, way, client, port, found, report);
                        })
                    })
                }
            };
            self.due.extend(again.map(|when| (when, due)));
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
        // Where there are too many, they are judged when more is tried, or at the end.
        let room = self.due.len() < LIMIT;
        if way != Way::Ping
            && let Some(tried) = entry(&mut self.ports, (way, client, server), event, asks)
        {
            tried.note(event, port);
            let (enough, share) = (self.settings.ports(way), self.settings.share);
            let found = tried.fruitless(event.at.time, false, enough, share);
            if let Some(found) = found.filter(|_| asks) {
                tried.forget();
                tell_ports(event.at, way, client, server, &found, report);
            }
            let when = tried.becomes_due(event.at.time, enough, room);
            let due = Due::Ports((way, client, server));
            self.due.extend(when.map(|when| (when, due)));
        }
        if way != Way::Protocol
            && let Some(tried) = entry(&mut self.hosts, (way, client, port), event, asks)
        {
            tried.note(event, server);
            let (enough, share) = (self.settings.hosts(way), self.settings.share);
            let found = tried.fruitless(event.at.time, false, enough, share);
            if let Some(found) = found.filter(|_| asks) {
                tried.forget();
                tell_hosts(event.at, way, client, port, &found, report);
            }
            let when = tried.becomes_due(event.at.time, enough, room);
            let due = Due::Hosts((way, client, port));
            self.due.extend(when.map(|when| (when, due)));
        }
    }

    pub(super) fn finish(&mut self, now: Timestamp, report: &mut Report) {
        let share = self.settings.share;
        let mut ports: Vec<_> = self.ports.iter().collect();
        ports.sort_unstable_by_key(|(key, _)| **key);
        for ((way, client, server), tried) in ports {
            let enough = self.settings.ports(*way);
            if let Some(found) = tried.fruitless(now, true, enough, share) {
                tell_ports(found.last, *way, *client, *server, &found, report);
            }
        }
        let mut hosts: Vec<_> = self.hosts.iter().collect();
        hosts.sort_unstable_by_key(|(key, _)| **key);
        for ((way, client, port), tried) in hosts {
            let enough = self.settings.hosts(*way);
            if let Some(found) = tried.fruitless(now, true, enough, share) {
                tell_hosts(found.last, *way, *client, *port, &found, report);
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
