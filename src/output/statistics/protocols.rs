//! Which protocols lie in which.

use std::cmp::Reverse;

use super::sheet::{Cell, Column, Shape, Sheet, column};
use super::{human, top};
use crate::analysis::Statistics;
use crate::analysis::statistics::{Branch, Section};

const COLUMNS: &[Column] = &[
    column("path", ""),
    column("protocol", "Protocol"),
    column("name", ""),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
    column("frames_ending_here", ""),
    column("bytes_ending_here", ""),
];

pub(super) fn protocols(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let mut branches = statistics.protocols.branches();
    let mut notes = Vec::new();
    if let Some(limit) = limit {
        top::note_hidden(&mut notes, branches.len().saturating_sub(limit));
        keep_heaviest(&mut branches, limit);
    }
    let folded = statistics.protocols.folded();
    if folded > 0 {
        notes.push(format!(
            "{} frames nest in more ways than are kept, and count where the last known one ends",
            human::count(folded)
        ));
    }
    let rows = branches.iter().map(|branch| row(statistics, branch));
    Sheet {
        section: Section::Protocols,
        columns: COLUMNS,
        rows: rows.collect(),
        shape: Shape::Table,
        notes,
    }
}

fn row(statistics: &Statistics, branch: &Branch) -> Vec<Cell> {
    let tokens: Vec<_> = branch.path.iter().map(|kind| kind.token()).collect();
    let last = branch.path.last();
    let indent = "  ".repeat(branch.path.len().saturating_sub(1));
    vec![
        Cell::Text(tokens.join(":")),
        Cell::Text(format!("{indent}{}", last.map_or("", |kind| kind.short()))),
        Cell::text(last.map_or("", |kind| kind.name())),
        Cell::Count(branch.total.frames),
        Cell::Bytes(branch.total.bytes),
        Cell::share(branch.total, statistics.totals.traffic),
        Cell::Count(branch.ending.frames),
        Cell::Bytes(branch.ending.bytes),
    ]
}

/// Leaves the `limit` branches with most bytes. None stays without what it lies in, which has at least as many and
/// comes first.
fn keep_heaviest(branches: &mut Vec<Branch>, limit: usize) {
    let mut order: Vec<usize> = (0..branches.len()).collect();
    order.sort_by_key(|index| Reverse(branches[*index].total.bytes));
    let mut kept = vec![false; branches.len()];
    order
        .into_iter()
        .take(limit)
        .for_each(|index| kept[index] = true);
    let mut kept = kept.into_iter();
    branches.retain(|_| kept.next() == Some(true));
}
