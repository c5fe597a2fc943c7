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
    /// Cells may take more than one line.
    pub is_tall: bool,
}

/// The last rank that is usual.
pub(super) const USUAL: u8 = 6;

/// How much of a table one thread makes at least: for fewer rows it is not worth the while to start another.
const SHARE: usize = 4_096;

/// What some rows have in their columns. Cells lie one behind the other, row by row: a list may have a hundred thousand
/// rows, and memory that nobody had before takes longer than the writing.
struct Filled {
    cells: Buffer,
    sizes: Vec<Size>,
    columns: Vec<Extent>,
}

/// Of one cell.
struct Size {
    bytes: u16,
    /// How many columns of a terminal it takes.
    width: u16,
}

/// Of one column.
#[derive(Clone, Copy)]
struct Extent {
    /// Of the widest cell.
    width: usize,
    is_empty: bool,
}

impl Filled {
    fn with_room_for(rows: usize, columns: usize) -> Self {
        /// Bytes that most cells have at most.
        const USUAL: usize = 12;
        let extent = Extent {
            width: 0,
            is_empty: true,
        };
        Self {
            cells: Buffer::with_capacity(rows * columns * USUAL),
            sizes: Vec::with_capacity(rows * columns),
            columns: vec![extent; columns],
        }
    }

    /// Leaves what ends before `end`, and no part of a character.
    fn cut(&mut self, mut end: usize) {
        while self.cells.get(end).is_some_and(|byte| is_behind(*byte)) {
            end -= 1;
        }
        self.cells.truncate(end);
    }

    /// Appends the next row's cell in a column, or the beginning of one that has no end.
    fn push(&mut self, place: usize, is_tall: bool, write: impl FnOnce(&mut Buffer)) {
        let start = self.cells.len();
        write(&mut self.cells);
        self.cut(start + LONGEST);
        let cell = &self.cells[start..];
        let width = match is_tall {
            true => lines(cell).map(width).max().unwrap_or(0),
            false => width(cell),
        };
        let extent = &mut self.columns[place];
        extent.width = extent.width.max(width);
        extent.is_empty &= cell.is_empty();
        self.sizes.push(Size {
            bytes: cell.len() as u16,
            width: width as u16,
        });
    }
}

/// Bytes of a cell that are kept: sizes are small, and no name is as long.
const LONGEST: usize = u16::MAX as usize;

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
    let header = names(&candidates);
    let (shown, left_out) = choose(&candidates, &header, &parts, room);
    let total = shown.iter().flatten().map(|width| width + GAP).sum();
    let mut out = written(&header, &candidates, &shown, total + GAP);
    let rule = match room {
        Room::Terminal(room) => room.min(total),
        Room::Usual | Room::Wide => total,
    };
    (0..rule).for_each(|_| push(&mut out, "─"));
    out.push(b'\n');
    pieces.push(out);
    let written = |part: &Filled| written(part, &candidates, &shown, total + GAP);
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

fn fill<Row>(columns: &[&Column<Row>], rows: &[Row]) -> Filled {
    let mut filled = Filled::with_room_for(rows.len(), columns.len());
    for row in rows {
        for (place, column) in columns.iter().enumerate() {
            filled.push(place, column.is_tall, |out| (column.cell)(row, out));
        }
    }
    filled
}

/// The row above all others.
fn names<Row>(columns: &[&Column<Row>]) -> Filled {
    let mut filled = Filled::with_room_for(1, columns.len());
    for (place, column) in columns.iter().enumerate() {
        filled.push(place, false, |out| push(out, column.name));
    }
    filled
}

/// How wide the columns are that are shown, none for the others; and which of the usual ones are not.
fn choose<Row>(
    candidates: &[&Column<Row>],
    header: &Filled,
    parts: &[Filled],
    room: Room,
) -> (Vec<Option<usize>>, Vec<&'static str>) {
    let mut ranked: Vec<_> = candidates.iter().enumerate().collect();
    ranked.sort_by_key(|(_, column)| column.rank);
    let (mut shown, mut left_out) = (vec![None; candidates.len()], Vec::new());
    let (mut total, mut is_full) = (0, false);
    for (place, Column { name, rank, .. }) in ranked {
        if *rank > USUAL && is_full {
            break;
        }
        if parts.iter().all(|part| part.columns[place].is_empty) {
            continue;
        }
        let widths = parts.iter().map(|part| part.columns[place].width);
        let width = widths.fold(header.columns[place].width, usize::max);
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
        shown[place] = Some(width);
    }
    (shown, left_out)
}

