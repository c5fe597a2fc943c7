//! An alert as one JSON object on a line; docs/alerts.md describes it.

use serde_json::json;

use crate::analysis::alerts::{Alert, Moment};
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, alert: &Alert) {
    let object = json!({
        "alert": alert.kind.name(),
        "severity": alert.severity.name(),
        "subject": alert.subject,
        "summary": alert.summary,
        "evidence": alert.evidence,
        "filter": alert.filter,
        "count": alert.count,
        "repeated": alert.repeated,
        "first": moment(alert.first),
        "last": moment(alert.last),
    });
    text::push(out, &object.to_string());
    out.push(b'\n');
}

fn moment(moment: Moment) -> serde_json::Value {
    let mut time = Buffer::new();
    text::push_epoch(&mut time, moment.time);
    json!({ "frame": moment.frame, "time": String::from_utf8_lossy(&time) })
}
