//! Alerts that are raised in one capture and not in the other.

use super::difference::{Difference, Kind, Shown};
use super::pair::Pair;
use super::{Seen, Side};
use crate::about::Interface;
use crate::analysis::alerts::{Alert, Alerts, Settings, Severity};
use crate::decode::Packet;

const MOST: usize = 4096;

pub(super) struct Raised {
    settings: Settings,
    alerts: Alerts,
    /// By name and subject.
    table: Pair<(&'static str, String), Told>,
}

#[derive(Debug, Default)]
struct Told {
    alert: Option<Alert>,
    seen: Seen,
}

impl Raised {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.clone(),
            alerts: Alerts::new(settings),
            table: Pair::new(MOST),
        }
    }

    pub(super) fn look(&mut self, side: Side, packet: &Packet<'_>) {
        for alert in self.alerts.observe(packet) {
            take(&mut self.table, side, alert);
        }
    }

    pub(super) fn add_interfaces(&mut self, new: &[Interface]) {
        self.alerts.add_interfaces(new);
    }

    pub(super) fn end(&mut self, side: Side) {
        for alert in self.alerts.finish() {
            take(&mut self.table, side, alert);
        }
        self.alerts = Alerts::new(&self.settings);
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        for (_, both) in self.table.each() {
            let difference = match both {
                (None, Some(bad)) => told(Kind::AlertNew, bad, |shown| (Shown::nothing(), shown)),
                (Some(good), None) => {
                    told(Kind::AlertGone, good, |shown| (shown, Shown::nothing()))
                }
                _ => None,
            };
            found.extend(difference);
        }
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.table.left_out()
    }
}

fn take(table: &mut Pair<(&'static str, String), Told>, side: Side, alert: Alert) {
    let key = (alert.kind.name(), alert.subject.clone());
    if let Some(told) = table.entry(side, &key) {
        // Told again, it has been counted since the first time.
        told.seen = Seen {
            count: alert.count.max(told.seen.count),
            first: match told.seen.first {
                0 => alert.first.frame,
                first => first.min(alert.first.frame),
            },
            last: alert.last.frame.max(told.seen.last),
        };
        let is_worse = |known: &Alert| alert.severity > known.severity;
        if told.alert.as_ref().is_none_or(is_worse) {
            told.alert = Some(alert);
        }
    }
}

fn told(
    kind: Kind,
    told: &Told,
    sides: impl FnOnce(Shown) -> (Shown, Shown),
) -> Option<Difference> {
    let alert = told.alert.as_ref()?;
    let (name, is_gone) = (alert.kind, kind == Kind::AlertGone);
    let shown = Shown::new(format!("{name} ({})", alert.severity), told.seen);
    let (good, bad) = sides(shown);
    Some(Difference {
        kind,
        severity: if is_gone {
            Severity::Info
        } else {
            alert.severity
        },
        subject: alert.subject.clone(),
        summary: match is_gone {
            true => format!("no {name} any more: {}", alert.summary),
            false => format!("{name}: {}", alert.summary),
        },
        good,
        bad,
        filter: Some(alert.filter.clone()),
    })
}
