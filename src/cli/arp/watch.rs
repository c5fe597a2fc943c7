//! `netinspect arp watch`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::address::Subnet;
use crate::analysis::neighbors::Level;
use crate::cli::live::only_live;
use crate::cli::rights::RightsArguments;
use crate::cli::table::TableArguments;
use crate::commands::Command;
use crate::commands::watch::{Form, Options, Pace};
use crate::error::{Error, Result};
use crate::store;

/// Tell what happens to addresses: new ones, and those that move to another MAC address
///
/// Reads ARP and IPv6 neighbor discovery. The events are arpwatch's: new station, new activity (after six months),
/// changed ethernet address, flip flop (back to the one before), reused old ethernet address, bogon (off the subnet),
/// ethernet mismatch (the frame's sender is another), ethernet broadcast. So looks ARP spoofing: the gateway's address
/// changes, and flips between two.
///
/// Bindings and events are kept in the neighbor table, and a new start goes on from there. From a file (-r) nothing is
/// kept unless --learn or --db says so.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// Interfaces to watch [default: all that are up and have MAC addresses]
    #[arg(value_name = "INTERFACE")]
    interfaces: Vec<String>,

    /// Read these capture files instead; '-' is standard input
    #[arg(short, long, value_name = "FILE", num_args = 1.., conflicts_with = "interfaces")]
    read: Vec<PathBuf>,

    /// The only bindings that may be: lines with an IP address and a MAC address. Anything else is a warning
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    /// A subnet that is on the link; addresses off all of them are bogons (repeatable) [default: the interface's own]
    #[arg(long = "net", value_name = "SUBNET")]
    subnets: Vec<String>,

    /// End with exit code 1 where there was a warning
    #[arg(long)]
    fail: bool,

    /// Run this program for each event, without a shell. It finds the event in its environment (NETINSPECT_EVENT,
    /// _LEVEL, _ADDRESS, _MAC, _OTHER_MAC, _INTERFACE, _VLAN, _TIME) and as JSON on its standard input. Eight run at a time, each for 60 s at most; live, none holds up the
    /// watch: of events, 1,024 wait, and at the end programs have 10 s. With -r every event waits for its program
    #[arg(long, value_name = "PROGRAM")]
    exec: Option<OsString>,

    /// Lines for people; json is one object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Line)]
    format: FormName,

    /// Tell quiet events too: random MAC addresses that come and go
    #[arg(short, long)]
    verbose: bool,

    /// With -r: keep what is found in the neighbor table
    #[arg(long, requires = "read")]
    learn: bool,

    /// Only frames that this machine would receive anyway
    #[arg(short = 'p', long)]
    no_promiscuous: bool,

    #[command(flatten)]
    table: TableArguments,

    #[command(flatten)]
    rights: RightsArguments,

    /// Read events on standard input and run a program for each: what --exec starts.
    #[arg(long, hide = true, requires = "exec")]
    run_events: bool,

    /// Every one of them, however long that takes.
    #[arg(long, hide = true, requires = "run_events")]
    all_events: bool,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect arp watch eth0                            who comes, who moves
  sudo netinspect arp watch eth0 --expect gateway.txt --fail
  sudo netinspect arp watch eth0 --exec /usr/local/bin/tell-me
  netinspect arp watch -r monday.pcap -T json | jq 'select(.level == \"warning\")'
  netinspect neighbors history 192.168.1.1                  what was told of an address

Exit codes: 0 done; 1 with --fail: there was a warning; 2 wrong command line; 3 not permitted;
4 a file is damaged; 5 failed.";

#[derive(Clone, Copy, ValueEnum)]
enum FormName {
    Line,
    Json,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Command> {
        if let (true, Some(program)) = (self.run_events, &self.exec) {
            return Ok(Command::RunEvents(
                program.clone(),
                Pace::of(self.all_events),
            ));
        }
        let subnet = |text: &String| {
            text.parse::<Subnet>()
                .map_err(|error| Error::Usage(format!("--net: {error}")))
        };
        let subnets = self.subnets.iter().map(subnet).collect::<Result<_>>()?;
        let from_files = !self.read.is_empty();
        if from_files && self.no_promiscuous {
            return Err(only_live("--no-promiscuous"));
        }
        let table = match (self.table.db, from_files && !self.learn) {
            (Some(path), _) => Some(path),
            (None, true) => None,
            (None, false) => Some(store::default_path()?),
        };
        Ok(Command::Watch(Options {
            interfaces: self.interfaces,
            files: self.read,
            expect: self.expect,
            subnets,
            fail: self.fail,
            exec: self.exec,
            form: match self.format {
                FormName::Line => Form::Line,
                FormName::Json => Form::Json,
            },
            least: if self.verbose {
                Level::Quiet
            } else {
                Level::Notice
            },
            table,
            promiscuous: !self.no_promiscuous,
            rights: self.rights.plan(self.verbose),
        }))
    }
}
