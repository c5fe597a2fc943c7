//! `netinspect alerts`: what is wrong on a link, as it happens or from files.

mod json;
mod line;

use std::fs;
use std::path::{Path, PathBuf};

use super::input::{self, Input};
use super::{code_of, print, tell};
use crate::analysis::Observer;
use crate::analysis::alerts::{Alert, Alerts, Settings, Severity};
use crate::decode::Packet;
use crate::error::{Error, Result, exit};
use crate::output::colour::Paint;
use crate::text::Buffer;

pub struct Options {
    pub input: Input,
    pub form: Form,
    /// Exit code 1 from this severity on.
    pub fail: Option<Severity>,
    /// The least severity that is told.
    pub least: Severity,
    pub config: Option<PathBuf>,
}

/// How an alert is told.
pub enum Form {
    Line(Paint),
    Json,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        input,
        form,
        fail,
        least,
        config,
    } = options;
    let settings = match config {
        Some(path) => settings(&path)?,
        None => Settings::default(),
    };
    let summary = input.summary;
    let writer = match form {
        Form::Line(paint) => Writer::Line(line::Lines::new(paint, input.origin.command())),
        Form::Json => Writer::Json,
    };
    let mut watch = Watch {
        alerts: Alerts::new(&settings),
        writer,
        least,
        told: [0; Severity::ALL.len()],
    };
    let outcome = input::observe(input, vec![&mut watch])?;
    let mut rest = Buffer::new();
    watch.finish(&mut rest);
    if !outcome.closed_pipe {
        print(&rest)?;
    }
    if summary {
        tell(&watch.summary());
    }
    let failed = fail.is_some_and(|fail| watch.alerts.worst() >= Some(fail));
    Ok(match code_of(&outcome.errors) {
        exit::DONE if failed => exit::NO,
        code => code,
    })
}

/// Thresholds from a file.
pub(super) fn settings(path: &Path) -> Result<Settings> {
    let text = fs::read_to_string(path).map_err(|cause| Error::File {
        doing: "read",
        path: path.to_owned(),
        cause,
    })?;
    toml::from_str(&text).map_err(|error| {
        Error::Usage(format!(
            "{} can't be used: {}\n'netinspect alerts --print-config' shows what there is",
            path.display(),
            error.to_string().trim_end()
        ))
    })
}

enum Writer {
    Line(line::Lines),
    Json,
}

/// Raises alerts from what passes, and writes them.
struct Watch {
    alerts: Alerts,
    writer: Writer,
    least: Severity,
    /// How many were told the first time, by severity.
    told: [u64; Severity::ALL.len()],
}

impl Watch {
    fn finish(&mut self, out: &mut Buffer) {
        let rest: Vec<_> = self.alerts.finish().collect();
        rest.iter().for_each(|alert| self.write(alert, out));
    }

    fn write(&mut self, alert: &Alert, out: &mut Buffer) {
        if alert.severity < self.least {
            return;
        }
        if !alert.repeated {
            self.told[alert.severity as usize] += 1;
        }
        match &mut self.writer {
            Writer::Line(lines) => lines.push(out, alert),
            Writer::Json => json::push(out, alert),
        }
    }

    fn summary(&self) -> String {
        let counts: Vec<_> = Severity::ALL
            .into_iter()
            .rev()
            .zip(self.told.iter().rev())
            .filter(|(_, count)| **count > 0)
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        let mut text = if counts.is_empty() {
            "no alerts".to_owned()
        } else {
            format!("alerts: {}", counts.join(", "))
        };
        if self.alerts.forgotten() > 0 {
            text += &format!(
                "; {} things forgotten to bound memory (addresses, attempts, pings that were not seen for long)",
                self.alerts.forgotten()
            );
        }
        text
    }
}

impl Observer for Watch {
    fn observe(&mut self, packet: &Packet<'_>, out: &mut Buffer) {
        let raised: Vec<_> = self.alerts.observe(packet).collect();
        raised.iter().for_each(|alert| self.write(alert, out));
    }
}
