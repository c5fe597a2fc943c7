//! Services: what one host offers at a port of TCP or UDP, to whom, and how often that succeeds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use super::difference::{Difference, Kind, Shown};
use super::hosts::{Hosts, is_one_host};
use super::pair::Pair;
use super::requests::{is_less, shift};
use super::samples::Samples;
use super::{Seen, Side};
use crate::analysis::alerts::Severity;
use crate::analysis::connections::{
    Connections, Conversation, Ending, Handshake, MOST, Protocol, Tcp,
};
use crate::decode::{self, Parts};
use crate::service;

/// Services kept, each with each of its clients.
const MOST_SERVICES: usize = 16_384;
const MOST_TIMED: usize = 8_192;
/// Linux gives clients ports from here on; a UDP port above, without a known service, is nobody's for long.
const FIRST_PASSING: u16 = 32_768;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Server {
    address: IpAddr,
    protocol: Protocol,
    port: u16,
}

/// Why a connection came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    Refused,
    Reset,
    HalfOpen,
    Unanswered,
    Unreachable,
    Silent,
}

/// How the connections of one client to one server went.
#[derive(Debug, Clone, Default)]
struct Outcomes {
    /// Answered in any way but a refusal; those that began before the capture count here alone.
    alive: Seen,
    done: Seen,
    failed: BTreeMap<Failure, Seen>,
}

pub(super) struct Services {
    connections: Connections,
    table: Pair<(Server, IpAddr), Outcomes>,
    /// From SYN to SYN-ACK.
    times: Pair<Server, Samples>,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            connections: Connections::new(MOST),
            table: Pair::new(MOST_SERVICES),
            times: Pair::new(MOST_TIMED),
        }
    }
}

impl Services {
    pub(super) fn look(&mut self, side: Side, parts: &Parts<'_>) {
        let Self {
            connections,
            table,
            times,
        } = self;
        connections.observe(parts, &mut |done| take(table, times, side, &done));
    }

    /// A capture is over.
    pub(super) fn end(&mut self, side: Side) {
        let Self {
            connections,
            table,
            times,
        } = self;
        connections.finish(&mut |done| take(table, times, side, &done));
        *connections = Connections::new(MOST);
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        let mut pooled: BTreeMap<Server, Outcomes> = BTreeMap::new();
        for ((server, _), both) in self.table.each() {
            if let (Some(good), _) = both {
                pooled.entry(*server).or_default().add(good);
            }
        }
        for ((server, client), both) in self.table.each() {
            let Some(bad) = both.1 else { continue };
            // A client that the good capture lacks is compared with the others of the same service.
            let (good, whose) = match both.0 {
                Some(good) => (Some(good), ""),
                None => (pooled.get(server), " for other clients"),
            };
            if let Some(good) = good {
                found.extend(compare(*server, *client, good, whose, bad));
            }
        }
        for (server, both) in self.times.each() {
            if let (Some(good), Some(bad)) = both {
                let what = format!("the answer of {server} to a SYN");
                found.extend(shift(
                    &server.to_string(),
                    &what,
                    Some(server.filter()),
                    good,
                    bad,
                ));
            }
        }
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.table.left_out()
    }
}

/// Ports that only one capture has an answer from, of hosts that are in both.
pub(super) fn compare_ports(services: &Services, hosts: &Hosts, found: &mut Vec<Difference>) {
    let mut all: BTreeMap<Server, [Outcomes; 2]> = BTreeMap::new();
    for ((server, _), both) in services.table.each() {
        let pair = all.entry(*server).or_default();
        for (side, outcomes) in [both.0, both.1].into_iter().enumerate() {
            if let Some(outcomes) = outcomes {
                pair[side].add(outcomes);
            }
        }
    }
    for (server, [good, bad]) in &all {
        let is_in = |side| hosts.is_in(side, server.address);
        if !is_in(Side::Good) || !is_in(Side::Bad) || !server.is_lasting() {
            continue;
        }
        let used = |outcomes: &Outcomes| Shown::new("in use", outcomes.alive);
        let is_tried =
            |outcomes: &Outcomes| outcomes.alive.count > 0 || !outcomes.failed.is_empty();
        let (kind, what, good, bad) = match (good.alive.count, bad.alive.count) {
            // Where it was tried in vain, that was told.
            (1.., 0) if !is_tried(bad) => (
                Kind::PortGone,
                "is not used any more",
                used(good),
                Shown::nothing(),
            ),
            (0, 1..) if !is_tried(good) => (Kind::PortNew, "is new", Shown::nothing(), used(bad)),
            _ => continue,
        };
        found.push(Difference {
            kind,
            severity: Severity::Info,
            subject: server.to_string(),
            summary: format!("{server} {what}"),
            good,
            bad,
            filter: Some(server.filter()),
        });
    }
}

