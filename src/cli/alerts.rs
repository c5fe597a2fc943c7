//! `netinspect alerts`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::display::When;
use super::input::InputArguments;
use super::live::only_live;
use crate::analysis::alerts::{Severity, defaults};
use crate::commands::Command;
use crate::commands::alerts::{Form, Options};
use crate::commands::input::Origin;
use crate::error::Result;

/// Tell of attacks and faults: spoofing, floods, storms, scans, false servers
///
/// Reads capture files, or watches interfaces with -i; both are judged in the same way, by the frames' own times. An
/// alert is told as soon as it is certain; repeats are counted.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: InputArguments,

    /// How to tell; json is one object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Line)]
    format: FormName,

    /// Exit with 1 where an alert of this severity or a worse one was raised [when given alone: warning]
    #[arg(
        long,
        value_enum,
        value_name = "SEVERITY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "warning"
    )]
    fail: Option<SeverityName>,

    /// Tell only of alerts of this severity or a worse one
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityName::Info)]
    severity: SeverityName,

    /// Thresholds, in TOML; what it does not name stays as it is
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where several claim an address, ask each of them alone who has it, and say who answers; live only. The first
    /// ones in a minute: frames wait meanwhile
    #[arg(long)]
    confirm: bool,

    /// Print all thresholds with what they mean, as a file for --config
    #[arg(long, exclusive = true)]
    print_config: bool,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormName {
    Line,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum SeverityName {
    Info,
    Warning,
    Critical,
}

const EXAMPLES: &str = "\
Examples:
  netinspect alerts trace.pcap                    what is wrong in this capture?
  sudo netinspect alerts -i eth0                  on this link, as it happens
  sudo netinspect alerts -i eth0 --confirm        and who really has the address?
  netinspect alerts --fail trace.pcap             in a script: exit code 1 where there was any
  netinspect alerts trace.pcap -T json | jq -r .summary
  netinspect alerts --print-config > alerts.toml  the thresholds, to be changed
  netinspect alerts --config alerts.toml trace.pcap

Exit codes: 0 done, 1 an alert under --fail, 2 wrong command line or --config, 3 not permitted to capture,
4 a file is damaged (what could be read was judged), 5 a file or interface can't be opened.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Command> {
        if self.print_config {
            return Ok(Command::Print(defaults().into_bytes()));
        }
        let input = self.input.plan()?;
        if self.confirm && matches!(input.origin, Origin::Files { .. }) {
            return Err(only_live("--confirm"));
        }
        Ok(Command::Alerts(Options {
            input,
            form: match self.format {
                FormName::Line => Form::Line(self.color.paint()),
                FormName::Json => Form::Json,
            },
            fail: self.fail.map(Severity::from),
            least: self.severity.into(),
            config: self.config,
            confirm: self.confirm,
        }))
    }
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Info => Self::Info,
            SeverityName::Warning => Self::Warning,
            SeverityName::Critical => Self::Critical,
        }
    }
}
