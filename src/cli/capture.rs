//! `netinspect capture`.

use clap::{Args, ValueEnum};

use super::{display, units};
use crate::commands::capture::Options;
use crate::error::Result;
use crate::filter::CaptureFilter;
use crate::source::live::{FrameDirection, Settings};

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

    /// Keep at most this many bytes of a frame
    #[arg(short, long, value_name = "SIZE", default_value = "262144", value_parser = units::memory)]
    snaplen: u32,

    /// Only frames that this machine would receive anyway
    #[arg(short = 'p', long)]
    no_promiscuous: bool,

    /// The kernel's buffer for frames not read yet
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = units::memory)]
    buffer_size: u32,

    /// Only frames received, or only frames sent
    #[arg(long, value_enum, value_name = "WAY")]
    direction: Option<Way>,

    #[command(flatten)]
    display: display::DisplayArguments,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect capture eth0                        everything on eth0
  sudo netinspect capture eth0 -f 'tcp port 80'       web traffic only
  sudo netinspect capture eth0 -Y 'arp.opcode == 2 and eth.src[0:3] == 00:1b:21'
  sudo netinspect capture eth0 wlan0 -c 100           100 frames of either
  sudo netinspect capture any -T json | jq .          for a program to read
  sudo netinspect capture eth0 -w - | tshark -r -     into another tool";

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    In,
    Out,
    Both,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        if let Some(filter) = &self.filter {
            CaptureFilter::new(filter)?;
        }
        let announce = !self.display.is_quiet();
        Ok(Options {
            interfaces: self.interfaces,
            settings: Settings {
                snaplen: self.snaplen.max(1),
                promiscuous: !self.no_promiscuous,
                buffer_size: self.buffer_size,
                direction: self.direction.and_then(Way::chosen),
                filter: self.filter,
                duration: None,
            },
            display: self.display.plan(1, announce)?,
        })
    }
}

impl Way {
    fn chosen(self) -> Option<FrameDirection> {
        match self {
            Self::In => Some(FrameDirection::In),
            Self::Out => Some(FrameDirection::Out),
            Self::Both => None,
        }
    }
}
