//! `netinspect check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::input::WatchArguments;
use super::units;
use crate::commands::check::{Form, Options, Source};
use crate::error::{Error, Result};

/// Assert what captures hold: for tests and CI
///
/// A sentence is true of a capture or not: 'none(tcp.flags.reset == 1)', 'every connection completes its handshake',
/// '10.0.0.1 is-at 00:1b:21:00:00:02', 'no alert above info'. docs/check.md has all of them.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Files of rules (their names end in .toml), and capture files, one after the other; '-' is standard input
    #[arg(value_name = "RULES|FILE")]
    files: Vec<PathBuf>,

    /// A sentence to check (repeatable)
    #[arg(
        short = 'E',
        long = "expect",
        value_name = "SENTENCE",
        allow_hyphen_values = true
    )]
    expect: Vec<String>,

    /// Watch for at most this long, and end as soon as everything is decided; in files by the frames' own times
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    within: Option<Duration>,

    /// How to tell what came of it: for people, TAP 14, JUnit XML, JSON (one object a line), GitHub annotations
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Text)]
    format: FormName,

    /// Thresholds of alerts, in TOML (see 'netinspect alerts --print-config')
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    watch: WatchArguments,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormName {
    Text,
    Tap,
    Junit,
    Json,
    Github,
}

const EXAMPLES: &str = "\
Examples:
  netinspect check --expect 'none(tcp.flags.reset == 1)' trace.pcap
  netinspect check --expect 'count(arp.opcode == 2) >= 1' --expect 'no alert above info' trace.pcap
  netinspect check --expect 'sequence(tcp.flags == 0x02, within 1s, tcp.flags == 0x12)' trace.pcap
  netinspect check rules.toml trace.pcap                     rules from a file
  netinspect check rules.toml trace.pcap -T junit > check.xml
  sudo netinspect check --expect 'any(dhcp.option.dhcp == 2)' -i eth0 --within 5s

Exit codes: 0 everything holds, 1 something does not, 2 a sentence or the command line is wrong, 3 not permitted
to capture, 4 a file is damaged (it is judged as far as it could be read), 5 a file or interface can't be opened.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let is_rules = |path: &PathBuf| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        };
        let (rules, files): (Vec<_>, Vec<_>) = self.files.into_iter().partition(is_rules);
        if rules.is_empty() && self.expect.is_empty() {
            return Err(Error::Usage(
                "there is nothing to check: name a file of rules that ends in .toml, or write --expect 'any(arp)'"
                    .to_owned(),
            ));
        }
        match (self.watch.is_live(), files.is_empty()) {
            (false, true) => {
                return Err(Error::Usage(
                    "there is nothing to check it on: name capture files, or an interface with -i"
                        .to_owned(),
                ));
            }
            (true, false) => {
                return Err(Error::Usage(
                    "either capture files are checked or an interface (-i), not both at once"
                        .to_owned(),
                ));
            }
            _ => {}
        }
        let mut input = self.watch.plan(files)?;
        input.duration = self.within;
        let rules = rules.into_iter().map(Source::File);
        Ok(Options {
            sources: rules
                .chain(self.expect.into_iter().map(Source::Sentence))
                .collect(),
            input,
            hasty: self.within.is_some(),
            form: match self.format {
                FormName::Text => Form::Text,
                FormName::Tap => Form::Tap,
                FormName::Junit => Form::Junit,
                FormName::Json => Form::Json,
                FormName::Github => Form::Github,
            },
            config: self.config,
        })
    }
}
