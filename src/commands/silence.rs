//! Why a capture shows nothing: said once, after some seconds, and only what is certain.

use std::os::fd::RawFd;
use std::time::Duration;

use crate::batch::Batch;
use crate::filter::CaptureFilter;
use crate::net::{self, State, Traffic, TrafficCounters};
use crate::source::live::{ANY, Counts, FrameDirection, Peek, Settings};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ways in which frames hide from a filter that doesn't speak of them: what they are in, and the word that filters
/// have for it.
const COVERS: [(&str, &str); 4] = [
    ("VLAN tags", "vlan"),
    ("two VLAN tags", "vlan and vlan"),
    ("PPPoE", "pppoes"),
    ("MPLS", "mpls"),
];

/// What there was when the capture began, to compare with.
pub(super) struct Silence {
    cards: Vec<Card>,
    counters: TrafficCounters,
    filter: Option<String>,
    has_display_filter: bool,
    direction: Option<FrameDirection>,
    promiscuous: bool,
    /// Where the default route leads, if not to any of these.
    elsewhere: Option<String>,
    looking: Looking,
}

struct Card {
    name: String,
    before: Option<Traffic>,
    peek: Option<Peek>,
}

/// How far the second look is, that takes a second.
enum Looking {
    NotYet,
    Peeking,
}

/// One interface, after the wait.
struct Facts<'a> {
    name: &'a str,
    state: Option<State>,
    /// Frames that its counters moved by; none where they are not known.
    moved: Option<Traffic>,
}

impl Silence {
    /// Opens what it takes to find out later. None where that can't be had.
    pub(super) fn new(
        interfaces: &[String],
        settings: &Settings,
        has_display_filter: bool,
    ) -> Option<Self> {
        let mut counters = TrafficCounters::open().ok()?;
        let before = counters.read().ok()?;
        let card = |name: &String| Card {
            name: name.clone(),
            before: traffic(&before, name),
            peek: settings
                .filter
                .as_ref()
                .and_then(|_| Peek::open(name, settings)),
        };
        let links = net::interfaces();
        let leads_out = |link: &&net::Link| !link.gateways.is_empty();
        let is_ours = |link: &net::Link| {
            interfaces
                .iter()
                .any(|name| *name == link.name || name == ANY)
        };
        let elsewhere = match links.iter().filter(leads_out).any(is_ours) {
            true => None,
            false => links.iter().find(leads_out).map(|link| link.name.clone()),
        };
        Some(Self {
            cards: interfaces.iter().map(card).collect(),
            counters,
            filter: settings.filter.clone(),
            has_display_filter,
            direction: settings.direction,
            promiscuous: settings.promiscuous,
            elsewhere,
            looking: Looking::NotYet,
        })
    }

    /// The packet sockets for the second look.
    pub(super) fn sockets(&self) -> impl Iterator<Item = RawFd> {
        let peeks = self.cards.iter().filter_map(|card| card.peek.as_ref());
        peeks.map(Peek::socket)
    }

    /// Asked each second, with how many frames were dealt with and shown; the hint, when it is time for it and something is known for certain.
    pub(super) fn look(
        &mut self,
        elapsed: Duration,
        (read, shown): (u64, u64),
        counts: &[Counts],
        state: impl Fn(&str) -> Option<State>,
    ) -> Option<String> {
        if shown > 0 || elapsed < PATIENCE {
            return None;
        }
        if read > 0 && self.has_display_filter {
            return Some(format!(
                "{read} frames were captured so far, but none matches the display filter (-Y)"
            ));
        }
        // The kernel also counts what goes the other way.
        let on_their_way =
            self.direction.is_none() && counts.iter().any(|count| count.received > 0);
        if read > 0 || on_their_way {
            return None;
        }
        let now = self.counters.read().ok()?;
        let facts: Vec<_> = self
            .cards
            .iter()
            .map(|card| Facts {
                name: &card.name,
                state: state(&card.name),
                moved: card.before.zip(traffic(&now, &card.name)).map(since),
            })
            .collect();
        if let Some(hint) = self.nothing_passes(&facts, elapsed) {
            return Some(hint);
        }
        if facts.iter().any(|facts| facts.moved.is_none()) {
            return None;
        }
        let passed: u64 = facts
            .iter()
            .filter_map(|facts| facts.moved)
            .map(total)
            .sum();
        if let Some(hint) = self.other_direction(&facts) {
            return Some(hint);
        }
        self.filter.as_ref()?;
        match self.looking {
            Looking::NotYet => {
                let peeks = self.cards.iter_mut().filter_map(|card| card.peek.as_mut());
                peeks.for_each(|peek| {
                    peek.begin();
                });
                self.looking = Looking::Peeking;
                None
            }
            Looking::Peeking => {
                let peeks = self.cards.iter_mut().filter_map(|card| card.peek.take());
                let seen: Vec<_> = peeks.map(Peek::end).collect();
                self.filtered_out(&seen, passed)
            }
        }
    }