fn take(
    table: &mut Pair<(Server, IpAddr), Outcomes>,
    times: &mut Pair<Server, Samples>,
    side: Side,
    done: &Conversation,
) {
    let [mut client, mut server] = done.ends();
    let mut answered = done.sent[1].frames > 0;
    match done.protocol {
        Protocol::Tcp => {}
        // Judged question by question.
        Protocol::Udp if is_request(done.application) => return,
        Protocol::Udp => {
            // The first frame may be an answer: the capture began later.
            let likely = service::likely_server(client.port, server.port);
            if server.port != likely {
                (client, server) = (server, client);
                answered = done.sent[0].frames > 0;
            }
        }
        _ => return,
    }
    if !is_one_host(&server.address) || !is_one_host(&client.address) {
        return;
    }
    let name = Server {
        address: server.address,
        protocol: done.protocol,
        port: server.port,
    };
    let Some(outcomes) = table.entry(side, &(name, client.address)) else {
        return;
    };
    let (first, last) = (done.first_frame, done.last_frame);
    let outcome = match &done.tcp {
        Some(tcp) => outcome(tcp, done.unreachable),
        None if answered => Some(Ok(())),
        None if done.unreachable => Some(Err(Failure::Unreachable)),
        None => Some(Err(Failure::Unanswered)),
    };
    match outcome {
        Some(Ok(())) => outcomes.done.add_span(first, last),
        Some(Err(failure)) => outcomes
            .failed
            .entry(failure)
            .or_default()
            .add_span(first, last),
        None => {}
    }
    let is_alive = match outcome {
        Some(Err(failure)) => matches!(
            failure,
            Failure::Reset | Failure::HalfOpen | Failure::Silent
        ),
        Some(Ok(())) => true,
        None => answered,
    };
    if is_alive {
        outcomes.alive.add_span(first, last);
    }
    if let Some(tcp) = &done.tcp
        && let (Some(nanos), _) = tcp.round_trips()
        && let Some(samples) = times.entry(side, &name)
    {
        samples.add(nanos, last);
    }
}

/// Protocols whose requests are compared one by one.
fn is_request(application: Option<decode::Kind>) -> bool {
    use decode::Kind::{Dhcp, Dns, Llmnr, Mdns};
    matches!(application, Some(Dns | Dhcp | Mdns | Llmnr))
}

/// How a connection went; none where the capture does not tell.
fn outcome(tcp: &Tcp, unreachable: bool) -> Option<Result<(), Failure>> {
    if !tcp.has_sent_syn(0) {
        return None;
    }
    Some(match tcp.ending() {
        Ending::Refused => Err(Failure::Refused),
        Ending::Reset => Err(Failure::Reset),
        Ending::HalfOpen => Err(Failure::HalfOpen),
        Ending::Silent => Err(Failure::Silent),
        Ending::Unanswered if unreachable => Err(Failure::Unreachable),
        Ending::Unanswered => Err(Failure::Unanswered),
        _ if tcp.handshake() == Handshake::Whole => Ok(()),
        _ => return None,
    })
}

impl Server {
    fn filter(&self) -> String {
        let (ip, protocol) = (ip(self.address), self.protocol.name());
        format!(
            "{ip}.addr == {} and {protocol}.port == {}",
            self.address, self.port
        )
    }

    /// Whether somebody offers something there, rather than asks from it.
    fn is_lasting(&self) -> bool {
        self.protocol == Protocol::Tcp
            || service::name(self.port).is_some()
            || self.port < FIRST_PASSING
    }
}

fn ip(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "ip" } else { "ipv6" }
}

