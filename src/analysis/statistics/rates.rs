//! How much passes when, in intervals that grow with the capture, so that there are never many.

use super::traffic::Traffic;
use crate::frame::{Frame, Timestamp};

/// Intervals there are at most.
const MOST: usize = 1024;

const US: i64 = 1_000;
const MS: i64 = 1000 * US;
const S: i64 = 1000 * MS;
const MIN: i64 = 60 * S;
const H: i64 = 60 * MIN;
const D: i64 = 24 * H;

/// Lengths that an interval can have, in nanoseconds, each a multiple of the one before. The last one is enough for all
/// the time there is between the earliest and the latest timestamp.
#[rustfmt::skip]
const LENGTHS: [i64; 30] = [
    US, 2 * US, 10 * US, 20 * US, 100 * US, 200 * US,
    MS, 2 * MS, 10 * MS, 20 * MS, 100 * MS, 200 * MS,
    S, 2 * S, 10 * S, 20 * S,
    MIN, 2 * MIN, 10 * MIN, 20 * MIN,
    H, 2 * H, 12 * H,
    D, 2 * D, 10 * D, 20 * D, 100 * D, 200 * D, 1000 * D,
];

/// Traffic by interval. Intervals begin at multiples of their length since 1970, so that those of two captures fit.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// Index into [`LENGTHS`].
    length: usize,
    /// Which interval since 1970 the first one is.
    origin: i64,
    /// The first and the last are not empty.
    intervals: Vec<Traffic>,
    /// The interval of the frame before, which is that of most frames: its start in nanoseconds and its index.
    current: Option<(i64, usize)>,
}

impl Rates {
    #[inline]
    pub(super) fn count(&mut self, frame: &Frame<'_>) {
        if let Some(time) = frame.time {
            self.add(time.nanos(), Traffic::of(frame));
        }
    }

    #[inline]
    fn add(&mut self, nanos: i64, traffic: Traffic) {
        let length = LENGTHS[self.length];
        let place = match self.current {
            Some((start, place)) if nanos >= start && nanos.saturating_sub(start) < length => place,
            _ => self.find(nanos),
        };
        self.intervals[place] += traffic;
    }

    /// The index of the interval that `nanos` lies in; intervals get longer until there is room for it.
    #[inline(never)]
    fn find(&mut self, nanos: i64) -> usize {
        loop {
            if let Some(place) = self.place(nanos) {
                // The earliest interval begins before all time there is, and is always looked for.
                let start = (self.origin + place as i64).checked_mul(LENGTHS[self.length]);
                self.current = start.map(|start| (start, place));
                return place;
            }
            self.lengthen();
        }
    }

    /// The index of the interval that `nanos` lies in, made where there is none; none where there is no room.
    fn place(&mut self, nanos: i64) -> Option<usize> {
        let index = nanos.div_euclid(LENGTHS[self.length]);
        if self.intervals.is_empty() {
            self.origin = index;
        }
        let after = index - self.origin;
        if after < 0 {
            let missing = after.unsigned_abs() as usize;
            if missing > MOST - self.intervals.len() {
                return None;
            }
            self.intervals
                .splice(..0, std::iter::repeat_n(Traffic::default(), missing));
            self.origin = index;
            return Some(0);
        }
        let after = after as usize;
        if after >= MOST {
            return None;
        }
        if after >= self.intervals.len() {
            self.intervals.resize(after + 1, Traffic::default());
        }
        Some(after)
    }

    /// Goes on with the next longer intervals.
    fn lengthen(&mut self) {
        self.current = None;
        let old = LENGTHS[self.length];
        // The longest holds every time there is.
        self.length = (self.length + 1).min(LENGTHS.len() - 1);
        let factor = LENGTHS[self.length] / old;
        let origin = self.origin.div_euclid(factor);
        let mut fewer = 0;
        for index in 0..self.intervals.len() {
            let place = ((self.origin + index as i64).div_euclid(factor) - origin) as usize;
            let traffic = std::mem::take(&mut self.intervals[index]);
            // Never behind `index`: what is overwritten was taken before.
            self.intervals[place] += traffic;
            fewer = place + 1;
        }
        self.intervals.truncate(fewer);
        self.origin = origin;
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        while self.length < part.length {
            self.lengthen();
        }
        for (start, traffic) in part.iter().filter(|(_, traffic)| traffic.frames > 0) {
            self.add(start.nanos(), traffic);
        }
        // What follows will not be finer.
        part.length = self.length;
        part.current = None;
        part.intervals.clear();
    }

    /// Length of an interval in nanoseconds.
    pub fn interval(&self) -> i64 {
        LENGTHS[self.length]
    }

    /// Every interval from the first frame to the last, with its start; empty ones too.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Timestamp, Traffic)> + Clone {
        let length = self.interval();
        let start = move |index: usize| (self.origin + index as i64).saturating_mul(length);
        let intervals = self.intervals.iter().enumerate();
        intervals.map(move |(index, traffic)| (Timestamp::from_nanos(start(index)), *traffic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: Traffic = Traffic {
        frames: 1,
        bytes: 60,
    };

    #[test]
    fn lengths_are_multiples_and_the_last_holds_all_time() {
        assert!(
            LENGTHS
                .windows(2)
                .all(|pair| pair[1] % pair[0] == 0 && pair[1] > pair[0])
        );
        let all = i64::MAX / D * 2 / 1000 + 2;
        assert!(all < MOST as i64);
    }

    #[test]
    fn a_second_is_in_milliseconds_and_a_day_in_minutes() {
        let mut rates = Rates::default();
        rates.add(5 * S, ONE);
        rates.add(6 * S, ONE);
        assert_eq!((rates.interval(), rates.iter().len()), (MS, 1001));
        rates.add(5 * S + D, ONE);
        assert_eq!((rates.interval(), rates.iter().len()), (2 * MIN, 721));
        let times: Vec<_> = rates
            .iter()
            .filter(|(_, traffic)| traffic.frames > 0)
            .collect();
        assert_eq!(times[0], (Timestamp::from_nanos(0), ONE + ONE));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_order(times in proptest::collection::vec(any::<i64>(), 1..40), many in 1..40usize) {
            let mut whole = Rates::default();
            times.iter().for_each(|time| whole.add(*time, ONE));
            // Batch after batch, as two workers count them.
            let mut sum = Rates::default();
            let mut parts = [Rates::default(), Rates::default()];
            for (index, batch) in times.chunks(many).enumerate() {
                let part = &mut parts[index % 2];
                batch.iter().for_each(|time| part.add(*time, ONE));
                sum.absorb(part);
            }
            let frames: u64 = whole.iter().map(|(_, traffic)| traffic.frames).sum();
            prop_assert_eq!(frames, times.len() as u64);
            prop_assert!(whole.iter().len() <= MOST);
            prop_assert_eq!(sum.iter().collect::<Vec<_>>(), whole.iter().collect::<Vec<_>>());
        }
    }
}
