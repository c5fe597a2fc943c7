//! How long answers take, and when that has changed for certain.

use super::Seen;

/// Fewer in either capture say nothing.
pub(super) const ENOUGH: usize = 5;
/// The medians are at least this many times apart …
pub(super) const TIMES: i64 = 2;
/// … and by so many nanoseconds.
pub(super) const APART: i64 = 1_000_000;
/// Kept at once. Of more every second one goes, and from then on only every second one is taken, and so on: those
/// that are kept lie evenly over the whole capture.
const MOST: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Samples {
    kept: Vec<i64>,
    every: u64,
    pub seen: Seen,
}

impl Default for Samples {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            every: 1,
            seen: Seen::default(),
        }
    }
}

/// The middle half of a set of spans, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Middle {
    lower: i64,
    pub median: i64,
    upper: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Slower,
    Faster,
}

impl Samples {
    /// Takes a span, in nanoseconds, that ended in `frame`.
    pub(super) fn add(&mut self, nanos: i64, frame: u64) {
        if self.seen.count.is_multiple_of(self.every) {
            if self.kept.len() == MOST {
                let mut index = 0;
                self.kept.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.every *= 2;
            }
            self.kept.push(nanos);
        }
        self.seen.add(frame);
    }

    fn middle(&self) -> Option<Middle> {
        if self.kept.len() < ENOUGH {
            return None;
        }
        let mut sorted = self.kept.clone();
        sorted.sort_unstable();
        let at = |quarter: usize| sorted[(sorted.len() - 1) * quarter / 4];
        Some(Middle {
            lower: at(1),
            median: at(2),
            upper: at(3),
        })
    }

    /// Whether the bad capture's answers take another time: the medians lie far apart, and the middle halves do not
    /// overlap, so that it is more than scatter.
    pub(super) fn shift(good: &Self, bad: &Self) -> Option<(Shift, Middle, Middle)> {
        let (before, now) = (good.middle()?, bad.middle()?);
        let is_more = |less: Middle, more: Middle| {
            more.median >= TIMES.saturating_mul(less.median)
                && more.median.saturating_sub(less.median) >= APART
                && more.lower > less.upper
        };
        if is_more(before, now) {
            Some((Shift::Slower, before, now))
        } else if is_more(now, before) {
            Some((Shift::Faster, before, now))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    fn of(spans: impl IntoIterator<Item = i64>) -> Samples {
        let mut samples = Samples::default();
        (1..)
            .zip(spans)
            .for_each(|(frame, span)| samples.add(span, frame));
        samples
    }

    fn shift(
        good: impl IntoIterator<Item = i64>,
        bad: impl IntoIterator<Item = i64>,
    ) -> Option<Shift> {
        Samples::shift(&of(good), &of(bad)).map(|(shift, ..)| shift)
    }

    #[test]
    fn a_shift_is_large_in_both_ways_and_beyond_the_scatter() {
        assert_eq!(shift([MS; 5], [2 * MS; 5]), Some(Shift::Slower));
        assert_eq!(shift([2 * MS; 5], [MS; 5]), Some(Shift::Faster));
        assert_eq!(shift([MS; 4], [9 * MS; 5]), None, "too few");
        assert_eq!(shift([10 * MS; 5], [19 * MS; 5]), None, "less than twice");
        assert_eq!(
            shift([MS / 10; 5], [MS; 5]),
            None,
            "less than a millisecond"
        );
        let (scattered, more) = ([1, 1, 3, 9, 9], [2, 2, 7, 9, 9]);
        assert_eq!(shift(scattered.map(|n| n * MS), more.map(|n| n * MS)), None);
    }

    #[test]
    fn those_that_are_kept_lie_evenly() {
        let samples = of(0..10_000);
        assert!(samples.kept.len() <= MOST);
        assert_eq!(samples.seen.count, 10_000);
        let gaps: Vec<_> = samples.kept.windows(2).map(|two| two[1] - two[0]).collect();
        assert!(gaps.iter().all(|gap| *gap == gaps[0]), "{gaps:?}");
    }
}
