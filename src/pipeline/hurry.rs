//! The end, when the user wants it: what is pending is dealt with as long as that takes no noticeable time, and what is
//! left then is counted. A tenth of a second is not noticed, of which the kernel takes half to close the sockets.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long frames that waited are still worked on as ever.
const WORKING: Duration = Duration::from_millis(25);
/// After so long whoever reads what we print is waited for no more.
const READING: Duration = Duration::from_millis(40);
/// So many bytes of waiting frames are dealt with all the same: that takes less time than being put to sleep by a busy
/// machine may take.
const FEW: usize = 256 << 10;

/// Whether the user wants to end, and since when.
#[derive(Debug, Clone, Default)]
pub struct Hurry(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    told: Arc<AtomicBool>,
    /// When that was noticed.
    since: OnceLock<Instant>,
}

impl Hurry {
    /// `told` becomes true when the user wants to end.
    pub fn new(told: Arc<AtomicBool>) -> Self {
        Self(Arc::new(Inner {
            told,
            since: OnceLock::new(),
        }))
    }

    /// How long the user has wanted to end; none where he doesn't. Counts from the first time that this is asked.
    pub fn since(&self) -> Option<Duration> {
        let told = self.0.told.load(Ordering::Relaxed);
        told.then(|| self.0.since.get_or_init(Instant::now).elapsed())
    }

    /// Whether there is no time for all the bytes of frames that wait.
    pub(super) fn is_too_late_for(&self, waiting: usize) -> bool {
        waiting > FEW && self.since().is_some_and(|since| since > WORKING)
    }

    /// Whether to wait no longer for a reader, who has not taken what he was given since that long.
    pub(super) fn is_over(&self, left: usize, standing: Option<Duration>) -> bool {
        /// Longer than it takes to copy a piece.
        const STANDSTILL: Duration = Duration::from_millis(20);
        const PATIENCE: Duration = Duration::from_secs(1);
        self.since().is_some_and(|since| {
            let stands = standing.is_some_and(|standing| standing > STANDSTILL);
            since > READING && (stands || left > FEW) || since > PATIENCE
        })
    }
}
