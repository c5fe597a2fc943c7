//! JUnit XML, as CI systems read it: a suite for the capture, a case for each rule.
//!
//! There is no standard; this is what Jenkins' xUnit schema, GitLab and GitHub's reporters have in common.

use super::{Outcome, Report};
use crate::text::escape::escaped;
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    let tests = report.outcomes.len();
    let failures = report
        .outcomes
        .iter()
        .filter(|outcome| !outcome.holds())
        .count();
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\"");
    text::push(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text::push(out, &format!("<testsuites {counts}>\n"));
    let suite = attribute(&report.input);
    text::push(
        out,
        &format!("  <testsuite name=\"{suite}\" {counts} skipped=\"0\">\n"),
    );
    for outcome in &report.outcomes {
        case(out, outcome, &suite);
    }
    text::push(out, "  </testsuite>\n</testsuites>\n");
}

fn case(out: &mut Buffer, outcome: &Outcome, suite: &str) {
    let name = attribute(&outcome.rule.name);
    let open = format!("    <testcase name=\"{name}\" classname=\"{suite}\"");
    text::push(out, &open);
    if outcome.holds() {
        return text::push(out, "/>\n");
    }
    let message = attribute(&outcome.finding.said);
    let mut words = format!(
        "expected: {}\nfound: {}",
        outcome.rule.expect.trim(),
        outcome.finding.said
    );
    if let Some(frames) = outcome.frames() {
        words += &format!("\n{frames}");
    }
    if let Some(filter) = &outcome.finding.filter {
        words += &format!("\nfilter: {filter}");
    }
    text::push(
        out,
        &format!(
            ">\n      <failure message=\"{message}\" type=\"expectation\">{}</failure>\n    </testcase>\n",
            content(&words)
        ),
    );
}

/// On one line: a line break in an attribute becomes a space in most readers.
fn attribute(text: &str) -> String {
    marked_up(&escaped(text)).replace('"', "&quot;")
}

/// Several lines, each without control characters, which XML 1.0 can't hold at all.
fn content(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| marked_up(&escaped(line))).collect();
    lines.join("\n")
}

fn marked_up(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
