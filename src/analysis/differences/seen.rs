//! How often something was seen, and where.

/// Frames that show something: how many there are, the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    pub count: u64,
    /// Frame numbers from 1; 0 where nothing was seen.
    pub first: u64,
    pub last: u64,
}

impl Seen {
    pub(super) fn add(&mut self, frame: u64) {
        self.add_span(frame, frame);
    }

    /// Counts something that took from one frame to another.
    pub(super) fn add_span(&mut self, first: u64, last: u64) {
        if self.count == 0 {
            self.first = first;
        }
        self.first = self.first.min(first);
        self.last = self.last.max(last);
        self.count += 1;
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        match (self.count, other.count) {
            (0, _) => other,
            (_, 0) => self,
            _ => Self {
                count: self.count + other.count,
                first: self.first.min(other.first),
                last: self.last.max(other.last),
            },
        }
    }
}
