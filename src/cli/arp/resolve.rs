//! `netinspect arp resolve`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::memory::MemoryArguments;
use super::rights::AskingRights;
use crate::cli::units;
use crate::commands::arp::resolve::{Form, Options};
use crate::error::Result;

/// Find the MAC address that frames for an address go to
///
/// Asks the link for it. What is not on the link is reached through a gateway: then it says so, and asks for the gateway.
/// Interface and source address are those that this machine's routing table names, unless -i says otherwise.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// IP addresses or host names; an IPv6 link-local one may have its interface behind a %. 'gateway' is the default gateway
    #[arg(required = true, value_name = "IP")]
    targets: Vec<String>,

    /// Ask on this interface
    #[arg(short, long, value_name = "IF")]
    interface: Option<String>,

    /// Ask this often, a second apart, whatever is answered, and say how long the answers took.
    /// Without it, silent addresses are asked three times
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,

    /// How long to wait for an answer to the last request
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = units::duration)]
    timeout: Duration,

    /// Tell the whole story: why this interface, the masks compared, what is asked and what the answer means
    #[arg(long)]
    explain: bool,

    /// Words for people; one JSON object a target; or CSV
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Text)]
    format: FormName,

    #[command(flatten)]
    memory: MemoryArguments,

    #[command(flatten)]
    rights: AskingRights,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect arp resolve 192.168.1.20
  sudo netinspect arp resolve printer.example 192.168.1.1     several at once
  sudo netinspect arp resolve 8.8.8.8                         not on the link: the gateway's instead
  sudo netinspect arp resolve gateway                         whose MAC address has it, and has it moved?
  sudo netinspect arp resolve 192.168.1.20 -c 5               five requests, and how long each answer took
  sudo netinspect arp resolve fe80::1%eth0                    IPv6, by neighbor discovery
  sudo netinspect arp resolve 192.168.1.20 --explain

Exit codes: 0 each has answered, 1 one of them has not.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Text,
    Json,
    Csv,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        Ok(Options {
            targets: self.targets,
            interface: self.interface,
            count: self.count,
            timeout: self.timeout,
            explain: self.explain,
            form: match self.format {
                FormName::Text => Form::Text,
                FormName::Json => Form::Json,
                FormName::Csv => Form::Csv,
            },
            table: self.memory.plan()?,
            rights: self.rights.plan(),
        })
    }
}
