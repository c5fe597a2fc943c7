//! Which capture file format is written, and what it can't say.

use std::path::Path;

use super::{pcap, pcapng};
use crate::bytes::Order;
use crate::frame::Frame;

/// Which capture file format is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Pcap,
    Pcapng,
}

/// Whether a format can say when a frame was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    Exact,
    /// The frame has no time, which the file can't say: it says 1970's start.
    Timeless,
    /// The time is before or after all that the file can say: it says the nearest.
    OutOfRange,
}

impl Format {
    /// pcapng unless the name asks for the old format.
    pub fn of(path: &Path) -> Self {
        match path.extension() {
            Some(ending) if ending == "pcap" => Self::Pcap,
            _ => Self::Pcapng,
        }
    }

    /// How well the format keeps a frame's time.
    pub fn fidelity(self, frame: &Frame<'_>) -> Fidelity {
        let last = match self {
            Self::Pcap => i64::from(u32::MAX),
            Self::Pcapng => i64::MAX,
        };
        match frame.time {
            None if self == Self::Pcapng && pcapng::is_simple(frame) => Fidelity::Exact,
            None => Fidelity::Timeless,
            Some(time) if (0..=last).contains(&time.seconds()) => Fidelity::Exact,
            Some(_) => Fidelity::OutOfRange,
        }
    }

    /// Appends a frame as this format stores it, with pcapng's `options` of it where they can be kept. A time that it
    /// can't say becomes another: see [`Self::fidelity`].
    pub fn push(self, out: &mut Vec<u8>, frame: &Frame<'_>, options: &[u8]) {
        match self {
            Self::Pcap => pcap::push_record(out, frame),
            Self::Pcapng => pcapng::push_packet(out, frame, options),
        }
    }

    /// How much of these blocks or records to write at once: whole ones of `most` bytes together, or part of a larger one.
    pub(super) fn piece(self, blocks: &[u8], most: usize) -> usize {
        let most = blocks.len().min(most);
        match self.whole(&blocks[..most]).0 {
            0 => most,
            whole => whole,
        }
    }

    /// Of blocks or records that were cut off: the bytes of those that are whole, and how many are frames.
    pub(super) fn whole(self, written: &[u8]) -> (usize, u64) {
        let (mut at, mut frames) = (0, 0);
        while let Some(rest) = written.get(at..).filter(|rest| rest.len() >= 16) {
            let word = |place| Order::Little.u32_at(rest, place);
            let (size, is_frame) = match self {
                Self::Pcap => (16 + word(8) as usize, true),
                Self::Pcapng => (word(4) as usize, pcapng::is_packet(word(0))),
            };
            if size > rest.len() || size == 0 {
                break;
            }
            at += size;
            frames += u64::from(is_frame);
        }
        (at, frames)
    }
}
