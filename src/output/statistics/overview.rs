//! The capture as a whole, and TCP's health: facts, not lists.

use super::sheet::{Cell, Column, Shape, Sheet, column};
use crate::analysis::statistics::{Section, TcpHealth, Totals};

const OVERVIEW: &[Column] = &[
    column("frames", "Frames"),
    column("bytes", "On the wire"),
    column("bytes_captured", "Captured"),
    column("frames_cut", "Cut by the snapshot length"),
    column("frames_in_part", "Cut or malformed"),
    column("frames_timeless", "Without a time"),
    column("first", "First frame"),
    column("last", "Last frame"),
    column("duration", "Duration"),
    column("frames_per_second", "Frame rate"),
    column("bits_per_second", "Bit rate"),
    column("mean_frame_size", "Mean frame size"),
];

pub(super) fn overview(totals: &Totals) -> Sheet {
    let row = vec![
        Cell::Count(totals.traffic.frames),
        Cell::Bytes(totals.traffic.bytes),
        Cell::Bytes(totals.captured_bytes),
        Cell::Exception(totals.cut),
        Cell::Exception(totals.problems),
        Cell::Exception(totals.timeless),
        Cell::time(totals.period.first()),
        Cell::time(totals.period.last()),
        Cell::Span(totals.period.duration()),
        Cell::measure(totals.frame_rate(), "frames/s"),
        Cell::measure(totals.byte_rate().map(|rate| rate * 8.0), "bit/s"),
        Cell::measure(totals.mean_size(), "B"),
    ];
    facts(Section::Overview, OVERVIEW, row)
}

const TCP: &[Column] = &[
    column("segments", "Segments"),
    column("syn", "SYN: connections asked for"),
    column("syn_ack", "SYN, ACK: accepted"),
    column("fin", "FIN: a side has sent all"),
    column("rst", "RST: refused or broken off"),
    column("zero_window", "Window 0: a receiver is full"),
];

pub(super) fn tcp(health: &TcpHealth) -> Sheet {
    let row = vec![
        Cell::Count(health.segments),
        Cell::Count(health.syn),
        Cell::Count(health.syn_ack),
        Cell::Count(health.fin),
        Cell::Count(health.rst),
        Cell::Count(health.zero_window),
    ];
    facts(Section::Tcp, TCP, row)
}

fn facts(section: Section, columns: &'static [Column], row: Vec<Cell>) -> Sheet {
    Sheet {
        section,
        columns,
        rows: vec![row],
        shape: Shape::Facts,
        notes: Vec::new(),
    }
}
