//! `netinspect replay`: the frames of capture files, through the same path as live ones.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::display::Display;
use super::learn::Learner;
use super::progress::{self, StatusLine};
use super::rights::Rights;
use super::{code_of, report, summary, tell};
use crate::error::{Error, Result};
use crate::filter::CaptureFilter;
use crate::pipeline::{self, Printing};
use crate::source::Files;
use crate::text::shell;

pub struct Options {
    pub files: Vec<PathBuf>,
    pub filter: Option<CaptureFilter>,
    /// How many workers; none to have it chosen.
    pub threads: Option<usize>,
    pub display: Display,
    pub rights: Rights,
}

/// Files of together this many bytes are read by one worker before another had started. Less than what is read at once,
/// since compressed ones grow.
const ONE_BATCH: u64 = 64 * 1024;

pub fn run(options: Options) -> Result<u8> {
    let Options {
        files,
        filter,
        threads,
        display,
        mut rights,
    } = options;
    let summary = display.summary;
    if let Some(save) = &display.save {
        check_target(&save.path, &files)?;
    }
    let (mut source, threads) = open(files, threads)?;
    let results = display.writes_to_stdout();
    if !results {
        source.ignore_output();
    }
    let line = StatusLine::new(display.progress, results);
    let mut learner = display.learner(true)?;
    rights.table = display.learn.clone();
    let plan = display.plan(filter, None, Printing::Waits, threads, learner.as_mut())?;
    let read_later = source.open_ahead();
    let given_up = rights.drop(read_later, Vec::new(), plan.save.as_ref())?;
    let (meter, count, in_all) = (
        Arc::clone(&plan.meter),
        source.bytes_read(),
        source.bytes_in_all(),
    );
    let text = |elapsed| {
        let read = progress::bytes(count.load(Ordering::Relaxed), in_all, elapsed);
        format!("{read}; {} frames", progress::count(meter.read()))
    };
    let mut outcome = progress::during(line, text, || pipeline::run(&mut source, plan));
    outcome.errors.iter().for_each(report);
    if summary {
        tell(&summary::whole(&outcome, "passed", &[], &given_up));
    }
    outcome.errors.extend(learner.and_then(Learner::finish));
    Ok(code_of(&outcome.errors))
}

/// The files as one source, and how many workers are to read it where `asked` does not say.
pub(super) fn open(files: Vec<PathBuf>, asked: Option<usize>) -> Result<(Files, usize)> {
    check_names(&files)?;
    let bytes: Option<u64> = files.iter().map(|file| regular_size(file)).sum();
    let threads = match (bytes, asked) {
        // A worker that waits for a pipe keeps the others from ending when enough has passed.
        (None, _) => 1,
        (_, Some(asked)) => asked,
        (Some(0..ONE_BATCH), None) => 1,
        (Some(_), None) => std::thread::available_parallelism().map_or(1, usize::from),
    };
    Ok((Files::new(files, threads), threads))
}

/// The length of a regular file, in bytes; none for a pipe or a device.
fn regular_size(path: &Path) -> Option<u64> {
    let found = fs::metadata(path).ok()?;
    found.is_file().then_some(found.len())
}

/// Words of a filter, out of habit, are no files.
fn check_names(files: &[PathBuf]) -> Result<()> {
    let is_there = |path: &Path| path == Path::new("-") || path.exists();
    if let Some(at) = files.iter().position(|file| !is_there(file))
        && at > 0
    {
        let words: Vec<_> = files[at..]
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let rest = words.join(" ");
        if !files[at..].iter().any(|file| file.exists()) && CaptureFilter::new(&rest).is_ok() {
            return Err(Error::Usage(format!(
                "'{rest}' looks like a capture filter; write it with -f:\n    netinspect replay {} -f {}",
                shell::word(&files[0].to_string_lossy()),
                shell::word(&rest)
            )));
        }
    }
    Ok(())
}

/// Creating a file empties it, so it must not be one that is to be read, and there must be something to read.
fn check_target(target: &Path, files: &[PathBuf]) -> Result<()> {
    if let Some(first) = files.first()
        && first != Path::new("-")
    {
        fs::metadata(first).map_err(|cause| Error::File {
            doing: "open",
            path: first.clone(),
            cause,
        })?;
    }
    let identity = |path: &Path| {
        let found = fs::metadata(path).ok()?;
        found.is_file().then(|| (found.dev(), found.ino()))
    };
    let Some(written) = identity(target) else {
        return Ok(());
    };
    match files.iter().find(|file| identity(file) == Some(written)) {
        Some(file) => Err(Error::Usage(format!(
            "{} is to be read, so it can't be written: name another file with -w",
            file.display()
        ))),
        None => Ok(()),
    }
}
