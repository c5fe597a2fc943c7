//! Where workers leave what they made, and one of them deals with it in the order of the tickets.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};

use super::unpoisoned;

/// Takes things under tickets: 0, 1, 2, … Whoever finds that the next one is there, and nobody dealing, deals with that and
/// what follows it. The others take a spare thing and go on, as long as there is one, so that nobody waits for a turn.
pub(super) struct Handover<Thing, Place> {
    left: Mutex<Left<Thing>>,
    moved: Condvar,
    /// What things are dealt with in; never waited for, since one deals at a time.
    place: Mutex<Place>,
}

struct Left<Thing> {
    next: u64,
    /// Not dealt with yet.
    waiting: BTreeMap<u64, Thing>,
    /// Dealt with, to be used again.
    spare: Vec<Thing>,
    /// Somebody is dealing.
    is_busy: bool,
    /// Workers that wait for a spare thing.
    idle: usize,
    /// A ticket will never come.
    abandoned: bool,
}

impl<Thing, Place> Handover<Thing, Place> {
    /// With things that workers may take beside those that they bring.
    pub(super) fn new(place: Place, spare: Vec<Thing>) -> Self {
        Self {
            left: Mutex::new(Left {
                next: 0,
                waiting: BTreeMap::new(),
                spare,
                is_busy: false,
                idle: 0,
                abandoned: false,
            }),
            moved: Condvar::new(),
            place: Mutex::new(place),
        }
    }

    /// Leaves `made`, and returns a thing to use for the next ticket, which is not to be drawn before. Every ticket that was
    /// drawn must come, or those behind it are never dealt with.
    pub(super) fn pass(
        &self,
        ticket: u64,
        made: Thing,
        mut deal: impl FnMut(&mut Place, &mut Thing),
    ) -> Thing {
        let mut left = unpoisoned(self.left.lock());
        left.waiting.insert(ticket, made);
        loop {
            if let Some(mut due) = left.take_due() {
                drop(left);
                let mut place = unpoisoned(self.place.lock());
                deal(&mut place, &mut due);
                drop(place);
                left = unpoisoned(self.left.lock());
                left.is_busy = false;
                left.next += 1;
                left.spare.push(due);
                if left.idle > 0 {
                    self.moved.notify_all();
                }
            } else if let Some(spare) = left.take_spare() {
                return spare;
            } else {
                left.idle += 1;
                left = unpoisoned(self.moved.wait(left));
                left.idle -= 1;
            }
        }
    }

    /// Gives up: nobody waits any more, nor is anything dealt with.
    pub(super) fn abandon(&self) {
        unpoisoned(self.left.lock()).abandoned = true;
        self.moved.notify_all();
    }

    pub(super) fn into_inner(self) -> Place {
        unpoisoned(self.place.into_inner())
    }
}

impl<Thing> Left<Thing> {
    fn take_due(&mut self) -> Option<Thing> {
        if self.is_busy || self.abandoned {
            return None;
        }
        let due = self.waiting.remove(&self.next)?;
        self.is_busy = true;
        Some(due)
    }

    fn take_spare(&mut self) -> Option<Thing> {
        let spare = self.spare.pop();
        match self.abandoned {
            true => spare.or_else(|| Some(self.waiting.pop_first()?.1)),
            false => spare,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    #[test]
    fn things_are_dealt_with_in_order_whoever_brings_them() {
        for spare in [0, 1, 5] {
            let handover = Handover::new(Vec::new(), vec![u64::MAX; spare]);
            let next = AtomicU64::new(0);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..50 {
                            let ticket = next.fetch_add(1, Ordering::Relaxed);
                            handover.pass(ticket, ticket, |seen, thing| seen.push(*thing));
                        }
                    });
                }
            });
            assert_eq!(handover.into_inner(), (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn with_a_spare_thing_nobody_waits_for_those_before() {
        let handover = Handover::new(Vec::new(), vec!["spare"]);
        let deal = |seen: &mut Vec<_>, thing: &mut &'static str| seen.push(*thing);
        assert_eq!(handover.pass(1, "second", deal), "spare");
        assert_eq!(handover.pass(0, "first", deal), "second");
        assert_eq!(handover.into_inner(), ["first", "second"]);
    }

    #[test]
    fn nobody_waits_for_a_ticket_that_never_comes() {
        let handover = Handover::new(0, Vec::new());
        thread::scope(|scope| {
            let waits = scope.spawn(|| handover.pass(1, "second", |count, _| *count += 1));
            handover.abandon();
            assert_eq!(waits.join().ok(), Some("second"));
        });
        assert_eq!(handover.into_inner(), 0);
    }
}
