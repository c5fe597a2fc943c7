//! A difference as one JSON object on a line; docs/diff.md describes it.

use serde_json::{Value, json};

use crate::analysis::differences::{Difference, Shown};
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, difference: &Difference) {
    let object = json!({
        "difference": difference.kind.name(),
        "severity": difference.severity.name(),
        "subject": difference.subject,
        "summary": difference.summary,
        "good": shown(&difference.good),
        "bad": shown(&difference.bad),
        "filter": difference.filter,
    });
    text::push(out, &object.to_string());
    out.push(b'\n');
}

/// Frames only where there are any.
fn shown(shown: &Shown) -> Value {
    let frames = shown.frames;
    let mut object = json!({ "said": shown.said, "count": frames.count });
    if frames.count > 0 {
        object["first_frame"] = frames.first.into();
        object["last_frame"] = frames.last.into();
    }
    object
}
