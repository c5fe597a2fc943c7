//! What a run says at its end, on standard error: results are on standard output.

use std::fmt::Write;

use crate::pipeline::Outcome;
use crate::source::live::Counts;

/// What every run over frames can tell.
pub(super) fn frames(outcome: &Outcome, verb: &str) -> String {
    let mut text = format!(
        "{} {verb}, {} bytes on the wire",
        counted(outcome.passed, "frame"),
        outcome.passed_bytes
    );
    if outcome.read != outcome.passed {
        let _ = write!(text, "; {} read", counted(outcome.read, "frame"));
    }
    if outcome.problems > 0 {
        let _ = write!(text, "; {} cut or malformed", outcome.problems);
    }
    if outcome.timeless > 0 {
        let _ = write!(
            text,
            "\n{} had no time; the file written says 1970-01-01 for them",
            counted(outcome.timeless, "frame")
        );
    }
    if outcome.forgotten > 0 {
        let _ = write!(
            text,
            "\n{} forgotten to bound memory: numbers of those that went on start anew",
            counted(outcome.forgotten, "conversation")
        );
    }
    text
}

/// What the kernel counted, interface by interface.
pub(super) fn drops(counts: &[Counts]) -> String {
    let mut text = String::new();
    for count in counts {
        let _ = write!(
            text,
            "\n{}: {} received by the filter, {} dropped by the kernel, {} dropped by the interface",
            count.interface, count.received, count.dropped, count.interface_dropped
        );
        if count.dropped > 0 {
            text.push_str(" (a larger --buffer-size or a narrower -f helps)");
        }
    }
    text
}

/// `1 frame`, `2 frames`, `3 addresses`.
pub(super) fn counted(n: u64, noun: &str) -> String {
    let plural = match n {
        1 => "",
        _ if noun.ends_with("ss") => "es",
        _ => "s",
    };
    format!("{n} {noun}{plural}")
}