/// "10.9.0.2 port 80 (http)", "10.9.0.2 UDP port 123 (ntp)"
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = if self.protocol == Protocol::Udp {
            "UDP "
        } else {
            ""
        };
        write!(f, "{} {protocol}port {}", self.address, self.port)?;
        match service::name(self.port) {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
    }
}

impl Failure {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::HalfOpen => "half-open (the handshake is not finished)",
            Self::Unanswered => "unanswered",
            Self::Unreachable => "unreachable (an ICMP error says so)",
            Self::Silent => "gone silent",
        }
    }
}

impl Outcomes {
    fn add(&mut self, other: &Self) {
        self.alive = self.alive.and(other.alive);
        self.done = self.done.and(other.done);
        for (failure, seen) in &other.failed {
            let known = self.failed.entry(*failure).or_default();
            *known = known.and(*seen);
        }
    }

    fn failures(&self) -> Seen {
        self.failed
            .values()
            .fold(Seen::default(), |all, seen| all.and(*seen))
    }

    /// Those that were seen from their start on.
    fn tried(&self) -> u64 {
        self.done.count + self.failures().count
    }

    /// "2 of 3 succeed, 1 refused"
    fn said(&self) -> String {
        if self.done.count == self.tried() {
            return match self.done.count {
                1 => "the only one succeeds".to_owned(),
                all => format!("all {all} succeed"),
            };
        }
        let mut items = vec![format!("{} of {} succeed", self.done.count, self.tried())];
        items.extend(
            self.failed
                .iter()
                .map(|(failure, seen)| format!("{} {}", seen.count, failure.words())),
        );
        items.join(", ")
    }

    /// "refused, unanswered"
    fn reasons(&self) -> String {
        let words: Vec<_> = self.failed.keys().map(|failure| failure.words()).collect();
        words.join(", ")
    }

    fn kinds(&self) -> BTreeSet<Failure> {
        self.failed.keys().copied().collect()
    }
}

fn compare(
    server: Server,
    client: IpAddr,
    good: &Outcomes,
    whose: &str,
    bad: &Outcomes,
) -> Option<Difference> {
    let (failed_before, failed) = (good.failures().count, bad.failures().count);
    let way = match server.protocol {
        Protocol::Udp => format!("exchanges of {client} with {server}"),
        _ => format!("connections of {client} to {server}"),
    };
    let (kind, severity, summary) = match (good.done.count, bad.done.count) {
        (1.., 0) if failed > 0 => (
            Kind::ConnectionFails,
            Severity::Critical,
            format!("{way} fail now: {}", bad.reasons()),
        ),
        (1.., 1..) if failed_before == 0 && failed > 0 => (
            Kind::ConnectionFails,
            Severity::Warning,
            format!("some {way} fail now: {}", bad.reasons()),
        ),
        (before @ 1.., now @ 1..) if is_less((before, good.tried()), (now, bad.tried())) => (
            Kind::ConnectionFails,
            Severity::Warning,
            format!("more {way} fail than before: {}", bad.reasons()),
        ),
        (0, 1..) if failed_before > 0 => (
            Kind::ConnectionWorks,
            Severity::Info,
            format!("{way} succeed now"),
        ),
        (0, 0) if failed_before > 0 && failed > 0 && good.kinds() != bad.kinds() => (
            Kind::FailsOtherwise,
            Severity::Info,
            format!("{way} fail in another way: {}", bad.reasons()),
        ),
        _ => return None,
    };
    let shown = |outcomes: &Outcomes, failures: bool, whose: &str| {
        let frames = if failures {
            outcomes.failures()
        } else {
            outcomes.done
        };
        Shown::new(format!("{}{whose}", outcomes.said()), frames)
    };
    let (good_fails, bad_fails) = match kind {
        Kind::ConnectionFails => (false, true),
        Kind::ConnectionWorks => (true, false),
        _ => (true, true),
    };
    Some(Difference {
        kind,
        severity,
        subject: format!("{client} → {server}"),
        summary,
        good: shown(good, good_fails, whose),
        bad: shown(bad, bad_fails, ""),
        filter: Some(format!(
            "{} and {}.addr == {client}",
            server.filter(),
            ip(client)
        )),
    })
}
