//! A table that traffic can't make grow without bound.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Remembers up to `limit` entries, and forgets those that were not used for longest, half a table at a time:
/// what was used since the last turn is in `recent`, what was not is in `older`. Hashes are seeded, since the keys
/// are an attacker's to choose.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    recent: HashMap<K, V, RandomState>,
    older: HashMap<K, V, RandomState>,
    limit: usize,
    forgotten: u64,
}

impl<K: Hash + Eq + Copy, V> Bounded<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            recent: HashMap::default(),
            older: HashMap::default(),
            limit,
            forgotten: 0,
        }
    }

    /// The entry for `key`, made by `make` where there is none.
    pub(crate) fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.recent.len() >= self.limit / 2 && !self.recent.contains_key(&key) {
            self.forgotten += self.older.len() as u64;
            self.older = std::mem::take(&mut self.recent);
        }
        let older = &mut self.older;
        self.recent
            .entry(key)
            .or_insert_with(|| older.remove(&key).unwrap_or_else(make))
    }

    /// The entry for `key`, where there is one; it counts as used.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if let Some(value) = self.older.remove(key) {
            if self.recent.len() >= self.limit / 2 {
                self.forgotten += self.older.len() as u64;
                self.older = std::mem::take(&mut self.recent);
            }
            self.recent.insert(*key, value);
        }
        self.recent.get_mut(key)
    }

    /// Every entry that is remembered, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.recent.iter().chain(&self.older)
    }

    /// Whether there is an entry. Asking does not count as a use.
    pub(crate) fn contains(&self, key: &K) -> bool {
        self.recent.contains_key(key) || self.older.contains_key(key)
    }

    /// Takes the entry out where there is one and `wanted` says yes.
    pub(crate) fn remove_if(&mut self, key: &K, wanted: impl Fn(&V) -> bool) -> Option<V> {
        for half in [&mut self.recent, &mut self.older] {
            if half.get(key).is_some_and(&wanted) {
                return half.remove(key);
            }
        }
        None
    }

    /// How many entries had to be forgotten to make room.
    pub(crate) fn forgotten(&self) -> u64 {
        self.forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten_and_counted() {
        let mut table = Bounded::new(8);
        for key in 0..100u32 {
            table.get_or_insert_with(key, || key);
            assert_eq!(*table.get_or_insert_with(7777, || key), 0, "used all along");
            assert!(table.recent.len() + table.older.len() <= 8);
        }
        assert_eq!(
            table.forgotten() + (table.recent.len() + table.older.len()) as u64,
            101
        );
    }
}
