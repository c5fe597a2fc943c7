//! Tables for people, as wide as the terminal allows.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table,
    TableStyle, Width,
};

/// A line below the header and nothing else: a hundred rows stay a hundred lines.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─'))
    .content_lines(ContentLineStyle::none());

/// Longer words may be broken: one of them must not take the whole width.
const LONGEST_WORD: usize = 45;

/// A table with a header line and rows. Where the terminal is narrow cells are wrapped between words, so that an
/// address stays in one piece; what is no terminal gets one line a row.
pub fn table<Row>(header: &[&str], rows: impl IntoIterator<Item = Row>) -> String
where
    Row: IntoIterator<Item = String>,
{
    arranged(header, rows).trim_fmt()
}

/// The same with the columns that are marked in `right` aligned to the right, so that figures can be compared.
pub fn figures<Row>(header: &[&str], right: &[bool], rows: impl IntoIterator<Item = Row>) -> String
where
    Row: IntoIterator<Item = String>,
{
    let mut table = arranged(header, rows);
    for (column, right) in table.column_iter_mut().zip(right) {
        if *right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

fn arranged<Row>(header: &[&str], rows: impl IntoIterator<Item = Row>) -> Table
where
    Row: IntoIterator<Item = String>,
{
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header.iter().copied());
    let mut longest: Vec<usize> = header.iter().map(|name| longest_word(name)).collect();
    for row in rows {
        let cells: Vec<String> = row.into_iter().collect();
        for (width, cell) in longest.iter_mut().zip(&cells) {
            *width = longest_word(cell).max(*width);
        }
        table.add_row(cells);
    }
    const PADDING: usize = 2;
    table.set_constraints(longest.into_iter().map(|width| {
        let width = (width.min(LONGEST_WORD) + PADDING) as u16;
        ColumnConstraint::LowerBoundary(Width::Fixed(width))
    }));
    table
}

/// In characters.
fn longest_word(cell: &str) -> usize {
    let words = cell.split_whitespace();
    words.map(|word| word.chars().count()).max().unwrap_or(0)
}

/// What [`table`] makes of them, for lists that may be long: many times as fast where nothing has to be wrapped.
pub fn long_table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|name| width(name)).collect();
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(cell));
        }
    }
    let total: usize = widths.iter().map(|width| width + 2).sum();
    if terminal_width().is_some_and(|room| total > usize::from(room)) {
        return table(header, rows.iter().cloned()) + "\n";
    }
    let mut out = String::new();
    push_row(&mut out, &widths, header.iter().copied());
    out.extend(std::iter::repeat_n('─', total));
    out.push('\n');
    for row in rows {
        push_row(&mut out, &widths, row.iter().map(String::as_str));
    }
    out
}

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
        out.push(' ');
        out.push_str(cell);
        out.extend(std::iter::repeat_n(' ', column + 1 - width(cell)));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
}

/// Columns of the terminal that standard output is; none where it is no terminal.
pub fn terminal_width() -> Option<u16> {
    Table::new().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_looks_like_any_other() {
        let rows = [["a", "bb cc"], ["größe", ""]].map(|row| row.map(str::to_owned));
        let long = long_table(&["One", "Two"], &rows.clone().map(Vec::from));
        assert_eq!(long, table(&["One", "Two"], rows) + "\n");
    }

    #[test]
    fn rows_follow_each_other_below_the_header() {
        let rows = [["a", "bb cc"], ["ddd", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(
            table(&["One", "Two"], rows),
            " One  Two\n────────────\n a    bb cc\n ddd"
        );
    }
}
