//! Frames and bytes, one way and both ways: what every statistic is made of.

use crate::frame::{Frame, Timestamp};

/// How many frames, and how long they were on the wire in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    pub frames: u64,
    pub bytes: u64,
}

impl Traffic {
    pub(super) fn of(frame: &Frame<'_>) -> Self {
        Self {
            frames: 1,
            bytes: frame.wire_len.into(),
        }
    }
}

impl std::ops::AddAssign for Traffic {
    fn add_assign(&mut self, other: Self) {
        self.frames += other.frames;
        self.bytes += other.bytes;
    }
}

impl std::ops::Add for Traffic {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// From the earliest moment to the latest, whatever order they were met in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period(Option<(Timestamp, Timestamp)>);

impl Period {
    pub(super) fn at(time: Option<Timestamp>) -> Self {
        Self(time.map(|time| (time, time)))
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.0 = match (self.0, other.0) {
            (Some((first, last)), Some((earlier, later))) => {
                Some((first.min(earlier), last.max(later)))
            }
            (one, other) => one.or(other),
        };
    }

    pub fn first(&self) -> Option<Timestamp> {
        self.0.map(|(first, _)| first)
    }

    pub fn last(&self) -> Option<Timestamp> {
        self.0.map(|(_, last)| last)
    }

    /// In nanoseconds; 0 where nothing had a time.
    pub fn duration(&self) -> i64 {
        self.0.map_or(0, |(first, last)| last.since(first))
    }
}

/// What one station sent, and what was sent to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exchange {
    pub sent: Traffic,
    pub received: Traffic,
}

impl Exchange {
    /// A station that talks to itself sends and receives each frame.
    pub fn total(&self) -> Traffic {
        self.sent + self.received
    }
}

impl std::ops::AddAssign for Exchange {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.received += other.received;
    }
}

/// What went to and fro between a lower end and a higher one, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dialogue {
    /// From the lower end to the higher one.
    pub up: Traffic,
    pub down: Traffic,
    pub period: Period,
}

impl Dialogue {
    pub fn total(&self) -> Traffic {
        self.up + self.down
    }
}

impl std::ops::AddAssign for Dialogue {
    fn add_assign(&mut self, other: Self) {
        self.up += other.up;
        self.down += other.down;
        self.period.extend(other.period);
    }
}
