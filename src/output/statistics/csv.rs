//! One section as CSV (RFC 4180): a header line, then a line a row.

use super::sheet::{Cell, Sheet};
use crate::text::{Buffer, push_epoch, push_seconds};

pub fn csv(sheet: &Sheet) -> String {
    let header: Vec<&str> = sheet.columns.iter().map(|column| column.key).collect();
    let mut text = header.join(",") + "\n";
    for row in &sheet.rows {
        let cells: Vec<String> = row.iter().map(written).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn written(cell: &Cell) -> String {
    let ascii = |write: &dyn Fn(&mut Buffer)| {
        let mut out = Buffer::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    match cell {
        Cell::Text(text) => quoted(text.trim_start()),
        Cell::Count(n) | Cell::Bytes(n) => n.to_string(),
        Cell::Share(number) | Cell::Number(number) => number.to_string(),
        Cell::Time(time) => ascii(&|out| push_epoch(out, *time)),
        Cell::Span(nanos) => ascii(&|out| push_seconds(out, *nanos, 9)),
        Cell::Nothing => String::new(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
