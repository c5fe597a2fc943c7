//! Counting what happens within a span of time, in constant memory. Clocks may jump: a window that now lies in the
//! future starts anew.

use crate::frame::Timestamp;

pub(super) const SECOND: i64 = 1_000_000_000;

/// Events since the first one, for as long as the window lasts; the first one behind it opens the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    start: Option<Timestamp>,
    pub count: u64,
}

impl Window {
    /// Counts one event; true where it opened a window.
    pub(super) fn add(&mut self, now: Timestamp, span: i64) -> bool {
        let open = self
            .start
            .is_some_and(|start| (0..span).contains(&now.since(start)));
        if !open {
            *self = Self {
                start: Some(now),
                count: 0,
            };
        }
        self.count += 1;
        !open
    }

    /// Nanoseconds since it opened.
    pub(super) fn age(&self, now: Timestamp) -> i64 {
        self.start.map_or(0, |start| now.since(start).max(0))
    }
}

/// Different things seen within a window, up to a number that makes an alert.
#[derive(Debug, Clone)]
pub(super) struct Distinct<T> {
    window: Window,
    pub seen: Vec<T>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self {
            window: Window::default(),
            seen: Vec::new(),
        }
    }
}

impl<T: PartialEq> Distinct<T> {
    /// Notes one; how long the window is open in nanoseconds, where there are `enough` now. The next one then starts anew.
    pub(super) fn add(
        &mut self,
        item: T,
        now: Timestamp,
        span: i64,
        enough: u32,
    ) -> Option<(i64, Vec<T>)> {
        if self.window.add(now, span) {
            self.seen.clear();
        }
        if self.seen.contains(&item) {
            return None;
        }
        self.seen.push(item);
        if self.seen.len() < enough as usize {
            return None;
        }
        let age = self.window.age(now);
        self.window = Window::default();
        Some((age, std::mem::take(&mut self.seen)))
    }
}

/// About how many different things were seen, from one bit for each value of a hash (linear counting, Whang 1990).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sketch([u64; 4]);

impl Sketch {
    /// Takes a hash of good quality: all of its bits count.
    pub(super) fn add(&mut self, hash: u64) {
        self.0[(hash >> 6) as usize % 4] |= 1 << (hash % 64);
    }

    /// Good to about a tenth up to 500; no more than 1,400 in any case.
    pub(super) fn estimate(&self) -> u64 {
        const BITS: f64 = 256.0;
        let clear: u32 = self.0.iter().map(|word| word.count_zeros()).sum();
        (-BITS * (f64::from(clear.max(1)) / BITS).ln()).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn a_window_ends_and_a_clock_set_back_opens_another() {
        let mut window = Window::default();
        assert!(window.add(at(0), SECOND));
        assert!(!window.add(at(999), SECOND));
        assert_eq!(window.count, 2);
        assert!(window.add(at(1000), SECOND));
        assert!(window.add(at(-5000), SECOND), "the clock was set back");
        assert_eq!(window.count, 1);
    }

    #[test]
    fn distinct_things_count_once() {
        let mut seen = Distinct::default();
        for item in [1, 2, 1, 2] {
            assert_eq!(seen.add(item, at(0), SECOND, 3), None);
        }
        assert_eq!(
            seen.add(3, at(10), SECOND, 3),
            Some((10_000_000, vec![1, 2, 3]))
        );
        assert_eq!(seen.add(1, at(20), SECOND, 2), None, "anew");
        assert_eq!(seen.add(2, at(2000), SECOND, 2), None, "the window is over");
    }

    #[test]
    fn a_sketch_counts_about_right() {
        let hasher = foldhash::quality::FixedState::with_seed(7);
        let count = |n: u64| {
            let mut sketch = Sketch::default();
            for i in 0..n {
                sketch.add(std::hash::BuildHasher::hash_one(&hasher, i));
            }
            sketch.estimate()
        };
        assert_eq!((count(0), count(1)), (0, 1));
        assert!((80..120).contains(&count(100)), "{}", count(100));
        assert!(count(1_000_000) > 500);
    }
}
