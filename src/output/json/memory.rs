//! Texts that were written before.

use crate::text::Buffer;

/// Texts that are remembered at a time: a power of two.
const SLOTS: usize = 1 << BITS;
const BITS: u32 = 9;
/// What is longer is written anew each time.
const LONGEST: usize = 320;

/// The texts written last, by what they say and about which number. A text that is asked for again is copied, which takes
/// a tenth of the time of writing some fields; one that was pushed out by another is written again.
pub(super) struct Memory {
    slots: Vec<Slot>,
}

#[derive(Clone)]
struct Slot {
    number: u64,
    about: u32,
    len: u32,
    text: [u8; LONGEST],
}

impl Default for Memory {
    fn default() -> Self {
        let nothing = Slot {
            number: 0,
            about: u32::MAX,
            len: 0,
            text: [0; LONGEST],
        };
        Self {
            slots: vec![nothing; SLOTS],
        }
    }
}

impl Memory {
    /// Appends what `write` appends, which `number` and `about` decide on and nothing else.
    #[inline]
    pub(super) fn push(
        &mut self,
        out: &mut Buffer,
        about: u32,
        number: u64,
        write: impl FnOnce(&mut Buffer),
    ) {
        let slot = &mut self.slots[slot_of(about, number)];
        if slot.number == number && slot.about == about {
            return out.extend_from_slice(&slot.text[..slot.len as usize]);
        }
        let start = out.len();
        write(out);
        let written = &out[start..];
        if let Some(text) = slot.text.get_mut(..written.len()) {
            text.copy_from_slice(written);
            (slot.number, slot.about, slot.len) = (number, about, written.len() as u32);
        }
    }
}

/// Fibonacci hashing: a multiplication carries what differs into the highest bits.
fn slot_of(about: u32, number: u64) -> usize {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (number ^ u64::from(about) << 48).wrapping_mul(GOLDEN);
    (mixed >> (u64::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few slots, many texts: what comes back is what was asked for.
    #[test]
    fn a_text_is_never_taken_for_another() {
        let mut memory = Memory::default();
        let mut writes = 0;
        for _ in 0..2 {
            for number in 0..2 * SLOTS as u64 {
                for about in 0..3 {
                    let mut out = b"before ".to_vec();
                    let text = format!("{about} of {number}");
                    memory.push(&mut out, about, number, |out| {
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
        let mut memory = Memory::default();
        for (len, times) in [(LONGEST, 1), (LONGEST + 1, 3)] {
            let mut writes = 0;
            for _ in 0..3 {
                let mut out = Buffer::new();
                memory.push(&mut out, 0, len as u64, |out| {
                    writes += 1;
                    out.resize(len, b'x');
                });
                assert_eq!(out.len(), len);
            }
            assert_eq!(writes, times);
        }
    }
}
