//! What every command that reads frames does: take a batch, filter, decode, look at it in order, filter again,
//! write it.
//!
//! Each worker takes the next batch and a ticket, and does all of this to it. Decoding and formatting run side by
//! side; what needs the capture's order passes a [`Turnstile`] by ticket. So the output is the same for
//! any number of workers, and one worker on a live source is the same code.

mod turnstile;
mod worker;

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use crate::analysis::{Observer, Streams};
use crate::error::{Error, Result};
use crate::fields::Past;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::frame::Timestamp;
use crate::output::Form;
use crate::save::{Format, Saver};
use crate::source::Source;
use crate::text::Buffer;
use turnstile::Turnstile;

/// What to do with the frames of a source.
pub struct Plan<'a> {
    pub capture_filter: Option<CaptureFilter>,
    pub display_filter: Option<DisplayFilter>,
    pub form: Form,
    /// Follow each frame with its bytes.
    pub hex: bool,
    /// Stop after this many frames.
    pub count: Option<u64>,
    pub save: Option<Saver>,
    /// Who looks at what passes, in order.
    pub observers: Vec<&'a mut dyn Observer>,
    /// How many workers, at least one.
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
    /// Conversations forgotten to bound memory.
    pub forgotten: u64,
    /// In the order they happened.
    pub errors: Vec<Error>,
    /// The reader of standard output went away, which counts as done.
    pub closed_pipe: bool,
}

/// What the workers share.
struct Shared<'a, 'o> {
    plan: Arrangement<'a>,
    reader: Mutex<Reader<'a>>,
    order: Turnstile<Order>,
    sink: Turnstile<Sink<'o>>,
    /// Enough has passed, or nobody reads the results any more.
    stop: AtomicBool,
}

/// The part of a plan that stays as it is.
struct Arrangement<'a> {
    capture_filter: Option<&'a CaptureFilter>,
    display_filter: Option<&'a DisplayFilter>,
    form: &'a Form,
    hex: bool,
    past: Past,
    limited: bool,
    save: Option<Format>,
}

/// Hands out batches, each with a ticket.
struct Reader<'a> {
    source: &'a mut dyn Source,
    ticket: u64,
    ended: bool,
}

/// What has to see frames in the order of the capture.
struct Order {
    streams: Streams,
    first: Option<Timestamp>,
    previous: Option<Timestamp>,
}

/// Where results go, in order.
struct Sink<'a> {
    output: io::Stdout,
    saver: Option<Saver>,
    observers: Vec<&'a mut dyn Observer>,
    /// What the observers say of one batch.
    said: Buffer,
    /// Frames that may still pass.
    remaining: Option<u64>,
    /// A write failed: what comes behind would stand behind a hole.
    failed: bool,
    outcome: Outcome,
}

/// Runs a source through a plan until it ends, enough frames have passed, or the reader of the results went away.
pub fn run(source: &mut dyn Source, plan: Plan<'_>) -> Outcome {
    let Plan {
        capture_filter,
        display_filter,
        form,
        hex,
        count,
        save,
        observers,
        threads,
    } = plan;
    let past = [
        form.past(),
        display_filter
            .as_ref()
            .map_or(Past::Nothing, DisplayFilter::past),
        match observers.iter().any(|observer| observer.needs_streams()) {
            true => Past::Streams,
            false => Past::Nothing,
        },
    ];
    let past = past.into_iter().max().unwrap_or_default();
    let shared = Shared {
        plan: Arrangement {
            capture_filter: capture_filter.as_ref(),
            display_filter: display_filter.as_ref(),
            form: &form,
            hex,
            past,
            limited: count.is_some(),
            save: save.as_ref().map(|saver| saver.format),
        },
        reader: Mutex::new(Reader {
            source,
            ticket: 0,
            ended: count == Some(0),
        }),
        order: Turnstile::new(Order {
            streams: Streams::new(past),
            first: None,
            previous: None,
        }),
        sink: Turnstile::new(Sink {
            output: io::stdout(),
            saver: save,
            observers,
            said: Buffer::new(),
            remaining: count,
            failed: false,
            outcome: Outcome::default(),
        }),
        stop: AtomicBool::new(false),
    };
    let header = form.header();
    if let Err(error) = write_out(&mut io::stdout(), &header) {
        let mut outcome = Outcome::default();
        outcome.fail(error);
        return outcome;
    }
    if threads <= 1 {
        worker::work(&shared);
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| worker::work(&shared));
            }
        });
    }
    let Sink {
        saver, mut outcome, ..
    } = shared.sink.into_inner();
    if let Some(Err(error)) = saver.map(|mut saver| saver.finish()) {
        outcome.fail(error);
    }
    for link in capture_filter.iter().flat_map(CaptureFilter::unusable_on) {
        outcome.fail(Error::Usage(format!(
            "the capture filter makes no sense on {link}: none of its frames passed"
        )));
    }
    outcome.forgotten = shared.order.into_inner().streams.forgotten();
    outcome
}

impl Outcome {
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
