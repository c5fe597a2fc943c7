//! Texts that were written before.

use super::{Buffer, Short, push_short};
use crate::bytes::mixed;

/// Texts that are remembered at a time.
const SLOTS: usize = 1 << BITS;
const BITS: u32 = 9;

/// The texts written last, by a number that alone decides on each, where they have `LONGEST` bytes at most. A text that
/// is asked for again is copied, which takes a fraction of the time that writing its parts does; one that was pushed out
/// by another is written again.
pub struct Memory<const LONGEST: usize> {
    slots: Vec<Slot<LONGEST>>,
}

#[derive(Clone)]
struct Slot<const LONGEST: usize> {
    key: Option<u128>,
    text: Short<LONGEST>,
}

impl<const LONGEST: usize> Default for Memory<LONGEST> {
    fn default() -> Self {
        let nothing = Slot {
            key: None,
            text: Short::new(b""),
        };
        Self {
            slots: vec![nothing; SLOTS],
        }
    }
}

impl<const LONGEST: usize> Memory<LONGEST> {
    /// Appends what `write` appends, which has to be the same whenever `key` is.
    #[inline]
    pub fn push(&mut self, out: &mut Buffer, key: u128, write: impl FnOnce(&mut Buffer)) {
        let slot = &mut self.slots[slot_of(key)];
        if slot.key == Some(key) {
            return push_short(out, &slot.text);
        }
        let start = out.len();
        write(out);
        if let Some(text) = Short::fitting(&out[start..]) {
            *slot = Slot {
                key: Some(key),
                text,
            };
        }
    }
}

fn slot_of(key: u128) -> usize {
    let (high, low) = ((key >> 64) as u64, key as u64);
    let mixed = mixed(mixed(high).rotate_left(32) ^ low);
    (mixed >> (u64::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few slots, many texts: what comes back is what was asked for.
    #[test]
    fn a_text_is_never_taken_for_another() {
        let mut memory = Memory::<24>::default();
        let mut writes = 0;
        for _ in 0..2 {
            for number in 0..2 * SLOTS as u128 {
                for about in [0, 1, 1 << 63] {
                    let mut out = b"before ".to_vec();
                    let text = format!("{number} of {}", about % 7);
                    memory.push(&mut out, about << 64 | number, |out| {
                        writes += 1;
                        out.extend_from_slice(text.as_bytes());
                    });
                    assert_eq!(out, format!("before {text}").as_bytes());
                }
            }
        }
        assert!(writes > 6 * SLOTS);
    }

    #[test]
    fn a_text_is_written_once_unless_it_is_too_long() {
        let mut memory = Memory::<300>::default();
        for (len, times) in [(0, 1), (300, 1), (301, 3)] {
            let mut writes = 0;
            for _ in 0..3 {
                let mut out = Buffer::new();
                memory.push(&mut out, len as u128, |out| {
                    writes += 1;
                    out.resize(len, b'x');
                });
                assert_eq!(out, vec![b'x'; len]);
            }
            assert_eq!(writes, times);
        }
    }
}
