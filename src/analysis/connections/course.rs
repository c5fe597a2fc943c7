//! What following a TCP connection takes, and nobody wants to know any more once it is over.

use crate::analysis::socks;
use crate::analysis::tcp::{Expected, Tracker};
use crate::decode::Segment;
use crate::frame::Timestamp;

#[derive(Debug, Default)]
pub(super) struct Course {
    pub tracker: Tracker,
    /// What a proxy was asked for, if the server is one.
    pub proxy: socks::Handshake,
    /// The last segments of each end, to know a copy when one comes.
    prints: [[u64; 2]; 2],
}

impl Course {
    /// The number behind the highest that an end sent.
    pub(super) fn next(&self, end: usize) -> Option<u32> {
        self.tracker.senders[end].next()
    }

    /// Something of the beginning, the middle and the end, for whoever wants all of it near.
    pub(super) fn samples(&self) -> ([u32; 2], [u64; 2]) {
        let [first, second] = &self.tracker.senders;
        let [near, far] = &self.prints;
        ([first.next_len, second.next_len], [near[0], far[1]])
    }

    /// How long who asked has waited for what is in a segment of the end `from`, in nanoseconds, where it answers something.
    #[inline]
    pub(super) fn waited(&self, from: usize, segment: &Segment) -> Option<i64> {
        match from {
            0 => None,
            _ => self.tracker.waited(0, segment),
        }
    }

    /// What the other end knows when a reset of the end `from` comes.
    pub(super) fn expected(&self, from: usize) -> Expected {
        let receiver = &self.tracker.senders[1 - from];
        let window = receiver.offered().unwrap_or(u32::MAX / 4);
        Expected {
            ack: receiver.acknowledged().map(|ack| (ack, window)),
            sent: receiver.next(),
            next: self.next(from),
        }
    }

    /// When an end sent its last segment, where it did.
    pub(super) fn last_time(&self, end: usize) -> Timestamp {
        self.tracker.senders[end].ack_time
    }

    /// The window that an end offered last, in bytes, where its scale is known.
    pub(super) fn window(&self, end: usize) -> Option<u32> {
        self.tracker.senders[end].offered()
    }

    /// Whether the end `from` sent the same segment in the frame just before: both copies of one, captured twice.
    /// `print` is what tells segments apart, 0 where nothing does.
    pub(super) fn is_copy(&mut self, from: usize, print: u64) -> bool {
        let [last, before] = self.prints[from];
        if print == 0 {
            return false;
        }
        let is_known = print == last || print == before;
        if !is_known {
            self.prints[from] = [print, last];
        }
        is_known
    }

    /// Makes the second end the one that asked.
    pub(super) fn turn_round(&mut self) {
        self.tracker.senders.swap(0, 1);
        self.prints.swap(0, 1);
    }
}
