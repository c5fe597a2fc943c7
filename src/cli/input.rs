//! What commands that watch frames without showing them share: which files or interfaces, which frames.

use std::path::PathBuf;

use clap::Args;

use super::live;
use super::rights::RightsArguments;
use crate::commands::input::{Input, Origin};
use crate::error::{Error, Result};
use crate::filter::{CaptureFilter, DisplayFilter};

#[derive(Args)]
pub(super) struct InputArguments {
    /// Capture files, one after the other; '-' is standard input
    #[arg(conflicts_with = "interfaces", value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    watch: WatchArguments,
}

/// All but the files, for commands that have their own idea of these.
#[derive(Args)]
pub(super) struct WatchArguments {
    /// Watch this interface instead of files (repeatable; "any" is all of them)
    #[arg(short, long = "interface", value_name = "INTERFACE")]
    interfaces: Vec<String>,

    /// Only frames that match, in libpcap's filter language (man pcap-filter)
    #[arg(short, long, value_name = "BPF")]
    filter: Option<String>,

    /// Only frames that match once decoded, in Wireshark's display filter language (man wireshark-filter)
    #[arg(short = 'Y', long, value_name = "FILTER", allow_hyphen_values = true)]
    display_filter: Option<String>,

    /// Stop after this many frames (those that pass the filters)
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    #[command(flatten)]
    live: live::LiveArguments,

    /// How many cores to use [default: all, for files of some size; of interfaces 4 at most]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

    /// No summary of the frames on standard error
    #[arg(short, long)]
    quiet: bool,

    /// Say more on standard error
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    rights: RightsArguments,
}

impl InputArguments {
    pub(super) fn plan(self) -> Result<Input> {
        if self.files.is_empty() && !self.watch.is_live() {
            return Err(Error::Usage(
                "nothing to read: name capture files ('-' is standard input), or with -i an interface to watch \
                 ('netinspect interfaces' lists them)"
                    .to_owned(),
            ));
        }
        self.watch.plan(self.files)
    }
}

impl WatchArguments {
    pub(super) fn is_live(&self) -> bool {
        !self.interfaces.is_empty()
    }

    /// Of `files` where no interface is named.
    pub(super) fn plan(self, files: Vec<PathBuf>) -> Result<Input> {
        let filter = self.filter.as_deref().map(CaptureFilter::new).transpose()?;
        let display_filter = self.display_filter.as_deref().map(DisplayFilter::new);
        let origin = if self.is_live() {
            Origin::Live {
                interfaces: self.interfaces,
                settings: self.live.settings(self.filter),
                own_filter: false,
            }
        } else {
            self.live.refuse_for_files()?;
            Origin::Files { files, filter }
        };
        Ok(Input {
            origin,
            display_filter: display_filter.transpose()?,
            count: self.count,
            duration: None,
            threads: self.threads.map(usize::from),
            tells: true,
            summary: !self.quiet,
            rights: self.rights.plan(self.verbose),
        })
    }
}
