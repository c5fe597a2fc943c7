//! What one worker does, batch after batch.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::doubts::Findings;
use super::sink::Sink;
use super::{Arrangement, Reader, Shared, unpoisoned};
use crate::analysis::Statistics;
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::error::Error;
use crate::fields::Past;
use crate::filter::Scratch;
use crate::frame::Frame;
use crate::output::FrameWriter;
use crate::output::time::Reference;
use crate::source::Progress;

/// With more bytes of frames waiting, what is to be written goes before what is to be shown.
const PRESSING: usize = 64 << 20;

/// Takes batches until there are no more.
pub(super) fn work(shared: &Shared<'_, '_>) {
    let _guard = OnPanic(shared);
    let mut work = Work::new(&shared.plan);
    let scratch = Scratch::default();
    let mut writer = FrameWriter::new(shared.plan.form, shared.plan.hex);
    while let Some(ticket) = work.take(shared) {
        work.decode(shared);
        let reference = work.look_in_order(shared, ticket);
        work.narrow(shared, &scratch);
        work.format(shared, reference, &mut writer);
        if !shared.plan.divided {
            work.tally(work.decoded.len());
        }
        work = shared
            .sink
            .pass(ticket, work, |sink, work| work.hand_over(shared, sink));
    }
}

/// Lets the others go where one worker panics: its ticket would never come, and they would wait for ever.
struct OnPanic<'a, 'b, 'o>(&'a Shared<'b, 'o>);

impl Drop for OnPanic<'_, '_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
            self.0.order.abandon();
            self.0.sink.abandon();
        }
    }
}

/// A batch, and what was made of it.
pub(super) struct Work {
    pub(super) batch: Batch,
    pub(super) decoded: Decoded,
    /// What went wrong behind its frames.
    failure: Option<Error>,
    /// What would be shown of this batch is left out.
    pub(super) mute: bool,
    /// There is no time left to look at this batch at all.
    pub(super) skip: bool,
    /// Results for standard output.
    pub(super) shown: Vec<u8>,
    /// Records for the capture file being written.
    pub(super) saved: Vec<u8>,
    /// Where each frame's part of `shown` and `saved` ends; kept only where frames may have to be left out, or files divided.
    pub(super) ends: Vec<(usize, usize)>,
    /// What limits conclusions from this batch.
    pub(super) findings: Findings,
    pub(super) counts_doubts: bool,
    /// What this batch adds to the statistics.
    counted: Option<Statistics>,
}

impl Work {
    pub(super) fn new(plan: &Arrangement<'_>) -> Self {
        Self {
            batch: Batch::default(),
            decoded: match plan.follows {
                true => Decoded::default(),
                false => Decoded::without_flows(),
            },
            failure: None,
            mute: false,
            skip: false,
            shown: Vec::new(),
            saved: Vec::new(),
            ends: Vec::new(),
            findings: Findings::default(),
            counts_doubts: plan.doubts,
            counted: plan
                .statistics
                .map(|all| Statistics::new(unpoisoned(all.lock()).sections)),
        }
    }

    /// Fills the batch; returns its ticket. None when all is read.
    fn take(&mut self, shared: &Shared<'_, '_>) -> Option<u64> {
        let mut reader = unpoisoned(shared.reader.lock());
        let Reader {
            source,
            ticket,
            ended,
            names,
        } = &mut *reader;
        if *ended || shared.stop.load(Ordering::Relaxed) {
            return None;
        }
        let filled = source.fill(&mut self.batch);
        let waiting = source.waiting();
        let hurry = shared.plan.hurry.as_ref();
        let too_late = hurry.is_some_and(|hurry| hurry.is_too_late_for(waiting));
        // The file comes first: what can't be shown in time is counted.
        let saves = shared.plan.save.is_some();
        self.mute = saves && (too_late || waiting > PRESSING)
            || shared.plan.is_full.load(Ordering::Relaxed);
        self.skip = too_late && !saves;
        *ended = matches!(filled, Ok(Progress::End));
        if !self.batch.interfaces.is_empty() {
            let names = Arc::make_mut(names);
            let new = self.batch.interfaces.iter();
            new.for_each(|interface| names.push(interface.name.as_deref()));
        }
        if !Arc::ptr_eq(names, &self.batch.names) {
            self.batch.names = Arc::clone(names);
        }
        let taken = *ticket;
        *ticket += 1;
        self.failure = filled.err();
        Some(taken)
    }

