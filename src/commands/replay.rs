//! `netinspect replay`: the frames of capture files, through the same path as live ones.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{code_of, report, summary, tell};
use crate::error::{Error, Result};
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::output::Form;
use crate::pipeline::{self, Plan};
use crate::save::Saver;
use crate::source::Files;

/// What `capture` and `replay` share.
pub struct Display {
    pub filter: Option<DisplayFilter>,
    pub form: Form,
    pub hex: bool,
    pub count: Option<u64>,
    /// Where frames are written to, `-` for standard output.
    pub save: Option<PathBuf>,
    pub threads: usize,
    /// Say how many frames there were.
    pub summary: bool,
}

pub struct Options {
    pub files: Vec<PathBuf>,
    pub filter: Option<CaptureFilter>,
    pub display: Display,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        files,
        filter,
        mut display,
    } = options;
    let summary = display.summary;
    if let Some(target) = &display.save {
        check_target(target, &files)?;
    }
    let (mut source, threads) = open(files, display.threads)?;
    display.threads = threads;
    let plan = display.plan(filter)?;
    let outcome = pipeline::run(&mut source, plan);
    outcome.errors.iter().for_each(report);
    if summary {
        tell(&summary::frames(&outcome, "passed"));
    }
    Ok(code_of(&outcome.errors))
}

/// The files as one source, and how many of `threads` workers can read it.
pub(super) fn open(files: Vec<PathBuf>, threads: usize) -> Result<(Files, usize)> {
    check_names(&files)?;
    // A worker that waits for a pipe keeps the others from ending when enough has passed.
    let threads = match files.iter().all(|file| is_regular(file)) {
        true => threads,
        false => 1,
    };
    Ok((Files::new(files), threads))
}

fn is_regular(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
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
                "'{rest}' looks like a capture filter; write it with -f:\n    netinspect replay {} -f '{rest}'",
                files[0].display()
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

impl Display {
    /// Opens what is to be written, and says what is to be done with each frame.
    pub(super) fn plan(self, capture_filter: Option<CaptureFilter>) -> Result<Plan<'static>> {
        Ok(Plan {
            capture_filter,
            display_filter: self.filter,
            form: self.form,
            hex: self.hex,
            count: self.count,
            save: self.save.as_deref().map(Saver::create).transpose()?,
            observers: Vec::new(),
            statistics: None,
            threads: self.threads,
        })
    }
}
