//! What every command that reads frames does: take a batch, filter, decode, look at it in order, filter again,
//! write it.
//!
//! Each worker takes the next batch and a ticket, and does all of this to it. Decoding and formatting run side by
//! side; what needs the capture's order passes a [`Turnstile`] by ticket, and what came of it is left in a [`Handover`],
//! where one worker after the other deals with what is due. So the output is the same for any number of workers, and one
//! worker on a live source is the same code.

mod doubts;
mod handover;
mod hurry;
mod meter;
mod printer;
mod sink;
mod turnstile;
mod worker;

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use crate::analysis::{Fragments, Observer, Reassembled, Statistics, Streams};
use crate::error::{Error, Result};
use crate::fields::Past;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::frame::{InterfaceNames, Timestamp};
use crate::output::Form;
use crate::save::{Format, Saver};
use crate::source::{Release, Source};
use crate::text::Buffer;
pub use doubts::{Backwards, Doubts, LONGEST_USUAL};
use handover::Handover;
pub use hurry::Hurry;
pub use meter::Meter;
use printer::Printer;
pub use printer::Printing;
use sink::Sink;
use turnstile::Turnstile;
use worker::Work;

/// What to do with the frames of a source; by default nothing.
#[derive(Default)]
pub struct Plan<'a> {
    pub capture_filter: Option<CaptureFilter>,
    pub display_filter: Option<DisplayFilter>,
    pub form: Form,
    /// Follow each frame with its bytes.
    pub hex: bool,
    /// Stop after this many frames.
    pub count: Option<u64>,
    /// Stop this long after the first frame, by the frames' own times.
    pub duration: Option<Duration>,
    /// Put fragmented IP packets together.
    pub reassemble: bool,
    pub save: Option<Saver>,
    pub printing: Printing,
    /// Who looks at what passes, in order.
    pub observers: Vec<&'a mut dyn Observer>,
    /// Count what limits conclusions.
    pub doubts: bool,
    /// Tells how far the run is.
    pub meter: Arc<Meter>,
    /// Where what passes is counted; others may look at it meanwhile.
    pub statistics: Option<&'a Mutex<Statistics>>,
    /// How many workers; none counts as one.
    pub threads: usize,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Frames that the source gave.
    pub read: u64,
    /// Frames that passed the filters, and were shown or written.
    pub passed: u64,
    /// Their length on the wire, in bytes.
    pub passed_bytes: u64,
    /// Frames that could not be decoded whole.
    pub problems: u64,
    /// Frames without a time that were written with one, since the file can't leave it out.
    pub timeless: u64,
    /// Frames whose time the file can't say, so that it says the nearest it can.
    pub out_of_range: u64,
    /// What the input said beside the frames that is not in the file written: remarks on frames, blocks not known here.
    pub unkept: u64,
    /// Frames that passed, but standard output did not take what there was to show of them.
    pub unshown: u64,
    /// Lines that observers had to say, and standard output did not take.
    pub untold: u64,
    /// Frames that were left when the user wanted to end, and so were only counted; where there is no display filter,
    /// among those that passed.
    pub unseen: u64,
    /// Conversations forgotten to bound memory.
    pub forgotten: u64,
    /// What limits conclusions, where it was to be counted.
    pub doubts: Doubts,
    /// Packets that came in fragments, where those are put together.
    pub reassembled: Reassembled,
    /// In the order they happened.
    pub errors: Vec<Error>,
    /// The reader of standard output went away, which counts as done.
    pub closed_pipe: bool,
    /// Something could not be written, and nothing was behind it.
    pub failed_to_write: bool,
}

/// What the workers share.
struct Shared<'a, 'o> {
    plan: Arrangement<'a>,
    reader: Mutex<Reader<'a>>,
    order: Turnstile<Order>,
    sink: Handover<Work, Sink<'o>>,
    /// Enough has passed, or nobody reads the results any more.
    stop: AtomicBool,
    release: Option<Release>,
}

impl Shared<'_, '_> {
    /// No worker is to take another batch, nor to wait for one.
    fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(release) = &self.release {
            release();
        }
    }
}

/// The part of a plan that stays as it is.
struct Arrangement<'a> {
    capture_filter: Option<&'a CaptureFilter>,
    display_filter: Option<&'a DisplayFilter>,
    form: &'a Form,
    hex: bool,
    past: Past,
    /// Somebody follows conversations.
    follows: bool,
    divided: bool,
    doubts: bool,
    reassemble: bool,
    save: Option<Format>,
    /// Standard output takes no more for now.
    is_full: Arc<AtomicBool>,
    hurry: Option<Hurry>,
    statistics: Option<&'a Mutex<Statistics>>,
}

/// Hands out batches, each with a ticket.
struct Reader<'a> {
    source: &'a mut dyn Source,
    ticket: u64,
    ended: bool,
    names: Arc<InterfaceNames>,
}

/// What has to see frames in the order of the capture.
struct Order {
    fragments: Fragments,
    streams: Streams,
    first: Option<Timestamp>,
    previous: Option<Timestamp>,
}

