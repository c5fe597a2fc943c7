//! A table of counts that traffic can't make grow without bound: who sends much stays, who sent little is forgotten.

use std::hash::Hash;
use std::ops::AddAssign;

use foldhash::fast::RandomState;
use indexmap::IndexMap;

use super::traffic::{Dialogue, Exchange, Traffic};

/// What can be added up, and compared by weight.
pub trait Counted: Copy + Default + AddAssign {
    fn traffic(&self) -> Traffic;
}

impl Counted for Traffic {
    fn traffic(&self) -> Traffic {
        *self
    }
}

impl Counted for Exchange {
    fn traffic(&self) -> Traffic {
        self.total()
    }
}

impl Counted for Dialogue {
    fn traffic(&self) -> Traffic {
        self.total()
    }
}

/// Counts by key, in the order the keys were met. At `limit` entries the lighter half is forgotten: whoever has more
/// bytes than that, or comes back often enough, stays, however many others pass by once (lossy counting, Manku and
/// Motwani 2002). Which ones go depends on what was counted and in which order, on nothing else. Hashes are seeded, since
/// the keys are an attacker's to choose.
#[derive(Debug)]
pub struct Heaviest<K, V> {
    entries: IndexMap<K, V, RandomState>,
    limit: usize,
    forgotten: Forgotten,
}

/// What a full table let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// Entries; one that came back and went again counts twice.
    pub entries: u64,
    /// What they had in sum.
    pub traffic: Traffic,
    /// The most bytes that a count in the table may lack, since its entry was forgotten before.
    pub most_bytes: u64,
}

impl Forgotten {
    /// What two tables with different keys let go.
    pub fn beside(self, other: Self) -> Self {
        Self {
            entries: self.entries + other.entries,
            traffic: self.traffic + other.traffic,
            most_bytes: self.most_bytes.max(other.most_bytes),
        }
    }
}

impl<K: Hash + Eq, V: Counted> Heaviest<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            entries: IndexMap::default(),
            limit,
            forgotten: Forgotten::default(),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, key: K, value: V) {
        self.change(key, |known| *known += value);
    }

    /// Counts something of `key` in its place, which starts at nothing.
    #[inline]
    pub(super) fn change(&mut self, key: K, count: impl FnOnce(&mut V)) {
        if let Some(known) = self.entries.get_mut(&key) {
            return count(known);
        }
        if self.entries.len() >= self.limit {
            self.forget();
        }
        let mut value = V::default();
        count(&mut value);
        self.entries.insert(key, value);
    }

    /// Lets the half with fewer bytes go; of equals, those that were met first.
    #[cold]
    fn forget(&mut self) {
        let mut weights: Vec<u64> = self.values().map(|value| value.traffic().bytes).collect();
        let half = (weights.len() / 2).max(1);
        let (lighter, median, _) = weights.select_nth_unstable(half - 1);
        let median = *median;
        let mut of_equals = half - lighter.iter().filter(|bytes| **bytes < median).count();
        let forgotten = &mut self.forgotten;
        self.entries.retain(|_, value| {
            let traffic = value.traffic();
            let equal = traffic.bytes == median && of_equals > 0;
            of_equals -= usize::from(equal);
            let goes = traffic.bytes < median || equal;
            if goes {
                forgotten.entries += 1;
                forgotten.traffic += traffic;
            }
            !goes
        });
        forgotten.most_bytes += median;
    }

    /// Takes everything out of `part`, in the order it was met there.
    pub(super) fn absorb(&mut self, part: &mut Self) {
        for (key, value) in part.entries.drain(..) {
            self.add(key, value);
        }
        let lost = std::mem::take(&mut part.forgotten);
        let most_bytes = self.forgotten.most_bytes + lost.most_bytes;
        self.forgotten = Forgotten {
            most_bytes,
            ..self.forgotten.beside(lost)
        };
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &V)> {
        self.entries.iter()
    }

    fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn forgotten(&self) -> Forgotten {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(bytes: u64) -> Traffic {
        Traffic { frames: 1, bytes }
    }

    #[test]
    fn who_talks_much_stays_and_what_goes_is_counted() {
        let mut table = Heaviest::new(16);
        for key in 0..1000u32 {
            table.add(key, bytes(60));
            table.add(7777, bytes(100));
            assert!(table.len() <= 16);
        }
        let talker = table.entries.get(&7777).copied();
        assert_eq!(
            talker,
            Some(Traffic {
                frames: 1000,
                bytes: 100_000
            })
        );
        let kept: u64 = table.iter().map(|(_, value)| value.frames).sum();
        assert_eq!(kept + table.forgotten().traffic.frames, 2000);
        assert_eq!(
            table.forgotten().entries + table.len() as u64,
            1001,
            "each came once"
        );
    }

    /// The promise that the lists rely on.
    #[test]
    fn no_count_lacks_more_than_is_said() {
        let mut table = Heaviest::new(8);
        let mut truth = std::collections::HashMap::new();
        let mut state = 1u64;
        for _ in 0..5000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let key = (state >> 33) % 40 * ((state >> 50) % 3);
            let size = 60 + (state >> 40) % 1000;
            table.add(key, bytes(size));
            *truth.entry(key).or_insert(0) += size;
        }
        let most = table.forgotten().most_bytes;
        for (key, real) in truth {
            let shown = table.entries.get(&key).map_or(0, |value| value.bytes);
            assert!(
                shown <= real && real - shown <= most,
                "{key}: {shown} of {real}, {most}"
            );
        }
    }

    #[test]
    fn equals_go_in_the_order_they_were_met() {
        let mut table = Heaviest::new(4);
        (0..5u32).for_each(|key| table.add(key, bytes(60)));
        let kept: Vec<u32> = table.iter().map(|(key, _)| *key).collect();
        assert_eq!(kept, [2, 3, 4]);
    }
}
