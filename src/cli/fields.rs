//! `netinspect fields`.

use clap::Args;

use crate::commands::fields::Options;

/// List every field that -e, JSON and CSV know: name, type, meaning
#[derive(Args)]
pub(super) struct Arguments {
    /// Only those whose name or meaning holds this text
    #[arg(value_name = "PATTERN")]
    pattern: Option<String>,
}

impl Arguments {
    pub(super) fn plan(self) -> Options {
        Options {
            pattern: self.pattern,
        }
    }
}
