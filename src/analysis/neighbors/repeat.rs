//! The same thing told again and again is told once, and counted.

use super::event::Kind;
use super::watch::Key;
use crate::analysis::memory::Bounded;
use crate::frame::Timestamp;

const LIMIT: usize = 65_536;
/// What comes again within this time of the last time is a repeat.
const GAP: i64 = 60 * 1_000_000_000;
/// What goes on is told again after this time, with how often it was.
const REMIND: i64 = 600 * 1_000_000_000;

/// What happened, to which address, with which MAC address.
type What = (Kind, Key, [u8; 6]);

#[derive(Debug)]
struct Told {
    told: Timestamp,
    last: Timestamp,
    repeats: u64,
}

#[derive(Debug)]
pub(super) struct Repeats {
    told: Bounded<What, Told>,
    folded: u64,
}

impl Repeats {
    pub(super) fn new() -> Self {
        Self {
            told: Bounded::new(LIMIT),
            folded: 0,
        }
    }

    /// Whether it is to be told now, and how often it happened untold since it last was. An address that goes from A
    /// to B and back to A makes two different events, so both ways are told.
    pub(super) fn admit(&mut self, what: What, time: Timestamp) -> Option<u64> {
        let mut is_new = false;
        let told = self.told.get_or_insert_with(what, || {
            is_new = true;
            Told {
                told: time,
                last: time,
                repeats: 0,
            }
        });
        if is_new {
            return Some(0);
        }
        let is_repeat = time.since(told.last) < GAP && time.since(told.told) < REMIND;
        told.last = time;
        if is_repeat {
            told.repeats += 1;
            self.folded += 1;
            return None;
        }
        told.told = time;
        Some(std::mem::take(&mut told.repeats))
    }

    pub(super) fn folded(&self) -> u64 {
        self.folded
    }
}
