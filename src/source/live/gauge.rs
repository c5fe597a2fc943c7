//! What a capture has counted so far, for whoever wants to look while it runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Counts;

/// Written by the capture a few times a second, read by anybody at any time.
#[derive(Debug, Default)]
pub struct Gauge {
    frames: AtomicU64,
    counts: Mutex<Vec<Counts>>,
}

impl Gauge {
    /// Frames taken from the kernel.
    pub fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    /// The kernel's counts, interface by interface.
    pub fn counts(&self) -> Vec<Counts> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }

    pub(super) fn set_frames(&self, frames: u64) {
        self.frames.store(frames, Ordering::Relaxed);
    }

    pub(super) fn set_counts(&self, new: Vec<Counts>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts = new;
    }
}
