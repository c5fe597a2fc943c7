//! Frames from the network card, through libpcap: non-blocking, with `poll` and a stop flag of our own, since
//! libpcap's read timeouts never fire on a quiet link.

mod answers;
mod card;
mod gauge;
mod machine;
mod merge;
mod peek;

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pcap::Direction;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

pub use self::answers::Answers;
pub use self::card::Counts;
use self::card::{Card, HANDED_OVER};
use self::merge::Lane;
use super::{Progress, Source};
use crate::about::Section;
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::frame::{LinkType, Timestamp};

/// How to capture.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Most bytes to keep of a frame.
    pub snaplen: u32,
    pub promiscuous: bool,
    /// Size of the kernel's buffer, in bytes.
    pub buffer_size: u32,
    pub direction: Option<Direction>,
    /// Hand over each frame when it comes; otherwise several together, which is cheaper.
    pub immediate: bool,
    /// In libpcap's language; run by the kernel.
    pub filter: Option<String>,
    /// After how long to stop.
    pub duration: Option<Duration>,
}

/// Frames of every interface at once.
pub const ANY: &str = "any";

/// Where nothing comes, whoever waits for the time to pass is told of it this often.
const TICK: Duration = Duration::from_millis(250);
/// How often the kernel is asked what it has dropped.
const COUNTING: Duration = Duration::from_secs(1);

pub use gauge::Gauge;
pub use pcap::Direction as FrameDirection;
pub use peek::Peek;

/// The same for those who look while frames come.
const GAUGING: Duration = Duration::from_millis(200);

/// One or more interfaces at once.
pub struct Live {
    cards: Vec<Card>,
    /// For each interface asked for what waits for its turn; none at all where there is only one interface.
    lanes: Vec<Lane>,
    /// Readable when a signal came.
    wake: OwnedFd,
    stop: Arc<AtomicBool>,
    stopped: Option<Stopped>,
    /// When to stop unasked.
    deadline: Option<Instant>,
    /// What a file says of this machine; read while that was allowed.
    section: Section,
    /// When it was last told how late it is, and what was counted.
    ticked: Instant,
    counted: Instant,
    /// Results go to standard output, so that there is no point in going on when nobody reads it.
    has_reader: bool,
    told_interfaces: bool,
    next_number: u64,
    gone: Vec<Counts>,
    gauge: Arc<Gauge>,
    /// When the gauge was last told the kernel's counts.
    gauged: Instant,
    /// Something came since then.
    ungauged: bool,
}

/// When it was told to stop: what the kernel had received by then is still taken, or it would be lost uncounted; but
/// no more than that, or a busy link would keep us for ever.
#[derive(Clone, Copy)]
struct Stopped {
    at: Timestamp,
    /// The same, on a clock that nobody sets.
    since: Instant,
}

impl Live {
    /// Opens every interface, or none. `wake` becomes readable and `stop` true when capturing is to end.
    ///
    /// # Errors
    /// libpcap's words, with the interface they are about; the caller knows what they mean here.
    pub fn open(
        names: &[String],
        settings: &Settings,
        wake: OwnedFd,
        stop: Arc<AtomicBool>,
    ) -> Result<Self> {
        let cards: Vec<_> = names
            .iter()
            .zip(0..)
            .map(|(name, index)| Card::open(name, index, settings))
            .collect::<Result<_>>()?;
        let lanes = if cards.len() > 1 { cards.len() } else { 0 };
        let opened = Instant::now();
        Ok(Self {
            cards,
            lanes: (0..lanes).map(|_| Lane::default()).collect(),
            wake,
            stop,
            stopped: None,
            deadline: settings.duration.and_then(|span| opened.checked_add(span)),
            section: machine::section(),
            ticked: opened,
            counted: opened,
            has_reader: true,
            told_interfaces: false,
            next_number: 1,
            gone: Vec::new(),
            gauge: Arc::default(),
            gauged: opened,
            ungauged: true,
        })
    }

