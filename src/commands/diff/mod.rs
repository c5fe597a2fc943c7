//! `netinspect diff`: what changed between a capture of what works and one of what does not.

mod json;
mod read;
mod text;

use std::path::PathBuf;

use super::{alerts, print, tell};
use crate::analysis::alerts::Severity;
use crate::analysis::differences::{Comparison, Difference};
use crate::error::{Result, exit};
use crate::output::colour::Paint;
use crate::text::{Buffer, shell};
pub use read::Reading;

pub struct Options {
    /// The good one and the bad one.
    pub files: [PathBuf; 2],
    pub reading: Reading,
    pub form: Form,
    /// The least severity that is told.
    pub least: Severity,
    /// Thresholds of alerts.
    pub config: Option<PathBuf>,
}

/// How differences are told: one file each.
pub enum Form {
    Text(Paint),
    Json,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        files,
        reading,
        form,
        least,
        config,
    } = options;
    let settings = alerts::settings(config.as_deref(), false)?;
    let summary = reading.summary;
    let mut comparison = Comparison::new(&settings);
    let names = files
        .clone()
        .map(|file| shell::word(&file.to_string_lossy()));
    let code = read::both(&files, reading, &mut comparison)?;
    if !matches!(code, exit::DONE | exit::DAMAGED) {
        return Ok(code);
    }
    let left_out = comparison.left_out();
    let mut found = comparison.finish();
    found.retain(|difference| difference.severity >= least);
    let mut out = Buffer::new();
    match form {
        Form::Text(paint) => text::write(&mut out, paint, &found, &names),
        Form::Json => found
            .iter()
            .for_each(|difference| json::push(&mut out, difference)),
    }
    print(&out)?;
    if summary {
        tell(&summarised(&found, left_out));
    }
    Ok(match code {
        exit::DONE if !found.is_empty() => exit::NO,
        code => code,
    })
}

/// How many there are, and what was left out of sight.
fn summarised(found: &[Difference], left_out: [u64; 2]) -> String {
    let of = |severity| {
        found
            .iter()
            .filter(|difference| difference.severity == severity)
            .count()
    };
    let counts: Vec<_> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| (of(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {severity}"))
        .collect();
    let mut text = match counts.is_empty() {
        true => "no differences".to_owned(),
        false => format!("differences: {}", counts.join(", ")),
    };
    for (count, which, what) in [
        (left_out[0], "first", "what is new can't be told of such"),
        (left_out[1], "second", "what is new may be more"),
    ] {
        if count > 0 {
            text += &format!(
                "\nthe {which} capture has more hosts, services or requests than there is room for: {count} sightings \
                 left out, {what} (a narrower -f helps)"
            );
        }
    }
    text
}
