//! Which bytes of its stream one end's segments held, each counted once, and which never came by.

use crate::analysis::tcp::{after, before};
use crate::decode::Segment;
use crate::decode::tcp::flag;

/// Holes remembered of one end. Those before count as they are.
const MOST_HOLES: usize = 32;

/// No window is larger (RFC 7323, 2.3), so nobody acknowledges more at once.
const LARGEST_WINDOW: u32 = 1 << 30;

/// Bytes that were not captured, from the first number to the one behind the last.
type Hole = (u32, u32);

#[derive(Debug, Clone, Default)]
pub(super) struct Coverage {
    /// The first number that was seen, and the one behind the highest that was sent or acknowledged.
    span: Option<(u32, u32)>,
    /// Bytes that were captured, what was sent again not counted again.
    captured: u64,
    /// The highest number that the other end acknowledged.
    acknowledged: Option<u32>,
    /// In the order they were found.
    holes: Vec<Hole>,
    /// Bytes in holes that are remembered no more.
    given_up: u64,
}

impl Coverage {
    /// Takes a segment of this end of which the data was not captured: it was sent, and is missing.
    pub(super) fn sent_unseen(&mut self, segment: &Segment) {
        // Where its data begins; a FIN is behind that.
        let nothing = Segment {
            len: 0,
            flags: segment.flags & !flag::FIN,
            ..*segment
        };
        self.sent(&nothing);
        let syn = u32::from(segment.has(flag::SYN));
        let end = segment.seq.wrapping_add(syn).wrapping_add(segment.len);
        let Some((_, edge)) = self.span else { return };
        if after(end, edge) {
            self.open(edge, end);
            self.reach(end);
        }
        let behind = end.wrapping_add(u32::from(segment.has(flag::FIN)));
        if self.span.is_some_and(|(_, edge)| after(behind, edge)) {
            self.reach(behind);
        }
    }

    /// Takes a segment of this end. What a reset carries is no data of the stream (RFC 9293, 3.10.7).
    pub(super) fn sent(&mut self, segment: &Segment) {
        if segment.has(flag::RST) {
            return;
        }
        let syn = u32::from(segment.has(flag::SYN));
        let fin = u32::from(segment.has(flag::FIN));
        let first = segment.seq.wrapping_add(syn);
        let end = first.wrapping_add(segment.len);
        let Some((start, edge)) = &mut self.span else {
            self.span = Some((first, end.wrapping_add(fin)));
            self.captured = segment.len.into();
            return;
        };
        if segment.len > 0 && before(first, *start) && !before(end, *start) {
            // The capture began with a segment that had overtaken this one.
            self.captured += u64::from(start.wrapping_sub(first));
            *start = first;
        }
        let edge = *edge;
        if after(end.wrapping_add(fin), edge) {
            self.reach(end.wrapping_add(fin));
        }
        if !after(end, edge) {
            self.fill(first, end);
        } else if after(first, edge) {
            self.open(edge, first);
            self.captured += u64::from(segment.len);
        } else {
            self.fill(first, edge);
            self.captured += u64::from(end.wrapping_sub(edge));
        }
    }

    /// Takes an acknowledgment of the other end: how many bytes it tells to have arrived that the capture doesn't have.
    pub(super) fn acknowledged(&mut self, ack: u32) -> u64 {
        let Some((_, edge)) = self.span else {
            return 0;
        };
        if self.acknowledged.is_some_and(|known| !after(ack, known)) {
            return 0;
        }
        if ack.wrapping_sub(edge) > LARGEST_WINDOW && after(ack, edge) {
            return 0;
        }
        let known = self.acknowledged.replace(ack);
        if after(ack, edge) {
            // One byte alone is a FIN that was not captured.
            if ack.wrapping_sub(edge) > 1 {
                self.open(edge, ack);
            }
            self.reach(ack);
        }
        let is_new =
            |hole: &&Hole| !after(hole.1, ack) && known.is_none_or(|known| after(hole.1, known));
        let holes = self.holes.iter().filter(is_new);
        holes
            .map(|(from, to)| u64::from(to.wrapping_sub(*from)))
            .sum()
    }

    /// Bytes that were captured, what was sent again not counted again.
    pub(super) fn captured(&self) -> u64 {
        self.captured
    }

    /// Bytes that the other end acknowledged, and the capture doesn't have.
    pub(super) fn missing(&self) -> u64 {
        let Some(ack) = self.acknowledged else {
            return 0;
        };
        let holes = self.holes.iter().filter(|hole| !after(hole.1, ack));
        self.given_up + bytes_in(holes)
    }

    /// Bytes that the numbers moved on by, captured or not.
    pub(super) fn length(&self) -> u64 {
        self.captured + self.given_up + bytes_in(self.holes.iter())
    }

    fn reach(&mut self, number: u32) {
        if let Some((_, edge)) = &mut self.span {
            *edge = number;
        }
    }

    fn open(&mut self, from: u32, to: u32) {
        if self.holes.len() == MOST_HOLES {
            let (from, to) = self.holes.remove(0);
            self.given_up += u64::from(to.wrapping_sub(from));
        }
        self.holes.push((from, to));
    }

    /// Bytes from `first` up to `end` came late, or again.
    fn fill(&mut self, first: u32, end: u32) {
        let mut at = 0;
        while let Some((from, to)) = self.holes.get(at).copied() {
            let start = if after(first, from) { first } else { from };
            let stop = if before(end, to) { end } else { to };
            if !before(start, stop) {
                at += 1;
                continue;
            }
            self.captured += u64::from(stop.wrapping_sub(start));
            self.holes.remove(at);
            for (from, to) in [(from, start), (stop, to)] {
                if from != to {
                    self.holes.insert(at, (from, to));
                    at += 1;
                }
            }
        }
    }
}

fn bytes_in<'a>(holes: impl Iterator<Item = &'a Hole>) -> u64 {
    holes
        .map(|(from, to)| u64::from(to.wrapping_sub(*from)))
        .sum()
}