    /// Nothing is written to standard output, so it does not matter whether anybody reads there.
    pub fn ignore_output(&mut self) {
        self.has_reader = false;
    }

    /// What was counted so far; goes on being told.
    pub fn gauge(&self) -> Arc<Gauge> {
        Arc::clone(&self.gauge)
    }

    /// Tells the gauge what the kernel counted, from time to time.
    fn tell_gauge(&mut self) {
        if self.ungauged && self.gauged.elapsed() >= GAUGING {
            let counts = self.counts();
            self.gauge.set_counts(counts);
            self.gauged = Instant::now();
            self.ungauged = false;
        }
    }

    /// The kernel's counts, interface by interface.
    pub fn counts(&mut self) -> Vec<Counts> {
        let mut counts = self.gone.clone();
        counts.extend(self.cards.iter_mut().map(Card::counts));
        counts
    }

    /// Names and link types, in the order given.
    pub fn describe(&self) -> impl Iterator<Item = (&str, LinkType)> {
        self.cards
            .iter()
            .map(|card| (card.name.as_str(), card.link))
    }

    /// The packet sockets behind the interfaces.
    pub fn sockets(&self) -> impl Iterator<Item = RawFd> {
        self.cards.iter().map(|card| card.capture.as_raw_fd())
    }

    /// What is read later, besides the frames.
    pub fn paths_read(&self) -> Vec<PathBuf> {
        self.cards.iter().map(Card::path_read).collect()
    }

