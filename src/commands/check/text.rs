//! For people: what holds, what does not, and the frames that show it.

use super::{Outcome, Report};
use crate::text::escape::push_escaped;
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    for outcome in &report.outcomes {
        text::push(out, if outcome.holds() { "ok    " } else { "FAIL  " });
        push_escaped(out, outcome.rule.name.as_bytes());
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
        push_escaped(out, words.as_bytes());
        text::push(out, "\n");
    };
    if outcome.rule.name != outcome.rule.expect.trim() {
        line(&format!("expected: {}", outcome.rule.expect.trim()));
    }
    line(&outcome.finding.said);
    if let Some(frames) = outcome.frames() {
        line(&frames);
    }
    if let (Some(filter), false) = (&outcome.finding.filter, outcome.finding.frames.is_empty()) {
        line(&format!("look: {command} -Y '{filter}'"));
    }
}