    fn decode(&mut self, shared: &Shared<'_, '_>) {
        self.decoded.clear();
        if self.skip {
            return;
        }
        let Some(filter) = shared.plan.capture_filter else {
            return self.decoded.push_all(&self.batch);
        };
        for index in 0..self.batch.len() {
            if filter.accepts(&self.batch.frame(index)) {
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
        if shared.plan.reassemble {
            let fragments = &mut order.fragments;
            self.decoded
                .reassemble(&self.batch, |frame, fragment, whole| {
                    fragments.join(frame.time, fragment, whole)
                });
        }
        let streams = &mut order.streams;
        self.decoded
            .annotate(&self.batch, |flow, parts| streams.observe(flow, parts));
        reference
    }

    /// Leaves what the display filter accepts. Behind the look in order, so that streams have the same numbers
    /// whatever is shown of them.
    fn narrow(&mut self, shared: &Shared<'_, '_>, scratch: &Scratch) {
        if let Some(filter) = shared.plan.display_filter {
            self.decoded
                .keep(&self.batch, |packet| filter.accepts(packet, scratch));
        }
    }

    fn format(
        &mut self,
        shared: &Shared<'_, '_>,
        mut reference: Reference,
        writer: &mut FrameWriter<'_>,
    ) {
        self.shown.clear();
        self.saved.clear();
        self.ends.clear();
        if self.counts_doubts {
            let (read, passed) = (self.batch.len(), self.decoded.len());
            self.findings = Findings::of(&self.batch, &self.decoded, read, passed);
        }
        let shows = !self.mute && !writer.is_quiet();
        if !shows && shared.plan.save.is_none() {
            if shared.plan.divided {
                self.ends.resize(self.decoded.len(), (0, 0));
            }
            return;
        }
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
            if shows {
                writer.push(&mut self.shown, &packet, reference);
            }
            if let Some(format) = shared.plan.save {
                let place = packet.frame.number - self.batch.first_number;
                let options = self.batch.about.options(place as usize);
                format.push(&mut self.saved, &packet.frame, options);
            }
            if shared.plan.divided {
                self.ends.push((self.shown.len(), self.saved.len()));
            }
        }
    }

    /// Counts the first `passed` frames of this batch, for itself.
    fn tally(&mut self, passed: usize) {
        if let Some(counted) = &mut self.counted {
            for index in 0..passed {
                counted.count(&self.decoded.packet(&self.batch, index));
            }
            counted.settle();
        }
    }

    /// Writes what it has to say; its turn has come.
    fn hand_over(&mut self, shared: &Shared<'_, '_>, sink: &mut Sink<'_>) {
        if sink.enough || sink.failed {
            return;
        }
        let before = sink.outcome.passed;
        if let Err(error) = sink.take(self) {
            sink.failed = true;
            sink.outcome.failed_to_write = !error.is_closed_pipe();
            sink.outcome.fail(error);
        }
        self.add_up(shared, (sink.outcome.passed - before) as usize);
        if sink.enough || sink.failed {
            shared.end();
        }
        if !sink.enough
            && let Some(error) = self.failure.take()
        {
            sink.outcome.fail(error);
        }
    }

    /// The frame of what is left of the batch at `index`.
    pub(super) fn frame(&self, index: usize) -> Frame<'_> {
        self.decoded.packet(&self.batch, index).frame
    }

    /// What the input said of a frame beside its bytes, as pcapng's options.
    pub(super) fn options(&self, frame: &Frame<'_>) -> &[u8] {
        let index = frame.number - self.batch.first_number;
        self.batch.about.options(index as usize)
    }

    /// Adds this batch to the statistics. Where there is a limit, only now is known how many frames count.
    fn add_up(&mut self, shared: &Shared<'_, '_>, passed: usize) {
        if shared.plan.divided {
            self.tally(passed);
        }
        if let (Some(all), Some(counted)) = (shared.plan.statistics, &mut self.counted) {
            unpoisoned(all.lock()).absorb(counted);
        }
    }
}
