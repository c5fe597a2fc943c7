//! Conversations by their ends, as many as there is room for.

use std::collections::VecDeque;
use std::hint::black_box;

use super::MOST;
use super::at_hand::AtHand;
use super::conversation::Conversation;
use super::course::Course;
use super::index::Index;
use super::leaving::Leaving;
use crate::decode::flow::Key;
use crate::frame::Timestamp;

/// Where in the table a conversation is.
pub(super) type Slot = u32;

/// How a slot was found.
enum Found {
    Near,
    Far,
}

/// Connections that are over and stay a while, for what still comes of them: a last ACK, a FIN sent again.
const LINGERING: usize = 4_096;

/// A conversation in a queue, as it was when it was put there.
#[derive(Debug, Clone, Copy)]
struct Queued {
    slot: Slot,
    /// How often the slot had been given up.
    generation: u32,
    /// Its last frame then.
    frame: u64,
}

/// Both lie side by side, not in boxes: as many are made as a flood has packets.
#[derive(Default)]
#[repr(align(64))]
struct Entry {
    /// None where the slot is free.
    conversation: Option<Conversation>,
    course: Course,
}

pub(super) struct Table {
    index: Index,
    slots: Vec<Entry>,
    generations: Vec<u32>,
    free: Vec<Slot>,
    /// About in the order of last use: what was used since it was queued goes back to the end when it is met.
    idle: VecDeque<Queued>,
    over: VecDeque<Queued>,
    most: usize,
    forgotten: u64,
    at_hand: AtHand,
}

impl Table {
    pub(super) fn new(most: usize) -> Self {
        Self {
            index: Index::default(),
            slots: Vec::new(),
            generations: Vec::new(),
            free: Vec::new(),
            idle: VecDeque::new(),
            over: VecDeque::new(),
            most: most.max(1),
            forgotten: 0,
            at_hand: AtHand::new(),
        }
    }

    /// Asks for memory for as many as are usual: growing would copy what is there again and again. The system gives it
    /// only as it is used.
    pub(super) fn reserve(&mut self) {
        let room = self.most.min(MOST);
        self.slots.reserve_exact(room);
        self.generations.reserve_exact(room);
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Where the conversation with that key is.
    #[inline]
    pub(super) fn find(&mut self, key: &Key) -> Option<Slot> {
        let (slot, _) = self.look_up(key)?;
        Some(slot)
    }

    /// Puts in the conversation that `make` makes, under a key that has none. `done` gets what has to go for it.
    pub(super) fn add(
        &mut self,
        key: Key,
        make: impl FnOnce() -> Conversation,
        done: &mut dyn FnMut(Leaving<'_>),
    ) -> Slot {
        while self.slots.len() - self.free.len() >= self.most {
            self.make_room(done);
        }
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(Entry::default());
                self.generations.push(0);
                (self.slots.len() - 1) as Slot
            }
        };
        // In place: it is copied twice otherwise. What makes it must not panic, or the slot would be lost.
        let entry = &mut self.slots[slot as usize];
        entry.course = Course::default();
        let frame = entry.conversation.insert(make()).last_frame;
        self.index.add(&key, slot);
        self.at_hand.set(&key, slot);
        self.idle.push_back(Queued {
            slot,
            generation: self.generations[slot as usize],
            frame,
        });
        slot
    }

    /// Brings what is known of a conversation nearer. With many of them each lies somewhere else in memory, and waiting
    /// for several at once takes no longer than for one.
    pub(super) fn foresee(&mut self, key: &Key) {
        if let Some((slot, Found::Far)) = self.look_up(key) {
            let Entry {
                conversation,
                course,
            } = &self.slots[slot as usize];
            // Something of every piece that a cache holds.
            black_box(course.samples());
            black_box(conversation.as_ref().map(Conversation::samples));
        }
    }

