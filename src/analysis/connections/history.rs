//! A connection in letters, as Zeek's conn.log has it: the asking end's in capitals.
//!
//! `s` SYN, `h` SYN-ACK, `a` pure ACK, `d` data, `f` FIN, `r` RST, `i` FIN and RST in one, `q` SYN with one of these, `t` data
//! sent again, `w` zero window, `g` data missing, `^` the end that sent first was taken for the one that was asked.
//! `a`, `d`, `i` and `q` are written once for each end; `s`, `h`, `f` and `r` again where the number is another; `t`, `w`
//! and `g` again at the 10th, 100th, … time.

use crate::decode::Segment;
use crate::decode::tcp::flag;

const ONCE: &[u8; 4] = b"adiq";
const COUNTED: &[u8; 3] = b"twg";
const MOST: usize = 32;

#[derive(Debug, Clone, Copy, Default)]
pub struct History {
    letters: [u8; MOST],
    len: u8,
    /// Of [`ONCE`], what each end's were.
    seen: [u8; 2],
    /// The numbers of each end's last SYN, FIN and reset.
    numbers: [[Option<u32>; 3]; 2],
    /// How often each end's of [`COUNTED`] came.
    times: [[u32; 3]; 2],
}

impl History {
    /// The letters, in ASCII.
    pub fn letters(&self) -> &str {
        std::str::from_utf8(&self.letters[..self.len.into()]).unwrap_or_default()
    }

    /// What the flags and the data of a segment say.
    pub(super) fn flags(&mut self, from: usize, segment: &Segment) {
        let has = |flag| segment.has(flag);
        match (has(flag::SYN), has(flag::FIN), has(flag::RST)) {
            (_, true, true) => self.once(from, b'i'),
            (true, true, _) | (true, _, true) => self.once(from, b'q'),
            (true, ..) => {
                let letter = if has(flag::ACK) { b'h' } else { b's' };
                self.numbered(from, 0, segment.seq, letter);
            }
            (_, true, _) => {
                let end = segment.seq.wrapping_add(segment.len);
                self.numbered(from, 1, end, b'f');
            }
            (.., true) => self.numbered(from, 2, segment.seq, b'r'),
            _ if segment.len > 0 => self.once(from, b'd'),
            _ if has(flag::ACK) => self.once(from, b'a'),
            _ => {}
        }
    }

    pub(super) fn again(&mut self, from: usize) {
        self.counted(from, 0);
    }

    pub(super) fn zero_window(&mut self, from: usize) {
        self.counted(from, 1);
    }

    /// Data of the end `from` was not captured.
    pub(super) fn gap(&mut self, from: usize) {
        self.counted(from, 2);
    }

    /// The ends change places.
    pub(super) fn turn_round(&mut self) {
        self.write(0, b'^');
        self.seen.swap(0, 1);
        self.numbers.swap(0, 1);
        self.times.swap(0, 1);
    }

    /// Whether the end that asked sent a SYN, and nothing else before its reset.
    pub(super) fn is_syn_then_reset(&self) -> bool {
        let letters = self.letters().trim_start_matches('^');
        let Some((between, _)) = letters
            .strip_prefix('S')
            .and_then(|rest| rest.split_once('R'))
        else {
            return false;
        };
        !between.contains(['H', 'A', 'F', 'G', 'I', 'Q'])
    }

    fn once(&mut self, from: usize, letter: u8) {
        let bit = ONCE.iter().position(|known| *known == letter);
        let bit = 1 << bit.unwrap_or(0);
        if self.seen[from] & bit == 0 {
            self.seen[from] |= bit;
            self.write(from, letter);
        }
    }

    fn numbered(&mut self, from: usize, which: usize, number: u32, letter: u8) {
        let last = self.numbers[from][which].replace(number);
        if last != Some(number) {
            self.write(from, letter);
        }
    }

    fn counted(&mut self, from: usize, which: usize) {
        let times = &mut self.times[from][which];
        *times = times.saturating_add(1);
        let is_power_of_ten = 10u32.pow(times.ilog10()) == *times;
        if is_power_of_ten {
            self.write(from, COUNTED[which]);
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
