//! A few slots of the table by their keys, without a map.

use super::table::Slot;
use crate::decode::flow::{Key, KeyV4, KeyV6};

/// Where some conversations are that frames were part of lately, or are about to be: to look here first is quicker than to
/// hash the key and to compare it with the conversation's own.
pub(super) struct AtHand {
    v4: [(KeyV4, Slot); ROOM],
    /// Without their keys, which are long: where one may be.
    v6: [Slot; ROOM],
}

const BITS: u32 = 7;
const ROOM: usize = 1 << BITS;
/// A slot that none has.
const NOWHERE: Slot = Slot::MAX;

#[inline]
fn place(mixed: u64) -> usize {
    (mixed >> (u64::BITS - BITS)) as usize
}

impl AtHand {
    pub(super) fn new() -> Self {
        Self {
            v4: [(KeyV4::default(), NOWHERE); ROOM],
            v6: [NOWHERE; ROOM],
        }
    }

    #[inline]
    pub(super) fn get(&self, key: &KeyV4) -> Option<Slot> {
        let (known, slot) = &self.v4[place(key.mixed())];
        (known == key && *slot != NOWHERE).then_some(*slot)
    }

    /// Where a conversation was lately, if it is at hand; another may be there.
    #[inline]
    pub(super) fn maybe(&self, key: &KeyV6) -> Slot {
        self.v6[place(key.mixed())]
    }

    pub(super) fn forget(&mut self, key: &KeyV4) {
        let (known, slot) = &mut self.v4[place(key.mixed())];
        if known == key {
            *slot = NOWHERE;
        }
    }

    #[inline]
    pub(super) fn set(&mut self, key: &Key, slot: Slot) {
        match key {
            Key::V4(key) => self.v4[place(key.mixed())] = (*key, slot),
            Key::V6(key) => self.v6[place(key.mixed())] = slot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::flow::{End, Protocol};

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
            at_hand.set(&Key::V4(key(port)), port.into());
            assert_eq!(at_hand.get(&key(port)), Some(port.into()));
        }
        // Each that is still there has its own slot, and most places are taken.
        let known = (0..1_000).filter_map(|port| Some((port, at_hand.get(&key(port))?)));
        let known: Vec<(u16, Slot)> = known.collect();
        assert!(known.iter().all(|(port, slot)| u32::from(*port) == *slot));
        let count = known.len();
        assert!((ROOM / 2..=ROOM).contains(&count), "{count}");
        at_hand.forget(&key(998));
        assert_eq!(at_hand.get(&key(999)), Some(999));
        at_hand.forget(&key(999));
        assert_eq!(at_hand.get(&key(999)), None);
    }

    #[test]
    fn conversations_between_ipv6_addresses_have_many_places() {
        let mut at_hand = AtHand::new();
        let address = |host: u64| 0x2001_0db8_0000_0001_u128 << 64 | u128::from(host);
        for client in 0..1_000_u16 {
            // Hosts of one network and one server.
            let ends = [
                (
                    address(0x0211_22ff_fe33_0000 | u64::from(client)),
                    40_000 + client,
                ),
                (address(1), 443),
            ];
            let [client_end, server] = ends.map(|(address, port)| End { address, port });
            let (key, _) = Key::between_v6(Protocol::Tcp, client_end, server);
            at_hand.set(&key, client.into());
            let Key::V6(key) = key else {
                unreachable!("asked for this one");
            };
            assert_eq!(at_hand.maybe(&key), Slot::from(client));
        }
        let taken = at_hand.v6.iter().filter(|slot| **slot != NOWHERE).count();
        assert!(taken > ROOM / 2, "{taken}");
    }
}
