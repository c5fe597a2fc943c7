//! One section as CSV (RFC 4180): a header line, then a line a row.

use super::sheet::{Cell, Sheet};
use crate::output::columns::make_cell;
use crate::text::{Buffer, push, push_seconds};

pub fn csv(sheet: &Sheet) -> Buffer {
    let mut out = Buffer::new();
    let header: Vec<&str> = sheet.columns.iter().map(|column| column.key).collect();
    push(&mut out, &header.join(","));
    push(&mut out, "\r\n");
    for row in &sheet.rows {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let start = out.len();
            push(&mut out, &plain(cell));
            make_cell(&mut out, start);
        }
        push(&mut out, "\r\n");
    }
    out
}

/// A value for programs: whole numbers, seconds with nine decimals, shares of 1.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim_start().to_owned(),
        Cell::Id(n) | Cell::Count(n) | Cell::Exception(n) | Cell::Bytes(n) => n.to_string(),
        Cell::Share(number) | Cell::Measure(number, _) => number.to_string(),
        Cell::Time(time) => seconds(time.nanos()),
        Cell::Span(nanos) => seconds(*nanos),
        Cell::Nothing => String::new(),
    }
}

fn seconds(nanos: i64) -> String {
    let mut out = Buffer::new();
    push_seconds(&mut out, nanos, 9);
    String::from_utf8_lossy(&out).into_owned()
}
