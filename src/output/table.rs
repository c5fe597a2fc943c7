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

/// Columns of the terminal that standard output is; none where it is no terminal.
pub fn terminal_width() -> Option<u16> {
    Table::new().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_each_other_below_the_header() {
        let rows = [["a", "bb cc"], ["ddd", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(
            table(&["One", "Two"], rows),
            " One  Two\n────────────\n a    bb cc\n ddd"
        );
    }
}
