//! The IEEE registries, searched where they lie in the executable. `scripts/make_vendor_table` writes the file.
//!
//! All numbers are little-endian:
//!
//! - 8 octets `MACNAME1`, 10 of the data's date, 2 unused; then four `u32`: how many 24-, 28- and 36-bit prefixes there
//!   are, and how many octets of names.
//! - For each of the three lengths of prefix, 257 `u16` that say how many rows have a first octet below 0, 1, … 256, and
//!   then the rows in order: the prefix without its first octet (2, 3 or 4 octets), and the offset of the name
//!   among the names (3 octets).
//! - The names: length of the full name, length of the short one, the full name (UTF-8), the short one (ASCII). The highest
//!   bit of the short one's length is clear where it is just how the full one begins and is not written again.
//!
//! The name at offset 0 is the IEEE Registration Authority. A 24-bit row that has it is a parent: the 28- or 36-bit
//! blocks inside it belong to others, and the script makes sure that such blocks exist nowhere else.

use super::Name;

static FILE: &[u8] = include_bytes!("table.bin");

const MAGIC: &[u8] = b"MACNAME1";
const DATE: usize = 8;
const COUNTS: usize = 20;
const HEADER: usize = 36;
/// Octets of the 257 counts in front of each length's rows.
const INDEX: usize = 257 * 2;
const NAME_OFFSET: usize = 3;
const PARENT: usize = 0;
const OWN_SHORT_NAME: u8 = 0x80;

const BLOCKS_24: Blocks<2> = Blocks {
    bits: 24,
    start: HEADER,
    count: count(0),
};
const BLOCKS_28: Blocks<3> = Blocks {
    bits: 28,
    start: BLOCKS_24.end(),
    count: count(1),
};
const BLOCKS_36: Blocks<4> = Blocks {
    bits: 36,
    start: BLOCKS_28.end(),
    count: count(2),
};
const NAMES: usize = BLOCKS_36.end();

// A file cut short, or made for another layout, stops the build and not the program.
const _: () = {
    let mut at = 0;
    while at < MAGIC.len() {
        assert!(FILE[at] == MAGIC[at], "table.bin has another layout");
        at += 1;
    }
    assert!(
        FILE.len() == NAMES + count(3),
        "table.bin is not as long as its header says"
    );
};

/// The block an address lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// 24, 28 or 36.
    pub(super) prefix_bits: u8,
    name: usize,
}

/// The smallest block that `address` (48 bits) lies in.
pub(super) fn find(address: u64) -> Option<Row> {
    let block = BLOCKS_24.find(address)?;
    if !block.is_parent() {
        return Some(block);
    }
    BLOCKS_36
        .find(address)
        .or_else(|| BLOCKS_28.find(address))
        .or(Some(block))
}

/// The day of the listings, `YYYY-MM-DD`.
pub(super) fn date() -> &'static str {
    text(DATE, 10)
}

impl Row {
    /// Whether this block is divided among others, and nobody's itself.
    pub(super) fn is_parent(self) -> bool {
        self.prefix_bits == 24 && self.name == PARENT
    }

    pub(super) fn name(self) -> Name {
        let at = NAMES + self.name;
        let (full_length, marked) = (usize::from(FILE[at]), FILE[at + 1]);
        let short_length = usize::from(marked & !OWN_SHORT_NAME);
        let full = text(at + 2, full_length);
        let short = if marked & OWN_SHORT_NAME == 0 {
            &full[..short_length]
        } else {
            text(at + 2 + full_length, short_length)
        };
        Name { full, short }
    }
}

/// The rows of one length of prefix, of which `KEY` octets are in the row.
struct Blocks<const KEY: usize> {
    bits: u8,
    start: usize,
    count: usize,
}

impl<const KEY: usize> Blocks<KEY> {
    const ROW: usize = KEY + NAME_OFFSET;

    const fn end(&self) -> usize {
        self.start + INDEX + self.count * Self::ROW
    }

    fn find(&self, address: u64) -> Option<Row> {
        let first_octet = (address >> 40) as usize;
        let key = ((address & 0xff_ffff_ffff) >> (48 - self.bits)) as u32;
        let index = self.start + first_octet * 2;
        let mut low = number::<2>(index) as usize;
        let mut size = number::<2>(index + 2) as usize - low;
        // A plain branch: in a capture the same few addresses come again and again, and the processor learns their way
        // through the table (50 ns, against 70 with conditional moves, which win by a tenth on addresses never seen before).
        while size > 1 {
            let half = size / 2;
            if self.key(low + half) <= key {
                low += half;
            }
            size -= half;
        }
        let found = size == 1 && self.key(low) == key;
        found.then(|| self.at(low))
    }

    fn at(&self, row: usize) -> Row {
        let name = number::<NAME_OFFSET>(self.row(row) + KEY) as usize;
        Row {
            prefix_bits: self.bits,
            name,
        }
    }

    fn row(&self, row: usize) -> usize {
        self.start + INDEX + row * Self::ROW
    }

    fn key(&self, row: usize) -> u32 {
        number::<KEY>(self.row(row))
    }
}

fn number<const OCTETS: usize>(at: usize) -> u32 {
    let mut octets = [0; 4];
    octets[..OCTETS].copy_from_slice(&FILE[at..at + OCTETS]);
    u32::from_le_bytes(octets)
}

const fn count(which: usize) -> usize {
    let at = COUNTS + which * 4;
    u32::from_le_bytes([FILE[at], FILE[at + 1], FILE[at + 2], FILE[at + 3]]) as usize
}

/// A test reads every name, so that the replacement is never seen.
fn text(at: usize, length: usize) -> &'static str {
    std::str::from_utf8(&FILE[at..at + length]).unwrap_or("?")
}

/// Every row of all three lengths, as the first address of its block and the row that must be found there.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (u64, Row)> {
    BLOCKS_24
        .all()
        .chain(BLOCKS_28.all())
        .chain(BLOCKS_36.all())
}

#[cfg(test)]
impl<const KEY: usize> Blocks<KEY> {
    fn all(&self) -> impl Iterator<Item = (u64, Row)> {
        let below = |octet: usize| number::<2>(self.start + octet * 2) as usize;
        (0..256).flat_map(move |octet| {
            (below(octet)..below(octet + 1)).map(move |row| {
                let rest = u64::from(self.key(row)) << (48 - self.bits);
                ((octet as u64) << 40 | rest, self.at(row))
            })
        })
    }
}
