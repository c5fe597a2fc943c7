//! Attempts to reach something: TCP connections from their SYN on, UDP conversations, pings; and what became of them.
//! Only attempts whose beginning was seen count, so that a capture that starts in the middle raises nothing.

use std::net::IpAddr;

use super::sight::{Moment, Sight};
use crate::analysis::memory::Bounded;
use crate::decode::tcp::{self, at, flag};
use crate::decode::{Kind, icmp};
use crate::frame::Timestamp;
use crate::service;

/// About 10 MiB when full.
const LIMIT: usize = 65_536;

/// How something is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    Tcp,
    Udp,
    Ping,
    /// An IP protocol; the port is its number.
    Protocol,
}

/// Who tries to reach what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Goal {
    pub way: Way,
    pub client: IpAddr,
    pub server: IpAddr,
    pub port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A new attempt.
    Asked,
    /// The server says it is there (SYN-ACK).
    Answered,
    /// The handshake is complete.
    Completed,
    /// Data went, in either direction.
    Talked,
    /// The server says no, or the client broke off before the handshake was complete.
    Refused,
}

/// Something that happened to an attempt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub goal: Goal,
    pub what: What,
    pub at: Moment,
    /// When it was first tried.
    pub asked: Timestamp,
    /// Until now it was half open: the handshake not complete.
    pub was_half_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    way: Way,
    low: (IpAddr, u16),
    high: (IpAddr, u16),
}

impl Key {
    fn new(way: Way, source: (IpAddr, u16), destination: (IpAddr, u16)) -> Self {
        Self {
            way,
            low: source.min(destination),
            high: source.max(destination),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Attempt {
    client: (IpAddr, u16),
    stage: Option<What>,
    asked: Timestamp,
    /// Datagrams of the client since then, as far as they matter.
    datagrams: u8,
}

/// Who sends so many datagrams to one port, answered or not, sends it something: it is no probe.
const STREAM: u8 = 16;

pub(super) struct Attempts {
    table: Bounded<Key, Attempt>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            table: Bounded::new(LIMIT),
        }
    }
}

/// What a packet does to the attempt it belongs to.
enum Step {
    /// It may be a new one, from its source.
    Ask,
    /// It belongs to one that is known.
    Go(fn(&mut Attempt, bool) -> Option<What>),
}

impl Attempts {
    pub(super) fn look(&mut self, sight: &Sight<'_>) -> Option<Event> {
        if sight.quoted.is_some() {
            return refusal(sight);
        }
        let (ip, upper) = (sight.ip?, sight.upper?);
        match upper.kind {
            Kind::Tcp => {
                let ports = sight.ports(Kind::Tcp)?;
                let ends = ((ip.source, ports.0), (ip.destination, ports.1));
                let flags = sight.packet.u8(upper, at::FLAGS)?;
                let carries = tcp::segment_len(sight.packet, upper).is_some_and(|len| len > 0);
                self.step(sight, Way::Tcp, ends, segment(flags, carries))
            }
            Kind::Udp => self.datagram(sight),
            _ => self.echo(sight),
        }
    }

    fn datagram(&mut self, sight: &Sight<'_>) -> Option<Event> {
        let (ip, ports) = (sight.ip?, sight.ports(Kind::Udp)?);
        if !sight.is_to_one() || is_everyday(sight, ports) {
            return None;
        }
        let ends = ((ip.source, ports.0), (ip.destination, ports.1));
        let key = Key::new(Way::Udp, ends.0, ends.1);
        if self.table.get_mut(&key).is_none() && is_answer(ports) {
            return None;
        }
        self.step(sight, Way::Udp, ends, Step::Ask).or_else(|| {
            let answer: fn(&mut Attempt, bool) -> _ = |attempt, from_client| {
                attempt.datagrams = attempt.datagrams.saturating_add(u8::from(from_client));
                (!from_client || attempt.datagrams >= STREAM).then_some(What::Talked)
            };
            self.step(sight, Way::Udp, ends, Step::Go(answer))
        })
    }

    fn echo(&mut self, sight: &Sight<'_>) -> Option<Event> {
        let (ip, layer) = (sight.ip?, sight.upper?);
        if !sight.is_to_one() {
            return None;
        }
        let ends = ((ip.source, 0), (ip.destination, 0));
        let step = match (layer.kind, sight.packet.u8(layer, 0)?) {
            (Kind::Icmp, icmp::ECHO_REQUEST) | (Kind::Icmpv6, icmp::ECHO_REQUEST_V6) => Step::Ask,
            (Kind::Icmp, icmp::ECHO_REPLY) | (Kind::Icmpv6, icmp::ECHO_REPLY_V6) => {
                Step::Go(|_, from_client| (!from_client).then_some(What::Talked))
            }
            _ => return None,
        };
        self.step(sight, Way::Ping, ends, step)
    }

