//! Conversations by their ends, as many as there is room for.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::RandomState;

use super::conversation::{Conversation, Protocol};
use super::reader::{End, Talk};

type Slot = u32;

/// Connections that are over and stay a while, for what still comes of them: a last ACK, a FIN sent again.
const LINGERING: usize = 4_096;

/// Addresses, ports and protocol of either direction. Two maps, since most keys are short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct LongKey {
    low: u128,
    high: u128,
    ports: u64,
}

/// A conversation in a queue, as it was when it was put there.
#[derive(Debug, Clone, Copy)]
struct Queued {
    slot: Slot,
    /// How often the slot had been given up.
    generation: u32,
    /// Its last frame then.
    frame: u64,
}

/// Seeded hashes, since the keys are an attacker's to choose.
pub(super) struct Table {
    short: HashMap<u128, Slot, RandomState>,
    long: HashMap<LongKey, Slot, RandomState>,
    slots: Vec<Option<Conversation>>,
    generations: Vec<u32>,
    free: Vec<Slot>,
    /// About in the order of last use: what was used since it was queued goes back to the end when it is met.
    idle: VecDeque<Queued>,
    over: VecDeque<Queued>,
    most: usize,
    forgotten: u64,
    /// The one before, since frames of one conversation often follow each other.
    last: Option<(u128, Slot)>,
}

enum AnyKey {
    Short(u128),
    Long(LongKey),
}

fn key(protocol: Protocol, is_v4: bool, source: End, destination: End) -> AnyKey {
    let (low, high) = match source <= destination {
        true => (source, destination),
        false => (destination, source),
    };
    let tail = u64::from(low.port) << 24 | u64::from(high.port) << 8 | protocol as u64;
    match is_v4 {
        true => AnyKey::Short(low.address << 72 | high.address << 40 | u128::from(tail)),
        false => AnyKey::Long(LongKey {
            low: low.address,
            high: high.address,
            ports: tail,
        }),
    }
}

impl Table {
    pub(super) fn new(most: usize) -> Self {
        Self {
            short: HashMap::default(),
            long: HashMap::default(),
            slots: Vec::new(),
            generations: Vec::new(),
            free: Vec::new(),
            idle: VecDeque::new(),
            over: VecDeque::new(),
            most: most.max(1),
            forgotten: 0,
            last: None,
        }
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// The conversation between two ends, made by `make` where there is none. `done` gets what has to go for it.
    pub(super) fn find(
        &mut self,
        talk: &Talk,
        make: impl FnOnce() -> Conversation,
        done: &mut dyn FnMut(Conversation),
    ) -> Slot {
        let key = key(talk.protocol, talk.is_v4, talk.source, talk.destination);
        let known = match (&key, self.last) {
            (AnyKey::Short(key), Some((last, slot))) if *key == last => return slot,
            (AnyKey::Short(key), _) => self.short.get(key).copied(),
            (AnyKey::Long(key), _) => self.long.get(key).copied(),
        };
        if let Some(slot) = known {
            if let AnyKey::Short(key) = key {
                self.last = Some((key, slot));
            }
            return slot;
        }
        while self.slots.len() - self.free.len() >= self.most {
            self.make_room(done);
        }
        let new = make();
        let frame = new.last_frame;
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(new);
                slot
            }
            None => {
                self.slots.push(Some(new));
                self.generations.push(0);
                (self.slots.len() - 1) as Slot
            }
        };
        match key {
            AnyKey::Short(key) => {
                self.short.insert(key, slot);
                self.last = Some((key, slot));
            }
            AnyKey::Long(key) => {
                self.long.insert(key, slot);
            }
        }
        self.idle.push_back(Queued {
            slot,
            generation: self.generations[slot as usize],
            frame,
        });
        slot
    }

    /// # Panics
    /// Where `slot` was not just found.
    pub(super) fn get(&mut self, slot: Slot) -> &mut Conversation {
        self.slots[slot as usize]
            .as_mut()
            .expect("a slot that was found is taken")
    }

    /// Marks one as over: it goes once others have followed it.
    pub(super) fn close(&mut self, slot: Slot, done: &mut dyn FnMut(Conversation)) {
        let frame = self.get(slot).last_frame;
        let generation = self.generations[slot as usize];
        self.over.push_back(Queued {
            slot,
            generation,
            frame,
        });
        while self.over.len() > LINGERING {
            self.let_go(done);
        }
    }

    /// The last frame of what was queued; none where it is gone.
    fn last_frame(&self, queued: Queued) -> Option<u64> {
        let slot = queued.slot as usize;
        let found = self.slots[slot].as_ref()?;
        (self.generations[slot] == queued.generation).then_some(found.last_frame)
    }

    /// Hands out the one that has been over for longest. False where none is.
    fn let_go(&mut self, done: &mut dyn FnMut(Conversation)) -> bool {
        while let Some(queued) = self.over.pop_front() {
            // If it was used again, it is over no more, or was queued anew.
            if self.last_frame(queued) == Some(queued.frame) {
                done(self.remove(queued.slot));
                return true;
            }
        }
        false
    }

    fn make_room(&mut self, done: &mut dyn FnMut(Conversation)) {
        if self.let_go(done) {
            return;
        }
        while let Some(queued) = self.idle.pop_front() {
            match self.last_frame(queued) {
                None => {}
                Some(frame) if frame > queued.frame => {
                    self.idle.push_back(Queued { frame, ..queued });
                }
                Some(_) => {
                    self.forgotten += 1;
                    done(self.remove(queued.slot));
                    return;
                }
            }
        }
    }

    fn remove(&mut self, slot: Slot) -> Conversation {
        let gone = self.slots[slot as usize]
            .take()
            .expect("what is queued and checked is there");
        let [one, other] = gone.ends.map(End::of);
        match key(gone.protocol, gone.ends[0].address.is_ipv4(), one, other) {
            AnyKey::Short(key) => {
                self.short.remove(&key);
            }
            AnyKey::Long(key) => {
                self.long.remove(&key);
            }
        }
        self.last = None;
        self.generations[slot as usize] += 1;
        self.free.push(slot);
        gone
    }

    /// Empties the table.
    pub(super) fn drain(&mut self) -> Vec<Conversation> {
        self.short.clear();
        self.long.clear();
        self.generations.clear();
        self.free.clear();
        self.idle.clear();
        self.over.clear();
        self.last = None;
        std::mem::take(&mut self.slots)
            .into_iter()
            .flatten()
            .collect()
    }
}
