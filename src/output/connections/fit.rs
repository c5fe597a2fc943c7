//! Tables whose least important columns go where there is no room, so that a row stays a line.

use crate::text::{Buffer, push, push_spaces};

/// How wide a table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The usual columns, as wide as they are: for pipes and files.
    Usual,
    /// As many as fit a terminal of this width, the most important first.
    Terminal(usize),
    /// All of them, as wide as they are.
    Wide,
}

/// One column of a table over `Row`s.
pub(super) struct Column<Row> {
    pub name: &'static str,
    /// How soon it goes where there is no room: 0 never, up to [`USUAL`] those that are usual.
    pub rank: u8,
    /// Appends what the row has in it.
    pub cell: fn(&Row, &mut Buffer),
}

/// The last rank that is usual.
pub(super) const USUAL: u8 = 6;

/// What a column shows, and how wide it is. Cells lie one behind the other: a list may have a hundred thousand rows.
struct Filled<'a, Row> {
    place: usize,
    column: &'a Column<Row>,
    cells: Buffer,
    /// Where each cell ends.
    ends: Vec<usize>,
    width: usize,
    /// Some cell takes more than one line.
    is_tall: bool,
}

impl<'a, Row> Filled<'a, Row> {
    fn new(place: usize, column: &'a Column<Row>, rows: usize) -> Self {
        let width = width(column.name.as_bytes());
        Self {
            place,
            column,
            cells: Buffer::with_capacity(rows * width.max(8)),
            ends: Vec::with_capacity(rows),
            width,
            is_tall: false,
        }
    }

    fn push(&mut self, row: &Row) {
        let start = self.cells.len();
        (self.column.cell)(row, &mut self.cells);
        let cell = &self.cells[start..];
        let is_tall = memchr::memchr(b'\n', cell).is_some();
        let width = match is_tall {
            true => lines(cell).map(width).max().unwrap_or(0),
            false => width(cell),
        };
        self.width = self.width.max(width);
        self.is_tall |= is_tall;
        self.ends.push(self.cells.len());
    }

    fn cell(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cells[start..self.ends[row]]
    }
}

fn lines(cell: &[u8]) -> impl Iterator<Item = &[u8]> {
    cell.split(|byte| *byte == b'\n')
}

const GAP: usize = 2;

/// Appends a table with columns in the order given. Those that are empty everywhere tell nothing and are left out. Returns
/// the usual columns that had to go.
pub(super) fn push_table<Row>(
    out: &mut Buffer,
    columns: &[Column<Row>],
    rows: &[Row],
    room: Room,
) -> Vec<&'static str> {
    let candidates = columns.iter().enumerate();
    let candidates = candidates.filter(|(_, column)| column.rank <= USUAL || room != Room::Usual);
    let mut ranked: Vec<Filled<'_, Row>> = candidates
        .map(|(place, column)| Filled::new(place, column, rows.len()))
        .collect();
    // Row by row: many rows do not stay in a cache, and each is looked at once.
    for row in rows {
        ranked.iter_mut().for_each(|column| column.push(row));
    }
    ranked.sort_by_key(|column| column.column.rank);
    let (mut shown, mut left_out) = (Vec::new(), Vec::new());
    let (mut total, mut is_full) = (0, false);
    for column in ranked {
        let Column { name, rank, .. } = column.column;
        if *rank > USUAL && is_full {
            break;
        }
        if column.cells.is_empty() {
            continue;
        }
        // The last column needs no gap behind it, but the rows begin with a space.
        let fits = match room {
            Room::Terminal(room) => total + column.width < room,
            Room::Usual | Room::Wide => true,
        };
        if *rank > 0 && !fits {
            is_full = true;
            if *rank <= USUAL {
                left_out.push(*name);
            }
            continue;
        }
        total += column.width + GAP;
        shown.push(column);
    }
    shown.sort_by_key(|column| column.place);
    // Growing would copy what is there again and again.
    out.reserve((rows.len() + 2) * (total + GAP));
    push_line(out, &shown, |column| column.column.name.as_bytes());
    let rule = match room {
        Room::Terminal(room) => total.min(room),
        Room::Usual | Room::Wide => total,
    };
    (0..rule).for_each(|_| push(out, "─"));
    out.push(b'\n');
    let is_tall = shown.iter().any(|column| column.is_tall);
    for row in 0..rows.len() {
        match is_tall {
            true => push_tall_row(out, &shown, row),
            false => push_line(out, &shown, |column| column.cell(row)),
        }
    }
    left_out
}

