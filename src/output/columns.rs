//! Chosen fields as columns: tab-separated (as `tshark -T fields`), or CSV that is safe to open in a spreadsheet.

use crate::decode::Packet;
use crate::fields::Selection;
use crate::fields::push_value;
use crate::text::{Buffer, push};

/// Appends one line: a field's occurrences joined by commas, fields separated by tabs.
pub fn push_tabbed(out: &mut Buffer, packet: &Packet<'_>, fields: &[Selection]) {
    for (column, field) in fields.iter().enumerate() {
        if column > 0 {
            out.push(b'\t');
        }
        push_occurrences(out, packet, field);
    }
    out.push(b'\n');
}

/// The line of names that a CSV file starts with (RFC 4180).
pub fn push_csv_header(out: &mut Buffer, fields: &[Selection]) {
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    push(out, &names.join(","));
    push(out, "\r\n");
}

/// Appends one record of CSV with these cells.
pub fn push_csv_cells<'a>(out: &mut Buffer, cells: impl IntoIterator<Item = &'a str>) {
    for (column, cell) in cells.into_iter().enumerate() {
        if column > 0 {
            out.push(b',');
        }
        let start = out.len();
        push(out, cell);
        make_cell(out, start);
    }
    push(out, "\r\n");
}

/// Appends one record of CSV.
pub fn push_csv(out: &mut Buffer, packet: &Packet<'_>, fields: &[Selection]) {
    for (column, field) in fields.iter().enumerate() {
        if column > 0 {
            out.push(b',');
        }
        let start = out.len();
        push_occurrences(out, packet, field);
        make_cell(out, start);
    }
    push(out, "\r\n");
}

fn push_occurrences(out: &mut Buffer, packet: &Packet<'_>, field: &Selection) {
    let mut first = true;
    field.each(packet, |row, value| {
        if !first {
            out.push(b',');
        }
        first = false;
        push_value(out, row, value);
    });
}

/// Turns what was appended from `start` on into a CSV cell: quoted where it must be, and never a formula,
/// which spreadsheets take a cell for that starts with one of `= + - @`.
pub fn make_cell(out: &mut Buffer, start: usize) {
    let cell = &out[start..];
    let is_formula = matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@'));
    let quotes = cell
        .iter()
        .any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
    if is_formula {
        out.insert(start, b'\'');
    }
    if quotes {
        let cell = out.split_off(start);
        out.push(b'"');
        for byte in cell {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut out = text.as_bytes().to_vec();
        make_cell(&mut out, 0);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(cell("=cmd()"), "'=cmd()");
        assert_eq!(cell("@a,b"), "\"'@a,b\"");
    }
}
