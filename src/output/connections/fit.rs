//! Tables whose least important columns go where there is no room, so that a row stays a line.

use std::panic::resume_unwind;
use std::thread::Builder;

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

/// How much of a table one thread makes at least: for fewer rows it is not worth the while to start another.
const SHARE: usize = 4_096;

/// What some rows have in one column. Cells lie one behind the other: a list may have a hundred thousand rows.
struct Filled {
    cells: Buffer,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// Of the widest.
    width: usize,
    /// Some cell takes more than one line.
    is_tall: bool,
}

impl Filled {
    fn with_room_for(rows: usize, width: usize) -> Self {
        Self {
            cells: Buffer::with_capacity(rows * width.max(8)),
            ends: Vec::with_capacity(rows),
            width,
            is_tall: false,
        }
    }

    fn push<Row>(&mut self, row: &Row, column: &Column<Row>) {
        let start = self.cells.len();
        (column.cell)(row, &mut self.cells);
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

/// Appends a table, in pieces that are to be written one after the other, with columns in the order given. Those that are
/// empty everywhere tell nothing and are left out. Returns the usual columns that had to go. Up to `threads` make parts of
/// it.
pub(super) fn push_table<Row: Sync>(
    pieces: &mut Vec<Buffer>,
    columns: &[Column<Row>],
    rows: &[Row],
    room: Room,
    threads: usize,
) -> Vec<&'static str> {
    let candidates = columns.iter();
    let candidates: Vec<&Column<Row>> = candidates
        .filter(|column| column.rank <= USUAL || room != Room::Usual)
        .collect();
    let share = rows.len().div_ceil(threads.max(1)).max(SHARE);
    let parts = side_by_side(rows.chunks(share), |rows| fill(&candidates, rows));
    let (shown, left_out) = choose(&candidates, &parts, room);
    let total = shown.iter().map(|(_, width)| width + GAP).sum();
    let mut out = Buffer::new();
    push_line(&mut out, &shown, |place| candidates[place].name.as_bytes());
    let rule = match room {
        Room::Terminal(room) => room.min(total),
        Room::Usual | Room::Wide => total,
    };
    (0..rule).for_each(|_| push(&mut out, "─"));
    out.push(b'\n');
    pieces.push(out);
    let written = |part: &Vec<Filled>| written(part, &shown, total + GAP);
    pieces.extend(side_by_side(parts.iter(), written));
    left_out
}

/// What becomes of each part, in order; more than one are worked on side by side, as far as the system has room for threads.
fn side_by_side<Part: Send + Copy, Made: Send>(
    mut parts: impl Iterator<Item = Part>,
    make: impl Fn(Part) -> Made + Sync,
) -> Vec<Made> {
    std::thread::scope(|scope| {
        let own = parts.next();
        let make = &make;
        let begin = |part| (part, Builder::new().spawn_scoped(scope, move || make(part)));
        let others: Vec<_> = parts.map(begin).collect();
        let others = others.into_iter().map(|(part, begun)| match begun {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => make(part),
        });
        own.map(make).into_iter().chain(others).collect()
    })
}

fn fill<Row>(columns: &[&Column<Row>], rows: &[Row]) -> Vec<Filled> {
    let mut filled: Vec<Filled> = columns
        .iter()
        .map(|column| Filled::with_room_for(rows.len(), width(column.name.as_bytes())))
        .collect();
    // Row by row: many rows do not stay in a cache, and each is looked at once.
    for row in rows {
        for (filled, column) in filled.iter_mut().zip(columns) {
            filled.push(row, column);
        }
    }
    filled
}

/// Which columns are shown, each with its place among the candidates and its width; and which of the usual ones are not.
fn choose<Row>(
    candidates: &[&Column<Row>],
    parts: &[Vec<Filled>],
    room: Room,
) -> (Vec<(usize, usize)>, Vec<&'static str>) {
    let mut ranked: Vec<_> = candidates.iter().enumerate().collect();
    ranked.sort_by_key(|(_, column)| column.rank);
    let (mut shown, mut left_out) = (Vec::new(), Vec::new());
    let (mut total, mut is_full) = (0, false);
    for (place, Column { name, rank, .. }) in ranked {
        if *rank > USUAL && is_full {
            break;
        }
        if parts.iter().all(|part| part[place].cells.is_empty()) {
            continue;
        }
        let widths = parts.iter().map(|part| part[place].width);
        let width = widths.max().unwrap_or(0);
        // The last column needs no gap behind it, but the rows begin with a space.
        let fits = match room {
            Room::Terminal(room) => total + width < room,
            Room::Usual | Room::Wide => true,
        };
        if *rank > 0 && !fits {
            is_full = true;
            if *rank <= USUAL {
                left_out.push(*name);
            }
            continue;
        }
        total += width + GAP;
        shown.push((place, width));
    }
    shown.sort_unstable();
    (shown, left_out)
}

/// The lines of a part of the table, about `length` bytes each.
fn written(part: &[Filled], shown: &[(usize, usize)], length: usize) -> Buffer {
    let rows = part.first().map_or(0, |column| column.ends.len());
    // Growing would copy what is there again and again.
    let mut out = Buffer::with_capacity(rows * length);
    let is_tall = shown.iter().any(|(place, _)| part[*place].is_tall);
    for row in 0..rows {
        match is_tall {
            true => push_tall_row(&mut out, part, shown, row),
            false => push_line(&mut out, shown, |place| part[place].cell(row)),
        }
    }
    out
}

/// A row takes as many lines as its highest cell.
fn push_tall_row(out: &mut Buffer, part: &[Filled], shown: &[(usize, usize)], row: usize) {
    let height = |(place, _): &(usize, usize)| lines(part[*place].cell(row)).count();
    for line in 0..shown.iter().map(height).max().unwrap_or(0) {
        push_line(out, shown, |place| {
            lines(part[place].cell(row)).nth(line).unwrap_or_default()
        });
    }
}

fn push_line<'a>(out: &mut Buffer, shown: &[(usize, usize)], cell: impl Fn(usize) -> &'a [u8]) {
    // Blanks behind the last cell are left out.
    let mut blanks = 0;
    for (place, wide) in shown {
        let cell = cell(*place);
        blanks += 1;
        if !cell.is_empty() {
            push_spaces(out, blanks);
            out.extend_from_slice(cell);
            blanks = 0;
        }
        blanks += wide + 1 - width(cell);
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
        let mut pieces = Vec::new();
        let left_out = push_table(&mut pieces, COLUMNS, &[7, 12], room, 1);
        (String::from_utf8(pieces.concat()).expect("text"), left_out)
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
    fn threads_make_no_difference() {
        let rows: Vec<u32> = (0..2 * SHARE as u32 + 7).collect();
        let made = |threads| {
            let mut pieces = Vec::new();
            let left_out = push_table(&mut pieces, COLUMNS, &rows, Room::Terminal(20), threads);
            (pieces.concat(), left_out)
        };
        assert_eq!(made(1), made(3));
        assert_eq!(
            made(1).0.split(|byte| *byte == b'\n').count(),
            rows.len() + 3
        );
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
