//! How far a scan is, on standard error, where that is a terminal and no results go to it meanwhile.

use std::time::{Duration, Instant};

use super::Form;
use super::row::Row;
use crate::arp::{Ask, Plan};
use crate::commands::progress::{StatusLine, clock, count};

/// Shorter scans are over before anybody has read it.
const WORTH_IT: Duration = Duration::from_millis(300);
/// More often nobody can read it.
const INTERVAL: Duration = Duration::from_millis(100);

pub(super) struct Progress {
    line: StatusLine,
    passes: u32,
    since: Instant,
    shown: Option<Instant>,
    newest: String,
}

impl Progress {
    pub fn new(form: Form, ask: &Ask, quiet: bool, plan: &Plan) -> Self {
        let is_short = plan.longest(ask.targets().len()) < WORTH_IT;
        let line = match quiet || is_short {
            true => StatusLine::Off,
            false => StatusLine::new(false, form != Form::Table),
        };
        Self {
            line,
            passes: plan.passes,
            since: Instant::now(),
            shown: None,
            newest: String::new(),
        }
    }

    /// The newest answer.
    pub fn found(&mut self, row: &Row) {
        if !self.line.is_off() {
            let [address, mac, vendor, ..] = row.cells();
            self.newest = format!("; {address} is at {mac} ({vendor})");
        }
    }

    pub fn update(&mut self, ask: &Ask) {
        let is_early = self.shown.is_some_and(|shown| shown.elapsed() < INTERVAL);
        if self.line.is_off() || is_early {
            return;
        }
        self.shown = Some(Instant::now());
        let (pass, within) = ask.progress();
        let all = ask.targets().len();
        let answered = count((all - ask.silent()) as u64);
        self.line.show(format!(
            "{} of {} asked, pass {pass} of {}, {answered} answered, {}{}",
            count(within as u64),
            count(all as u64),
            self.passes,
            clock(self.since.elapsed()),
            self.newest
        ));
    }

    /// Writes to standard output, with the line out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.line.aside(write)
    }

    pub fn end(self) {
        self.line.end();
    }
}
