//! `netinspect replay`.

use std::path::PathBuf;

use clap::Args;

use super::display;
use super::rights::RightsArguments;
use crate::commands::replay::Options;
use crate::error::Result;
use crate::filter::CaptureFilter;

/// Show the frames of capture files, as if they crossed now
///
/// Reads pcap and pcapng, gzipped or not. Needs no privileges.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Capture files, one after the other; '-' is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Only frames that match, in libpcap's filter language (man pcap-filter)
    #[arg(short, long, value_name = "BPF")]
    filter: Option<String>,

    /// How many cores to use [default: all, one for a small file]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    #[command(flatten)]
    display: display::DisplayArguments,

    #[command(flatten)]
    rights: RightsArguments,
}

const EXAMPLES: &str = "\
Examples:
  netinspect replay trace.pcap                        one line a frame
  netinspect replay trace.pcap -f 'arp or icmp'       only these
  netinspect replay trace.pcap -c 1 --explain         all of one frame, and what it means
  netinspect replay trace.pcap -Y 'tcp.flags.syn == 1 and tcp.dstport in {80, 443}'
  netinspect replay trace.pcap -Y 'ip.addr == 10.0.0.0/8 and not (arp or icmp)'
  netinspect replay trace.pcapng.gz -T json           every field, one object a line
  netinspect replay trace.pcap -e ip.src -e ip.dst    chosen fields, tab-separated
  netinspect replay big.pcap -f 'host 10.0.0.1' -w small.pcapng
  ssh host tcpdump -U -w - not port 22 | netinspect replay -    from elsewhere, live

Exit codes: 0 all read, 4 a file is damaged (what could be read was shown), 5 a file can't be opened.";

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let filter = self.filter.as_deref().map(CaptureFilter::new).transpose()?;
        let summary = self.display.wants_summary();
        let verbose = self.display.is_verbose();
        Ok(Options {
            files: self.files,
            filter,
            threads: self.threads.map(usize::from),
            rights: self.rights.plan(verbose),
            display: self.display.plan(summary)?,
        })
    }
}
