//! `netinspect alerts`: what is wrong on a link, as it happens or from files.

mod confirm;
mod json;
mod line;

use std::fs;
use std::path::{Path, PathBuf};

use super::arp::wire::Interrupt;
use super::input::{self, Input, Origin};
use super::{code_of, print, tell};
use crate::about::Interface;
use crate::analysis::Observer;
use crate::analysis::alerts::{Alert, Alerts, Settings, Severity};
use crate::decode::Parts;
use crate::error::{Error, Result, exit};
use crate::output::colour::Paint;
use crate::text::Buffer;
use confirm::{Asked, Confirmer};

pub struct Options {
    pub input: Input,
    pub form: Form,
    /// Exit code 1 from this severity on.
    pub fail: Option<Severity>,
    /// The least severity that is told.
    pub least: Severity,
    pub config: Option<PathBuf>,
    /// Ask on the wire who has an address that several claim.
    pub confirm: bool,
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
        confirm,
    } = options;
    let settings = settings(config.as_deref(), input.origin.is_one_way())?;
    let summary = input.summary;
    let writer = match form {
        Form::Line(paint) => Writer::Line(line::Lines::new(paint, input.origin.command())),
        Form::Json => Writer::Json,
    };
    // Open before rights are given up.
    let interrupt = confirm.then(Interrupt::listen).transpose()?;
    let confirmer = match (&input.origin, &interrupt) {
        (Origin::Live { interfaces, .. }, Some(interrupt)) => {
            Some(Confirmer::open(interfaces, interrupt)?)
        }
        _ => None,
    };
    let mut watch = Watch {
        confirmer,
        alerts: Alerts::new(&settings),
        writer,
        least,
        told: [0; Severity::ALL.len()],
    };
    let outcome = input::observe(input, vec![&mut watch])?;
    let mut rest = Buffer::new();
    watch.finish(&mut rest);
    if !outcome.has_lost_output() {
        print(&rest)?;
    }
    if summary && !outcome.has_read_nothing() {
        tell(&watch.summary());
    }
    let failed = fail.is_some_and(|fail| watch.alerts.worst() >= Some(fail));
    Ok(match code_of(&outcome.errors) {
        exit::DONE if failed => exit::NO,
        code => code,
    })
}

/// Thresholds, from a file where there is one; `one_way`: of a capture of one direction.
pub(super) fn settings(path: Option<&Path>, one_way: bool) -> Result<Settings> {
    let mut settings = path.map(read).transpose()?.unwrap_or_default();
    settings.arp.one_way |= one_way;
    Ok(settings)
}

fn read(path: &Path) -> Result<Settings> {
    let text = fs::read_to_string(path).map_err(|cause| Error::File {
        doing: "read",
        path: path.to_owned(),
        cause,
    })?;
    let refused = |why: &str| {
        Error::Usage(format!(
            "{} can't be used: {why}\n'netinspect alerts --print-config' shows what there is",
            path.display()
        ))
    };
    let settings: Settings =
        toml::from_str(&text).map_err(|error| refused(error.to_string().trim_end()))?;
    match settings.mistake() {
        Some(mistake) => Err(refused(&mistake)),
        None => Ok(settings),
    }
}

enum Writer {
    Line(line::Lines),
    Json,
}

/// Raises alerts from what passes, and writes them.
struct Watch<'a> {
    confirmer: Option<Confirmer<'a>>,
    alerts: Alerts,
    writer: Writer,
    least: Severity,
    /// How many were told the first time, by severity.
    told: [u64; Severity::ALL.len()],
}

impl Watch<'_> {
    fn finish(&mut self, out: &mut Buffer) {
        let rest: Vec<_> = self.alerts.finish().collect();
        rest.iter().for_each(|alert| self.write(alert, &[], out));
    }

    fn write(&mut self, alert: &Alert, asked: &[Asked], out: &mut Buffer) {
        if alert.severity < self.least {
            return;
        }
        if !alert.repeated {
            self.told[alert.severity as usize] += 1;
        }
        match &mut self.writer {
            Writer::Line(lines) => lines.push(out, alert),
            Writer::Json => json::push(out, alert, asked),
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

impl Observer for Watch<'_> {
    fn observe(&mut self, parts: &Parts<'_>, out: &mut Buffer) {
        let packet = parts.packet();
        let raised: Vec<_> = self.alerts.observe(&packet).collect();
        for mut alert in raised {
            let asked = match &mut self.confirmer {
                Some(confirmer) if alert.severity >= self.least => {
                    confirmer.confirm(&packet.frame, &mut alert)
                }
                _ => Vec::new(),
            };
            self.write(&alert, &asked, out);
        }
    }

    fn add_interfaces(&mut self, new: &[Interface]) {
        self.alerts.add_interfaces(new);
    }
}
