//! What commands that watch frames without showing them read: capture files or interfaces, through the same pipeline
//! as `capture` and `replay`.

use std::path::PathBuf;
use std::sync::Mutex;

use super::rights::Rights;
use super::{capture, replay, report, summary, tell};
use crate::analysis::{Observer, Statistics};
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::pipeline::{self, Outcome, Plan};
use crate::source::Source;
use crate::source::live::Settings;

/// Where frames come from, and which of them count.
pub struct Input {
    pub origin: Origin,
    pub display_filter: Option<DisplayFilter>,
    /// Stop after this many frames.
    pub count: Option<u64>,
    /// How many workers read files; none to have it chosen.
    pub threads: Option<usize>,
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
    },
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
    watch(input, observers, None)
}

/// Counts every frame of the input in `statistics`, as [`observe`] does.
///
/// # Errors
/// What keeps it from starting.
pub fn count(input: Input, statistics: &Mutex<Statistics>) -> Result<Outcome> {
    watch(input, Vec::new(), Some(statistics))
}

fn watch<'a>(
    input: Input,
    observers: Vec<&'a mut dyn Observer>,
    statistics: Option<&'a Mutex<Statistics>>,
) -> Result<Outcome> {
    let Input {
        origin,
        display_filter,
        count,
        threads,
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
                threads,
                ..plan
            };
            let read_later = source.open_ahead();
            let given_up = rights.drop(read_later, None)?;
            let outcome = run(&mut source, plan);
            if summary {
                tell(&summary::whole(&outcome, "passed", &[], &given_up));
            }
            Ok(outcome)
        }
        Origin::Live {
            interfaces,
            settings,
        } => {
            let mut live = capture::open(&interfaces, &settings)?;
            let given_up = rights.drop(live.paths_read(), None)?;
            if summary {
                tell(&capture::announcement(&live, &settings));
            }
            let outcome = run(&mut live, plan);
            tell(&summary::whole(
                &outcome,
                "captured",
                &live.counts(),
                &given_up,
            ));
            Ok(outcome)
        }
    }
}

fn run(source: &mut dyn Source, plan: Plan<'_>) -> Outcome {
    let outcome = pipeline::run(source, plan);
    outcome.errors.iter().for_each(report);
    outcome
}
