//! A connection in letters, as Zeek's conn.log has it: the asking end's in capitals.
//!
//! `s` SYN, `h` SYN-ACK, `a` pure ACK, `d` data, `f` FIN, `r` RST, `t` retransmission, `w` zero window, `g` gap,
//! `i` flags that contradict each other. Each is written once for each end, in the order they came first; `t`, `w` and `g`
//! again at the 10th, 100th, … time.

use crate::analysis::tcp::Segment;
use crate::decode::tcp::flag;
use crate::decode::{Finding, Findings};

const LETTERS: &[u8; 10] = b"shadfrtwgi";
const MOST: usize = 32;

#[derive(Debug, Clone, Copy, Default)]
pub struct History {
    letters: [u8; MOST],
    len: u8,
    seen: [u16; 2],
    /// How often each end's `t`, `w` and `g` came.
    times: [[u32; 3]; 2],
}

impl History {
    /// The letters, in ASCII.
    pub fn letters(&self) -> &str {
        std::str::from_utf8(&self.letters[..self.len.into()]).unwrap_or_default()
    }

    pub(super) fn look(&mut self, from: usize, segment: &Segment<'_>, found: Findings) {
        let (syn, fin, rst) = (
            segment.has(flag::SYN),
            segment.has(flag::FIN),
            segment.has(flag::RST),
        );
        if u8::from(syn) + u8::from(fin) + u8::from(rst) > 1 {
            self.once(from, b'i');
        }
        if syn {
            self.once(from, if segment.has(flag::ACK) { b'h' } else { b's' });
        }
        let again = found.has_any(&[
            Finding::Retransmission,
            Finding::FastRetransmission,
            Finding::SpuriousRetransmission,
        ]);
        if again && segment.len > 0 {
            self.counted(from, 0);
        }
        if found.has(Finding::ZeroWindow) {
            self.counted(from, 1);
        }
        if found.has(Finding::LostSegment) {
            self.counted(from, 2);
        }
        if segment.len > 0 {
            self.once(from, b'd');
        } else if !(syn || fin || rst) && segment.has(flag::ACK) {
            self.once(from, b'a');
        }
        if fin {
            self.once(from, b'f');
        }
        if rst {
            self.once(from, b'r');
        }
    }

    fn once(&mut self, from: usize, letter: u8) {
        let bit = LETTERS.iter().position(|known| *known == letter);
        let bit = 1 << bit.unwrap_or(0);
        if self.seen[from] & bit == 0 {
            self.seen[from] |= bit;
            self.write(from, letter);
        }
    }

    fn counted(&mut self, from: usize, which: usize) {
        let times = &mut self.times[from][which];
        *times = times.saturating_add(1);
        let is_power_of_ten = 10u32.pow(times.ilog10()) == *times;
        if is_power_of_ten {
            self.write(from, b"twg"[which]);
        }
    }

    fn write(&mut self, from: usize, letter: u8) {
        if let Some(place) = self.letters.get_mut(usize::from(self.len)) {
            *place = if from == 0 {
                letter.to_ascii_uppercase()
            } else {
                letter
            };
            self.len += 1;
        }
    }
}
