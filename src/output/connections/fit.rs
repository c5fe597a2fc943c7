//! Tables whose least important columns go where there is no room, so that a row stays a line.

use super::cells::{Extent, Filled, lines, width};
use crate::error::Result;
use crate::text::{Buffer, push, push_few, push_spaces};

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

/// One column of a table.
pub(super) struct Column<Cell> {
    pub name: &'static str,
    /// How soon it goes where there is no room: 0 never, up to [`USUAL`] those that are usual.
    pub rank: u8,
    /// Appends what a row has in it.
    pub cell: Cell,
    pub place: Place,
}

impl<Cell> Column<Cell> {
    /// One that is always there.
    pub(super) const fn new(rank: u8, name: &'static str, cell: Cell) -> Self {
        Self {
            name,
            rank,
            cell,
            place: Place::Always,
        }
    }
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

/// Rows whose lines are made before they are printed: those of all would take memory that was not needed before.
const AT_ONCE: usize = 4_096;

const GAP: usize = 2;

/// A table on its way: rows may come in any order.
pub(super) struct Draft<Cell> {
    columns: Vec<Column<Cell>>,
    room: Room,
    filled: Filled,
}

impl<Cell> Draft<Cell> {
    /// With columns in the order given.
    pub(super) fn new(columns: impl IntoIterator<Item = Column<Cell>>, room: Room) -> Self {
        let may_be_shown = |column: &Column<Cell>| match room {
            Room::Usual => column.rank <= USUAL && column.place != Place::Instead,
            Room::Wide => column.place != Place::Instead,
            Room::Terminal(_) => true,
        };
        let columns: Vec<_> = columns.into_iter().filter(may_be_shown).collect();
        Self {
            filled: Filled::new(columns.len()),
            columns,
            room,
        }
    }

    /// Has the cells of one more row written; returns its number, from 0.
    pub(super) fn add(&mut self, write: impl Fn(&Cell, &mut Buffer)) -> usize {
        self.filled.add(|row| {
            for Column { place, cell, .. } in &self.columns {
                row.push(place.is_tall(), |out| write(cell, out));
            }
        })
    }

    /// Keeps only these rows, which are in order: they are then numbered from 0.
    pub(super) fn keep(&mut self, rows: impl IntoIterator<Item = usize>) {
        self.filled.keep(rows);
    }

    /// Prints the table with these rows, in this order. Columns that are empty in all of them tell nothing and are left out.
    /// Returns the usual columns that had to go.
    pub(super) fn print(
        &self,
        order: &[usize],
        print: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<Vec<&'static str>> {
        let header = self.header();
        let (shown, left_out) = self.choose(&header.extents(&[0]), &self.filled.extents(order));
        let mut out = Buffer::new();
        self.write(&mut out, &header, &[0], &shown);
        let total = shown.iter().flatten().map(|width| width + GAP).sum();
        let rule = match self.room {
            Room::Terminal(room) => room.min(total),
            Room::Usual | Room::Wide => total,
        };
        (0..rule).for_each(|_| push(&mut out, "─"));
        out.push(b'\n');
        print(&out)?;
        for rows in order.chunks(AT_ONCE) {
            out.clear();
            self.write(&mut out, &self.filled, rows, &shown);
            print(&out)?;
        }
        Ok(left_out)
    }

    /// The row above all others.
    fn header(&self) -> Filled {
        let mut filled = Filled::new(self.columns.len());
        filled.add(|row| {
            for column in &self.columns {
                row.push(false, |out| push(out, column.name));
            }
        });
        filled
    }

    /// Where columns may stand beside each other or not: which of these are not there.
    fn unused(&self, extents: &[Extent]) -> Place {
        /// What is left is to have room for how it ended, and when.
        const REST: usize = 40;
        let columns = self.columns.iter().zip(extents);
        let beside = columns.filter(|(column, _)| column.place == Place::Beside);
        let beside: usize = beside.map(|(_, extent)| extent.width).sum();
        match self.room {
            Room::Terminal(room) if beside + REST > room => Place::Beside,
            _ => Place::Instead,
        }
    }

