//! `netinspect arp probe`.

use clap::Args;

use super::rights::AskingRights;
use crate::commands::arp::probe::Options;
use crate::error::Result;

/// Is this address free? Asks as a host must before it uses one (RFC 5227)
///
/// Three probes at random times, four to seven seconds in all; it ends as soon as somebody objects. Tells a host that has
/// the address, one that is about to take it, and a router that only answers for it, apart.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Arguments {
    /// The address; it need not be on a subnet of this host where -i is given
    #[arg(value_name = "IP")]
    address: String,

    /// Probe on this interface; it needs no address of its own
    #[arg(short, long, value_name = "IF")]
    interface: Option<String>,

    /// Print the answer only
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    rights: AskingRights,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect arp probe 192.168.1.20
  sudo netinspect arp probe 10.0.0.1 -i eth1
  sudo netinspect arp probe -q 192.168.1.20 && sudo ip addr add 192.168.1.20/24 dev eth0

Exit codes: 0 free, 1 taken, about to be taken, or proxied.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let instead = "a host finds out by itself (duplicate address detection, RFC 4862); \
                       'arp resolve' says who has it";
        Ok(Options {
            address: super::host_v4(&self.address, instead)?,
            interface: self.interface,
            quiet: self.quiet,
            rights: self.rights.plan(),
        })
    }
}
