//! For people: what holds, what does not, and the frames that show it.

use super::{Outcome, Report};
use crate::text::escape::{escaped, harmless};
use crate::text::{self, Buffer, shell};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    for outcome in &report.outcomes {
        text::push(out, if outcome.holds() { "ok    " } else { "FAIL  " });
        text::push(out, &harmless(&outcome.rule.name));
        text::push(out, "\n");
        if !outcome.holds() {
            explain(out, outcome, &report.command);
        }
    }
    text::push(out, &format!("{}\n", report.summary()));
}

fn explain(out: &mut Buffer, outcome: &Outcome, command: &str) {
    let mut line = |words: &str| {
        text::push(out, "      ");
        text::push(out, words);
        text::push(out, "\n");
    };
    if outcome.rule.name != outcome.rule.expect.trim() {
        line(&format!(
            "expected: {}",
            harmless(outcome.rule.expect.trim())
        ));
    }
    line(&escaped(&outcome.finding.said));
    if let Some(frames) = outcome.frames() {
        line(&frames);
    }
    if let (Some(filter), false) = (&outcome.finding.filter, outcome.finding.frames.is_empty()) {
        let look = format!("look: {command} -Y {}", shell::word(filter));
        line(&harmless(&look));
    }
}
