//! What rows have in the columns of a table.

use crate::text::Buffer;

/// What rows have in their columns, as many rows as there may be.
pub(super) struct Filled {
    columns: usize,
    rows: usize,
    /// Of [`SHARE`] rows each, so that nothing is moved to make room for more.
    parts: Vec<Part>,
}

/// What some rows have. Cells lie one behind the other, row by row: memory that nobody had before takes longer than the writing.
struct Part {
    cells: Buffer,
    sizes: Vec<Size>,
    /// Where in `cells` each row starts.
    starts: Vec<usize>,
}

const SHARE: usize = 4_096;

/// Of one cell.
pub(super) struct Size {
    pub bytes: u16,
    /// How many columns of a terminal it takes.
    pub width: u16,
}

/// Of one column.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Of the widest cell.
    pub width: usize,
    pub is_empty: bool,
}

impl Filled {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns,
            rows: 0,
            parts: Vec::new(),
        }
    }

    /// Adds a row, with cells that `write` writes one after the other; returns its number, from 0.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Row<'_>)) -> usize {
        let number = self.rows;
        if number.is_multiple_of(SHARE) {
            self.parts.push(Part::new(self.columns));
        }
        self.rows += 1;
        if let Some(part) = self.parts.last_mut() {
            part.starts.push(part.cells.len());
            write(&mut Row(part));
        }
        number
    }

    /// The sizes of a row's cells, and these one behind the other, with what follows.
    pub(super) fn row(&self, number: usize) -> (&[Size], &[u8]) {
        let (part, row) = (&self.parts[number / SHARE], number % SHARE);
        let sizes = &part.sizes[row * self.columns..][..self.columns];
        (sizes, &part.cells[part.starts[row]..])
    }

    /// Of each column, in these rows.
    pub(super) fn extents(&self, rows: &[usize]) -> Vec<Extent> {
        let extent = Extent {
            width: 0,
            is_empty: true,
        };
        let mut extents = vec![extent; self.columns];
        for row in rows {
            let (sizes, _) = self.row(*row);
            for (extent, size) in extents.iter_mut().zip(sizes) {
                extent.width = extent.width.max(size.width.into());
                extent.is_empty &= size.bytes == 0;
            }
        }
        extents
    }
}

/// A row on its way.
pub(super) struct Row<'a>(&'a mut Part);

impl Row<'_> {
    /// Appends the next cell, or the beginning of one that has no end.
    pub(super) fn push(&mut self, is_tall: bool, write: impl FnOnce(&mut Buffer)) {
        let Part { cells, sizes, .. } = self.0;
        let start = cells.len();
        write(cells);
        cut(cells, start + LONGEST);
        let cell = &cells[start..];
        let width = match is_tall {
            true => lines(cell).map(width).max().unwrap_or(0),
            false => width(cell),
        };
        sizes.push(Size {
            bytes: cell.len() as u16,
            width: width as u16,
        });
    }
}

impl Part {
    fn new(columns: usize) -> Self {
        /// Bytes that most cells have at most.
        const USUAL: usize = 12;
        Self {
            cells: Buffer::with_capacity(SHARE * columns * USUAL),
            sizes: Vec::with_capacity(SHARE * columns),
            starts: Vec::with_capacity(SHARE),
        }
    }
}

/// Leaves what ends before `end`, and no part of a character.
fn cut(cells: &mut Buffer, mut end: usize) {
    while cells.get(end).is_some_and(|byte| is_behind(*byte)) {
        end -= 1;
    }
    cells.truncate(end);
}

/// Bytes of a cell that are kept: sizes are small, and no name is as long.
const LONGEST: usize = u16::MAX as usize;

pub(super) fn lines(cell: &[u8]) -> impl Iterator<Item = &[u8]> {
    cell.split(|byte| *byte == b'\n')
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
    use crate::text::push;

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
        let mut filled = Filled::new(2);
        filled.add(|row| {
            row.push(false, |out| push(out, &"–".repeat(30_000)));
            row.push(false, |out| push(out, &format!("a{}", "–".repeat(30_000))));
        });
        let ([first, second], cells) = filled.row(0) else {
            panic!("two cells were pushed");
        };
        assert_eq!((first.bytes, first.width), (65_535, 21_845));
        assert_eq!((second.bytes, second.width), (65_533, 21_845));
        assert_eq!(cells.len(), 65_535 + 65_533);
        assert!(std::str::from_utf8(cells).is_ok());
    }
}
