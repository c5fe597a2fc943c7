//! A few slots of the table by their keys, without a map.

use super::table::Slot;
use crate::decode::flow::KeyV4;

/// Where some conversations are that frames were part of lately, or are about to be: to look here first is quicker than to
/// hash the key and to compare it with the conversation's own.
pub(super) struct AtHand([(KeyV4, Slot); Self::ROOM]);

impl AtHand {
    const BITS: u32 = 7;
    const ROOM: usize = 1 << Self::BITS;
    /// A slot that none has.
    const NOWHERE: Slot = Slot::MAX;

    pub(super) fn new() -> Self {
        Self([(KeyV4::default(), Self::NOWHERE); Self::ROOM])
    }

    #[inline]
    fn place(key: &KeyV4) -> usize {
        (key.mixed() >> (u64::BITS - Self::BITS)) as usize
    }

    #[inline]
    pub(super) fn get(&self, key: &KeyV4) -> Option<Slot> {
        let (known, slot) = &self.0[Self::place(key)];
        (known == key && *slot != Self::NOWHERE).then_some(*slot)
    }

    pub(super) fn forget(&mut self, key: &KeyV4) {
        let (known, slot) = &mut self.0[Self::place(key)];
        if known == key {
            *slot = Self::NOWHERE;
        }
    }

    #[inline]
    pub(super) fn set(&mut self, key: KeyV4, slot: Slot) {
        self.0[Self::place(&key)] = (key, slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::flow::{Key, Protocol};

    fn key(port: u16) -> KeyV4 {
        match Key::between_v4(Protocol::Tcp, (1, port), (2, 80)).0 {
            Key::V4(key) => key,
            Key::V6(_) => unreachable!("asked for the other"),
        }
    }

    #[test]
    fn nothing_is_taken_for_another() {
        let mut at_hand = AtHand::new();
        assert_eq!(at_hand.get(&KeyV4::default()), None, "nobody was put there");
        for port in 0..1_000 {
            at_hand.set(key(port), port.into());
            assert_eq!(at_hand.get(&key(port)), Some(port.into()));
        }
        // Each that is still there has its own slot, and most places are taken.
        let known = (0..1_000).filter_map(|port| Some((port, at_hand.get(&key(port))?)));
        let known: Vec<(u16, Slot)> = known.collect();
        assert!(known.iter().all(|(port, slot)| u32::from(*port) == *slot));
        let count = known.len();
        assert!(
            (AtHand::ROOM / 2..=AtHand::ROOM).contains(&count),
            "{count}"
        );
        at_hand.forget(&key(998));
        assert_eq!(at_hand.get(&key(999)), Some(999));
        at_hand.forget(&key(999));
        assert_eq!(at_hand.get(&key(999)), None);
    }
}
