//! What two captures show, side by side, in bounded memory.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use foldhash::fast::RandomState;

use super::Side;

/// Up to `most` entries of either capture. Those that came first stay: of the bad capture what the good one has is always
/// kept, so that nothing is called gone for want of room. Hashes are seeded, since the keys are an attacker's to choose.
#[derive(Debug)]
pub(super) struct Pair<K, V> {
    good: HashMap<K, V, RandomState>,
    bad: HashMap<K, V, RandomState>,
    most: usize,
    left_out: [u64; 2],
}

/// What the good and the bad capture show of something.
pub(super) type Both<'a, V> = (Option<&'a V>, Option<&'a V>);

impl<K: Hash + Eq + Ord + Clone, V: Default> Pair<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            good: HashMap::default(),
            bad: HashMap::default(),
            most,
            left_out: [0; 2],
        }
    }

    /// The entry for `key`, made where there is none; none where there is no room, which is counted.
    pub(super) fn entry(&mut self, side: Side, key: &K) -> Option<&mut V> {
        let Self {
            good,
            bad,
            most,
            left_out,
        } = self;
        let (here, is_awaited) = match side {
            Side::Good => (good, false),
            Side::Bad => {
                let is_awaited = good.contains_key(key);
                (bad, is_awaited)
            }
        };
        // Asked for twice, since most keys are known and a new one is copied.
        if !here.contains_key(key) {
            if here.len() >= *most && !is_awaited {
                left_out[side as usize] += 1;
                return None;
            }
            here.insert(key.clone(), V::default());
        }
        here.get_mut(key)
    }

    pub(super) fn get(&self, side: Side, key: &K) -> Option<&V> {
        match side {
            Side::Good => self.good.get(key),
            Side::Bad => self.bad.get(key),
        }
    }

    /// Every entry in the order of keys. Where the good capture had no room for all, nobody knows whether what only the bad one
    /// has is new: it is left out.
    pub(super) fn each(&self) -> impl Iterator<Item = (&K, Both<'_, V>)> {
        let news = self.bad.keys().filter(|_| self.left_out[0] == 0);
        let keys: BTreeSet<&K> = self.good.keys().chain(news).collect();
        keys.into_iter()
            .map(|key| (key, (self.good.get(key), self.bad.get(key))))
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_good_one_has_always_finds_room_in_the_bad_one() {
        let mut pair: Pair<u32, u32> = Pair::new(2);
        assert!(pair.entry(Side::Good, &1).is_some());
        assert!(pair.entry(Side::Good, &2).is_some());
        assert!(pair.entry(Side::Bad, &8).is_some());
        assert!(pair.entry(Side::Bad, &9).is_some());
        assert!(pair.entry(Side::Bad, &10).is_none(), "no room");
        assert!(pair.entry(Side::Bad, &2).is_some(), "awaited");
        assert_eq!(pair.left_out(), [0, 1]);
        let keys: Vec<_> = pair.each().map(|(key, _)| *key).collect();
        assert_eq!(keys, [1, 2, 8, 9]);
        assert!(pair.entry(Side::Good, &3).is_none());
        let keys: Vec<_> = pair.each().map(|(key, _)| *key).collect();
        assert_eq!(keys, [1, 2], "8 may have been in the good one");
    }
}
