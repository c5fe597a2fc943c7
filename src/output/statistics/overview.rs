//! The capture as a whole.

use super::sheet::{Cell, Column, Sheet, column};
use crate::analysis::statistics::{Section, Totals};

const COLUMNS: &[Column] = &[
    column("frames", "Frames"),
    column("bytes", "Bytes on the wire"),
    column("bytes_captured", "Bytes captured"),
    column("frames_cut", "Frames cut by the snapshot length"),
    column("frames_in_part", "Frames decoded in part only"),
    column("frames_timeless", "Frames without a time"),
    column("first", "First frame"),
    column("last", "Last frame"),
    column("duration", "Duration"),
    column("frames_per_second", "Frames a second"),
    column("bits_per_second", "Bits a second"),
    column("mean_frame_size", "Bytes a frame"),
];

pub(super) fn sheet(totals: &Totals) -> Sheet {
    let row = vec![
        Cell::Count(totals.traffic.frames),
        Cell::Bytes(totals.traffic.bytes),
        Cell::Bytes(totals.captured_bytes),
        Cell::Count(totals.cut),
        Cell::Count(totals.problems),
        Cell::Count(totals.timeless),
        Cell::time(totals.period.first()),
        Cell::time(totals.period.last()),
        Cell::Span(totals.period.duration()),
        Cell::number(totals.frame_rate()),
        Cell::number(totals.byte_rate().map(|rate| rate * 8.0)),
        Cell::number(totals.mean_size()),
    ];
    Sheet {
        section: Section::Overview,
        title: "Overview",
        columns: COLUMNS,
        rows: vec![row],
        notes: Vec::new(),
    }
}
