//! SYN floods: connections opened in masses and left half open.
//!
//! Not the number alone makes one, since a busy server has many: it is their rate, and that few of them are completed.
//! A connection has until the end of the next second to complete its handshake.

use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::net::IpAddr;

use foldhash::quality::FixedState;

use super::attempts::{Event, Way, What};
use super::ip_field;
use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::Moment;
use super::window::Sketch;
use crate::analysis::memory::Bounded;

const SERVERS: usize = 16_384;
/// Seconds that are looked at.
const SECONDS: i64 = 10;
/// A second can be judged so many later.
const GRACE: i64 = 2;
/// A flood of a host comes from at least as many sources, or it is a scan, and goes to as many ports, or it is one
/// port's.
const MANY: u64 = 20;
/// Half-open connections a second that no server with default settings bears for long.
const HARMFUL: f64 = 1000.0;

/// One host's port, or all of a host's ports.
type Server = (IpAddr, Option<u16>);

pub(super) struct SynFlood {
    settings: settings::SynFlood,
    servers: Bounded<Server, Queue>,
    /// Servers that were asked and are to be judged, with a second in which that was, in about this order.
    due: VecDeque<(i64, Server)>,
    /// Always the same, so that estimates are: nothing is looked up by it.
    hasher: FixedState,
}

#[derive(Debug, Clone, Copy, Default)]
struct Second {
    number: i64,
    opened: u32,
    half_open: u32,
    answered: u32,
    refused: u32,
}

#[derive(Debug, Default)]
struct Queue {
    seconds: [Second; SECONDS as usize],
    /// The last second in which somebody asked, and the frame.
    looked_at: i64,
    asked: Option<Moment>,
    /// The second that it is due with; none where all of it was judged.
    due: Option<i64>,
    sources: Sketch,
    ports: Sketch,
    source: Option<IpAddr>,
}

impl Queue {
    /// The second that `number` is, empty where it was another one before.
    fn second(&mut self, number: i64) -> &mut Second {
        let second = &mut self.seconds[number.rem_euclid(SECONDS) as usize];
        if second.number != number {
            *second = Second {
                number,
                ..Second::default()
            };
        }
        second
    }

    /// The same, where it is still remembered.
    fn known(&mut self, number: i64) -> Option<&mut Second> {
        let second = &mut self.seconds[number.rem_euclid(SECONDS) as usize];
        (second.number == number).then_some(second)
    }
}

impl SynFlood {
    pub(super) fn new(settings: settings::SynFlood) -> Self {
        Self {
            settings,
            servers: Bounded::new(SERVERS),
            due: VecDeque::new(),
            hasher: FixedState::default(),
        }
    }

    pub(super) fn look(&mut self, event: &Event) {
        if event.goal.way != Way::Tcp {
            return;
        }
        for port in [Some(event.goal.port), None] {
            self.count(event, (event.goal.server, port));
        }
    }

    /// Judges servers whose seconds are over, by the time of any frame. A handshake has until the end of the next second.
    #[inline]
    pub(super) fn pass(&mut self, at: Moment, report: &mut Report) {
        let now = at.time.seconds();
        let over = now - GRACE;
        // A clock that was set back would have them wait for ever.
        let waits = |second: i64| (over + 1..=now + 1).contains(&second);
        while let Some((second, server)) = self.due.front().copied()
            && !waits(second)
        {
            self.due.pop_front();
            // Not where it was forgotten, whether or not it was asked again since.
            let known = self.servers.get_mut(&server);
            let Some(queue) = known.filter(|queue| queue.due == Some(second)) else {
                continue;
            };
            judge(
                queue,
                server,
                queue.looked_at.min(over),
                &self.settings,
                report,
            );
            queue.due = Some(queue.looked_at).filter(|last| waits(*last));
            if let Some(second) = queue.due {
                self.due.push_back((second, server));
            }
        }
    }

