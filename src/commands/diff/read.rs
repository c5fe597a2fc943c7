//! Reads two captures, one after the other, through the same pipeline as every command.

use std::path::{Path, PathBuf};

use crate::analysis::Observer;
use crate::analysis::differences::Comparison;
use crate::commands::rights::Rights;
use crate::commands::{replay, report, summary, tell};
use crate::error::{Error, Result, exit};
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::pipeline::{self, Plan};

/// Which frames of both, and how they are read.
pub struct Reading {
    /// One for each file, since a reader keeps its own.
    pub filters: [Option<CaptureFilter>; 2],
    pub display_filters: [Option<DisplayFilter>; 2],
    /// How many workers; none to have it chosen.
    pub threads: Option<usize>,
    /// Say of each how many frames there were.
    pub summary: bool,
    pub rights: Rights,
}

/// Lets `comparison` see both files. Errors met on the way are told; what is returned is the exit code that they make.
///
/// # Errors
/// What keeps it from starting.
pub(super) fn both(
    files: &[PathBuf; 2],
    reading: Reading,
    comparison: &mut Comparison,
) -> Result<u8> {
    if files.iter().all(|file| file == Path::new("-")) {
        return Err(Error::Usage(
            "standard input can be one of the captures, not both".to_owned(),
        ));
    }
    let Reading {
        filters,
        display_filters,
        threads,
        summary,
        rights,
    } = reading;
    let mut sources = Vec::new();
    let mut read_later = Vec::new();
    for file in files {
        let (mut source, threads) = replay::open(vec![file.clone()], threads)?;
        read_later.extend(source.open_ahead());
        sources.push((file, source, threads));
    }
    let mut given_up = rights.drop(read_later, Vec::new(), None)?;
    let mut code = exit::DONE;
    let of_each = sources.into_iter().zip(filters).zip(display_filters);
    for (index, (((file, mut source, threads), filter), display_filter)) in of_each.enumerate() {
        if index == 1 {
            comparison.turn_over();
        }
        let plan = Plan {
            capture_filter: filter,
            display_filter,
            observers: vec![comparison as &mut dyn Observer],
            doubts: summary,
            threads,
            ..Plan::default()
        };
        let outcome = pipeline::run(&mut source, plan);
        outcome.errors.iter().for_each(report);
        if summary {
            // Rights are given up once, and that is said once.
            let said = summary::whole(&outcome, "compared", &[], &std::mem::take(&mut given_up));
            let name = match file == Path::new("-") {
                true => "standard input".to_owned(),
                false => file.to_string_lossy().into_owned(),
            };
            tell(&format!("{name}: {said}"));
        }
        match outcome.errors.first().map(Error::exit_code) {
            None => {}
            Some(exit::DAMAGED) => code = exit::DAMAGED,
            // Compared with what can't be read, everything would be new or gone.
            Some(failed) => return Ok(failed),
        }
    }
    Ok(code)
}
