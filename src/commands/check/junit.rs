//! JUnit XML, as CI systems read it: a suite for the capture, a case for each rule.
//!
//! There is no standard, but two schemas that are in use: Ant's as Windy Road wrote it down (JUnit.xsd), and that of Jenkins'
//! xUnit plugin (junit-10.xsd). This is valid by both, with all that the stricter one wants, in its order.

use std::fs;
use std::time::UNIX_EPOCH;

use super::{Outcome, Report};
use crate::frame::Timestamp;
use crate::output::time::rfc3339;
use crate::text::escape::{escaped, harmless};
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    let errors = usize::from(!report.errors.is_empty());
    let tests = report.outcomes.len() + errors;
    let failures = report
        .outcomes
        .iter()
        .filter(|outcome| !outcome.holds())
        .count();
    let suite = attribute(&report.input);
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => "localhost".to_owned(),
        host => attribute(host),
    };
    let took = report.took.as_secs_f64();
    text::push(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
    );
    text::push(
        out,
        &format!(
            "  <testsuite id=\"0\" package=\"netinspect\" name=\"{suite}\" timestamp=\"{}\" hostname=\"{host}\" \
             tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" time=\"{took:.3}\">\n    <properties/>\n",
            began(report)
        ),
    );
    for outcome in &report.outcomes {
        case(out, outcome, &suite);
    }
    if let Some(first) = report.errors.first() {
        let open = opening(Report::READ, &suite);
        let (message, words) = (attribute(first), content(&report.errors.join("\n")));
        text::push(
            out,
            &format!(
                "{open}>\n      <error message=\"{message}\" type=\"input\">{words}</error>\n    </testcase>\n"
            ),
        );
    }
    text::push(
        out,
        "    <system-out/>\n    <system-err/>\n  </testsuite>\n</testsuites>\n",
    );
}

/// To the second, in UTC, which must not be said: "2023-11-14T22:13:20".
fn began(report: &Report) -> String {
    let since = report.began.duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = rfc3339(Timestamp::new(since.as_secs() as i64, 0));
    let end = time.find(['.', 'Z']).unwrap_or(time.len());
    time[..end].to_owned()
}

/// How a case's element starts. All are decided in one reading, so that none takes a time of its own.
fn opening(name: &str, suite: &str) -> String {
    let name = attribute(name);
    format!("    <testcase name=\"{name}\" classname=\"{suite}\" time=\"0\"")
}

fn case(out: &mut Buffer, outcome: &Outcome, suite: &str) {
    text::push(out, &opening(&outcome.rule.name, suite));
    if outcome.holds() {
        return text::push(out, "/>\n");
    }
    let said = escaped(&outcome.finding.said);
    let message = attribute(&said);
    let mut words = format!("expected: {}\nfound: {said}", outcome.rule.expect.trim());
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
    marked_up(&harmless(text)).replace('"', "&quot;")
}

/// Several lines, each without control characters, which XML 1.0 can't hold at all.
fn content(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .map(|line| marked_up(&harmless(line)))
        .collect();
    lines.join("\n")
}

fn marked_up(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
