//! A place that everybody passes in the order of their tickets.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard};

use super::unpoisoned;

/// Something that is used by one ticket holder after the other: 0, 1, 2, …
pub(super) struct Turnstile<T> {
    place: Mutex<Place<T>>,
    moved: Condvar,
}

struct Place<T> {
    next: u64,
    /// A ticket will never come, so that nobody is to wait for it.
    abandoned: bool,
    inside: T,
}

impl<T> Turnstile<T> {
    pub(super) fn new(inside: T) -> Self {
        Self {
            place: Mutex::new(Place {
                next: 0,
                abandoned: false,
                inside,
            }),
            moved: Condvar::new(),
        }
    }

    /// Waits for `ticket` to be the next. Every ticket must come, or those behind it wait for ever.
    pub(super) fn enter(&self, ticket: u64) -> Turn<'_, T> {
        let place = unpoisoned(self.place.lock());
        let not_yet = |place: &mut Place<T>| place.next != ticket && !place.abandoned;
        let place = unpoisoned(self.moved.wait_while(place, not_yet));
        Turn {
            place,
            moved: &self.moved,
        }
    }

    /// Gives up the order: whoever waits or comes passes at once.
    pub(super) fn abandon(&self) {
        unpoisoned(self.place.lock()).abandoned = true;
        self.moved.notify_all();
    }

    pub(super) fn into_inner(self) -> T {
        unpoisoned(self.place.into_inner()).inside
    }
}

/// The right to use what is inside; the next one's turn comes when it is dropped.
pub(super) struct Turn<'a, T> {
    place: MutexGuard<'a, Place<T>>,
    moved: &'a Condvar,
}

impl<T> Deref for Turn<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.place.inside
    }
}

impl<T> DerefMut for Turn<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.place.inside
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        self.place.next += 1;
        self.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_a_ticket_that_never_comes() {
        let turnstile = Turnstile::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| *turnstile.enter(1) += 1);
            turnstile.abandon();
        });
        assert_eq!(turnstile.into_inner(), 1);
    }

    #[test]
    fn tickets_pass_in_order_whoever_holds_them() {
        let turnstile = Turnstile::new(Vec::new());
        std::thread::scope(|scope| {
            for holder in [3, 1, 0, 2] {
                let turnstile = &turnstile;
                scope.spawn(move || {
                    for round in 0..50 {
                        let ticket = round * 4 + holder;
                        turnstile.enter(ticket).push(ticket);
                    }
                });
            }
        });
        assert_eq!(turnstile.into_inner(), (0..200).collect::<Vec<_>>());
    }
}
