//! `netinspect check`: whether captures hold what they should.

mod github;
mod json;
mod junit;
mod tap;
mod text;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::input::{self, Input};
use super::{alerts, code_of, print};
use crate::check::{Check, Expectation, Finding, Rule, Verdict, rules};
use crate::error::{Error, Result, exit};
use crate::text::Buffer;

pub struct Options {
    pub sources: Vec<Source>,
    pub input: Input,
    /// End as soon as everything is decided.
    pub hasty: bool,
    pub form: Form,
    /// Thresholds of alerts.
    pub config: Option<PathBuf>,
}

/// Where sentences come from.
pub enum Source {
    File(PathBuf),
    Sentence(String),
}

/// How the outcome is told: one file each.
pub enum Form {
    Text,
    Tap,
    Junit,
    Json,
    Github,
}

/// A rule and what came of it.
struct Outcome {
    rule: Rule,
    finding: Finding,
}

impl Outcome {
    fn holds(&self) -> bool {
        self.finding.verdict == Verdict::Holds
    }

    /// "frames 3, 5, 9", where there are any.
    fn frames(&self) -> Option<String> {
        let numbers: Vec<_> = self.finding.frames.iter().map(u64::to_string).collect();
        match numbers.len() {
            0 => None,
            1 => Some(format!("frame {}", numbers[0])),
            _ => Some(format!("frames {}", numbers.join(", "))),
        }
    }
}

/// All of it, to be told.
struct Report {
    outcomes: Vec<Outcome>,
    /// Why not all of the input was looked at: then nothing can be said to hold in it.
    errors: Vec<String>,
    /// Whether there was a frame to judge by.
    is_empty: bool,
    /// What shows frames of the input.
    command: String,
    /// What was checked, for who has many reports.
    input: String,
    /// When that began, and how long it took.
    began: SystemTime,
    took: Duration,
}

impl Report {
    /// What is one more test where it failed.
    const READ: &str = "all of the input was read";

    /// "2 of 3 hold".
    fn summary(&self) -> String {
        let held = self.outcomes.iter().filter(|outcome| outcome.holds());
        let (held, of) = (held.count(), self.outcomes.len());
        match (self.errors.is_empty(), self.is_empty) {
            (true, false) => format!("{held} of {of} hold"),
            // They may say that there is nothing of a kind, and be right, or what made the capture failed.
            (true, true) => format!("{held} of {of} hold, of no frame at all"),
            (false, _) => format!("{held} of {of} hold in what could be read, which is not all"),
        }
    }
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        sources,
        mut input,
        hasty,
        form,
        config,
    } = options;
    let (began, since) = (SystemTime::now(), Instant::now());
    let settings = alerts::settings(config.as_deref(), input.origin.is_one_way())?;
    let rules = understood(sources)?;
    let (rules, expectations): (Vec<_>, Vec<_>) = rules.into_iter().unzip();
    if let Some(kind) = expectations
        .iter()
        .find_map(|one| one.switched_off(&settings))
    {
        return Err(Error::Usage(format!(
            "the sentence about the alert {kind} can't be checked: general.off in the --config file switches it off"
        )));
    }
    let (command, name) = (input.origin.command(), input.origin.name());
    let mut check = Check::new(expectations, &settings, hasty);
    input.tells = false;
    let read = input::observe(input, vec![&mut check])?;
    let outcomes: Vec<_> = rules
        .into_iter()
        .zip(check.finish())
        .map(|(rule, finding)| Outcome { rule, finding })
        .collect();
    let report = Report {
        outcomes,
        is_empty: check.frames() == 0,
        errors: read.errors.iter().map(ToString::to_string).collect(),
        command,
        input: name,
        began,
        took: since.elapsed(),
    };
    let mut out = Buffer::new();
    match form {
        Form::Text => text::push(&mut out, &report),
        Form::Tap => tap::push(&mut out, &report),
        Form::Junit => junit::push(&mut out, &report),
        Form::Json => json::push(&mut out, &report),
        Form::Github => github::push(&mut out, &report),
    }
    print(&out)?;
    let holds = report.outcomes.iter().all(Outcome::holds);
    Ok(match code_of(&read.errors) {
        exit::DONE if !holds => exit::NO,
        code => code,
    })
}

/// Every sentence, understood before the first frame is read.
fn understood(sources: Vec<Source>) -> Result<Vec<(Rule, Expectation)>> {
    let mut found = Vec::new();
    for source in sources {
        let written = match source {
            Source::Sentence(sentence) => vec![Rule::new(&sentence)],
            Source::File(path) => {
                let text = fs::read_to_string(&path).map_err(|cause| Error::File {
                    doing: "read",
                    path: path.clone(),
                    cause,
                })?;
                rules(&text).map_err(|reason| {
                    Error::Usage(format!(
                        "the rules in {} can't be used: {reason}",
                        path.display()
                    ))
                })?
            }
        };
        for rule in written {
            let expectation = rule.understand().map_err(|reason| {
                Error::Usage(format!(
                    "the sentence can't be checked: {reason}\ndocs/check.md has all sentences"
                ))
            })?;
            found.push((rule, expectation));
        }
    }
    Ok(found)
}
