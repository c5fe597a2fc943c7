//! Traffic over time as a picture (SVG 1.1).

use std::fmt::Write;

use super::page::shown;
use super::sheet::{Cell, Sheet};
use crate::text::amount::scaled;

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 40.0;

/// A bar for each interval of `rates`, which is that section's sheet. Holds numbers and our own words only.
pub fn svg(rates: &Sheet) -> String {
    let values: Vec<f64> = match &rates.rows[..] {
        // What passes in no time has no rate.
        [] | [_] => Vec::new(),
        rows => rows.iter().map(|row| bit_rate(row)).collect(),
    };
    let most = values.iter().copied().fold(0.0, f64::max);
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let step = (right - LEFT) / values.len().max(1) as f64;
    let mut bars = String::new();
    for (index, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let height = value / most * (bottom - TOP);
        // Writing to memory can't fail.
        let _ = write!(
            bars,
            "M{:.2} {bottom}v{:.2}h{step:.2}v{height:.2}z",
            LEFT + step * index as f64,
            -height,
        );
    }
    let mut labels = String::new();
    let mut label = |x: f64, y: f64, anchor: &str, text: &str| {
        let _ = writeln!(
            labels,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    };
    label(LEFT, 24.0, "start", "Bits a second over time");
    if most > 0.0 {
        label(LEFT - 8.0, TOP + 4.0, "end", &scaled(most, "bit/s"));
    }
    label(LEFT - 8.0, bottom + 4.0, "end", "0");
    let time = |row: Option<&Vec<Cell>>| {
        row.and_then(|row| row.first())
            .map(shown)
            .unwrap_or_default()
    };
    label(LEFT, bottom + 20.0, "start", &time(rates.rows.first()));
    label(right, bottom + 20.0, "end", &time(rates.rows.last()));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <path d=\"{bars}\" fill=\"steelblue\"/>\n\
         <path d=\"M{LEFT} {TOP}V{bottom}H{right}\" fill=\"none\" stroke=\"black\"/>\n\
         {labels}</svg>\n"
    )
}

fn bit_rate(row: &[Cell]) -> f64 {
    match row.last() {
        Some(Cell::Measure(rate, _)) => *rate,
        _ => 0.0,
    }
}
