//! One JSON object a line for each rule.

use serde_json::json;

use super::Report;
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, report: &Report) {
    for (number, outcome) in (1..).zip(&report.outcomes) {
        let object = json!({
            "rule": number,
            "name": outcome.rule.name,
            "expect": outcome.rule.expect.trim(),
            "holds": outcome.holds() && report.errors.is_empty(),
            "said": outcome.finding.said,
            "frames": outcome.finding.frames,
            "filter": outcome.finding.filter,
            "input": report.input,
            "errors": report.errors,
        });
        text::push(out, &object.to_string());
        out.push(b'\n');
    }
}
