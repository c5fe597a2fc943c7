//! What a capture says while it runs: how far it is, what happens to its links, and why it shows nothing.

use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::progress::{INTERVAL, StatusLine, clock, count};
use super::silence::Silence;
use super::summary;
use crate::net::{Change, LinkWatch, State};
use crate::output::time::time_of_day;
use crate::pipeline::{Hurry, Meter};
use crate::source::live::{Counts, Gauge};

/// A step back of the clock that is more than frames passing each other, in nanoseconds.
const CLOCK_SET_BACK: i64 = 100_000_000;
/// How long ending may take before another signal ends us at once. Whoever sends one often sends two in a row: a shell
/// to the process and to its group, as timeout(1) does.
const TIME_TO_END: Duration = Duration::from_millis(150);

/// Everything it looks at; sockets and files among them were opened before rights were dropped.
pub(super) struct Attendant {
    pub gauge: Arc<Gauge>,
    pub meter: Arc<Meter>,
    /// None where the kernel has no such thing for us.
    pub links: Option<LinkWatch>,
    /// A byte for each time that somebody asks how it goes.
    pub asking: UnixStream,
    /// Readable when the user has ended the capture, and to be set when that has had time enough.
    pub ending: OwnedFd,
    pub again: Arc<AtomicBool>,
    pub hurry: Hurry,
    /// What becomes of a frame: "shown".
    pub verb: &'static str,
    pub line: StatusLine,
    pub silence: Option<Silence>,
}

impl Attendant {
    /// Stays as long as `run` takes.
    pub(super) fn during<T>(self, run: impl FnOnce() -> T) -> T {
        thread::scope(|scope| match UnixStream::pair() {
            Ok((running, ended)) => {
                scope.spawn(move || self.attend(&ended));
                let done = run();
                drop(running);
                done
            }
            // Then nothing is said.
            Err(_) => run(),
        })
    }

    fn attend(mut self, ended: &UnixStream) {
        let since = Instant::now();
        let mut last = (Duration::ZERO, 0);
        let mut next = since + INTERVAL;
        let mut told_of_clock = false;
        let mut enough = None;
        loop {
            let until = enough.map_or(next, |enough| next.min(enough));
            let left = until.saturating_duration_since(Instant::now());
            let [is_ended, is_asked, is_ending] = self.wait(ended, left, enough.is_some());
            if is_ended {
                break;
            }
            if is_ending && enough.is_none() {
                // From now on it counts.
                self.hurry.since();
                enough = Some(Instant::now() + TIME_TO_END);
            }
            if enough.is_some_and(|enough| Instant::now() >= enough) {
                self.again.store(true, Ordering::Relaxed);
                enough = Some(next + TIME_TO_END);
            }
            if is_asked {
                let _ = self.asking.read(&mut [0; 64]);
                self.line.tell(&self.answer(since.elapsed()));
            }
            let changes = self.links.as_mut().map(LinkWatch::changes);
            for change in changes.into_iter().flatten() {
                self.line.tell(&words(&change));
            }
            if Instant::now() < next {
                continue;
            }
            next += INTERVAL;
            let now = (since.elapsed(), self.gauge.frames());
            self.line.show(self.status(last, now));
            last = now;
            if let Some(back) = self.meter.backwards()
                && back.by >= CLOCK_SET_BACK
                && !told_of_clock
            {
                told_of_clock = true;
                self.line.tell(&summary::backwards(&back));
            }
            self.look_at_silence(now.0);
        }
        self.line.end();
    }

    /// Waits so long for anything to happen. Once it was heard, the end stays readable.
    fn wait(&self, ended: &UnixStream, left: Duration, is_ending: bool) -> [bool; 3] {
        let end = match is_ending {
            true => PollFlags::empty(),
            false => PollFlags::IN,
        };
        let mut streams = vec![
            PollFd::new(ended, PollFlags::IN),
            PollFd::new(&self.asking, PollFlags::IN),
            PollFd::new(&self.ending, end),
        ];
        if let Some(links) = &self.links {
            streams.push(PollFd::from_borrowed_fd(links.as_fd(), PollFlags::IN));
        }
        let left: Option<Timespec> = left.try_into().ok();
        match poll(&mut streams, left.as_ref()) {
            Ok(_) => [0, 1, 2].map(|at: usize| !streams[at].revents().is_empty()),
            Err(_) => [false; 3],
        }
    }

    fn look_at_silence(&mut self, elapsed: Duration) {
        if let Some(silence) = &mut self.silence {
            let shown = self.meter.passed();
            let links = self.links.as_ref();
            let frames = (self.meter.read(), shown);
            let hint = silence.look(elapsed, frames, &self.gauge.counts(), |name| {
                links.and_then(|links| links.state(name))
            });
            if let Some(hint) = &hint {
                self.line.tell(hint);
            }
            if hint.is_some() || shown > 0 {
                self.silence = None;
            }
        }
    }

    /// The line for the second between two looks.
    fn status(&self, before: (Duration, u64), now: (Duration, u64)) -> String {
        let span = now.0.saturating_sub(before.0).as_secs_f64();
        let rate = ((now.1 - before.1) as f64 / span) as u64;
        let mut text = format!("{} frames, {}/s", count(now.1), count(rate));
        let passed = self.meter.passed();
        if passed != self.meter.read() {
            text += &format!(", {} passed", count(passed));
        }
        match self.meter.unshown() {
            0 => {}
            unshown => text += &format!(", {} not shown", count(unshown)),
        }
        let counts = self.gauge.counts();
        let sum = |of: fn(&Counts) -> u64| counts.iter().map(of).sum();
        text += &format!(
            ", dropped: {} by the kernel, {} by the card, {}",
            count(sum(|count| count.dropped)),
            count(sum(|count| count.interface_dropped)),
            clock(now.0)
        );
        text
    }

    /// What is said to whoever asks.
    fn answer(&self, elapsed: Duration) -> String {
        format!(
            "after {}: {} frames captured, {} {}, {} not shown for want of a reader{}",
            clock(elapsed),
            self.gauge.frames(),
            self.meter.passed().saturating_sub(self.meter.unshown()),
            self.verb,
            self.meter.unshown(),
            summary::drops(&self.gauge.counts())
        )
    }
}

fn words(change: &Change) -> String {
    let (time, name) = (time_of_day(), &change.name);
    let what = match (change.now, change.before) {
        (State::Up, _) => "the link is up again",
        (State::NoCarrier, State::Down) => "switched on again, but there is no carrier yet",
        (State::NoCarrier, _) => {
            "the link is down: no carrier (is the other end there?); the capture goes on when it is up"
        }
        (State::Down, _) => "the interface was switched off; the capture goes on when it is up",
        (State::Gone, _) => "the interface is gone: deleted, or moved elsewhere",
    };
    format!("{time} {name}: {what}")
}
