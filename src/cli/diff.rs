//! `netinspect diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::alerts::SeverityName;
use super::display::When;
use super::rights::RightsArguments;
use crate::commands::diff::{Form, Options, Reading};
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};

/// Say what changed between two captures: one of what works, one of what does not
///
/// Connections that fail now, requests that are not answered any more, addresses at another MAC address, new alerts, answers
/// that take longer; hosts, ports and protocols that are gone or new. What matters most comes first, with the frames
/// of both captures that show it.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The capture of what works; '-' is standard input
    #[arg(value_name = "GOOD")]
    good: PathBuf,

    /// The capture of what does not
    #[arg(value_name = "BAD")]
    bad: PathBuf,

    /// Only frames that match, in libpcap's filter language (man pcap-filter)
    #[arg(short, long, value_name = "BPF")]
    filter: Option<String>,

    /// Only frames that match once decoded, in Wireshark's display filter language (man wireshark-filter)
    #[arg(short = 'Y', long, value_name = "FILTER", allow_hyphen_values = true)]
    display_filter: Option<String>,

    /// For people, or one JSON object a difference
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Text)]
    format: FormName,

    /// Tell only of differences of this severity or a worse one; the exit code is about those too
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityName::Info)]
    severity: SeverityName,

    /// Thresholds of alerts, in TOML (see 'netinspect alerts --print-config')
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,

    /// How many cores to use [default: all, for files of some size]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    /// No summary on standard error
    #[arg(short, long)]
    quiet: bool,

    /// Say more on standard error
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    rights: RightsArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormName {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  netinspect diff yesterday.pcap today.pcap          what is different today?
  netinspect diff good.pcap bad.pcap --severity warning
  netinspect diff good.pcap bad.pcap -f 'host 10.0.0.5'
  netinspect diff good.pcap bad.pcap -T json | jq -r .summary

Exit codes: 0 no difference, 1 there are some, 2 wrong command line or --config,
4 a file is damaged (they were compared as far as they could be read), 5 a file can't be opened.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let filter = || self.filter.as_deref().map(CaptureFilter::new).transpose();
        let display_filter = || {
            let text = self.display_filter.as_deref();
            text.map(DisplayFilter::new).transpose()
        };
        Ok(Options {
            reading: Reading {
                filters: [filter()?, filter()?],
                display_filters: [display_filter()?, display_filter()?],
                threads: self.threads.map(usize::from),
                summary: !self.quiet,
                rights: self.rights.plan(self.verbose),
            },
            files: [self.good, self.bad],
            form: match self.format {
                FormName::Text => Form::Text(self.color.paint()),
                FormName::Json => Form::Json,
            },
            least: self.severity.into(),
            config: self.config,
        })
    }
}
