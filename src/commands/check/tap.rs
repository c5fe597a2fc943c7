//! The Test Anything Protocol, version 14 (testanything.org), with a YAML block behind what failed.

use super::Report;
use crate::text::escape::harmless;
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    line(out, "TAP version 14");
    let tests = report.outcomes.len() + usize::from(!report.errors.is_empty());
    line(out, &format!("1..{tests}"));
    for (number, outcome) in (1..).zip(&report.outcomes) {
        let not = if outcome.holds() { "" } else { "not " };
        let name = description(&outcome.rule.name);
        line(out, &format!("{not}ok {number} - {name}"));
        if outcome.holds() {
            continue;
        }
        line(out, "  ---");
        line(
            out,
            &format!("  message: {}", quoted(&outcome.finding.said)),
        );
        line(
            out,
            &format!("  expected: {}", quoted(outcome.rule.expect.trim())),
        );
        let frames: Vec<_> = outcome.finding.frames.iter().map(u64::to_string).collect();
        line(out, &format!("  frames: [{}]", frames.join(", ")));
        if let Some(filter) = &outcome.finding.filter {
            line(out, &format!("  filter: {}", quoted(filter)));
        }
        line(out, "  ...");
    }
    if !report.errors.is_empty() {
        line(out, &format!("not ok {tests} - {}", Report::READ));
        line(out, "  ---");
        line(
            out,
            &format!("  message: {}", quoted(&report.errors.join("; "))),
        );
        line(out, "  ...");
    }
}

fn line(out: &mut Buffer, words: &str) {
    text::push(out, words);
    out.push(b'\n');
}

/// In a description, "#" begins a directive, and a backslash stands before either.
fn description(name: &str) -> String {
    harmless(name).replace('\\', "\\\\").replace('#', "\\#")
}

/// JSON's strings are YAML's too (YAML 1.2, 1.3).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
