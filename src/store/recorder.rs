//! Writing from beside: who watches a link hands over what it sees, and a thread of its own writes it in batches, so
//! that a slow disk does not hold up the capture.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Learned, Store};
use crate::analysis::neighbors::{Event, Sighting};
use crate::error::{Error, Result};

/// Entries that wait to be written: more than a second of the busiest link that is no attack.
const WAITING: usize = 16_384;
/// Entries in one transaction.
const BATCH: usize = 16_384;
/// How long something seen may stay unwritten.
const DELAY: Duration = Duration::from_secs(1);

enum Entry {
    Sighting(Sighting),
    Event(Event),
}

/// What was written, at the end.
#[derive(Debug, Default)]
pub struct Recorded {
    pub learned: Learned,
    /// Entries that were not written: the disk was too slow, or an error kept them from it.
    pub lost: u64,
    /// The first thing that went wrong.
    pub error: Option<Error>,
}

/// A table that is written to by a thread of its own.
pub struct Recorder {
    sender: SyncSender<Entry>,
    thread: JoinHandle<Recorded>,
    waits: bool,
    lost: u64,
}

impl Recorder {
    /// Takes over the table. With `waits`, whoever is faster than the disk waits for it (files can); otherwise what
    /// there is no room for is lost, and counted. `on_error` is told when writing begins to fail.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(store: Store, waits: bool, on_error: fn(&Error)) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("neighbor table".to_owned())
            .spawn(move || Writer::new(store, on_error).work(&receiver))
            .map_err(|cause| Error::System {
                doing: "start a thread",
                cause,
            })?;
        Ok(Self {
            sender,
            thread,
            waits,
            lost: 0,
        })
    }

    pub fn sighting(&mut self, sighting: Sighting) {
        self.send(Entry::Sighting(sighting));
    }

    pub fn event(&mut self, event: Event) {
        self.send(Entry::Event(event));
    }

    fn send(&mut self, entry: Entry) {
        let sent = match self.waits {
            true => self.sender.send(entry).is_ok(),
            false => match self.sender.try_send(entry) {
                Ok(()) => true,
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
            },
        };
        self.lost += u64::from(!sent);
    }

    /// Waits until all is written.
    pub fn finish(self) -> Recorded {
        drop(self.sender);
        let mut recorded = self.thread.join().unwrap_or_default();
        recorded.lost += self.lost;
        recorded
    }
}

struct Writer {
    store: Store,
    on_error: fn(&Error),
    sightings: Vec<Sighting>,
    events: Vec<Event>,
    recorded: Recorded,
    is_failing: bool,
}

impl Writer {
    fn new(store: Store, on_error: fn(&Error)) -> Self {
        Self {
            store,
            on_error,
            sightings: Vec::new(),
            events: Vec::new(),
            recorded: Recorded::default(),
            is_failing: false,
        }
    }

    /// Until nobody sends any more.
    fn work(mut self, receiver: &Receiver<Entry>) -> Recorded {
        while let Ok(entry) = receiver.recv() {
            let end = Instant::now() + DELAY;
            self.push(entry);
            while self.sightings.len() + self.events.len() < BATCH {
                match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
                    Ok(entry) => self.push(entry),
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
                }
            }
            self.write();
        }
        self.recorded
    }

    fn push(&mut self, entry: Entry) {
        match entry {
            Entry::Sighting(sighting) => self.sightings.push(sighting),
            Entry::Event(event) => self.events.push(event),
        }
    }

    fn write(&mut self) {
        match self.store.write(&self.sightings, &self.events) {
            Ok(learned) => {
                self.recorded.learned.add(learned);
                self.is_failing = false;
            }
            Err(error) => {
                self.recorded.lost += (self.sightings.len() + self.events.len()) as u64;
                if !self.is_failing {
                    (self.on_error)(&error);
                }
                self.is_failing = true;
                self.recorded.error.get_or_insert(error);
            }
        }
        self.sightings.clear();
        self.events.clear();
    }
}
