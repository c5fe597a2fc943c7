//! Where in the table a conversation is, by its key.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::table::Slot;
use crate::decode::flow::Key;

/// Keys themselves are kept in the table only: what is looked through here is small enough for a cache, and the one
/// conversation that is meant is wanted next anyway. Seeded hashes, since the keys are an attacker's to choose.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: HashTable<Place>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Of the key, which so need not be read where there is another.
    hash: u32,
    slot: Slot,
}

impl Index {
    fn hash(&self, key: &Key) -> u32 {
        let hash = match key {
            Key::V4(key) => self.hasher.hash_one(key),
            Key::V6(key) => self.hasher.hash_one(key),
        };
        (hash >> 32) as u32
    }

    /// Of those slots whose keys may be `key`, the one that `is_meant`.
    pub(super) fn find(&self, key: &Key, is_meant: impl Fn(Slot) -> bool) -> Option<Slot> {
        self.find_hashed(self.hash(key), is_meant)
    }

    fn find_hashed(&self, hash: u32, is_meant: impl Fn(Slot) -> bool) -> Option<Slot> {
        let is_it = |place: &Place| place.hash == hash && is_meant(place.slot);
        Some(self.places.find(spread(hash), is_it)?.slot)
    }

    /// Notes the slot of a key that has none.
    pub(super) fn add(&mut self, key: &Key, slot: Slot) {
        self.add_hashed(self.hash(key), slot);
    }

    fn add_hashed(&mut self, hash: u32, slot: Slot) {
        let place = Place { hash, slot };
        let spread_again = |place: &Place| spread(place.hash);
        self.places.insert_unique(spread(hash), place, spread_again);
    }

    pub(super) fn remove(&mut self, key: &Key, slot: Slot) {
        let hash = self.hash(key);
        let found = self
            .places
            .find_entry(spread(hash), |place| place.slot == slot);
        if let Ok(found) = found {
            found.remove();
        }
    }
}

/// A hash as the table wants it, whose lowest and highest bits both choose.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::flow::{End, Protocol};

    fn key(port: u16) -> Key {
        let [one, other] = [(1, port), (2, 80)].map(|(address, port)| End { address, port });
        let is_v4 = !port.is_multiple_of(3);
        Key::between(Protocol::Tcp, is_v4, one, other).0
    }

    #[test]
    fn each_key_leads_to_its_slot_until_it_is_removed() {
        let mut index = Index::default();
        let keys: Vec<Key> = (0..5_000).map(key).collect();
        let find =
            |index: &Index, wanted: &Key| index.find(wanted, |slot| keys[slot as usize] == *wanted);
        for (slot, key) in (0..).zip(&keys) {
            assert_eq!(find(&index, key), None);
            index.add(key, slot);
        }
        for (slot, key) in (0..).zip(&keys).filter(|(slot, _)| slot % 2 == 0) {
            index.remove(key, slot);
        }
        for (slot, key) in (0..).zip(&keys) {
            let expected = (slot % 2 == 1).then_some(slot);
            assert_eq!(find(&index, key), expected, "{slot}");
        }
    }

    #[test]
    fn keys_with_the_same_hash_are_told_apart() {
        let mut index = Index::default();
        index.add_hashed(7, 0);
        index.add_hashed(7, 1);
        for wanted in [0, 1] {
            assert_eq!(index.find_hashed(7, |slot| slot == wanted), Some(wanted));
        }
        assert_eq!(index.find_hashed(7, |_| false), None);
        assert_eq!(index.find_hashed(8, |_| true), None);
    }
}