    /// How wide the columns are that are shown, none for the others; and which of the usual ones are not.
    fn choose(
        &self,
        header: &[Extent],
        rows: &[Extent],
    ) -> (Vec<Option<usize>>, Vec<&'static str>) {
        let unused = self.unused(rows);
        let mut ranked: Vec<_> = self.columns.iter().enumerate().collect();
        ranked.retain(|(_, column)| column.place != unused);
        ranked.sort_by_key(|(_, column)| column.rank);
        let (mut shown, mut left_out) = (vec![None; self.columns.len()], Vec::new());
        let (mut total, mut is_full) = (0, false);
        for (place, Column { name, rank, .. }) in ranked {
            if *rank > USUAL && is_full {
                break;
            }
            if rows[place].is_empty {
                continue;
            }
            let width = header[place].width.max(rows[place].width);
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

    /// Appends the lines of some rows.
    fn write(&self, out: &mut Buffer, filled: &Filled, rows: &[usize], shown: &[Option<usize>]) {
        let places = || self.columns.iter().zip(shown);
        let is_tall = places().any(|(column, wide)| column.place.is_tall() && wide.is_some());
        // Growing would copy what is there again and again.
        let length = shown
            .iter()
            .flatten()
            .map(|width| width + GAP)
            .sum::<usize>();
        out.reserve(rows.len() * (length + GAP));
        for row in rows {
            let (sizes, start) = filled.row(*row);
            let cells = || {
                let cells = sizes.iter().scan(start, |rest, size| {
                    let text = *rest;
                    *rest = &text[size.bytes.into()..];
                    Some((text, size))
                });
                cells
                    .zip(places())
                    .filter_map(|((text, size), (column, wide))| {
                        Some(Shown {
                            text,
                            len: size.bytes.into(),
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
            (0..height).for_each(|line| push_line(out, cells(), line));
        }
    }
}

/// A cell that is shown.
struct Shown<'a> {
    /// With what follows in memory, from which it is copied sooner.
    text: &'a [u8],
    len: usize,
    width: usize,
    is_tall: bool,
    /// How wide its column is.
    wide: usize,
}

impl<'a> Shown<'a> {
    fn lines(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        lines(&self.text[..self.len])
    }

    fn height(&self) -> usize {
        match self.is_tall {
            true => self.lines().count(),
            false => 1,
        }
    }
}

/// Appends one line of a row.
fn push_line<'a>(out: &mut Buffer, cells: impl Iterator<Item = Shown<'a>>, line: usize) {
    // Blanks behind the last cell are left out.
    let mut blanks = 0;
    for cell in cells {
        let (text, len, width) = match (cell.is_tall, line) {
            (true, line) => {
                let text = cell.lines().nth(line).unwrap_or_default();
                (text, text.len(), width(text))
            }
            (false, 0) => (cell.text, cell.len, cell.width),
            (false, _) => (&[][..], 0, 0),
        };
        blanks += 1;
        if len > 0 {
            push_spaces(out, blanks);
            push_few(out, text, len);
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

    type Cell = fn(&u32, &mut Buffer);

    fn add(draft: &mut Draft<Cell>, row: u32) -> usize {
        draft.add(|cell, out| cell(&row, out))
    }

    fn columns() -> [Column<Cell>; 5] {
        [
            Column::new(0, "n", |n, out| push_number(out, (*n).into())),
            Column::new(2, "twice", |n, out| push_number(out, u64::from(2 * n))),
            Column::new(1, "none", |_, _| {}),
            Column::new(1, "words", |n, out| push(out, &format!("no. {n}"))),
            Column::new(USUAL + 1, "rest", |n, out| {
                push_number(out, u64::from(n % 10));
            }),
        ]
    }

    fn printed(draft: &Draft<Cell>, order: &[usize]) -> (String, Vec<&'static str>) {
        let mut out = Buffer::new();
        let left_out = draft.print(order, &mut |lines| {
            out.extend_from_slice(lines);
            Ok(())
        });
        let text = String::from_utf8(out).expect("text");
        (text, left_out.expect("nothing fails"))
    }

    fn shown<const N: usize>(
        columns: [Column<Cell>; N],
        room: Room,
    ) -> (String, Vec<&'static str>) {
        let mut draft = Draft::new(columns, room);
        assert_eq!([7, 12].map(|row| add(&mut draft, row)), [0, 1]);
        printed(&draft, &[0, 1])
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
    fn the_order_rows_came_in_makes_no_difference() {
        let count = 2 * AT_ONCE + 7;
        let drafted = |rows: &mut dyn Iterator<Item = u32>| {
            let mut draft = Draft::new(columns(), Room::Usual);
            rows.for_each(|row| {
                add(&mut draft, row);
            });
            draft
        };
        let (draft, order) = (drafted(&mut (0..count as u32)), Vec::from_iter(0..count));
        let straight = printed(&draft, &order);
        assert_eq!(straight.0.lines().count(), count + 2);
        assert!(straight.0.ends_with("\n 8198  16396  no. 8198\n"));
        let turned = drafted(&mut (0..count as u32).rev());
        let order: Vec<usize> = (0..count).rev().collect();
        assert_eq!(printed(&turned, &order), straight);
    }

    #[test]
    fn columns_are_as_wide_as_the_rows_that_are_shown_need() {
        let mut draft = Draft::new(columns(), Room::Usual);
        assert_eq!([7, 123_456].map(|row| add(&mut draft, row)), [0, 1]);
        let (text, _) = printed(&draft, &[0]);
        assert_eq!(text.lines().next(), Some(" n  twice  words"));
        let (text, _) = printed(&draft, &[1]);
        assert_eq!(text.lines().next(), Some(" n       twice   words"));
    }

    #[test]
    fn what_has_no_room_beside_goes_below() {
        let ends = |room| {
            let beside = |column| Column {
                place: Place::Beside,
                ..column
            };
            let [one, other, ..] = columns().map(beside);
            let both: Cell = |n, out| push(out, &format!("{n}\n→ {}", 2 * n));
            let place = Place::Instead;
            let both = Column {
                place,
                ..Column::new(0, "both", both)
            };
            shown([one, other, both], room).0
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
