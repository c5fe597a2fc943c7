//! `netinspect capture`.

use clap::Args;

use super::display;
use super::live::LiveArguments;
use super::rights::RightsArguments;
use crate::commands::capture::Options;
use crate::error::Result;
use crate::filter::CaptureFilter;

/// Watch frames on one or more interfaces, as they cross
///
/// Needs the right to capture: run it with sudo, or grant the binary the capability once (it tells how).
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Interfaces to watch; "any" is all of them ('netinspect interfaces' lists them)
    #[arg(required = true, value_name = "INTERFACE")]
    interfaces: Vec<String>,

    /// Only frames that match, in libpcap's filter language (man pcap-filter)
    #[arg(short, long, value_name = "BPF")]
    filter: Option<String>,

    #[command(flatten)]
    live: LiveArguments,

    /// Wait for interfaces that are not there yet, or not up
    #[arg(long)]
    wait: bool,

    /// How many cores to use [default: all, up to 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    #[command(flatten)]
    display: display::DisplayArguments,

    #[command(flatten)]
    rights: RightsArguments,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect capture eth0                        everything on eth0
  sudo netinspect capture eth0 -f 'tcp port 80'       web traffic only
  sudo netinspect capture eth0 -Y 'arp.opcode == 2 and eth.src[0:3] == 00:1b:21'
  sudo netinspect capture eth0 wlan0 -c 100           100 frames of either
  sudo netinspect capture any -T json | jq .          for a program to read
  sudo netinspect capture eth0 -w - | tshark -r -     into another tool";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        if let Some(filter) = &self.filter {
            CaptureFilter::new(filter)?;
        }
        let announce = !self.display.is_quiet();
        let verbose = self.display.is_verbose();
        Ok(Options {
            interfaces: self.interfaces,
            settings: self.live.settings(self.filter),
            wait: self.wait,
            threads: self.threads.map(usize::from),
            rights: self.rights.plan(verbose),
            display: self.display.plan(announce)?,
        })
    }
}