    fn count(&mut self, event: &Event, server: Server) {
        let opened_in = event.asked.seconds();
        if event.what != What::Asked {
            let known = self.servers.get_mut(&server);
            if let Some(second) = known.and_then(|queue| queue.known(opened_in)) {
                match event.what {
                    What::Answered => second.answered += 1,
                    What::Refused => second.refused += 1,
                    _ => {}
                }
                if event.was_half_open && event.what != What::Answered {
                    second.half_open = second.half_open.saturating_sub(1);
                }
            }
            return;
        }
        let hash = self.hasher.hash_one(event.goal.client);
        let queue = self.servers.get_or_insert_with(server, Queue::default);
        if !(0..SECONDS).contains(&(opened_in - queue.looked_at)) {
            (queue.sources, queue.ports) = Default::default();
        }
        queue.sources.add(hash);
        queue.ports.add(self.hasher.hash_one(event.goal.port));
        queue.source = Some(event.goal.client);
        let second = queue.second(opened_in);
        second.opened += 1;
        second.half_open += 1;
        queue.looked_at = opened_in;
        queue.asked = Some(event.at);
        // Where there are too many, it is judged when it is asked again, or at the end.
        if queue.due.is_none() && self.due.len() < SERVERS {
            queue.due = Some(opened_in);
            self.due.push_back((opened_in, server));
        }
    }

    /// What is half open when no more frames come stays so.
    pub(super) fn finish(&mut self, report: &mut Report) {
        let mut servers: Vec<_> = self.servers.iter().collect();
        servers.sort_unstable_by_key(|(server, _)| **server);
        for (server, queue) in servers {
            judge(queue, *server, queue.looked_at, &self.settings, report);
        }
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.servers.forgotten()
    }
}

/// Looks at the seconds up to `until`.
fn judge(
    queue: &Queue,
    server: Server,
    until: i64,
    settings: &settings::SynFlood,
    report: &mut Report,
) {
    let Some(at) = queue.asked else { return };
    let seen = || {
        let recent = move |second: &&Second| (0..SECONDS).contains(&(until - second.number));
        queue.seconds.iter().filter(recent)
    };
    let sum = |part: fn(&Second) -> u32| seen().map(|second| u64::from(part(second))).sum::<u64>();
    let (opened, half_open) = (sum(|second| second.opened), sum(|second| second.half_open));
    let sources = queue.sources.estimate();
    let busy = seen().filter(|second| second.opened > 0).count().max(1);
    let rate = half_open as f64 / busy as f64;
    // So many harm, whatever a busy server completes beside them.
    let is_most = rate >= HARMFUL || half_open as f64 >= settings.share * opened as f64;
    if half_open < u64::from(settings.half_open)
        || rate < settings.rate
        || !is_most
        || server.1.is_none() && sources.min(queue.ports.estimate()) < MANY
    {
        return;
    }
    let most = seen().map(|second| second.half_open).max().unwrap_or(0);
    let answered = sum(|second| second.answered);
    let severity = if answered > 0 || rate >= HARMFUL {
        Severity::Critical
    } else {
        Severity::Warning
    };
    report.raise(at, Kind::SynFlood, severity, &server, || {
        let (address, port) = server;
        let named = match port {
            Some(port) => format!("{} port {port}", address),
            None => format!("many ports of {address}"),
        };
        let from = match (sources, queue.source) {
            (0 | 1, Some(source)) => format!("from {source} alone"),
            (500.., _) => "from more than 500 sources, most of them probably made up".to_owned(),
            _ => format!("from about {sources} sources"),
        };
        let port_filter = port.map_or(String::new(), |port| format!(" and tcp.dstport == {port}"));
        Words {
            subject: named.clone(),
            summary: format!("{named} is flooded with connections that stay half open, {from}"),
            evidence: vec![
                format!(
                    "{half_open} of {opened} connections ({:.0} %) opened in {busy} s were not completed: {rate:.0} a second, at most {most}",
                    (100.0 * half_open as f64 / opened as f64).floor()
                ),
                format!(
                    "the server answered {answered} of all{}",
                    match sum(|second| second.refused) {
                        0 => String::new(),
                        refused => format!(", and refused {refused} more"),
                    }
                ),
            ],
            filter: format!(
                "tcp.flags.syn == 1 and tcp.flags.ack == 0 and {}{port_filter}",
                ip_field(address, "dst")
            ),
        }
    });
}
