//! What one tries of another: ports of a host, or hosts by a port.

use std::time::Duration;

use super::super::attempts::{Event, Way, What};
use super::super::settings::MOST_TRIED;
use super::super::sight::Moment;
use super::super::span;
use super::super::window::SECOND;
use crate::frame::Timestamp;

const WINDOW: i64 = 60 * SECOND;
/// An attempt has so long to be answered.
pub(super) const GRACE: i64 = SECOND;
const MOST_PROBES: usize = MOST_TRIED as usize;

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
pub(super) struct Tried<T> {
    probes: Vec<Probe<T>>,
    /// There were more than are kept.
    more: bool,
    is_due: bool,
    /// Attempts that exchanged data, in this window.
    fruitful: u32,
    since: Timestamp,
}

/// Probes that came to nothing, in the order they were made.
pub(super) struct Fruitless<T> {
    pub(super) tried: Vec<T>,
    /// There were more.
    more: bool,
    first: Moment,
    pub(super) last: Moment,
    pub(super) answered: usize,
    refused: usize,
}

impl<T: Copy + PartialEq> Tried<T> {
    pub(super) fn new(since: Timestamp) -> Self {
        Self {
            probes: Vec::new(),
            more: false,
            is_due: false,
            fruitful: 0,
            since,
        }
    }

    pub(super) fn note(&mut self, event: &Event, what: T) {
        let known = self.probes.iter().position(|probe| probe.what == what);
        match (event.what, known) {
            (What::Asked | What::Refused, None) => {
                self.forget_old(event.at.time);
                if self.probes.is_empty() {
                    // Most try one thing, and in a flood there are many of them.
                    self.probes.reserve_exact(1);
                }
                self.more |= self.probes.len() == MOST_PROBES;
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
    pub(super) fn fruitless(
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
        let moment = |probe: &Probe<T>| Moment {
            frame: probe.frame,
            time: probe.at,
        };
        Some(Fruitless {
            more: self.more,
            first: moment(found.first()?),
            last: moment(found.last()?),
            answered: found.iter().filter(|probe| probe.answered).count(),
            refused: found
                .iter()
                .filter(|probe| probe.settled && !probe.answered)
                .count(),
            tried: found.iter().map(|probe| probe.what).collect(),
        })
    }

    /// When the last attempt that may still be answered has had its second; none where all have.
    fn waits_until(&self, now: Timestamp) -> Option<Timestamp> {
        let waiting =
            |probe: &&Probe<T>| !probe.settled && (0..GRACE).contains(&now.since(probe.at));
        let last = self
            .probes
            .iter()
            .filter(waiting)
            .map(|probe| probe.at)
            .max()?;
        Some(last.after(Duration::from_nanos(GRACE.unsigned_abs())))
    }

    /// When it is to be judged, where there may be `enough` and that is not known yet.
    pub(super) fn becomes_due(
        &mut self,
        now: Timestamp,
        enough: u32,
        room: bool,
    ) -> Option<Timestamp> {
        if self.is_due || !room || self.probes.len() < enough as usize {
            return None;
        }
        let when = self.waits_until(now);
        self.is_due = when.is_some();
        when
    }

    /// Tells what was due, unless it is to wait on: until when.
    pub(super) fn judge(
        &mut self,
        now: Timestamp,
        enough: u32,
        share: f64,
        tell: impl FnOnce(&Fruitless<T>),
    ) -> Option<Timestamp> {
        let waits = self.waits_until(now);
        self.is_due = waits.is_some();
        if waits.is_none()
            && let Some(found) = self.fruitless(now, false, enough, share)
        {
            self.forget();
            tell(&found);
        }
        waits
    }

    pub(super) fn forget(&mut self) {
        self.probes.clear();
        self.more = false;
    }
}

impl<T> Fruitless<T> {
    /// How many, as far as they were kept apart.
    pub(super) fn count(&self) -> String {
        let or_more = if self.more { " or more" } else { "" };
        format!("{}{or_more}", self.tried.len())
    }

    pub(super) fn evidence(&self) -> Vec<String> {
        let silent = self.tried.len() - self.answered - self.refused;
        vec![
            format!(
                "frames {} to {}, within {}",
                self.first.frame,
                self.last.frame,
                span(self.last.time.since(self.first.time))
            ),
            format!(
                "{} refused, {silent} not answered, {} answered and then left",
                self.refused, self.answered
            ),
        ]
    }
}
