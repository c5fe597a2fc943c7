//! Tables whose least important columns go where there is no room, so that a row stays a line.

use std::panic::resume_unwind;
use std::thread::Builder;

use super::cells::{Filled, lines, width};
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
    pub place: Place,
}

/// When a column is there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Always,
    /// Beside others like it, as long as these leave room for the rest.
    Beside,
    /// In place of those, where they don't. Its cells may take more than one line.
    Instead,
}

impl Place {
    fn is_tall(self) -> bool {
        self == Self::Instead
    }
}

/// The last rank that is usual.
pub(super) const USUAL: u8 = 6;

/// How much of a table one thread makes at least: for fewer rows it is not worth the while to start another.
const SHARE: usize = 4_096;

const GAP: usize = 2;

/// A table on its way: rows may come in any order, and in several goes.
pub(super) struct Draft<Row> {
    columns: Vec<Column<Row>>,
    room: Room,
    parts: Vec<Filled>,
    rows: usize,
}

impl<Row: Sync> Draft<Row> {
    /// With columns in the order given.
    pub(super) fn new(columns: impl IntoIterator<Item = Column<Row>>, room: Room) -> Self {
        let may_be_shown = |column: &Column<Row>| match room {
            Room::Usual => column.rank <= USUAL && column.place != Place::Instead,
            Room::Wide => column.place != Place::Instead,
            Room::Terminal(_) => true,
        };
        Self {
            columns: columns.into_iter().filter(may_be_shown).collect(),
            room,
            parts: Vec::new(),
            rows: 0,
        }
    }

    /// How many there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Writes the cells of more rows, which are numbered on from those that are there. Up to `threads` do so.
    pub(super) fn add(&mut self, rows: &[Row], threads: usize) {
        let share = rows.len().div_ceil(threads.max(1)).max(SHARE);
        let firsts = (self.rows..).step_by(share);
        let fill = |(first, rows): (usize, &[Row])| {
            let mut filled = Filled::new(first, rows.len(), self.columns.len());
            for row in rows {
                filled.begin();
                for (place, column) in self.columns.iter().enumerate() {
                    filled.push(place, column.place.is_tall(), |out| (column.cell)(row, out));
                }
            }
            filled
        };
        let parts = side_by_side(firsts.zip(rows.chunks(share)), fill);
        self.parts.extend(parts);
        self.rows += rows.len();
    }

