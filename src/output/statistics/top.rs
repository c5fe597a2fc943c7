//! The heaviest first, and what is said of the rest.

use std::cmp::Reverse;

use super::human;
use crate::analysis::statistics::{Counted, Forgotten};

/// The `limit` entries with most bytes (of equals, most frames; then by key), and what people should know about those
/// that are not shown.
pub(super) fn heaviest<K: Ord, V: Counted>(
    mut found: Vec<(K, V)>,
    limit: Option<usize>,
    forgotten: Forgotten,
) -> (Vec<(K, V)>, Vec<String>) {
    let weight = |value: &V| Reverse((value.traffic().bytes, value.traffic().frames));
    found.sort_unstable_by(|(one, a), (other, b)| {
        weight(a).cmp(&weight(b)).then_with(|| one.cmp(other))
    });
    let mut notes = Vec::new();
    if let Some(limit) = limit {
        note_hidden(&mut notes, found.len().saturating_sub(limit));
        found.truncate(limit);
    }
    if forgotten.entries > 0 {
        notes.push(format!(
            "{} small ones forgotten to bound memory ({} in {} frames); a count above may lack up to {}",
            human::count(forgotten.entries),
            human::bytes(forgotten.traffic.bytes),
            human::count(forgotten.traffic.frames),
            human::bytes(forgotten.most_bytes),
        ));
    }
    (found, notes)
}

pub(super) fn note_hidden(notes: &mut Vec<String>, hidden: usize) {
    if hidden > 0 {
        notes.push(format!(
            "{} more, with fewer bytes",
            human::count(hidden as u64)
        ));
    }
}
