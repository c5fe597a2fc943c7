//! Protocols that are spoken in one capture and not in the other.

use super::difference::{Difference, Kind, Shown};
use super::pair::Pair;
use super::{Seen, Side};
use crate::analysis::alerts::Severity;
use crate::decode::{self, Packet};

pub(super) struct Protocols(Pair<&'static str, Spoken>);

#[derive(Debug, Default)]
struct Spoken {
    name: &'static str,
    seen: Seen,
}

impl Default for Protocols {
    fn default() -> Self {
        // There are no more than these.
        Self(Pair::new(decode::Kind::ALL.len()))
    }
}

impl Protocols {
    pub(super) fn look(&mut self, side: Side, packet: &Packet<'_>) {
        for layer in packet.layers {
            let is_plain = matches!(layer.kind, decode::Kind::Frame | decode::Kind::Data);
            if is_plain || layer.quoted() || layer.is_guessed() {
                continue;
            }
            if let Some(spoken) = self.0.entry(side, &layer.kind.token()) {
                spoken.name = layer.kind.name();
                spoken.seen.add(packet.frame.number);
            }
        }
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        for (token, both) in self.0.each() {
            let (kind, what, spoken, good, bad) = match both {
                (Some(good), None) => (
                    Kind::ProtocolGone,
                    "is not spoken any more",
                    good,
                    shown(good),
                    Shown::nothing(),
                ),
                (None, Some(bad)) => (
                    Kind::ProtocolNew,
                    "is new",
                    bad,
                    Shown::nothing(),
                    shown(bad),
                ),
                _ => continue,
            };
            let name = spoken.name;
            found.push(Difference {
                kind,
                severity: Severity::Info,
                subject: (*token).to_owned(),
                summary: format!("{token} {what} ({name})"),
                good,
                bad,
                filter: Some((*token).to_owned()),
            });
        }
    }
}

fn shown(spoken: &Spoken) -> Shown {
    Shown::new("spoken", spoken.seen)
}
