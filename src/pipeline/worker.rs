//! What one worker does, batch after batch.

use std::sync::atomic::Ordering;

use super::{Reader, Shared, Sink, unpoisoned, write_out};
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::error::{Error, Result};
use crate::fields::Past;
use crate::filter::Scratch;
use crate::output::FrameWriter;
use crate::output::time::Reference;
use crate::source::Progress;

/// Takes batches until there are no more.
pub(super) fn work(shared: &Shared<'_, '_>) {
    let _guard = OnPanic(shared);
    let mut worker = Worker {
        batch: Batch::default(),
        decoded: Decoded::default(),
        scratch: Scratch::default(),
        writer: FrameWriter::new(shared.plan.form, shared.plan.hex),
        shown: Vec::new(),
        saved: Vec::new(),
        ends: Vec::new(),
    };
    while let Some((ticket, failure)) = worker.take(shared) {
        worker.decode(shared);
        let reference = worker.look_in_order(shared, ticket);
        worker.narrow(shared);
        worker.format(shared, reference);
        worker.hand_over(shared, ticket, failure);
    }
}

/// Lets the others go where one worker panics: its ticket would never come, and they would wait for ever.
struct OnPanic<'a, 'b, 'o>(&'a Shared<'b, 'o>);

impl Drop for OnPanic<'_, '_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop.store(true, Ordering::Relaxed);
            self.0.order.abandon();
            self.0.sink.abandon();
        }
    }
}

struct Worker<'a> {
    batch: Batch,
    decoded: Decoded,
    scratch: Scratch,
    writer: FrameWriter<'a>,
    /// Results for standard output.
    shown: Vec<u8>,
    /// Records for the capture file being written.
    saved: Vec<u8>,
    /// Where each frame's part of `shown` and `saved` ends; kept only where frames may have to be left out.
    ends: Vec<(usize, usize)>,
}