    /// Appends the table with its rows in this order, in pieces that are to be written one after the other. Columns that are
    /// empty everywhere tell nothing and are left out. Returns the usual columns that had to go.
    pub(super) fn push(
        &self,
        pieces: &mut Vec<Buffer>,
        order: &[usize],
        threads: usize,
    ) -> Vec<&'static str> {
        let header = [self.names()];
        let (shown, left_out) = self.choose(&header[0]);
        let total = shown.iter().flatten().map(|width| width + GAP).sum();
        let mut out = self.written(&header, &[0], &shown, total + GAP);
        let rule = match self.room {
            Room::Terminal(room) => room.min(total),
            Room::Usual | Room::Wide => total,
        };
        (0..rule).for_each(|_| push(&mut out, "─"));
        out.push(b'\n');
        pieces.push(out);
        let share = order.len().div_ceil(threads.max(1)).max(SHARE);
        let written = |rows: &[usize]| self.written(&self.parts, rows, &shown, total + GAP);
        pieces.extend(side_by_side(order.chunks(share), written));
        left_out
    }

    /// The row above all others.
    fn names(&self) -> Filled {
        let mut filled = Filled::new(0, 1, self.columns.len());
        filled.begin();
        for (place, column) in self.columns.iter().enumerate() {
            filled.push(place, false, |out| push(out, column.name));
        }
        filled
    }

    /// Of the widest cell that any row has in a column.
    fn width(&self, place: usize) -> usize {
        let widths = self.parts.iter().map(|part| part.columns[place].width);
        widths.max().unwrap_or(0)
    }

    /// Where columns may stand beside each other or not: which of these are not there.
    fn unused(&self) -> Place {
        /// What is left is to have room for how it ended, and when.
        const REST: usize = 40;
        let columns = self.columns.iter().enumerate();
        let beside = columns.filter(|(_, column)| column.place == Place::Beside);
        let beside: usize = beside.map(|(place, _)| self.width(place)).sum();
        match self.room {
            Room::Terminal(room) if beside + REST > room => Place::Beside,
            _ => Place::Instead,
        }
    }

    /// How wide the columns are that are shown, none for the others; and which of the usual ones are not.
    fn choose(&self, header: &Filled) -> (Vec<Option<usize>>, Vec<&'static str>) {
        let unused = self.unused();
        let mut ranked: Vec<_> = self.columns.iter().enumerate().collect();
        ranked.retain(|(_, column)| column.place != unused);
        ranked.sort_by_key(|(_, column)| column.rank);
        let (mut shown, mut left_out) = (vec![None; self.columns.len()], Vec::new());
        let (mut total, mut is_full) = (0, false);
        for (place, Column { name, rank, .. }) in ranked {
            if *rank > USUAL && is_full {
                break;
            }
            if self.parts.iter().all(|part| part.columns[place].is_empty) {
                continue;
            }
            let width = header.columns[place].width.max(self.width(place));
            // The last column needs no gap behind it, but the rows begin with a space.
            let fits = match self.room {
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

    /// The lines of some rows, about `length` bytes each.
    fn written(
        &self,
        parts: &[Filled],
        rows: &[usize],
        shown: &[Option<usize>],
        length: usize,
    ) -> Buffer {
        // Growing would copy what is there again and again.
        let mut out = Buffer::with_capacity(rows.len() * length);
        let places = || self.columns.iter().zip(shown);
        let is_tall = places().any(|(column, wide)| column.place.is_tall() && wide.is_some());
        for row in rows {
            let part = parts.partition_point(|part| part.first <= *row) - 1;
            let (sizes, start) = parts[part].row(*row);
            let cells = || {
                let cells = sizes.iter().scan(start, |rest, size| {
                    let (text, behind) = rest.split_at(size.bytes.into());
                    *rest = behind;
                    Some((text, size))
                });
                cells
                    .zip(places())
                    .filter_map(|((text, size), (column, wide))| {
                        Some(Cell {
                            text,
                            width: size.width.into(),
                            is_tall: column.place.is_tall(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::push_number;

    fn column(name: &'static str, rank: u8, cell: fn(&u32, &mut Buffer)) -> Column<u32> {
        let place = Place::Always;
        Column {
            name,
            rank,
            cell,
            place,
        }
    }

    fn columns() -> [Column<u32>; 5] {
        [
            column("n", 0, |n, out| push_number(out, (*n).into())),
            column("twice", 2, |n, out| push_number(out, u64::from(2 * n))),
            column("none", 1, |_, _| {}),
            column("words", 1, |n, out| push(out, &format!("no. {n}"))),
            column("rest", USUAL + 1, |n, out| {
                push_number(out, u64::from(n % 10));
            }),
        ]
    }

    fn text(pieces: &[Buffer]) -> String {
        String::from_utf8(pieces.concat()).expect("text")
    }

    fn shown<const N: usize>(columns: [Column<u32>; N], room: Room) -> (String, Vec<&'static str>) {
        let (mut pieces, mut draft) = (Vec::new(), Draft::new(columns, room));
        draft.add(&[7, 12], 1);
        let left_out = draft.push(&mut pieces, &[0, 1], 1);
        (text(&pieces), left_out)
    }

    #[test]
    fn the_least_important_goes_first() {
        let usual =
            " n   twice  words\n───────────────────\n 7   14     no. 7\n 12  24     no. 12\n";
        let shown = |room| shown(columns(), room);
        assert_eq!(shown(Room::Usual), (usual.to_owned(), vec![]));
        assert_eq!(shown(Room::Terminal(19)).0, usual);
        let wide = shown(Room::Wide).0;
        assert_eq!(wide.lines().next(), Some(" n   twice  words   rest"));
        let (narrow, left_out) = shown(Room::Terminal(12));
        assert_eq!(narrow.lines().next(), Some(" n   words"));
        assert_eq!(left_out, ["twice"]);
        // What can't go stays.
        assert_eq!(shown(Room::Terminal(1)).0.lines().next(), Some(" n"));
    }

    #[test]
    fn neither_threads_nor_the_order_rows_came_in_make_a_difference() {
        let rows: Vec<u32> = (0..2 * SHARE as u32 + 7).collect();
        let made = |rows: &[&[u32]], order: &[usize], threads| {
            let (mut pieces, mut draft) = (Vec::new(), Draft::new(columns(), Room::Usual));
            rows.iter().for_each(|rows| draft.add(rows, threads));
            let left_out = draft.push(&mut pieces, order, threads);
            (text(&pieces), left_out)
        };
        let order: Vec<usize> = (0..rows.len()).collect();
        let (made_at_once, _) = &made(&[&rows], &order, 1);
        assert_eq!(made_at_once.lines().count(), rows.len() + 2);
        assert!(made_at_once.ends_with("\n 8198  16396  no. 8198\n"));
        assert_eq!(made(&[&rows], &order, 3), made(&[&rows], &order, 1));
        // The later half came first.
        let (first, last) = rows.split_at(SHARE);
        let order: Vec<usize> = (last.len()..rows.len()).chain(0..last.len()).collect();
        let turned = made(&[last, &[], first], &order, 2);
        assert_eq!(turned.0, *made_at_once);
    }

    #[test]
    fn what_has_no_room_beside_goes_below() {
        let ends = |room| {
            let beside = |column| Column {
                place: Place::Beside,
                ..column
            };
            let [one, other, ..] = columns().map(beside);
            let both = column("both", 0, |n, out| push(out, &format!("{n}\n→ {}", 2 * n)));
            let place = Place::Instead;
            shown([one, other, Column { place, ..both }], room).0
        };
        let beside = " n   twice\n───────────\n 7   14\n 12  24\n";
        let below = " both\n──────\n 7\n → 14\n 12\n → 24\n";
        // Two columns of two, and what the rest needs.
        for room in [Room::Usual, Room::Wide, Room::Terminal(44)] {
            assert_eq!(ends(room), beside);
        }
        assert_eq!(ends(Room::Terminal(43)), below);
    }
}
