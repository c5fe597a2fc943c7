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
        display,
    } = options;
    let summary = display.summary;
    if let Some(target) = &display.save {
        check_target(target, &files)?;
    }
    let mut source = Files::new(files);
    let plan = display.plan(filter)?;
    let outcome = pipeline::run(&mut source, plan);
    outcome.errors.iter().for_each(report);
    if summary {
        tell(&summary::frames(&outcome, "passed"));
    }
    Ok(code_of(&outcome.errors))
}

/// Creating a file empties it, so it must not be one that is to be read.
fn check_target(target: &Path, files: &[PathBuf]) -> Result<()> {
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
    pub(super) fn plan(self, capture_filter: Option<CaptureFilter>) -> Result<Plan> {
        Ok(Plan {
            capture_filter,
            display_filter: self.filter,
            form: self.form,
            hex: self.hex,
            count: self.count,
            save: self.save.as_deref().map(Saver::create).transpose()?,
            threads: self.threads,
        })
    }
}
