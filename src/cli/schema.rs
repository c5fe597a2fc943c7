//! `netinspect schema`.

use clap::{Args, ValueEnum};

use crate::commands::Command;
use crate::output::schema::{self, Of};

/// Print the JSON Schema of what -T json writes
#[derive(Args)]
pub(super) struct Arguments {
    /// Of a frame (capture, replay), an alert (alerts) or a difference (diff)
    #[arg(value_enum, value_name = "RESULT", default_value_t = Name::Frame)]
    of: Name,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Frame,
    Alert,
    Difference,
}

impl Arguments {
    pub(super) fn plan(self) -> Command {
        let of = match self.of {
            Name::Frame => Of::Frame,
            Name::Alert => Of::Alert,
            Name::Difference => Of::Difference,
        };
        Command::Print(schema::text(of).into_bytes())
    }
}
