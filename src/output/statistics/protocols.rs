//! Which protocols lie in which.

use super::human;
use super::sheet::{Cell, Column, Sheet, column};
use crate::analysis::statistics::{Hierarchy, Section, Totals};

const COLUMNS: &[Column] = &[
    column("path", ""),
    column("protocol", "Protocol"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
    column("frames_ending_here", ""),
    column("bytes_ending_here", ""),
];

pub(super) fn sheet(protocols: &Hierarchy, totals: &Totals) -> Sheet {
    let rows = protocols.branches().into_iter().map(|branch| {
        let tokens: Vec<_> = branch.path.iter().map(|kind| kind.token()).collect();
        let name = branch.path.last().map_or("", |kind| kind.short());
        let depth = branch.path.len() - 1;
        vec![
            Cell::Text(tokens.join(":")),
            Cell::Text(format!("{}{name}", "  ".repeat(depth))),
            Cell::Count(branch.total.frames),
            Cell::Bytes(branch.total.bytes),
            Cell::share(branch.total.bytes, totals.traffic.bytes),
            Cell::Count(branch.ending.frames),
            Cell::Bytes(branch.ending.bytes),
        ]
    });
    let notes = match protocols.folded() {
        0 => Vec::new(),
        folded => vec![format!(
            "{} frames have paths beyond those that memory is kept for, and are counted at an outer protocol.",
            human::count(folded)
        )],
    };
    Sheet {
        section: Section::Protocols,
        title: "Protocols",
        columns: COLUMNS,
        rows: rows.collect(),
        notes,
    }
}
