//! `netinspect interfaces`.

use clap::{Args, ValueEnum};

use crate::commands::interfaces::Options;

/// List this machine's interfaces: names, MAC addresses, IP addresses, gateways, state
#[derive(Args)]
pub(super) struct Arguments {
    /// A table for people, or one JSON object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Table)]
    format: FormName,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormName {
    Table,
    Json,
}

impl Arguments {
    pub(super) fn plan(self) -> Options {
        Options {
            json: self.format == FormName::Json,
        }
    }
}
