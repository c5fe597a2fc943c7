//! What one end of a connection has sent so far, as far as judging its next segment needs it.

use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy, Default)]
pub struct Sender {
    /// A segment of it was seen: before, none of the numbers means anything. One for all of them, since there are many senders.
    pub(super) is_heard: bool,
    /// The number behind the highest that was sent.
    pub(super) next: u32,
    /// When `next` got there.
    pub next_time: Timestamp,
    /// Data in the segment that moved `next` last: 0 where it was a pure ACK.
    pub next_len: u32,
    /// The number behind the last that was sent without a hole before it.
    pub(super) whole: u32,
    /// The last acknowledgment number and window, and when they were sent.
    pub(super) ack: u32,
    pub ack_time: Timestamp,
    pub(super) window: u16,
    pub scale: Scale,
    /// No ACK came behind its SYN yet: the window in the SYN is not scaled (RFC 7323, 2.2).
    pub window_is_from_syn: bool,
    /// How often `ack` was repeated.
    pub duplicates: Duplicates,
    /// Its last segment asked whether the other end is there, or has room.
    pub asked: Asked,
}

/// What is known about how windows are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// The handshake was not seen.
    #[default]
    Unknown,
    /// One end can't, so neither does (RFC 7323, 2.2).
    Unused,
    Shift(u8),
}

/// How many duplicates of an acknowledgment there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Duplicates {
    pub count: u32,
    /// An acknowledgment of something not captured was told already.
    pub loss_was_told: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asked {
    #[default]
    Nothing,
    /// A keep-alive.
    Presence,
    /// A zero window probe.
    Room,
}

impl Sender {
    /// The number behind the highest that was sent.
    pub fn next(&self) -> Option<u32> {
        self.is_heard.then_some(self.next)
    }

    /// The number behind the last that was sent without a hole before it.
    pub(super) fn whole(&self) -> Option<u32> {
        self.is_heard.then_some(self.whole)
    }

    /// The last acknowledgment number.
    pub fn ack(&self) -> Option<u32> {
        self.is_heard.then_some(self.ack)
    }

    /// The last acknowledgment number, where there was one: the field of a SYN that answers nothing is 0.
    pub fn acknowledged(&self) -> Option<u32> {
        let is_none = self.window_is_from_syn && self.ack == 0;
        self.ack().filter(|_| !is_none)
    }

    /// The last window, as it stood in the header.
    pub(super) fn window(&self) -> Option<u16> {
        self.is_heard.then_some(self.window)
    }

    /// The window it offers in bytes; none where nobody knows how to read it.
    pub fn offered(&self) -> Option<u32> {
        let window = u32::from(self.window()?);
        match self.scale {
            Scale::Unknown => None,
            Scale::Shift(shift) if !self.window_is_from_syn => {
                Some(window.checked_shl(shift.into()).unwrap_or(0))
            }
            Scale::Shift(_) | Scale::Unused => Some(window),
        }
    }
}
