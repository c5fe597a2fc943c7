//! `netinspect arp`.

mod announce;
mod memory;
mod probe;
mod resolve;
mod scan;
mod watch;

use clap::{Args, Subcommand};

use crate::commands::Command;
use crate::commands::arp::Options;
use crate::error::{Error, Result};
use std::net::{IpAddr, Ipv4Addr};

/// Ask the link who has an address, or watch who says so: ARP, and neighbor discovery for IPv6
///
/// Needs the right to send and hear raw frames: run it with sudo, or grant the binary the capability once (it tells how).
#[derive(Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Subcommand)]
enum Subcommands {
    Resolve(resolve::Arguments),
    Scan(scan::Arguments),
    Probe(probe::Arguments),
    Announce(announce::Arguments),
    Watch(Box<watch::Arguments>),
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Command> {
        let asking = match self.command {
            Subcommands::Resolve(arguments) => arguments.plan().map(Options::Resolve),
            Subcommands::Scan(arguments) => arguments.plan().map(Options::Scan),
            Subcommands::Probe(arguments) => arguments.plan().map(Options::Probe),
            Subcommands::Announce(arguments) => arguments.plan().map(Options::Announce),
            Subcommands::Watch(arguments) => return arguments.plan(),
        };
        asking.map(Command::Arp)
    }
}

/// A host's IPv4 address; `doing` is what IPv6 does otherwise.
fn host_v4(text: &str, doing: &str) -> Result<Ipv4Addr> {
    let address = crate::address::parse_address(text);
    let address = match address.map_err(|error| Error::Usage(error.to_string()))? {
        IpAddr::V4(address) => address,
        IpAddr::V6(address) => {
            return Err(Error::Usage(format!(
                "{address} is an IPv6 address, for which there is no ARP: {doing}"
            )));
        }
    };
    let what = if address.is_unspecified() {
        "means no address"
    } else if address.is_broadcast() {
        "means everybody"
    } else if address.is_multicast() {
        "is a group's"
    } else if address.is_loopback() {
        "never leaves a host"
    } else {
        return Ok(address);
    };
    Err(Error::Usage(format!(
        "{address} {what}: no host can have it on a link"
    )))
}
