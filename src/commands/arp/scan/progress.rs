//! How far a scan is, on standard error, where that is a terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Form;
use super::row::Row;
use crate::arp::{Ask, Plan};

/// Shorter ones are over before anybody has read it.
const WORTH_IT: Duration = Duration::from_millis(300);

pub(super) struct Progress {
    bar: Option<ProgressBar>,
    per_pass: usize,
}

impl Progress {
    pub fn new(form: Form, ask: &Ask, quiet: bool, plan: &Plan) -> Self {
        let per_pass = ask.targets().len();
        let stderr = io::stderr().is_terminal();
        // Lines on the same terminal show well enough how far it is.
        let crossed = form != Form::Table && io::stdout().is_terminal();
        if !stderr || quiet || crossed || plan.longest(per_pass) < WORTH_IT {
            return Self {
                bar: None,
                per_pass,
            };
        }
        let total = per_pass * plan.passes as usize;
        let bar = ProgressBar::with_draw_target(
            Some(total as u64),
            ProgressDrawTarget::stderr_with_hz(10),
        );
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {elapsed}  {msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Self {
            bar: Some(bar),
            per_pass,
        }
    }

    /// The newest answer.
    pub fn found(&mut self, row: &Row) {
        if let Some(bar) = &self.bar {
            let [address, mac, vendor, ..] = row.cells();
            bar.set_message(format!("{address} is at {mac} ({vendor})"));
        }
    }

    pub fn update(&mut self, ask: &Ask) {
        if let Some(bar) = &self.bar {
            let (pass, within) = ask.progress();
            let done = (pass.saturating_sub(1)) as usize * self.per_pass + within;
            bar.set_position(done as u64);
        }
    }

    /// Writes to standard output, with the bar out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
