//! Reads a live source ahead of whoever uses its frames, in a thread of its own and into bounded memory: the kernel's
//! buffer is emptied while lines are formatted or a disk is slow. Where the memory is full the kernel's buffer fills,
//! and the kernel counts what it drops.

use std::collections::VecDeque;
use std::mem::size_of;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Progress, Release, Source};
use crate::batch::{Batch, Record};
use crate::error::Result;

/// Batches that are kept for the next filling; more of them only come with a rush.
const MOST_SPARE: usize = 8;
/// What a batch takes beside its frames, about.
const BATCH: usize = 512;

/// What waits, between the reader and the user.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// Bytes that may wait.
    most: usize,
}

#[derive(Default)]
struct State {
    ready: VecDeque<(Batch, Result<Progress>)>,
    bytes: usize,
    spare: Vec<Batch>,
    /// Nobody wants more.
    left: bool,
}

/// Lets `user` read from a source that is read ahead, with `most` bytes waiting. When the user has enough, `wake` is to
/// bring a waiting source to its end.
pub fn read_ahead<T>(
    source: &mut dyn Source,
    most: usize,
    wake: impl Fn() + Sync,
    user: impl FnOnce(&mut dyn Source) -> T,
) -> T {
    let queue = Arc::new(Queue {
        state: Mutex::default(),
        changed: Condvar::new(),
        most,
    });
    thread::scope(|scope| {
        scope.spawn(|| queue.read(source));
        // Leaves also where the user panics, or the reader would be waited for.
        let mut ahead = Ahead {
            queue: queue.clone(),
            wake: &wake,
        };
        user(&mut ahead)
    })
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        while_: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self.changed.wait_while(state, |state| while_(state));
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self) {
        self.lock().left = true;
        self.changed.notify_all();
    }

    /// Fills batches to the source's end, or until nobody wants them.
    fn read(&self, source: &mut dyn Source) {
        loop {
            let full = |state: &State| state.bytes >= self.most && !state.left;
            let mut state = self.wait(self.lock(), full);
            if state.left {
                return;
            }
            let mut batch = state.spare.pop().unwrap_or_default();
            drop(state);
            let filled = source.fill(&mut batch);
            let ended = matches!(filled, Ok(Progress::End));
            let mut state = self.lock();
            state.bytes += size(&batch);
            state.ready.push_back((batch, filled));
            self.changed.notify_all();
            if ended {
                return;
            }
        }
    }
}

fn size(batch: &Batch) -> usize {
    BATCH + batch.bytes.len() + batch.records.len() * size_of::<Record>()
}

struct Ahead<'a> {
    queue: Arc<Queue>,
    wake: &'a (dyn Fn() + Sync),
}

impl Source for Ahead<'_> {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        let mut state = self.queue.wait(self.queue.lock(), |state| {
            state.ready.is_empty() && !state.left
        });
        let Some((mut filled, progress)) = state.ready.pop_front() else {
            return Ok(Progress::End);
        };
        state.bytes -= size(&filled);
        std::mem::swap(batch, &mut filled);
        if state.spare.len() < MOST_SPARE {
            state.spare.push(filled);
        }
        self.queue.changed.notify_all();
        progress
    }

    fn waiting(&self) -> usize {
        self.queue.lock().bytes
    }

    fn release(&self) -> Option<Release> {
        let queue = self.queue.clone();
        Some(Box::new(move || queue.leave()))
    }
}

impl Drop for Ahead<'_> {
    fn drop(&mut self) {
        self.queue.leave();
        (self.wake)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::frame::LinkType;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Frames whose lengths count from 1; after the tenth something goes wrong, after the twentieth it ends.
    #[derive(Default)]
    struct Counting {
        given: usize,
        failed: bool,
        read: AtomicUsize,
    }

    impl Source for Counting {
        fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
            batch.clear();
            if self.given == 20 {
                return Ok(Progress::End);
            }
            if self.given == 10 && !std::mem::replace(&mut self.failed, true) {
                return Err(Error::Usage("ten".to_owned()));
            }
            self.given += 1;
            self.read.store(self.given, Ordering::Relaxed);
            batch.push(&vec![0; self.given], 0, None, LinkType::ETHERNET, 0);
            Ok(Progress::More)
        }
    }

    #[test]
    fn everything_comes_in_order_however_little_may_wait() {
        for most in [1, 2000, usize::MAX] {
            let mut told = Vec::new();
            let mut source = Counting::default();
            read_ahead(
                &mut source,
                most,
                || {},
                |source| {
                    let mut batch = Batch::default();
                    loop {
                        let filled = source.fill(&mut batch);
                        told.extend(batch.frames().map(|frame| frame.bytes.len()));
                        match filled {
                            Ok(Progress::End) => break,
                            Ok(Progress::More) => {}
                            Err(_) => told.push(0),
                        }
                    }
                },
            );
            let mut expected: Vec<_> = (1..=20).collect();
            expected.insert(10, 0);
            assert_eq!(told, expected, "{most}");
        }
    }

    #[test]
    fn no_more_waits_than_may() {
        let mut source = Counting::default();
        read_ahead(
            &mut source,
            3 * BATCH,
            || {},
            |source| {
                let since = std::time::Instant::now();
                while source.waiting() < 3 * BATCH && since.elapsed() < Duration::from_secs(5) {
                    thread::yield_now();
                }
                assert!(source.waiting() >= 3 * BATCH);
                thread::sleep(Duration::from_millis(50));
            },
        );
        // Three that waited, though there was time for all; the reader was not left waiting either.
        assert_eq!(source.read.into_inner(), 3);
    }

    /// Gives nothing, and waits for ever.
    struct Silent(std::sync::mpsc::Receiver<()>);

    impl Source for Silent {
        fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
            batch.clear();
            assert!(self.0.recv().is_err(), "nothing is sent");
            Ok(Progress::End)
        }
    }

    #[test]
    fn whoever_waits_for_a_batch_can_be_released() {
        let (keep, silent) = std::sync::mpsc::channel();
        let keep = Mutex::new(Some(keep));
        let wake = || drop(keep.lock().expect("no panic").take());
        read_ahead(&mut Silent(silent), usize::MAX, wake, |source| {
            let release = source.release().expect("it waits");
            thread::scope(|scope| {
                scope.spawn(|| {
                    thread::sleep(Duration::from_millis(50));
                    release();
                });
                let filled = source.fill(&mut Batch::default());
                assert!(matches!(filled, Ok(Progress::End)));
            });
        });
    }
}