/// The lines of a part of the table, about `length` bytes each.
fn written<Row>(
    part: &Filled,
    columns: &[&Column<Row>],
    shown: &[Option<usize>],
    length: usize,
) -> Buffer {
    let rows = part.sizes.chunks_exact(columns.len());
    // Growing would copy what is there again and again.
    let mut out = Buffer::with_capacity(rows.len() * length);
    let mut behind = &part.cells[..];
    let mut places = columns.iter().zip(shown);
    let is_tall = places.any(|(column, wide)| column.is_tall && wide.is_some());
    for sizes in rows {
        let start = behind;
        behind = &behind[sizes.iter().map(|size| usize::from(size.bytes)).sum()..];
        let cells = || {
            let cells = sizes.iter().scan(start, |rest, size| {
                let (text, behind) = rest.split_at(size.bytes.into());
                *rest = behind;
                Some((text, size))
            });
            let places = columns.iter().zip(shown);
            cells
                .zip(places)
                .filter_map(|((text, size), (column, wide))| {
                    Some(Cell {
                        text,
                        width: size.width.into(),
                        is_tall: column.is_tall,
                        wide: (*wide)?,
                    })
                })
        };
        // A row takes as many lines as its highest cell.
        let height = match is_tall {
            true => cells().map(|cell| cell.height()).max().unwrap_or(1),
            false => 1,
        };
        (0..height).for_each(|line| push_line(&mut out, cells(), line));
    }
    out
}

/// A cell that is shown.
struct Cell<'a> {
    text: &'a [u8],
    width: usize,
    is_tall: bool,
    /// How wide its column is.
    wide: usize,
}

impl Cell<'_> {
    fn height(&self) -> usize {
        match self.is_tall {
            true => lines(self.text).count(),
            false => 1,
        }
    }
}

/// Appends one line of a row.
fn push_line<'a>(out: &mut Buffer, cells: impl Iterator<Item = Cell<'a>>, line: usize) {
    // Blanks behind the last cell are left out.
    let mut blanks = 0;
    for cell in cells {
        let (text, width) = match (cell.is_tall, line) {
            (true, line) => {
                let text = lines(cell.text).nth(line).unwrap_or_default();
                (text, width(text))
            }
            (false, 0) => (cell.text, cell.width),
            (false, _) => (&[][..], 0),
        };
        blanks += 1;
        if !text.is_empty() {
            push_spaces(out, blanks);
            out.extend_from_slice(text);
            blanks = 0;
        }
        blanks += cell.wide + 1 - width;
    }
    out.push(b'\n');
}

/// Whether it is not the first byte of a character: those behind that start with the bits 10.
fn is_behind(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// How many columns of a terminal a text takes.
pub(super) fn width(text: &[u8]) -> usize {
    /// The lowest bit of each of eight bytes.
    const ONES: u64 = 0x0101_0101_0101_0101;
    // As `is_behind`, of eight at a time: there are many cells.
    let behind = |bytes: u64| (bytes >> 7 & !(bytes >> 6) & ONES).wrapping_mul(ONES) >> 56;
    let (words, rest) = text.as_chunks::<8>();
    let rest = rest
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let behind: u64 = words.chain([rest]).map(behind).sum();
    text.len() - behind as usize
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
            is_tall: false,
        },
        Column {
            name: "twice",
            rank: 2,
            cell: |n, out| push_number(out, u64::from(2 * n)),
            is_tall: false,
        },
        Column {
            name: "none",
            rank: 1,
            cell: |_, _| {},
            is_tall: false,
        },
        Column {
            name: "words",
            rank: 1,
            cell: |n, out| push(out, &format!("no. {n}")),
            is_tall: false,
        },
        Column {
            name: "rest",
            rank: USUAL + 1,
            cell: |n, out| push(out, &format!("{}\nand more", n % 10)),
            is_tall: true,
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
    fn widths_are_counted_in_characters() {
        for text in [
            "",
            "1.23 ms",
            "–",
            "41.0 µs",
            "many → 10.0.0.1:80 — ünïcödé",
        ] {
            assert_eq!(width(text.as_bytes()), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let mut filled = Filled::with_room_for(1, 1);
        filled.push(0, false, |out| push(out, &"–".repeat(30_000)));
        let [Size { bytes, width }] = filled.sizes[..] else {
            panic!("one cell was pushed");
        };
        assert_eq!((bytes, width), (65_535, 21_845));
        filled.push(0, false, |out| {
            push(out, &format!("a{}", "–".repeat(30_000)))
        });
        assert_eq!(filled.cells.len(), 65_535 + 65_533);
        assert!(std::str::from_utf8(&filled.cells).is_ok());
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
