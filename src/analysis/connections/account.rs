//! Every byte of a connection accounted for, and the connection as Zeek sums it up. It takes as much memory as all else
//! that is known of a connection, so it is kept only where somebody wants it.

use super::coverage::Coverage;
use super::zeek::{Circumstances, Zeek};
use crate::analysis::tcp::after;
use crate::decode::Segment;
use crate::decode::tcp::flag;

#[derive(Debug, Clone, Default)]
pub struct Account {
    coverage: [Coverage; 2],
    pub zeek: Zeek,
}

impl Account {
    /// Takes a segment of the end `from`; 0 is the one that asked. `before_it` is the number behind what that end had sent
    /// before. Data that was not captured is missing where `is_held` does not hold.
    pub(super) fn look(
        &mut self,
        from: usize,
        segment: &Segment,
        before_it: Option<u32>,
        is_held: bool,
    ) {
        match is_held || segment.has(flag::RST) {
            true => self.coverage[from].sent(segment),
            false => self.coverage[from].sent_unseen(segment),
        }
        let missing = match segment.flags & (flag::ACK | flag::RST) == flag::ACK {
            true => self.coverage[1 - from].acknowledged(segment.ack),
            false => 0,
        };
        let is_old = before_it.is_some_and(|next| !after(segment.end(), next));
        let circumstances = Circumstances {
            is_again: segment.len > 0 && is_old,
            gap: missing,
        };
        self.zeek.look(from, segment, &circumstances);
    }

    /// Makes the second end the one that asked.
    pub(super) fn turn_round(&mut self) {
        self.coverage.swap(0, 1);
        self.zeek.turn_round();
    }

    /// Bytes of its stream that an end sent, as far as they were captured: what was sent again is not counted again.
    pub fn new_data(&self, end: usize) -> u64 {
        self.coverage[end].captured()
    }

    /// Bytes that an end sent, going by its numbers, whether they were captured or not.
    pub fn stream_length(&self, end: usize) -> u64 {
        self.coverage[end].length()
    }

    /// Bytes that an end sent and the other acknowledged, and that were not captured.
    pub fn missing_data(&self, end: usize) -> u64 {
        self.coverage[end].missing()
    }
}