    /// Waits for a frame, a signal, or the reader of our results to go away; in that case returns false. Where something
    /// is to be done when nothing comes, waits no longer than until then.
    fn wait(&mut self) -> Result<bool> {
        let output = std::io::stdout();
        let mut fds = Vec::with_capacity(self.cards.len() + 2);
        fds.extend(self.cards.iter().map(|card| {
            let fd: BorrowedFd<'_> = card.capture.as_fd();
            PollFd::from_borrowed_fd(fd, PollFlags::IN)
        }));
        // Once it was heard, the signal's stream stays readable.
        if self.stopped.is_none() {
            fds.push(PollFd::new(&self.wake, PollFlags::IN));
        }
        if self.has_reader {
            // Nothing to wait for there: that the reader is gone is told unasked.
            fds.push(PollFd::new(&output, PollFlags::empty()));
        }
        let timeout: Option<Timespec> = self.patience().and_then(|span| span.try_into().ok());
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => {
                let gone = fds
                    .last()
                    .is_some_and(|fd| fd.revents().contains(PollFlags::ERR));
                Ok(!(self.has_reader && gone))
            }
            Err(rustix::io::Errno::INTR) => Ok(true),
            // It would fail again at once, and for ever.
            Err(error) => {
                self.cards.clear();
                Err(Error::System {
                    doing: "wait for frames",
                    cause: error.into(),
                })
            }
        }
    }

    /// How long there is nothing to do unless a frame comes.
    fn patience(&self) -> Option<Duration> {
        let to_end = self
            .stopped
            .map(|stopped| HANDED_OVER.saturating_sub(stopped.since.elapsed()));
        let waiting = self.lanes.iter().any(|lane| lane.head().is_some());
        let failing = self.cards.iter().any(|card| card.failed.is_some());
        let to_pass = (waiting || failing).then_some(HANDED_OVER / 4);
        let to_deadline = self.deadline.filter(|_| self.stopped.is_none());
        let to_deadline = to_deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let to_tick = Some(TICK.saturating_sub(self.ticked.elapsed()));
        let all = [to_end, to_pass, to_deadline, to_tick];
        all.into_iter().flatten().min()
    }

    fn is_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.deadline.is_some_and(|end| Instant::now() >= end)
    }

    /// Says what time it is where nothing has come for a while.
    fn tick(&mut self, batch: &mut Batch) -> bool {
        if self.ticked.elapsed() < TICK {
            return false;
        }
        self.ticked = Instant::now();
        let now = now();
        batch.clock = Some(self.settled(now).unwrap_or(now));
        self.tell_counts(batch);
        true
    }

    fn tell_counts(&mut self, batch: &mut Batch) {
        self.counted = Instant::now();
        let now = now();
        let counts = self.counts();
        let statistics = counts.iter().map(|counts| counts.statistics(now));
        batch.about.statistics.extend(statistics);
    }

    /// What is known before the first frame.
    fn begin(&mut self, batch: &mut Batch) {
        let interfaces = self.cards.iter().map(|card| card.interface.clone());
        batch.interfaces.extend(interfaces);
        batch.about.sections.push(self.section.clone());
        batch.clock = Some(now());
    }

    /// Takes what is waiting on every interface, and puts into `batch` what is next.
    fn drain(&mut self, batch: &mut Batch) -> Result<()> {
        if self.stopped.is_none() && self.is_to_stop() {
            self.stopped = Some(Stopped {
                at: now(),
                since: Instant::now(),
            });
        }
        let asked = now();
        let mut outcome = Ok(());
        let mut at = 0;
        while at < self.cards.len() && outcome.is_ok() {
            let card = &mut self.cards[at];
            let lane = self.lanes.get_mut(card.index as usize);
            let taken = match (card.is_past(self.stopped), lane) {
                (true, _) => Ok(()),
                (false, Some(lane)) => card.drain(lane.entrance()),
                (false, None) => card.drain(batch),
            };
            if self.stopped.is_some() && card.dry.is_some() {
                card.look_whether_empty();
            }
            match taken {
                Ok(()) => at += 1,
                Err(error) => {
                    self.gone.push(self.cards.remove(at).last_counts);
                    outcome = Err(error);
                }
            }
        }
        self.tell_gauge();
        let until = self.settled(asked);
        merge::merge(&mut self.lanes, until, batch);
        outcome
    }

    /// Up to when no interface has anything more to tell, all having been asked at `asked`; none where none will
    /// ever have.
    fn settled(&self, asked: Timestamp) -> Option<Timestamp> {
        const SECOND: i64 = 1_000_000_000;
        let heads = self.lanes.iter().filter_map(Lane::head).flatten();
        if heads.max().is_some_and(|head| head.since(asked) > SECOND) {
            // Somebody has set the clock back; waiting for it to get there again helps nobody.
            return None;
        }
        let handed_over = Timestamp::from_nanos(asked.nanos() - HANDED_OVER.as_nanos() as i64);
        let open = self.cards.iter().filter(|card| !card.is_over(self.stopped));
        open.map(|card| {
            if card.dry.is_some() {
                handed_over
            } else {
                card.last.unwrap_or(handed_over)
            }
        })
        .min()
    }

    /// Whether nothing is left to take.
    fn is_over(&self) -> bool {
        self.cards.iter().all(|card| card.is_over(self.stopped))
    }
}

impl Source for Live {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        batch.clear();
        batch.first_number = self.next_number;
        if !self.told_interfaces {
            // At once, so that a file or a pipe has its header before the first frame comes.
            self.told_interfaces = true;
            self.begin(batch);
            return Ok(Progress::More);
        }
        let mut drained = self.drain(batch);
        while batch.is_empty() && drained.is_ok() && !self.tick(batch) {
            if self.is_over() || !self.wait()? {
                self.tell_counts(batch);
                return Ok(Progress::End);
            }
            drained = self.drain(batch);
        }
        if self.counted.elapsed() >= COUNTING {
            self.tell_counts(batch);
        }
        self.next_number += batch.len() as u64;
        self.ungauged = true;
        self.gauge.set_frames(self.next_number - 1);
        drained.map(|()| Progress::More)
    }
}

/// The time on the clock that frames are stamped with.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    Timestamp::new(since.as_secs() as i64, since.subsec_nanos())
}
