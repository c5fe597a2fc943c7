//! Requests and whether they are answered: ARP, neighbor discovery, pings, DNS, DHCP. TCP and UDP are services'.

mod question;

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::difference::{Difference, Kind, Shown};
use super::pair::Pair;
use super::samples::{Samples, Shift};
use super::{Seen, Side};
use crate::analysis::alerts::{Severity, span};
use crate::analysis::memory::Bounded;
use crate::decode::Packet;
use crate::frame::Timestamp;
use question::{Exchange, Part, Question};

/// Different questions, and those that wait for an answer at once.
const MOST: usize = 32_768;
const MOST_WAITING: usize = 65_536;

/// From here on shares of those that are answered are compared, …
const ENOUGH: u64 = 10;
/// … and differ where they lie this far apart, in percent of all.
const POINTS: u64 = 20;

/// What became of one question, however often it was asked.
#[derive(Debug, Default)]
struct Asked {
    asked: Seen,
    answered: Seen,
    /// Answered with an error, and the last one.
    refused: Seen,
    error: &'static str,
    times: Samples,
}

#[derive(Debug, Clone, Copy)]
struct Waiting {
    time: Option<Timestamp>,
    /// Asked again: nobody knows which of them is answered.
    again: bool,
}

pub(super) struct Requests {
    table: Pair<Question, Asked>,
    /// By a hash of the question and who asks, seeded.
    waiting: Bounded<u64, Waiting>,
    hasher: RandomState,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            table: Pair::new(MOST),
            waiting: Bounded::new(MOST_WAITING),
            hasher: RandomState::default(),
        }
    }
}

impl Requests {
    pub(super) fn look(&mut self, side: Side, packet: &Packet<'_>) {
        for layer in packet.layers.iter().filter(|layer| !layer.quoted()) {
            if let Some(exchange) = question::read(packet, layer) {
                self.take(side, packet, exchange);
            }
        }
    }

    fn take(&mut self, side: Side, packet: &Packet<'_>, exchange: Exchange) {
        let Exchange { question, by, part } = exchange;
        let key = self.hasher.hash_one((&question, by));
        let (frame, time) = (packet.frame.number, packet.frame.time);
        if part == Part::Asks {
            let mut again = true;
            let waiting = self.waiting.get_or_insert_with(key, || {
                again = false;
                Waiting { time, again: false }
            });
            waiting.again = again;
            if !again && let Some(asked) = self.table.entry(side, &question) {
                asked.asked.add(frame);
            }
            return;
        }
        // What nobody asked is no answer.
        let Some(waiting) = self.waiting.remove_if(&key, |_| true) else {
            return;
        };
        let Some(asked) = self.table.entry(side, &question) else {
            return;
        };
        match part {
            Part::Refuses(error) => {
                asked.refused.add(frame);
                asked.error = error;
            }
            _ => asked.answered.add(frame),
        }
        if let (Some(from), Some(to), false) = (waiting.time, time, waiting.again) {
            asked.times.add(to.since(from), frame);
        }
    }

    /// A capture is over: nobody answers what still waits.
    pub(super) fn end(&mut self) {
        self.waiting = Bounded::new(MOST_WAITING);
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        for (question, both) in self.table.each() {
            if let (Some(good), Some(bad)) = both {
                found.extend(answers(question, good, bad));
                found.extend(times(question, good, bad));
            }
        }
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.table.left_out()
    }
}

impl Asked {
    fn shown(&self) -> Shown {
        let Self {
            asked,
            answered,
            refused,
            error,
            ..
        } = self;
        let total = asked.count;
        let said = match (answered.count, refused.count) {
            (0, 0) => format!("asked {}, no answer", times_over(total)),
            (0, _) => format!("asked {}, answered: {error}", times_over(total)),
            (some, 0) => format!("{some} of {total} answered"),
            (some, errors) => {
                format!("{some} of {total} answered, {errors} with an error: {error}")
            }
        };
        // The answers show it; without any, the questions do.
        let frames = answered.and(*refused);
        Shown::new(said, if frames.count > 0 { frames } else { *asked })
    }
}

fn times_over(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

fn answers(question: &Question, good: &Asked, bad: &Asked) -> Option<Difference> {
    let (kind, severity, what) = match (good.answered.count, bad.answered.count) {
        (1.., 0) if bad.refused.count > 0 => (
            Kind::Unanswered,
            Severity::Critical,
            format!("is answered with an error now: {}", bad.error),
        ),
        (1.., 0) => (
            Kind::Unanswered,
            Severity::Critical,
            "is not answered any more".to_owned(),
        ),
        (0, 1..) => (Kind::Answered, Severity::Info, "is answered now".to_owned()),
        (before, now) if is_less((before, good.asked.count), (now, bad.asked.count)) => (
            Kind::Unanswered,
            Severity::Warning,
            "is answered less often".to_owned(),
        ),
        _ => return None,
    };
    Some(Difference {
        kind,
        severity,
        subject: question.to_string(),
        summary: format!("{question} {what}"),
        good: good.shown(),
        bad: bad.shown(),
        filter: question.filter(),
    })
}

/// Whether the share (some of all) is clearly smaller now, with enough of both to say so.
pub(super) fn is_less(before: (u64, u64), now: (u64, u64)) -> bool {
    // a/b - c/d >= points/100, in whole numbers.
    let apart = before.0 * now.1 >= now.0 * before.1
        && 100 * (before.0 * now.1 - now.0 * before.1) >= POINTS * before.1 * now.1;
    before.1 >= ENOUGH && now.1 >= ENOUGH && apart
}

fn times(question: &Question, good: &Asked, bad: &Asked) -> Option<Difference> {
    let name = question.to_string();
    shift(
        &name,
        &format!("the answer to {name}"),
        question.filter(),
        &good.times,
        &bad.times,
    )
}

/// That answers take longer, or come sooner.
pub(super) fn shift(
    subject: &str,
    what: &str,
    filter: Option<String>,
    good: &Samples,
    bad: &Samples,
) -> Option<Difference> {
    let (shift, before, now) = Samples::shift(good, bad)?;
    let (kind, severity, how) = match shift {
        Shift::Slower => (Kind::Slower, Severity::Warning, "takes longer"),
        Shift::Faster => (Kind::Faster, Severity::Info, "comes sooner"),
    };
    let (before, now) = (span(before.median), span(now.median));
    let shown = |median: &str, samples: &Samples| {
        let count = samples.seen.count;
        Shown::new(format!("{median}, the median of {count}"), samples.seen)
    };
    Some(Difference {
        kind,
        severity,
        subject: subject.to_owned(),
        summary: format!("{what} {how}: {now}, was {before}"),
        good: shown(&before, good),
        bad: shown(&now, bad),
        filter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_want_enough_and_lie_apart() {
        assert!(is_less((10, 10), (8, 10)));
        assert!(!is_less((10, 10), (9, 10)));
        assert!(!is_less((8, 10), (10, 10)), "more");
        assert!(!is_less((9, 9), (0, 10)), "too few");
        assert!(is_less((1000, 1000), (799, 1000)));
    }
}