/// Runs a source through a plan until it ends, enough frames have passed, or the reader of the results went away.
pub fn run(source: &mut dyn Source, plan: Plan<'_>) -> Outcome {
    let Plan {
        capture_filter,
        display_filter,
        form,
        hex,
        count,
        duration,
        reassemble,
        save,
        printing,
        observers,
        doubts,
        meter,
        statistics,
        threads,
    } = plan;
    let past = [
        form.past(),
        display_filter
            .as_ref()
            .map_or(Past::Nothing, DisplayFilter::past),
        match reassemble {
            true => Past::Streams,
            false => Past::Nothing,
        },
    ];
    let observers_want = observers.iter().map(|observer| observer.past());
    let past = past
        .into_iter()
        .chain(observers_want)
        .max()
        .unwrap_or_default();
    let hurry = match &printing {
        Printing::Waits => None,
        Printing::GoesOn(hurry) => Some(hurry.clone()),
    };
    // Where nothing is shown, nothing waits for a reader.
    let printing = match form {
        Form::Quiet if observers.is_empty() => Printing::Waits,
        _ => printing,
    };
    let header = form.header();
    if let Err(error) = write_out(&mut io::stdout(), &header) {
        let mut outcome = Outcome::default();
        outcome.fail(error);
        return outcome;
    }
    let is_full = Arc::new(AtomicBool::new(false));
    let shows = !matches!(form, Form::Quiet);
    let release = source.release();
    let plan = Arrangement {
        capture_filter: capture_filter.as_ref(),
        display_filter: display_filter.as_ref(),
        form: &form,
        hex,
        past,
        follows: past > Past::Nothing || !observers.is_empty(),
        reassemble,
        divided: count.is_some() || duration.is_some() || save.as_ref().is_some_and(Saver::divides),
        doubts,
        save: save.as_ref().map(|saver| saver.format),
        is_full: is_full.clone(),
        hurry,
        statistics,
    };
    // Observers take about as long as decoding, now more, now less: without spare room one would wait for the other. To count
    // takes less; what is only shown or written is large, and dealt with in no time.
    let spare = match threads < 2 {
        true => 0,
        false if !observers.is_empty() => threads,
        false => usize::from(statistics.is_some()),
    };
    let spare = (0..spare).map(|_| Work::new(&plan)).collect();
    let shared = Shared {
        reader: Mutex::new(Reader {
            source,
            ticket: 0,
            ended: count == Some(0),
            names: Arc::default(),
        }),
        order: Turnstile::new(Order {
            fragments: Fragments::default(),
            streams: Streams::new(past),
            first: None,
            previous: None,
        }),
        sink: Handover::new(
            Sink {
                printer: Printer::new(printing, is_full),
                shows,
                saver: save,
                observers,
                filters: display_filter.is_some(),
                said: Buffer::new(),
                remaining: count,
                duration,
                first: None,
                enough: false,
                failed: false,
                meter,
                last: None,
                outcome: Outcome::default(),
            },
            spare,
        ),
        plan,
        stop: AtomicBool::new(false),
        release,
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Where the system has no room for more threads, those that there are do the work.
            let worker = Builder::new().spawn_scoped(scope, || worker::work(&shared));
            if worker.is_err() {
                break;
            }
        }
        worker::work(&shared);
    });
    let Sink {
        saver,
        mut printer,
        mut outcome,
        ..
    } = shared.sink.into_inner();
    if let Some(mut saver) = saver {
        let finished = saver.finish();
        let troubles = saver.troubles().into_iter();
        troubles
            .chain(finished.err())
            .for_each(|error| outcome.fail(error));
    }
    // The capture file is whole by now, however long this takes.
    let (unshown, shown) = printer.finish();
    match shows {
        true => outcome.unshown += unshown,
        false => outcome.untold += unshown,
    }
    if let Err(error) = shown {
        outcome.fail(error);
    }
    for link in capture_filter.iter().flat_map(CaptureFilter::unusable_on) {
        outcome.fail(Error::Usage(format!(
            "the capture filter makes no sense on {link}: none of its frames passed"
        )));
    }
    let order = shared.order.into_inner();
    outcome.reassembled = order.fragments.counts();
    outcome.forgotten = order.streams.forgotten();
    outcome.doubts.connections = (past > Past::Nothing).then(|| order.streams.connections());
    outcome
}

impl Outcome {
    /// Nothing could be read, so there is nothing to say of what was or was not there.
    pub fn has_read_nothing(&self) -> bool {
        self.read == 0 && !self.errors.is_empty()
    }

    /// Standard output takes no more: its reader went away, or writing to it failed.
    pub fn has_lost_output(&self) -> bool {
        let failed = |error: &Error| matches!(error, Error::Output(_));
        self.closed_pipe || self.errors.iter().any(failed)
    }

    fn fail(&mut self, error: Error) {
        if error.is_closed_pipe() {
            self.closed_pipe = true;
        } else {
            self.errors.push(error);
        }
    }
}

/// One write and one flush for a batch: results must not wait for the next.
fn write_out(output: &mut impl Write, bytes: &[u8]) -> Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let written = output.write_all(bytes).and_then(|()| output.flush());
    written.map_err(Error::Output)
}

fn unpoisoned<T>(result: std::result::Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}
