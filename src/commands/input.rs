//! What commands that watch frames without showing them read: capture files or interfaces, through the same pipeline
//! as `capture` and `replay`.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::live::{Manner, Session, workers};
use super::progress::StatusLine;
use super::rights::Rights;
use super::{replay, report, signals, summary, tell};
use crate::analysis::{Observer, Statistics};
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::pipeline::{self, Outcome, Plan};
use crate::source::Source;
use crate::source::live::Settings;
use crate::text::shell;

/// Where frames come from, and which of them count.
pub struct Input {
    pub origin: Origin,
    pub display_filter: Option<DisplayFilter>,
    /// Stop after this many frames.
    pub count: Option<u64>,
    /// Stop after this long; in files by the frames' own times.
    pub duration: Option<Duration>,
    /// How many workers; none to have it chosen.
    pub threads: Option<usize>,
    /// There are results before the end.
    pub tells: bool,
    /// Say how many frames there were.
    pub summary: bool,
    pub rights: Rights,
}

pub enum Origin {
    Files {
        files: Vec<PathBuf>,
        filter: Option<CaptureFilter>,
    },
    Live {
        interfaces: Vec<String>,
        settings: Settings,
        /// The capture filter is the command's, not the user's.
        own_filter: bool,
    },
}

impl Origin {
    /// The files or interfaces, joined.
    pub(super) fn name(&self) -> String {
        self.names().join(", ")
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Files { files, .. } => {
                let names = files.iter().map(|file| file.to_string_lossy().into_owned());
                names.collect()
            }
            Self::Live { interfaces, .. } => interfaces.clone(),
        }
    }

    /// Only what an interface receives is seen, or only what it sends.
    pub(super) fn is_one_way(&self) -> bool {
        matches!(self, Self::Live { settings, .. } if settings.direction.is_some())
    }

    /// The command that shows frames of the same input: "netinspect replay trace.pcap".
    pub(super) fn command(&self) -> String {
        let verb = match self {
            Self::Files { .. } => "replay",
            Self::Live { .. } => "capture",
        };
        let names: Vec<_> = self.names().iter().map(|name| shell::word(name)).collect();
        format!("netinspect {verb} {}", names.join(" "))
    }
}

impl Input {
    pub fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live { .. })
    }
}

/// Lets `observers` see every frame of the input, in order, until it ends or is ended. Errors met on the way are told;
/// they are in the outcome, for the exit code.
///
/// # Errors
/// What keeps it from starting.
pub fn observe(input: Input, observers: Vec<&mut dyn Observer>) -> Result<Outcome> {
    watch(input, observers, None, &mut |work| work())
}

/// Does the work it is given, and may do something beside it.
pub type Beside<'a> = &'a mut dyn FnMut(&mut dyn FnMut());

/// Counts every frame of the input in `statistics`, as [`observe`] lets observers see them. The counting is given to
/// `beside`: after everything was opened, and before anything is told of how it went.
///
/// # Errors
/// What keeps it from starting.
pub fn count(input: Input, statistics: &Mutex<Statistics>, beside: Beside<'_>) -> Result<Outcome> {
    watch(input, Vec::new(), Some(statistics), beside)
}

fn watch<'a>(
    input: Input,
    observers: Vec<&'a mut dyn Observer>,
    statistics: Option<&'a Mutex<Statistics>>,
    beside: Beside<'_>,
) -> Result<Outcome> {
    let Input {
        origin,
        display_filter,
        count,
        duration,
        threads,
        tells,
        summary,
        rights,
    } = input;
    let plan = Plan {
        display_filter,
        count,
        observers,
        doubts: summary,
        statistics,
        ..Plan::default()
    };
    match origin {
        Origin::Files { files, filter } => {
            let (mut source, threads) = replay::open(files, threads)?;
            let plan = Plan {
                capture_filter: filter,
                duration,
                threads,
                ..plan
            };
            let read_later = source.open_ahead();
            let given_up = rights.drop(read_later, Vec::new(), None)?;
            let outcome = run(&mut source, plan, beside);
            if summary {
                tell(&summary::whole(&outcome, "passed", &[], &given_up));
            }
            Ok(outcome)
        }
        Origin::Live {
            interfaces,
            mut settings,
            own_filter,
        } => {
            settings.duration = duration;
            let session = Session::open(interfaces, settings, signals::ending(true)?)?;
            let plan = Plan {
                printing: session.printing(),
                threads: workers(threads),
                ..plan
            };
            let manner = Manner {
                announce: summary,
                line: match summary {
                    true => StatusLine::new(false, tells),
                    false => StatusLine::Off,
                },
                summary,
                has_reader: true,
                verb: "looked at",
                own_filter,
                next_file: None,
                rights: &rights,
            };
            session.run(plan, manner, beside)
        }
    }
}

fn run(source: &mut dyn Source, plan: Plan<'_>, beside: Beside<'_>) -> Outcome {
    let (mut plan, mut outcome) = (Some(plan), Outcome::default());
    beside(&mut || {
        if let Some(plan) = plan.take() {
            outcome = pipeline::run(source, plan);
        }
    });
    outcome.errors.iter().for_each(report);
    outcome
}
