//! Annotations for GitHub Actions: a line for each rule that failed, which shows beside the run
//! (docs.github.com, "Workflow commands").

use super::Report;
use crate::text::escape::{escaped, harmless};
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    for outcome in report.outcomes.iter().filter(|outcome| !outcome.holds()) {
        let mut message = escaped(&outcome.finding.said);
        if let Some(frames) = outcome.frames() {
            message += &format!("; {frames}");
        }
        message += &format!(
            " ({}; expected: {})",
            report.input,
            outcome.rule.expect.trim()
        );
        let title = property(&harmless(&outcome.rule.name));
        text::push(out, &format!("::error title={title}::{}\n", data(&message)));
    }
    for error in &report.errors {
        let message = data(&harmless(error));
        text::push(out, &format!("::error title=netinspect check::{message}\n"));
    }
    let summary = format!("{}: {}", report.input, report.summary());
    text::push(
        out,
        &format!("::notice title=netinspect check::{}\n", data(&summary)),
    );
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
