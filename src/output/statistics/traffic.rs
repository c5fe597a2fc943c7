//! How traffic is spread: over time, sizes, receivers, kinds of address.

use std::cmp::Reverse;

use super::sheet::{Cell, Column, Shape, Sheet, column};
use crate::analysis::Statistics;
use crate::analysis::statistics::{Cast, FLOORS, Rates, Section};

const RATES: &[Column] = &[
    column("start", "Start"),
    column("interval", "Interval"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("bits_per_second", "Bit rate"),
];

pub(super) fn rates(rates: &Rates) -> Sheet {
    let interval = rates.interval();
    let rows = rates.iter().map(|(start, traffic)| {
        let bits = traffic.bytes as f64 * 8.0 / (interval as f64 / 1e9);
        vec![
            Cell::Time(start),
            Cell::Span(interval),
            Cell::Count(traffic.frames),
            Cell::Bytes(traffic.bytes),
            Cell::Measure(bits, "bit/s"),
        ]
    });
    sheet(Section::Rates, RATES, Shape::Plot, rows)
}

const SIZES: &[Column] = &[
    column("shortest_of_class", "From"),
    column("longest_of_class", "To"),
    column("frames", "Frames"),
    column("share_of_frames", "Share"),
    column("bytes", "Bytes"),
    column("shortest", "Shortest"),
    column("mean", "Mean"),
    column("longest", "Longest"),
];

pub(super) fn sizes(statistics: &Statistics) -> Sheet {
    let all = statistics.totals.traffic.frames;
    let ceilings = FLOORS[1..].iter().map(|next| Some(next - 1)).chain([None]);
    let classes = FLOORS.iter().zip(ceilings).zip(&statistics.sizes.classes);
    let rows = classes.map(|((floor, ceiling), class)| {
        let frames = class.traffic.frames;
        let when_any = |cell| if frames > 0 { cell } else { Cell::Nothing };
        vec![
            Cell::Count((*floor).into()),
            ceiling.map_or(Cell::Nothing, |ceiling| Cell::Count(ceiling.into())),
            Cell::Count(frames),
            if all > 0 {
                Cell::Share(frames as f64 / all as f64)
            } else {
                Cell::Nothing
            },
            Cell::Bytes(class.traffic.bytes),
            when_any(Cell::Count(class.shortest.into())),
            when_any(Cell::Measure(
                class.traffic.bytes as f64 / frames as f64,
                "",
            )),
            when_any(Cell::Count(class.longest.into())),
        ]
    });
    sheet(Section::Sizes, SIZES, Shape::Table, rows)
}

const DELIVERY: &[Column] = &[
    column("to", "To"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
];

pub(super) fn delivery(statistics: &Statistics) -> Sheet {
    let seen = Cast::ALL
        .iter()
        .map(|cast| (cast, statistics.delivery.of(*cast)))
        .filter(|(cast, traffic)| **cast != Cast::Unknown || traffic.frames > 0);
    let rows = seen.map(|(cast, traffic)| {
        vec![
            Cell::text(cast.name()),
            Cell::Count(traffic.frames),
            Cell::Bytes(traffic.bytes),
            Cell::share(traffic, statistics.totals.traffic),
        ]
    });
    sheet(Section::Delivery, DELIVERY, Shape::Table, rows)
}

const SCOPES: &[Column] = &[
    column("scope", "Scope"),
    column("frames_sent", "Frames from"),
    column("bytes_sent", "Bytes from"),
    column("frames_received", "Frames to"),
    column("bytes_received", "Bytes to"),
];

pub(super) fn scopes(statistics: &Statistics) -> Sheet {
    let mut found: Vec<_> = statistics.scopes.iter().collect();
    found.sort_by_key(|(name, exchange)| (Reverse(exchange.total().bytes), *name));
    let rows = found.into_iter().map(|(name, exchange)| {
        vec![
            Cell::text(name),
            Cell::Count(exchange.sent.frames),
            Cell::Bytes(exchange.sent.bytes),
            Cell::Count(exchange.received.frames),
            Cell::Bytes(exchange.received.bytes),
        ]
    });
    sheet(Section::Scopes, SCOPES, Shape::Table, rows)
}

fn sheet(
    section: Section,
    columns: &'static [Column],
    shape: Shape,
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Sheet {
    Sheet {
        section,
        columns,
        rows: rows.collect(),
        shape,
        notes: Vec::new(),
    }
}
