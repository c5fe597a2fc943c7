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
#[derive(Clone, Copy)]
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

    /// Keeps only these rows, which are in order: they are then numbered from 0. Memory of the others is given back.
    pub(super) fn keep(&mut self, rows: impl IntoIterator<Item = usize>) {
        let before = std::mem::replace(self, Self::new(self.columns));
        let mut rows = rows.into_iter().peekable();
        for (part, number) in before.parts.into_iter().zip(0..) {
            while let Some(row) = rows.next_if(|row| row / SHARE == number) {
                let (sizes, cells) = part.row(row % SHARE, self.columns);
                let length = sizes.iter().map(|size| usize::from(size.bytes)).sum();
                self.add(|Row(part)| {
                    part.sizes.extend_from_slice(sizes);
                    part.cells.extend_from_slice(&cells[..length]);
                });
            }
        }
    }

    /// The sizes of a row's cells, and these one behind the other, with what follows.
    pub(super) fn row(&self, number: usize) -> (&[Size], &[u8]) {
        self.parts[number / SHARE].row(number % SHARE, self.columns)
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

    /// As [`Filled::row`], by its number in this part.
    fn row(&self, number: usize, columns: usize) -> (&[Size], &[u8]) {
        let sizes = &self.sizes[number * columns..][..columns];
        (sizes, &self.cells[self.starts[number]..])
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
    fn rows_that_are_kept_stay_as_they_are() {
        let mut filled = Filled::new(2);
        let count = 3 * SHARE + 5;
        for number in 0..count {
            filled.add(|row| {
                row.push(false, |out| push(out, &number.to_string()));
                row.push(false, |out| push(out, "–"));
            });
        }
        let kept: Vec<usize> = (0..count).filter(|row| row % 7 == 3).collect();
        filled.keep(kept.iter().copied());
        assert_eq!((filled.rows, filled.parts.len()), (kept.len(), 1));
        for (row, number) in kept.into_iter().enumerate() {
            let (sizes, cells) = filled.row(row);
            let sizes: Vec<_> = sizes.iter().map(|size| (size.bytes, size.width)).collect();
            let text = number.to_string();
            let digits = text.len() as u16;
            assert_eq!(sizes, [(digits, digits), (3, 1)]);
            assert!(cells.starts_with(format!("{text}–").as_bytes()), "{number}");
        }
        filled.keep([]);
        assert_eq!((filled.rows, filled.parts.len()), (0, 0));
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
