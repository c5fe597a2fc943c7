//! `netinspect arp`.

mod announce;
mod memory;
mod probe;
mod resolve;
pub(super) mod rights;
mod scan;
mod watch;

use std::net::{IpAddr, Ipv4Addr};

use clap::{Args, Subcommand};

use crate::commands::Command;
use crate::commands::arp::Options;
use crate::error::{Error, Result};

/// Ask the link who has an address, or watch what is said of addresses: ARP, and neighbor discovery for IPv6
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
        let options = match self.command {
            Subcommands::Watch(arguments) => return arguments.plan(),
            Subcommands::Resolve(arguments) => Options::Resolve(arguments.plan()?),
            Subcommands::Scan(arguments) => Options::Scan(arguments.plan()?),
            Subcommands::Probe(arguments) => Options::Probe(arguments.plan()?),
            Subcommands::Announce(arguments) => Options::Announce(arguments.plan()?),
        };
        Ok(Command::Arp(options))
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
