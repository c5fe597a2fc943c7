//! Standard output. A file that is replayed waits for whoever reads there; a network doesn't, so what a live capture
//! shows waits in memory, up to a bound, while the capture goes on. What finds no room is counted, and not shown.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::{unpoisoned, write_out};
use crate::error::{Error, Result};

/// Bytes that wait at most.
const MOST_WAITING: usize = 64 << 20;
/// Written at once, so that it is known whether the reader reads at all.
const PIECE: usize = 64 << 10;
/// Room that is kept when nothing waits.
const USUAL: usize = 1 << 20;
/// How long a reader may stand still when the user wants to end.
const STANDSTILL: Duration = Duration::from_millis(500);

/// What to do where standard output does not take what is to be shown.
#[derive(Debug, Clone, Default)]
pub enum Printing {
    /// Wait for it.
    #[default]
    Waits,
    /// Go on, up to a bound of what is left to be shown. At the end it is shown, unless the flag says that the user wants
    /// to end and nobody reads.
    GoesOn(Arc<AtomicBool>),
}

pub(super) enum Printer {
    Direct(io::Stdout),
    Queue {
        shared: Arc<Shared>,
        hurry: Arc<AtomicBool>,
        unshown: u64,
    },
}

#[derive(Default)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<u8>,
    /// Frames in it.
    frames: u64,
    /// What the writer has taken and not written yet: bytes and frames.
    taken: usize,
    taken_frames: u64,
    error: Option<io::Error>,
    /// After an error nothing more is written.
    ended: bool,
}

impl Printer {
    pub(super) fn new(printing: Printing) -> Self {
        match printing {
            Printing::Waits => Self::Direct(io::stdout()),
            Printing::GoesOn(hurry) => {
                let shared = Arc::new(Shared::default());
                let theirs = shared.clone();
                // Not waited for where the reader never reads: it ends with the process.
                std::thread::spawn(move || theirs.write_all());
                Self::Queue {
                    shared,
                    hurry,
                    unshown: 0,
                }
            }
        }
    }

    /// Shows some frames, now or when it is their turn.
    pub(super) fn print(&mut self, text: &[u8], frames: u64) -> Result<()> {
        match self {
            Self::Direct(output) => write_out(output, text),
            Self::Queue { .. } if text.is_empty() => Ok(()),
            Self::Queue {
                shared, unshown, ..
            } => {
                let mut queue = unpoisoned(shared.queue.lock());
                if let Some(error) = queue.error.take() {
                    return Err(Error::Output(error));
                }
                if queue.waiting.len() + queue.taken + text.len() > MOST_WAITING {
                    *unshown += frames;
                } else {
                    queue.waiting.extend_from_slice(text);
                    queue.frames += frames;
                    shared.changed.notify_all();
                }
                Ok(())
            }
        }
    }

    /// Frames that found no room so far.
    pub(super) fn unshown(&self) -> u64 {
        match self {
            Self::Direct(_) => 0,
            Self::Queue { unshown, .. } => *unshown,
        }
    }

    /// Waits until all is shown; returns how many frames were not.
    pub(super) fn finish(&mut self) -> (u64, Result<()>) {
        let Self::Queue {
            shared,
            hurry,
            unshown,
        } = self
        else {
            return (0, Ok(()));
        };
        let mut queue = unpoisoned(shared.queue.lock());
        loop {
            if let Some(error) = queue.error.take() {
                return (*unshown, Err(Error::Output(error)));
            }
            let left = (queue.waiting.len(), queue.taken);
            if left == (0, 0) || queue.ended {
                return (*unshown, Ok(()));
            }
            let waited = shared.changed.wait_timeout(queue, STANDSTILL);
            let (next, timeout) = unpoisoned(waited);
            queue = next;
            let stands = timeout.timed_out() && left == (queue.waiting.len(), queue.taken);
            if stands && hurry.load(Ordering::Relaxed) {
                return (*unshown + queue.frames + queue.taken_frames, Ok(()));
            }
        }
    }
}

impl Shared {
    /// Writes what comes until an error.
    fn write_all(&self) {
        let mut output = io::stdout();
        let mut text = Vec::new();
        loop {
            let queue = unpoisoned(self.queue.lock());
            let mut queue = unpoisoned(
                self.changed
                    .wait_while(queue, |queue| queue.waiting.is_empty()),
            );
            text.clear();
            // After a rush its memory is given back.
            text.shrink_to(USUAL);
            std::mem::swap(&mut text, &mut queue.waiting);
            queue.taken = text.len();
            queue.taken_frames = std::mem::take(&mut queue.frames);
            drop(queue);
            for piece in text.chunks(PIECE) {
                let written = output.write_all(piece).and_then(|()| output.flush());
                let mut queue = unpoisoned(self.queue.lock());
                queue.taken -= piece.len();
                if queue.taken == 0 {
                    queue.taken_frames = 0;
                }
                queue.error = written.err();
                queue.ended = queue.error.is_some();
                self.changed.notify_all();
                if queue.ended {
                    return;
                }
            }
        }
    }
}