impl Worker<'_> {
    /// Fills the batch; returns its ticket, and what went wrong behind its frames. None when all is read.
    fn take(&mut self, shared: &Shared<'_, '_>) -> Option<(u64, Option<Error>)> {
        let mut reader = unpoisoned(shared.reader.lock());
        let Reader {
            source,
            ticket,
            ended,
        } = &mut *reader;
        if *ended || shared.stop.load(Ordering::Relaxed) {
            return None;
        }
        let filled = source.fill(&mut self.batch);
        *ended = matches!(filled, Ok(Progress::End));
        let taken = *ticket;
        *ticket += 1;
        Some((taken, filled.err()))
    }

    fn decode(&mut self, shared: &Shared<'_, '_>) {
        self.decoded.clear();
        for index in 0..self.batch.len() {
            let passes = match shared.plan.capture_filter {
                Some(filter) => filter.accepts(&self.batch.frame(index)),
                None => true,
            };
            if passes {
                self.decoded.push(&self.batch, index);
            }
        }
    }

    /// Waits for this batch's turn, and finds out what depends on the batches before.
    fn look_in_order(&mut self, shared: &Shared<'_, '_>, ticket: u64) -> Reference {
        if shared.plan.past == Past::Nothing {
            return Reference::default();
        }
        let mut order = shared.order.enter(ticket);
        let mut times = self.batch.records.iter().map(|record| record.time);
        let first_here = times.clone().flatten().next();
        order.first = order.first.or(first_here);
        let reference = Reference {
            first: order.first,
            previous: order.previous,
        };
        order.previous = times.rfind(Option::is_some).flatten().or(order.previous);
        let streams = &mut order.streams;
        self.decoded
            .annotate(&self.batch, |packet, layer| streams.observe(packet, layer));
        reference
    }

    /// Leaves what the display filter accepts. Behind the look in order, so that streams have the same numbers
    /// whatever is shown of them.
    fn narrow(&mut self, shared: &Shared<'_, '_>) {
        if let Some(filter) = shared.plan.display_filter {
            self.decoded
                .keep(&self.batch, |packet| filter.accepts(packet, &self.scratch));
        }
    }

    fn format(&mut self, shared: &Shared<'_, '_>, mut reference: Reference) {
        self.shown.clear();
        self.saved.clear();
        self.ends.clear();
        let mut before = self.batch.records.iter();
        let mut passed = self.batch.first_number;
        for index in 0..self.decoded.len() {
            let packet = self.decoded.packet(&self.batch, index);
            // The frame before this one in the capture, whether it is shown or not.
            let skipped = (packet.frame.number - passed) as usize;
            let times = before
                .by_ref()
                .take(skipped)
                .filter_map(|record| record.time);
            reference.previous = times.last().or(reference.previous);
            passed = packet.frame.number;
            self.writer.push(&mut self.shown, &packet, reference);
            if let Some(format) = shared.plan.save {
                format.push(&mut self.saved, &packet.frame);
            }
            if shared.plan.limited {
                self.ends.push((self.shown.len(), self.saved.len()));
            }
        }
    }

    /// Waits for this batch's turn, and writes what it has to say.
    fn hand_over(&mut self, shared: &Shared<'_, '_>, ticket: u64, failure: Option<Error>) {
        let mut sink = shared.sink.enter(ticket);
        if sink.remaining == Some(0) || sink.failed {
            return;
        }
        if let Err(error) = self.write(&mut sink) {
            sink.failed = true;
            sink.outcome.fail(error);
            shared.stop.store(true, Ordering::Relaxed);
        }
        if sink.remaining == Some(0) {
            shared.stop.store(true, Ordering::Relaxed);
        } else if let Some(error) = failure {
            sink.outcome.fail(error);
        }
    }

    fn write(&self, sink: &mut Sink<'_>) -> Result<()> {
        let passed = match sink.remaining {
            Some(remaining) => self
                .decoded
                .len()
                .min(remaining.try_into().unwrap_or(usize::MAX)),
            None => self.decoded.len(),
        };
        let (shown, saved) = match passed {
            all if all == self.decoded.len() => (self.shown.len(), self.saved.len()),
            0 => (0, 0),
            some => self.ends[some - 1],
        };
        if let Some(saver) = &mut sink.saver {
            saver.add_interfaces(&self.batch.interfaces)?;
            saver.write(&self.saved[..saved])?;
        }
        write_out(&mut sink.output, &self.shown[..shown])?;
        self.let_observe(sink, passed)?;
        sink.remaining = sink.remaining.map(|remaining| remaining - passed as u64);
        sink.outcome.passed += passed as u64;
        // Those behind the last one that was wanted were not looked at.
        sink.outcome.read += match (sink.remaining, passed.checked_sub(1)) {
            (Some(0), Some(last)) => {
                let last = self.decoded.packet(&self.batch, last).frame.number;
                last - self.batch.first_number + 1
            }
            _ => self.batch.len() as u64,
        };
        for index in 0..passed {
            let packet = self.decoded.packet(&self.batch, index);
            sink.outcome.passed_bytes += u64::from(packet.frame.wire_len);
            sink.outcome.problems += u64::from(packet.problem.is_some());
            let format = sink.saver.as_ref().map(|saver| saver.format);
            let timeless = format.is_some_and(|format| !format.keeps(&packet.frame));
            sink.outcome.timeless += u64::from(timeless);
        }
        Ok(())
    }

    /// Shows the first `passed` frames to the observers, and writes what they say.
    fn let_observe(&self, sink: &mut Sink<'_>, passed: usize) -> Result<()> {
        if sink.observers.is_empty() {
            return Ok(());
        }
        sink.said.clear();
        for index in 0..passed {
            let packet = self.decoded.packet(&self.batch, index);
            for observer in &mut sink.observers {
                observer.observe(&packet, &mut sink.said);
            }
        }
        write_out(&mut sink.output, &sink.said)
    }
}