    /// Moves an attempt on; what happened, where anything did.
    fn step(
        &mut self,
        sight: &Sight<'_>,
        way: Way,
        (source, destination): ((IpAddr, u16), (IpAddr, u16)),
        step: Step,
    ) -> Option<Event> {
        let key = Key::new(way, source, destination);
        let (attempt, what) = match step {
            Step::Ask => {
                let attempt = self.table.get_or_insert_with(key, || Attempt {
                    client: source,
                    stage: None,
                    asked: sight.at.time,
                    datagrams: 0,
                });
                let over = way == Way::Tcp
                    && matches!(
                        attempt.stage,
                        Some(What::Talked | What::Refused | What::Completed)
                    );
                if attempt.stage.is_some() && !over {
                    return None;
                }
                attempt.client = source;
                attempt.asked = sight.at.time;
                (attempt, What::Asked)
            }
            Step::Go(next) => {
                let attempt = self.table.get_mut(&key)?;
                let what = next(attempt, attempt.client == source)?;
                if attempt.stage == Some(what) {
                    return None;
                }
                (attempt, what)
            }
        };
        let was_half_open = matches!(attempt.stage, Some(What::Asked | What::Answered));
        attempt.stage = Some(what);
        let server = if attempt.client == source {
            destination
        } else {
            source
        };
        Some(Event {
            goal: Goal {
                way,
                client: attempt.client.0,
                server: server.0,
                port: server.1,
            },
            what,
            at: sight.at,
            asked: attempt.asked,
            was_half_open,
        })
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.table.forgotten()
    }
}

fn segment(flags: u8, carries: bool) -> Step {
    let has = |flag| flags & flag != 0;
    if has(flag::SYN) && !has(flag::ACK) {
        return Step::Ask;
    }
    // No connection sends these; a scanner does, to see what comes back (NULL, FIN and XMAS scans).
    if !has(flag::ACK) && !has(flag::RST) && !carries {
        return Step::Ask;
    }
    if has(flag::RST) {
        return Step::Go(|attempt, from_client| match attempt.stage {
            Some(What::Asked) if !from_client => Some(What::Refused),
            Some(What::Answered) => Some(What::Refused),
            _ => None,
        });
    }
    if has(flag::SYN) {
        return Step::Go(|attempt, from_client| {
            (!from_client && attempt.stage == Some(What::Asked)).then_some(What::Answered)
        });
    }
    if carries {
        return Step::Go(|_, _| Some(What::Talked));
    }
    Step::Go(|attempt, from_client| {
        let half_open = matches!(attempt.stage, Some(What::Asked | What::Answered));
        (from_client && half_open).then_some(What::Completed)
    })
}

/// Datagrams of everyday that go unanswered without being a scan: traceroute's, and QUIC, which is blocked in many
/// places while browsers try it everywhere.
fn is_everyday(sight: &Sight<'_>, ports: (u16, u16)) -> bool {
    const TRACEROUTE: std::ops::Range<u16> = 33_434..33_535;
    TRACEROUTE.contains(&ports.1) || sight.packet.find(Kind::Quic).is_some()
}

/// From a service to a client's port: the question was before the capture began, or went another way.
fn is_answer((source, destination): (u16, u16)) -> bool {
    let is_service = |port: u16| port < 1024 || service::name(port).is_some();
    is_service(source) && !is_service(destination)
}

/// What an ICMP error says of the attempt that it quotes.
fn refusal(sight: &Sight<'_>) -> Option<Event> {
    /// Destination unreachable in ICMP and in ICMPv6.
    const UNREACHABLE: [(Kind, u8); 2] = [(Kind::Icmp, 3), (Kind::Icmpv6, 1)];
    const PROTOCOL_UNREACHABLE: u8 = 2;
    let layer = sight.upper?;
    let (quoted, transport) = sight.quoted?;
    if !UNREACHABLE.contains(&(layer.kind, sight.packet.u8(layer, 0)?)) {
        return None;
    }
    let is_v4 = layer.kind == Kind::Icmp;
    let (way, port) = match transport {
        _ if is_v4 && sight.packet.u8(layer, 1)? == PROTOCOL_UNREACHABLE => {
            (Way::Protocol, sight.packet.u8(quoted.layer, 9)?.into())
        }
        Some(transport) => {
            let way = if transport.kind == Kind::Tcp {
                Way::Tcp
            } else {
                Way::Udp
            };
            (way, sight.packet.u16(transport, 2)?)
        }
        None => return None,
    };
    Some(Event {
        goal: Goal {
            way,
            client: quoted.source,
            server: quoted.destination,
            port,
        },
        what: What::Refused,
        at: sight.at,
        asked: sight.at.time,
        was_half_open: false,
    })
}
