//! How far a run is, for whoever shows progress: written once a batch, read at any time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Outcome;
use super::doubts::Backwards;

#[derive(Debug, Default)]
pub struct Meter {
    read: AtomicU64,
    passed: AtomicU64,
    unshown: AtomicU64,
    backwards: Mutex<Option<Backwards>>,
}

impl Meter {
    /// Frames that the source gave and that were dealt with.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Of these, those that passed the filters.
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }

    /// Of the latter, those that found no room to wait for a reader of standard output.
    pub fn unshown(&self) -> u64 {
        self.unshown.load(Ordering::Relaxed)
    }

    /// Whether times have gone backwards.
    pub fn backwards(&self) -> Option<Backwards> {
        let backwards = self.backwards.lock();
        backwards.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn update(&self, outcome: &Outcome, unshown: u64) {
        self.read.store(outcome.read, Ordering::Relaxed);
        self.passed.store(outcome.passed, Ordering::Relaxed);
        self.unshown.store(unshown, Ordering::Relaxed);
        if let Some(found) = &outcome.doubts.backwards {
            let mut backwards = self
                .backwards
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if backwards.as_ref() != Some(found) {
                *backwards = Some(found.clone());
            }
        }
    }
}
