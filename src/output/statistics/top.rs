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
    noun: &str,
) -> (Vec<(K, V)>, Vec<String>) {
    found.sort_unstable_by(|(one, a), (other, b)| {
        let weight = |value: &V| (value.traffic().bytes, value.traffic().frames);
        Reverse(weight(a))
            .cmp(&Reverse(weight(b)))
            .then_with(|| one.cmp(other))
    });
    let mut notes = Vec::new();
    let hidden = limit.map_or(0, |limit| found.len().saturating_sub(limit));
    if hidden > 0 {
        notes.push(format!("{} more {noun}", human::count(hidden as u64)));
        found.truncate(found.len() - hidden);
    }
    if forgotten.entries > 0 {
        notes.push(format!(
            "{} small {noun} ({} in {} frames) were forgotten to bound memory; a count above may lack up to {}",
            human::count(forgotten.entries),
            human::bytes(forgotten.traffic.bytes),
            human::count(forgotten.traffic.frames),
            human::bytes(forgotten.most_bytes),
        ));
    }
    (found, notes)
}
