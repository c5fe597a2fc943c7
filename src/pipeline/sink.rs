//! Where results go, batch after batch, in the capture's order.

use std::sync::Arc;
use std::time::Duration;

use super::Outcome;
use super::doubts::Findings;
use super::meter::Meter;
use super::printer::Printer;
use super::worker::Work;
use crate::analysis::Observer;
use crate::error::Result;
use crate::frame::{Frame, Timestamp};
use crate::save::{Fidelity, Format, Saver};
use crate::text::Buffer;

pub(super) struct Sink<'a> {
    pub(super) printer: Printer,
    /// Whether frames are to be shown at all.
    pub(super) shows: bool,
    pub(super) saver: Option<Saver>,
    pub(super) observers: Vec<&'a mut dyn Observer>,
    /// Whether a display filter chooses what passes.
    pub(super) filters: bool,
    /// What the observers say of one batch.
    pub(super) said: Buffer,
    /// Frames that may still pass.
    pub(super) remaining: Option<u64>,
    /// How long after the first frame to stop.
    pub(super) duration: Option<Duration>,
    pub(super) first: Option<Timestamp>,
    /// Nothing more is wanted.
    pub(super) enough: bool,
    /// A write failed: what comes behind would stand behind a hole.
    pub(super) failed: bool,
    pub(super) meter: Arc<Meter>,
    /// Time of the last frame that was read.
    pub(super) last: Option<Timestamp>,
    pub(super) outcome: Outcome,
}

