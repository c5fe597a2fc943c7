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
    /// Makes it hold a moment.
    #[inline]
    pub(super) fn reach(&mut self, time: Option<Timestamp>) {
        let Some(time) = time else { return };
        let (first, last) = self.0.get_or_insert((time, time));
        *first = time.min(*first);
        *last = time.max(*last);
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
    pub(super) fn sent(traffic: Traffic) -> Self {
        Self {
            sent: traffic,
            ..Self::default()
        }
    }

    pub(super) fn received(traffic: Traffic) -> Self {
        Self {
            received: traffic,
            ..Self::default()
        }
    }

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
    /// One frame more.
    #[inline]
    pub(super) fn count(&mut self, frame: &Frame<'_>, upwards: bool) {
        match upwards {
            true => self.up += Traffic::of(frame),
            false => self.down += Traffic::of(frame),
        }
        self.period.reach(frame.time);
    }

    /// What the lower end and the higher one exchanged, each from its own side.
    pub(super) fn ends(&self) -> (Exchange, Exchange) {
        let low = Exchange {
            sent: self.up,
            received: self.down,
        };
        let high = Exchange {
            sent: self.down,
            received: self.up,
        };
        (low, high)
    }

    pub fn total(&self) -> Traffic {
        self.up + self.down
    }

    /// As between the addresses alone: who talks to itself is no lower or higher end, whichever port it uses.
    pub(super) fn between<A: PartialEq>(mut self, low: A, high: A) -> Self {
        if low == high {
            self.up += std::mem::take(&mut self.down);
        }
        self
    }
}

impl std::ops::AddAssign for Dialogue {
    fn add_assign(&mut self, other: Self) {
        self.up += other.up;
        self.down += other.down;
        self.period.extend(other.period);
    }
}
