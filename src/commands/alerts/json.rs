//! An alert as one JSON object on a line; docs/alerts.md describes it.

use serde_json::json;

use super::confirm::{self, Asked};
use crate::analysis::alerts::{Alert, Moment};
use crate::commands::interfaces::mac_text;
use crate::text::{self, Buffer};

pub(super) fn push(out: &mut Buffer, alert: &Alert, asked: &[Asked]) {
    let mut object = json!({
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
    if !asked.is_empty() {
        let asked = asked.iter().map(
            |(mac, standing)| json!({ "mac": mac_text(*mac), "answer": confirm::name(*standing) }),
        );
        object["asked"] = asked.collect();
    }
    text::push(out, &object.to_string());
    out.push(b'\n');
}

fn moment(moment: Moment) -> serde_json::Value {
    let mut time = Buffer::new();
    text::push_epoch(&mut time, moment.time);
    json!({ "frame": moment.frame, "time": String::from_utf8_lossy(&time) })
}
