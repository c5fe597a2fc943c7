//! An event as a line for people.

use crate::analysis::neighbors::{Event, Kind};
use crate::commands::neighbors::place;
use crate::output::time::{Reference, TimeForm, TimeWriter};
use crate::text::{Buffer, push, push_left, push_mac, push_number};
use crate::vendor;

/// Columns of the longest level and the longest event.
const LEVEL: usize = "warning".len();
const EVENT: usize = "reused old ethernet address".len();

pub(super) struct Writer {
    time: TimeWriter,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            time: TimeWriter::new(TimeForm::AbsoluteDate),
        }
    }

    pub(super) fn push(&mut self, out: &mut Buffer, event: &Event) {
        self.time.push(out, Some(event.time), Reference::default());
        push(out, " ");
        push_left(out, event.level.name(), LEVEL);
        push(out, "  ");
        push_left(out, event.kind.name(), EVENT);
        push(out, &format!("  {} at ", event.address));
        push_named(out, event.mac);
        push_before(out, event);
        let place = place(&event.interface, &event.vlan.to_string());
        if !place.is_empty() {
            push(out, &format!(", on {place}"));
        }
        if event.repeats > 0 {
            push(out, " (and ");
            push_number(out, event.repeats);
            push(out, " times untold before)");
        }
        out.push(b'\n');
    }
}

/// Where it was before, or who said so.
fn push_before(out: &mut Buffer, event: &Event) {
    let said_by_another = matches!(event.kind, Kind::EthernetMismatch | Kind::EthernetBroadcast);
    match (event.other, event.idle) {
        (Some(sender), _) if said_by_another => {
            push(out, ", sent by ");
            push_named(out, sender);
        }
        (Some(before), idle) => {
            push(out, ", was at ");
            push_named(out, before);
            if let Some(idle) = idle {
                push(out, &format!(" until {} before", span(idle)));
            }
        }
        (None, Some(idle)) => push(out, &format!(", not seen for {}", span(idle))),
        (None, None) => {}
    }
}

fn push_named(out: &mut Buffer, mac: [u8; 6]) {
    push_mac(out, mac);
    push(out, &format!(" ({})", vendor::identify(mac).short()));
}

/// A length of time in its largest unit.
fn span(nanos: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400, "days"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = nanos.max(0) / 1_000_000_000;
    let fitting = UNITS
        .iter()
        .find(|(size, _)| seconds >= 2 * size || *size == 1 && seconds == 1);
    match fitting {
        Some((size, unit)) => format!("{} {unit}", seconds / size),
        None => format!("{} ms", nanos.max(0) / 1_000_000),
    }
}
