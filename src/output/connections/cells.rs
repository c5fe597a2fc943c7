//! What rows have in the columns of a table.

use crate::text::Buffer;

/// What rows have in their columns. Cells lie one behind the other, row by row: a list may have a hundred thousand rows, and
/// memory that nobody had before takes longer than the writing.
pub(super) struct Filled {
    cells: Buffer,
    sizes: Vec<Size>,
    columns: usize,
    /// Where in `cells` each row starts.
    starts: Vec<usize>,
}

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
            cells: Buffer::new(),
            sizes: Vec::new(),
            columns,
            starts: Vec::new(),
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Leaves what ends before `end`, and no part of a character.
    fn cut(&mut self, mut end: usize) {
        while self.cells.get(end).is_some_and(|byte| is_behind(*byte)) {
            end -= 1;
        }
        self.cells.truncate(end);
    }

    /// Begins the next row.
    pub(super) fn begin(&mut self) {
        self.starts.push(self.cells.len());
    }

    /// The sizes of a row's cells.
    pub(super) fn sizes(&self, row: usize) -> &[Size] {
        &self.sizes[row * self.columns..][..self.columns]
    }

    /// A row's cells one behind the other, with what follows.
    pub(super) fn cells(&self, row: usize) -> &[u8] {
        &self.cells[self.starts[row]..]
    }

    /// Of each column, in these rows.
    pub(super) fn extents(&self, rows: &[usize]) -> Vec<Extent> {
        let extent = Extent {
            width: 0,
            is_empty: true,
        };
        let mut extents = vec![extent; self.columns];
        for row in rows {
            for (extent, size) in extents.iter_mut().zip(self.sizes(*row)) {
                extent.width = extent.width.max(size.width.into());
                extent.is_empty &= size.bytes == 0;
            }
        }
        extents
    }

    /// Appends the row's next cell, or the beginning of one that has no end.
    pub(super) fn push(&mut self, is_tall: bool, write: impl FnOnce(&mut Buffer)) {
        let start = self.cells.len();
        write(&mut self.cells);
        self.cut(start + LONGEST);
        let cell = &self.cells[start..];
        let width = match is_tall {
            true => lines(cell).map(width).max().unwrap_or(0),
            false => width(cell),
        };
        self.sizes.push(Size {
            bytes: cell.len() as u16,
            width: width as u16,
        });
    }
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
        let mut filled = Filled::new(1);
        filled.push(false, |out| push(out, &"–".repeat(30_000)));
        let [Size { bytes, width }] = filled.sizes[..] else {
            panic!("one cell was pushed");
        };
        assert_eq!((bytes, width), (65_535, 21_845));
        filled.push(false, |out| push(out, &format!("a{}", "–".repeat(30_000))));
        assert_eq!(filled.cells.len(), 65_535 + 65_533);
        assert!(std::str::from_utf8(&filled.cells).is_ok());
    }
}