    /// Where the conversation with that key is, and whether that was at hand.
    #[inline]
    fn look_up(&mut self, key: &Key) -> Option<(Slot, Found)> {
        let near = match key {
            Key::V4(key) => self.at_hand.get(key),
            Key::V6(short) => {
                let slot = self.at_hand.maybe(short);
                self.is_known(slot, key).then_some(slot)
            }
        };
        match near {
            Some(slot) => Some((slot, Found::Near)),
            None => Some((self.look_farther(key)?, Found::Far)),
        }
    }

    /// Whether the conversation in a slot, if there is one, has that key.
    #[inline]
    fn is_known(&self, slot: Slot, key: &Key) -> bool {
        let entry = self.slots.get(slot as usize);
        let conversation = entry.and_then(|entry| entry.conversation.as_ref());
        conversation.is_some_and(|known| known.key == *key)
    }

    /// Where a conversation is that is not at hand. Not in place: for most it is.
    #[inline(never)]
    fn look_farther(&mut self, key: &Key) -> Option<Slot> {
        let slot = self.index.find(key, |slot| self.is_known(slot, key))?;
        self.at_hand.set(key, slot);
        Some(slot)
    }

    /// # Panics
    /// Where `slot` was not just found.
    pub(super) fn get(&mut self, slot: Slot) -> (&mut Conversation, &mut Course) {
        let Entry {
            conversation,
            course,
        } = &mut self.slots[slot as usize];
        let conversation = conversation.as_mut();
        (
            conversation.expect("a slot that was found is taken"),
            course,
        )
    }

    /// Marks one as over: it goes once others have followed it.
    pub(super) fn close(&mut self, slot: Slot, done: &mut dyn FnMut(Leaving<'_>)) {
        let frame = self.get(slot).0.last_frame;
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
        let found = self.slots[slot].conversation.as_ref()?;
        (self.generations[slot] == queued.generation).then_some(found.last_frame)
    }

    /// Hands out the one that has been over for longest. False where none is.
    fn let_go(&mut self, done: &mut dyn FnMut(Leaving<'_>)) -> bool {
        while let Some(queued) = self.over.pop_front() {
            // If it was used again, it is over no more, or was queued anew.
            if self.last_frame(queued) == Some(queued.frame) {
                self.dismiss(queued.slot, done);
                return true;
            }
        }
        false
    }

    fn make_room(&mut self, done: &mut dyn FnMut(Leaving<'_>)) {
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
                    self.dismiss(queued.slot, done);
                    return;
                }
            }
        }
    }

    /// Hands out the conversation in a slot.
    pub(super) fn dismiss(&mut self, slot: Slot, done: &mut dyn FnMut(Leaving<'_>)) {
        let place = &mut self.slots[slot as usize].conversation;
        let Some(conversation) = place else { return };
        self.index.remove(&conversation.key, slot);
        if let Key::V4(key) = &conversation.key {
            self.at_hand.forget(key);
        }
        self.generations[slot as usize] += 1;
        self.free.push(slot);
        Leaving::tell(place, done);
    }

    /// Empties the table, in the order that conversations began in.
    pub(super) fn drain(&mut self, done: &mut dyn FnMut(Leaving<'_>)) {
        let emptied = Self {
            forgotten: self.forgotten,
            ..Self::new(self.most)
        };
        let mut full = std::mem::replace(self, emptied);
        for slot in full.in_order() {
            Leaving::tell(&mut full.slots[slot as usize].conversation, done);
        }
    }

    /// Those that are left, in the order that they began in.
    pub(super) fn left(&self) -> impl Iterator<Item = &Conversation> {
        let order = self.in_order();
        order.filter_map(|slot| self.slots[slot as usize].conversation.as_ref())
    }

    /// The slots that are taken, in the order that conversations began in.
    fn in_order(&self) -> impl Iterator<Item = Slot> + use<> {
        let ranked = self.slots.iter().zip(0..);
        let ranked = ranked.filter_map(|(entry, slot): (_, Slot)| {
            let conversation = entry.conversation.as_ref()?;
            let next = u64::from(conversation.number) << 32 | u64::from(slot);
            Some(Timestamp::rank(conversation.start, next))
        });
        let mut order: Vec<u128> = ranked.collect();
        order.sort_unstable();
        order.into_iter().map(|placed| placed as Slot)
    }
}
