//! Standard output. A file that is replayed waits for whoever reads there; a network doesn't, so what a live capture
//! shows waits in memory, up to a bound, while the capture goes on. What finds no room is counted, and not shown.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::hurry::Hurry;
use super::{unpoisoned, write_out};
use crate::error::{Error, Result};

/// Bytes that wait at most.
const MOST_WAITING: usize = 64 << 20;
/// With more than this no more is formatted.
const NEARLY: usize = MOST_WAITING - (4 << 20);
/// Written at once, so that it is known whether the reader reads at all.
const PIECE: usize = 64 << 10;
/// Room that is kept when nothing waits.
const USUAL: usize = 1 << 20;
/// How often it is looked whether the user wants to end.
const LOOK: Duration = Duration::from_millis(5);

/// What to do where standard output does not take what is to be shown.
#[derive(Debug, Clone, Default)]
pub enum Printing {
    /// Wait for it.
    #[default]
    Waits,
    /// Go on, up to a bound of what is left to be shown. At the end it is shown, unless the user wants to end and nobody
    /// reads fast enough.
    GoesOn(Hurry),
}

pub(super) enum Printer {
    Direct(io::Stdout),
    Queue {
        shared: Arc<Shared>,
        hurry: Hurry,
        unshown: u64,
        /// Tells those who format that there is no room for more.
        is_full: Arc<AtomicBool>,
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
    /// Bytes that are not written yet, those that the writer has taken among them.
    left: usize,
    /// How many of these belong together, the first to be written first.
    parts: VecDeque<Part>,
    /// Since when the writer waits for the reader to take a piece.
    writing: Option<Instant>,
    error: Option<io::Error>,
    /// After an error nothing more is written.
    ended: bool,
}

/// What was to be printed at once.
struct Part {
    left: usize,
    size: usize,
    frames: u64,
}

impl Part {
    /// Frames that are not written, or not whole; of a part that is half written about so many.
    fn unshown(&self) -> u64 {
        (self.frames * self.left as u64).div_ceil(self.size as u64)
    }
}

impl Printer {
    pub(super) fn new(printing: Printing, is_full: Arc<AtomicBool>) -> Self {
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
                    is_full,
                }
            }
        }
    }

    /// Shows some frames (or lines on them), now or when it is their turn.
    pub(super) fn print(&mut self, text: &[u8], frames: u64) -> Result<()> {
        match self {
            Self::Direct(output) => write_out(output, text),
            Self::Queue {
                shared,
                unshown,
                is_full,
                ..
            } => {
                let mut queue = unpoisoned(shared.queue.lock());
                if let Some(error) = queue.error.take() {
                    return Err(Error::Output(error));
                }
                let has_room = queue.left + text.len() <= MOST_WAITING;
                is_full.store(!has_room || queue.left > NEARLY, Ordering::Relaxed);
                if text.is_empty() {
                    return Ok(());
                }
                if has_room {
                    queue.waiting.extend_from_slice(text);
                    queue.left += text.len();
                    queue.parts.push_back(Part {
                        left: text.len(),
                        size: text.len(),
                        frames,
                    });
                    shared.changed.notify_all();
                } else {
                    *unshown += frames;
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
            ..
        } = self
        else {
            return (0, Ok(()));
        };
        let mut queue = unpoisoned(shared.queue.lock());
        loop {
            if let Some(error) = queue.error.take() {
                return (*unshown, Err(Error::Output(error)));
            }
            if queue.left == 0 || queue.ended {
                return (*unshown, Ok(()));
            }
            let standing = queue.writing.map(|since| since.elapsed());
            if hurry.is_over(queue.left, standing) {
                let rest: u64 = queue.parts.iter().map(Part::unshown).sum();
                return (*unshown + rest, Ok(()));
            }
            let waited = shared.changed.wait_timeout(queue, LOOK);
            queue = unpoisoned(waited).0;
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
            drop(queue);
            for piece in text.chunks(PIECE) {
                unpoisoned(self.queue.lock()).writing = Some(Instant::now());
                let written = output.write_all(piece).and_then(|()| output.flush());
                let mut queue = unpoisoned(self.queue.lock());
                queue.writing = None;
                queue.has_written(piece.len());
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

impl Queue {
    fn has_written(&mut self, mut bytes: usize) {
        self.left -= bytes;
        while let Some(part) = self.parts.front_mut()
            && bytes > 0
        {
            let of_it = bytes.min(part.left);
            part.left -= of_it;
            bytes -= of_it;
            if part.left == 0 {
                self.parts.pop_front();
            }
        }
    }
}