    /// Where no interface has anything to give.
    fn nothing_passes(&self, facts: &[Facts<'_>], elapsed: Duration) -> Option<String> {
        let reasons: Option<Vec<_>> = facts
            .iter()
            .map(|facts| match (facts.state, facts.moved) {
                (Some(State::Down), _) => Some(format!("{} is switched off", facts.name)),
                (Some(State::NoCarrier), _) => Some(format!(
                    "{} has no carrier: the cable is out, or the other end is off",
                    facts.name
                )),
                (Some(State::Gone), _) => Some(format!("{} is gone", facts.name)),
                (_, Some(moved)) if total(moved) == 0 => {
                    let span = elapsed.as_secs();
                    Some(format!(
                        "no frame at all has crossed {} in {span} s",
                        facts.name
                    ))
                }
                _ => None,
            })
            .collect();
        let mut hint = reasons?.join("; ");
        if let Some(other) = &self.elsewhere {
            hint += &format!(" (the default route leaves by {other}: is that the one?)");
        } else if !self.promiscuous {
            hint += " (with -p, frames that other machines send each other are not seen)";
        }
        Some(hint)
    }

    /// Where all that passed went the way that was not asked for.
    fn other_direction(&self, facts: &[Facts<'_>]) -> Option<String> {
        let sum = |of: fn(Traffic) -> u64| -> u64 {
            facts.iter().filter_map(|facts| facts.moved).map(of).sum()
        };
        let (received, sent) = (sum(|moved| moved.received), sum(|moved| moved.sent));
        match self.direction? {
            FrameDirection::In if received == 0 => Some(format!(
                "{sent} frames were sent and none received; --direction in leaves out the former"
            )),
            FrameDirection::Out if sent == 0 => Some(format!(
                "{received} frames were received and none sent; --direction out leaves out the former"
            )),
            _ => None,
        }
    }

    /// What passes, seen without the filter.
    fn filtered_out(&self, seen: &[Batch], passed: u64) -> Option<String> {
        let filter = self.filter.as_ref()?;
        let frames = || seen.iter().flat_map(Batch::frames);
        let matching =
            |filter: &CaptureFilter| frames().filter(|frame| filter.accepts(frame)).count();
        let covered = COVERS.iter().find_map(|(cover, word)| {
            let text = format!("{word} and ({filter})");
            let found = matching(&CaptureFilter::new(&text).ok()?);
            (found > 0).then(|| {
                format!(
                    "{found} of {} frames seen in the last second would match inside {cover}: try -f '{text}'",
                    frames().count()
                )
            })
        });
        Some(covered.unwrap_or_else(|| {
            format!("{passed} frames have passed, but none matches the filter '{filter}'")
        }))
    }
}

/// Of one interface, or of all.
fn traffic(all: &[(String, Traffic)], name: &str) -> Option<Traffic> {
    if name != ANY {
        let found = all.iter().find(|(other, _)| other == name);
        return found.map(|(_, traffic)| *traffic);
    }
    let add = |sum: Traffic, (_, more): &(String, Traffic)| Traffic {
        received: sum.received + more.received,
        sent: sum.sent + more.sent,
    };
    Some(all.iter().fold(Traffic::default(), add))
}

/// Counters that were reset, or of another interface of the same name, say nothing: then as if they stood still would
/// be wrong, so they count as moved.
fn since((before, now): (Traffic, Traffic)) -> Traffic {
    Traffic {
        received: now.received.abs_diff(before.received),
        sent: now.sent.abs_diff(before.sent),
    }
}

fn total(traffic: Traffic) -> u64 {
    traffic.received + traffic.sent
}
