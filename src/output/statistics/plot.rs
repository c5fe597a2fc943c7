//! Traffic over time as a small plot of block characters.

use super::human;
use super::page::shown;
use super::sheet::{Cell, Sheet};
use crate::frame::Timestamp;
use crate::output::table;
use crate::text::amount::scaled;

/// Columns of the plot itself at most, and its lines.
const WIDTH: usize = 60;
const HEIGHT: usize = 5;

/// Room for the scale, to the left, and for what stands between it and the plot.
const MARGIN: usize = 14;
const EDGE: usize = 2;

/// From an eighth of a line to a whole one.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Bits a second over time; `sheet` is the section of rates, and not empty.
pub(super) fn push(text: &mut String, sheet: &Sheet) {
    let points: Vec<(Timestamp, i64, u64)> =
        sheet.rows.iter().filter_map(|row| point(row)).collect();
    let (Some((first, interval, _)), Some((last, ..))) = (points.first(), points.last()) else {
        return;
    };
    if points.len() == 1 {
        // What passes in no time has no rate.
        let interval = human::span(*interval);
        text.push_str(&format!(" all of it within {interval}\n"));
        return;
    }
    let room = table::terminal_width().map_or(WIDTH, |room| width(room.into()));
    let (together, columns) = columns(&points, room);
    let most = columns.iter().copied().fold(0.0, f64::max);
    for line in (0..HEIGHT).rev() {
        let scale = if line + 1 == HEIGHT {
            scaled(most, "bit/s")
        } else {
            String::new()
        };
        let edge = if scale.is_empty() { '│' } else { '┤' };
        let cells: String = columns
            .iter()
            .map(|value| block(*value / most, line))
            .collect();
        text.push_str(&format!("{scale:>MARGIN$} {edge}{}\n", cells.trim_end()));
    }
    text.push_str(&format!(
        "{:>MARGIN$} └{}\n",
        "0",
        "─".repeat(columns.len())
    ));
    let start = shown(&Cell::Time(*first));
    let all = last.since(*first).saturating_add(*interval);
    let length = format!(
        "{} a column, {} in all",
        human::span(interval.saturating_mul(together as i64)),
        human::span(all),
    );
    let is_narrow = room < WIDTH.min(start.len() + 2 + length.chars().count());
    let between = if is_narrow { "\n" } else { ", " };
    let indent = MARGIN + EDGE;
    for line in format!("{start}{between}{length}").lines() {
        text.push_str(&format!("{:indent$}{line}\n", ""));
    }
}

/// Columns for the plot where there are so many for everything.
fn width(room: usize) -> usize {
    /// With fewer nothing is to be seen; then the plot is torn.
    const LEAST: usize = 8;
    room.saturating_sub(MARGIN + EDGE).clamp(LEAST, WIDTH)
}

/// As few intervals to a column as fit: how many, and the bits a second of each column.
fn columns(points: &[(Timestamp, i64, u64)], room: usize) -> (usize, Vec<f64>) {
    let together = points.len().div_ceil(room);
    let rate = |column: &[(Timestamp, i64, u64)]| {
        let bytes: u64 = column.iter().map(|(.., bytes)| bytes).sum();
        let nanos: f64 = column.iter().map(|(_, interval, _)| *interval as f64).sum();
        bytes as f64 * 8.0 * 1e9 / nanos
    };
    // A last column of fewer intervals would have the rate of a shorter time, which a single frame makes a peak.
    let starts = (0..points.len()).step_by(together);
    let column = |start: usize| {
        let start = start.min(points.len() - together);
        rate(&points[start..start + together])
    };
    (together, starts.map(column).collect())
}

fn point(row: &[Cell]) -> Option<(Timestamp, i64, u64)> {
    match row {
        [
            Cell::Time(start),
            Cell::Span(interval),
            _,
            Cell::Bytes(bytes),
            ..,
        ] => Some((*start, *interval, *bytes)),
        _ => None,
    }
}

/// What `share` (0 to 1 of the whole height) shows on a line, counted from the lowest. What is there at all shows.
fn block(share: f64, line: usize) -> char {
    let steps = BLOCKS.len();
    let mut height = (share * (HEIGHT * steps) as f64).round() as usize;
    if share > 0.0 {
        height = height.max(1);
    }
    match height.saturating_sub(line * steps) {
        0 => ' ',
        above => BLOCKS[above.min(steps) - 1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_grow_by_eighths_and_nothing_is_invisible() {
        let column = |share| -> String { (0..HEIGHT).map(|line| block(share, line)).collect() };
        assert_eq!(column(0.0), "     ");
        assert_eq!(column(0.0001), "▁    ");
        assert_eq!(column(0.5), "██▄  ");
        assert_eq!(column(1.0), "█████");
    }

    #[test]
    fn a_constant_rate_is_flat_however_many_intervals_there_are() {
        for (count, room) in [(610, 60), (61, 60), (60, 60), (7, 60), (610, 44)] {
            let points: Vec<_> = (0..count)
                .map(|index| (Timestamp::from_nanos(index), 10_000_000, 568))
                .collect();
            let (together, columns) = columns(&points, room);
            assert!(columns.len() <= room && together * columns.len() >= points.len());
            assert!(columns.iter().all(|rate| (rate - 454_400.0).abs() < 0.1));
        }
    }

    #[test]
    fn one_frame_in_the_last_interval_is_no_peak() {
        // A frame each 17 ms, as intervals of a millisecond.
        let bytes = |index| if index % 17 == 0 { 100 } else { 0 };
        let points: Vec<_> = (0..=58 * 17)
            .map(|index| (Timestamp::from_nanos(index), 1_000_000, bytes(index)))
            .collect();
        let (together, columns) = columns(&points, 60);
        assert_eq!((together, columns.len()), (17, 58 + 1));
        assert!(columns.iter().all(|rate| (rate - columns[0]).abs() < 0.1));
    }

    #[test]
    fn a_narrow_terminal_has_a_narrow_plot() {
        assert_eq!([width(200), width(60), width(10)], [60, 44, 8]);
    }
}
