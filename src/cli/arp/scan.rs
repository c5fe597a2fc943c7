//! `netinspect arp scan`.

use clap::{Args, ValueEnum};

use super::memory::MemoryArguments;
use super::rights::AskingRights;
use crate::commands::arp::scan::{Form, Options};
use crate::commands::arp::targets;
use crate::error::Result;

/// Ask a whole subnet who is there, and put the answers into the neighbor table
///
/// Without targets: the interface's own subnet, on the interface with the default route. The silent are asked three times, 130 ms
/// apart; slow ones are waited for 0.8 s after the last request. When all have answered it ends at once. Network and
/// broadcast addresses are not asked.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// Addresses, subnets (10.0.0.0/24), ranges (10.0.0.1-50), host names; @FILE is a list of these, - one on standard input
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,

    /// Ask on this interface
    #[arg(short, long, value_name = "IF")]
    interface: Option<String>,

    /// Requests a second; 5000 on a wire and 200 by radio, unless it is given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,

    /// How often to ask those that do not answer
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    passes: u32,

    /// Ask by IPv6. Without targets, for those who answer what goes to all nodes (an echo request, and one with an option
    /// that has to be objected to), who are heard meanwhile, and whom the kernel or the neighbor table knows. A host silent
    /// to all that is not found: name its address
    #[arg(short = '6', long = "ipv6")]
    v6: bool,

    /// A table at the end (the default on a terminal); or as answers come: tab-separated lines (the default otherwise), one
    /// JSON object each, or CSV
    #[arg(short = 'T', long, value_enum, value_name = "FORM")]
    format: Option<FormName>,

    /// No progress and no summary
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    memory: MemoryArguments,

    #[command(flatten)]
    rights: AskingRights,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect arp scan                              this network
  sudo netinspect arp scan -i eth1                      the one on eth1
  sudo netinspect arp scan 192.168.1.0/25 192.168.1.200-210
  sudo netinspect arp scan @servers.txt -T csv > found.csv
  sudo netinspect arp scan -T json | jq -r .mac
  sudo netinspect arp scan -6                           IPv6

Exit codes: 0 somebody answered (or Ctrl-C ended it), 1 nobody did.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Table,
    Line,
    Json,
    Csv,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let targets = self.targets.iter().map(|text| targets::parse(text));
        Ok(Options {
            targets: targets.collect::<Result<_>>()?,
            interface: self.interface,
            rate: self.rate,
            passes: self.passes,
            v6: self.v6,
            form: self.format.map(|form| match form {
                FormName::Table => Form::Table,
                FormName::Line => Form::Line,
                FormName::Json => Form::Json,
                FormName::Csv => Form::Csv,
            }),
            quiet: self.quiet,
            table: self.memory.plan()?,
            rights: self.rights.plan(),
        })
    }
}
