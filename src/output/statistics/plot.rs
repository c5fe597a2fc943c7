//! Traffic over time as a small plot of block characters.

use super::human;
use super::page::shown;
use super::sheet::{Cell, Sheet};
use crate::frame::Timestamp;

/// Columns of the plot itself, and its lines.
const WIDTH: usize = 60;
const HEIGHT: usize = 5;

/// Room for the scale, to the left.
const MARGIN: usize = 14;

/// From an eighth of a line to a whole one.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Bits a second over time; `sheet` is the section of rates, and not empty.
pub(super) fn push(text: &mut String, sheet: &Sheet) {
    let points: Vec<(Timestamp, i64, u64)> =
        sheet.rows.iter().filter_map(|row| point(row)).collect();
    let (Some((first, interval, _)), Some((last, ..))) = (points.first(), points.last()) else {
        return;
    };
    // As few intervals to a column as fit.
    let together = points.len().div_ceil(WIDTH);
    let seconds = *interval as f64 / 1e9 * together as f64;
    let columns: Vec<f64> = points
        .chunks(together)
        .map(|chunk| {
            chunk
                .iter()
                .map(|(.., bytes)| *bytes as f64 * 8.0)
                .sum::<f64>()
                / seconds
        })
        .collect();
    let most = columns.iter().copied().fold(0.0, f64::max);
    for line in (0..HEIGHT).rev() {
        let scale = if line + 1 == HEIGHT {
            human::scaled(most, "bit/s")
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
    let all = last.since(*first).saturating_add(*interval);
    text.push_str(&format!(
        "{:MARGIN$}  {}, {} a column, {} in all\n",
        "",
        shown(&Cell::Time(*first)),
        human::span(interval.saturating_mul(together as i64)),
        human::span(all),
    ));
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
}