/// A row takes as many lines as its highest cell.
fn push_tall_row<Row>(out: &mut Buffer, shown: &[Filled<'_, Row>], row: usize) {
    let height = |column: &Filled<'_, Row>| lines(column.cell(row)).count();
    for line in 0..shown.iter().map(height).max().unwrap_or(0) {
        push_line(out, shown, |column| {
            lines(column.cell(row)).nth(line).unwrap_or_default()
        });
    }
}

fn push_line<'a, Row>(
    out: &mut Buffer,
    shown: &'a [Filled<'_, Row>],
    cell: impl Fn(&'a Filled<'_, Row>) -> &'a [u8],
) {
    // Blanks behind the last cell are left out.
    let mut blanks = 0;
    for column in shown {
        let cell = cell(column);
        blanks += 1;
        if !cell.is_empty() {
            push_spaces(out, blanks);
            out.extend_from_slice(cell);
            blanks = 0;
        }
        blanks += column.width + 1 - width(cell);
    }
    out.push(b'\n');
}

/// How many columns of a terminal a text takes.
pub(super) fn width(text: &[u8]) -> usize {
    // The bytes behind a character's first start with the bits 10.
    let behind = text.iter().filter(|byte| **byte & 0xc0 == 0x80);
    text.len() - behind.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::push_number;

    const COLUMNS: &[Column<u32>] = &[
        Column {
            name: "n",
            rank: 0,
            cell: |n, out| push_number(out, (*n).into()),
        },
        Column {
            name: "twice",
            rank: 2,
            cell: |n, out| push_number(out, u64::from(2 * n)),
        },
        Column {
            name: "none",
            rank: 1,
            cell: |_, _| {},
        },
        Column {
            name: "words",
            rank: 1,
            cell: |n, out| push(out, &format!("no. {n}")),
        },
        Column {
            name: "rest",
            rank: USUAL + 1,
            cell: |n, out| push(out, &format!("{}\nand more", n % 10)),
        },
    ];

    fn shown(room: Room) -> (String, Vec<&'static str>) {
        let mut out = Buffer::new();
        let left_out = push_table(&mut out, COLUMNS, &[7, 12], room);
        (String::from_utf8(out).expect("text"), left_out)
    }

    #[test]
    fn the_least_important_goes_first() {
        let usual =
            " n   twice  words\n───────────────────\n 7   14     no. 7\n 12  24     no. 12\n";
        assert_eq!(shown(Room::Usual), (usual.to_owned(), vec![]));
        assert_eq!(shown(Room::Terminal(19)).0, usual);
        let (narrow, left_out) = shown(Room::Terminal(12));
        assert_eq!(narrow.lines().next(), Some(" n   words"));
        assert_eq!(left_out, ["twice"]);
        // What can't go stays.
        assert_eq!(shown(Room::Terminal(1)).0.lines().next(), Some(" n"));
    }

    #[test]
    fn a_cell_may_have_two_lines() {
        let (wide, _) = shown(Room::Wide);
        let lines: Vec<&str> = wide.lines().collect();
        assert_eq!(lines[2], " 7   14     no. 7   7");
        assert_eq!(lines[3], "                    and more");
        assert_eq!(shown(Room::Terminal(40)).0, wide);
    }
}
