//! Writing from beside: who watches a link hands over what it sees, and a thread of its own writes it in batches, so
//! that a slow disk does not hold up the capture.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{Learned, Store};
use crate::analysis::neighbors::{Event, Sighting};
use crate::error::Error;

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
    state: State,
    on_error: fn(&Error),
    waits: bool,
    lost: u64,
}

enum State {
    /// Nothing was sent yet. A thread is started by the first entry and not before: by then the process has given up
    /// its rights, and a thread from before would have kept some.
    Idle(Store),
    Running(SyncSender<Entry>, JoinHandle<Recorded>),
    /// No thread could be started.
    Broken(Option<Error>),
}

impl Recorder {
    /// Takes over the table. With `waits`, whoever is faster than the disk waits for it (files can); otherwise what
    /// there is no room for is lost, and counted. `on_error` is told when writing begins to fail.
    pub fn new(store: Store, waits: bool, on_error: fn(&Error)) -> Self {
        Self {
            state: State::Idle(store),
            on_error,
            waits,
            lost: 0,
        }
    }

    pub fn sighting(&mut self, sighting: Sighting) {
        self.send(Entry::Sighting(sighting));
    }

    pub fn event(&mut self, event: Event) {
        self.send(Entry::Event(event));
    }

    fn send(&mut self, entry: Entry) {
        if matches!(self.state, State::Idle(_)) {
            self.start();
        }
        let sent = match &self.state {
            State::Running(sender, _) if self.waits => sender.send(entry).is_ok(),
            State::Running(sender, _) => sender.try_send(entry).is_ok(),
            State::Idle(_) | State::Broken(_) => false,
        };
        self.lost += u64::from(!sent);
    }

    fn start(&mut self) {
        let (sender, receiver) = sync_channel(WAITING);
        let State::Idle(store) = std::mem::replace(&mut self.state, State::Broken(None)) else {
            return;
        };
        let on_error = self.on_error;
        let started = std::thread::Builder::new()
            .name("neighbor table".to_owned())
            .spawn(move || Writer::new(store, on_error).work(&receiver));
        self.state = match started {
            Ok(thread) => State::Running(sender, thread),
            Err(cause) => State::Broken(Some(Error::System {
                doing: "start a thread",
                cause,
            })),
        };
    }

    /// Waits until all is written.
    pub fn finish(self) -> Recorded {
        let mut recorded = match self.state {
            State::Idle(_) => Recorded::default(),
            State::Running(sender, thread) => {
                drop(sender);
                thread.join().unwrap_or_default()
            }
            State::Broken(error) => Recorded {
                error,
                ..Recorded::default()
            },
        };
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