impl Sink<'_> {
    /// Writes what a worker has made of a batch, as far as it is wanted.
    pub(super) fn take(&mut self, work: &Work) -> Result<()> {
        if work.skip {
            self.leave_out(work);
            return Ok(());
        }
        let offered = work.decoded.len();
        let wanted = self.wanted(work);
        let before = self.saved_frames();
        let passed = match self.save(work, wanted) {
            Ok(passed) => passed,
            Err(error) => {
                // Some of them may be in the file all the same.
                let written = self.saved_frames() - before;
                self.count(work, written as usize);
                return Err(error);
            }
        };
        let shown = match passed {
            all if all == offered => work.shown.len(),
            0 => 0,
            some => work.ends[some - 1].0,
        };
        let printed = self.printer.print(&work.shown[..shown], passed as u64);
        if work.mute && self.shows {
            self.outcome.unshown += passed as u64;
        }
        let (passed, said) = self.let_observe(work, passed);
        let results = memchr::memchr_iter(b'\n', &said).count();
        let printed = printed.and_then(|()| self.printer.print(&said, results as u64));
        self.said = said;
        self.remaining = self.remaining.map(|remaining| remaining - passed as u64);
        self.enough |= self.remaining == Some(0) || passed < offered;
        self.count(work, passed);
        printed
    }

    /// Counts a batch that nobody has looked at.
    fn leave_out(&mut self, work: &Work) {
        let batch = &work.batch;
        for observer in &mut self.observers {
            observer.add_interfaces(&batch.interfaces);
        }
        let wanted = match self.remaining {
            Some(remaining) => batch.len().min(remaining.try_into().unwrap_or(usize::MAX)),
            None => batch.len(),
        };
        let outcome = &mut self.outcome;
        outcome.read += wanted as u64;
        outcome.unseen += wanted as u64;
        if !self.filters {
            outcome.passed += wanted as u64;
            let lengths = batch.records[..wanted].iter();
            outcome.passed_bytes += lengths
                .map(|record| u64::from(record.wire_len))
                .sum::<u64>();
            self.remaining = self.remaining.map(|remaining| remaining - wanted as u64);
            self.enough = self.remaining == Some(0);
        }
    }

    /// Shows the first `passed` frames to the observers; how many of them they wanted to see, and what they say.
    fn let_observe(&mut self, work: &Work, passed: usize) -> (usize, Buffer) {
        let mut said = std::mem::take(&mut self.said);
        said.clear();
        if self.observers.is_empty() {
            return (passed, said);
        }
        for observer in &mut self.observers {
            observer.add_interfaces(&work.batch.interfaces);
        }
        let may_end = self.observers.iter().all(|observer| observer.may_end());
        // Of several observers each sees a frame before any sees the next, so that what they say is in order.
        let step = match self.observers.len() == 1 && !may_end {
            true => passed.max(1),
            false => 1,
        };
        for first in (0..passed).step_by(step) {
            let frames = first..first + step;
            for observer in &mut self.observers {
                let frames = work.decoded.several(&work.batch, frames.clone());
                observer.observe_all(frames, &mut said);
            }
            if may_end && self.observers.iter().all(|observer| observer.is_done()) {
                self.enough = true;
                return (frames.end, said);
            }
        }
        (passed, said)
    }

    fn saved_frames(&self) -> u64 {
        self.saver.as_ref().map_or(0, Saver::frames)
    }

    /// How many of the frames are wanted by number and time.
    fn wanted(&mut self, work: &Work) -> usize {
        let offered = work.decoded.len();
        let by_count = match self.remaining {
            Some(remaining) => offered.min(remaining.try_into().unwrap_or(usize::MAX)),
            None => offered,
        };
        let Some(duration) = self.duration else {
            return by_count;
        };
        let mut times = work.batch.records.iter().filter_map(|record| record.time);
        self.first = self.first.or(times.clone().next());
        let first = self.first;
        let too_late = |time: Timestamp| {
            first.is_some_and(|first| {
                u128::try_from(time.since(first)).is_ok_and(|since| since >= duration.as_nanos())
            })
        };
        self.enough |= times.any(too_late);
        (0..by_count)
            .find(|index| work.frame(*index).time.is_some_and(too_late))
            .unwrap_or(by_count)
    }

    /// Writes the first `wanted` frames to the capture file; returns how many there was room for.
    fn save(&mut self, work: &Work, wanted: usize) -> Result<usize> {
        let Some(saver) = &mut self.saver else {
            return Ok(wanted);
        };
        saver.add(&work.batch.interfaces, &work.batch.about)?;
        self.outcome.unkept += saver.unkept();
        let saved = match wanted {
            all if all == work.decoded.len() => work.saved.len(),
            0 => 0,
            some => work.ends[some - 1].1,
        };
        let records = &work.saved[..saved];
        let written = saver.write(
            records,
            wanted,
            |index| work.frame(index),
            |index| work.ends[index].1,
        )?;
        if let Some(clock) = work.batch.clock {
            saver.tick(clock)?;
        }
        for error in saver.troubles() {
            self.outcome.fail(error);
        }
        Ok(written)
    }

    fn count(&mut self, work: &Work, passed: usize) {
        let format = self.saver.as_ref().map(|saver| saver.format);
        let outcome = &mut self.outcome;
        outcome.passed += passed as u64;
        // Those behind the last one that was wanted were not looked at.
        let read = match (self.enough, passed.checked_sub(1)) {
            (true, Some(last)) => work.frame(last).number - work.batch.first_number + 1,
            _ => work.batch.len() as u64,
        };
        outcome.read += read;
        if read as usize == work.batch.len() && passed == work.decoded.len() {
            outcome.add(&work.findings, &mut self.last);
        } else if work.counts_doubts {
            let part = Findings::of(&work.batch, &work.decoded, read as usize, passed);
            outcome.add(&part, &mut self.last);
        }
        if let Some(format) = format {
            for index in 0..passed {
                outcome.count_loss(format, &work.frame(index), work);
            }
            outcome.unkept += work.batch.about.unknown_blocks;
            if format == Format::Pcap {
                outcome.unkept += work.batch.about.blocks.len() as u64;
            }
        }
        let unshown = self.outcome.unshown + self.printer.unshown();
        self.meter.update(&self.outcome, unshown);
    }
}

impl Outcome {
    fn add(&mut self, found: &Findings, last: &mut Option<Timestamp>) {
        self.passed_bytes += found.bytes;
        self.problems += found.problems;
        self.doubts.add(found, last);
    }

    /// Counts what of a frame the file can't hold.
    fn count_loss(&mut self, format: Format, frame: &Frame<'_>, work: &Work) {
        match format.fidelity(frame) {
            Fidelity::Exact => {}
            Fidelity::Timeless => self.timeless += 1,
            Fidelity::OutOfRange => self.out_of_range += 1,
        }
        if format == Format::Pcap && !work.options(frame).is_empty() {
            self.unkept += 1;
        }
    }
}
