//! What commands that watch frames without showing them read: capture files or interfaces, through the same pipeline
//! as `capture` and `replay`.

use std::path::PathBuf;

use super::{capture, replay, report, summary, tell};
use crate::analysis::Observer;
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::output::Form;
use crate::pipeline::{self, Outcome, Plan};
use crate::source::Source;
use crate::source::live::Settings;

/// Where frames come from, and which of them count.
pub struct Input {
    pub origin: Origin,
    pub display_filter: Option<DisplayFilter>,
    /// Stop after this many frames.
    pub count: Option<u64>,
    pub threads: usize,
    /// Say how many frames there were.
    pub summary: bool,
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
    let Input {
        origin,
        display_filter,
        count,
        threads,
        summary,
    } = input;
    let plan = Plan {
        capture_filter: None,
        display_filter,
        form: Form::Quiet,
        hex: false,
        count,
        save: None,
        observers,
        threads,
    };
    match origin {
        Origin::Files { files, filter } => {
            let (mut source, threads) = replay::open(files, threads)?;
            let plan = Plan {
                capture_filter: filter,
                threads,
                ..plan
            };
            let outcome = run(&mut source, plan);
            if summary {
                tell(&summary::frames(&outcome, "passed"));
            }
            Ok(outcome)
        }
        Origin::Live {
            interfaces,
            settings,
        } => {
            let mut live = capture::open(&interfaces, &settings)?;
            if summary {
                tell(&capture::announcement(&live, &settings));
            }
            let outcome = run(&mut live, Plan { threads: 1, ..plan });
            tell(&format!(
                "{}{}",
                summary::frames(&outcome, "captured"),
                summary::drops(&live.counts())
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
