//! `netinspect arp announce`.

use clap::Args;

use super::rights::AskingRights;
use crate::arp::Announce;
use crate::commands::arp::announce::Options;
use crate::error::Result;

/// Tell everybody on the link where an address of ours is (gratuitous ARP)
///
/// As after the address moved to another card: hosts that know it update their tables. Two announcements, two seconds
/// apart (RFC 5227), unless -c says otherwise; it listens meanwhile whether another host says the same.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// One of this host's own addresses
    #[arg(value_name = "IP")]
    address: String,

    /// Announce it on this interface, rather than the one that has it
    #[arg(short, long, value_name = "IF")]
    interface: Option<String>,

    /// How many announcements
    #[arg(short, long, value_name = "N", default_value_t = Announce::COUNT, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,

    /// Although it is not an address of the interface: traffic for it will come here
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    rights: AskingRights,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect arp announce 192.168.1.50
  sudo netinspect arp announce 192.168.1.50 -c 1

Exit codes: 0 done, 1 another host says that the address is his.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let instead = "the kernel announces its addresses by itself (RFC 4861)";
        Ok(Options {
            address: super::host_v4(&self.address, instead)?,
            interface: self.interface,
            count: self.count,
            force: self.force,
            rights: self.rights.plan(),
        })
    }
}
