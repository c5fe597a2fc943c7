//! Tables for people, as wide as the terminal allows.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with a header line and rows.
pub fn table<Row>(header: &[&str], rows: impl IntoIterator<Item = Row>) -> String
where
    Row: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// A table with a header line and rows close together, for lists that may be long. Cells are wrapped where the terminal is
/// narrower.
pub fn dense(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|name| width(name)).collect();
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(cell));
        }
    }
    let total: usize = widths.iter().map(|width| width + GAP).sum();
    if terminal_width().is_some_and(|room| total > usize::from(room) + GAP) {
        return wrapped(header, rows);
    }
    let mut out = String::new();
    push_row(&mut out, &widths, header.iter().copied());
    for row in rows {
        push_row(&mut out, &widths, row.iter().map(String::as_str));
    }
    out
}

/// Columns between two cells.
const GAP: usize = 2;

/// How many columns a text takes.
fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

fn push_row<'a>(out: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    for (cell, column) in cells.zip(widths) {
        out.push_str(cell);
        let space = column + GAP - width(cell);
        out.extend(std::iter::repeat_n(' ', space));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

fn wrapped(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP as u16));
    }
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// Columns of the terminal that standard output is; none where it is no terminal.
pub fn terminal_width() -> Option<u16> {
    Table::new().width()
}
