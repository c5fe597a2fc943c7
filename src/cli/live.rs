//! How to capture: shared by every command that watches interfaces.

use clap::{Args, ValueEnum};

use super::units;
use crate::error::{Error, Result};
use crate::source::live::{FrameDirection, Settings};

/// The largest snapshot length that libpcap takes, in bytes: no frame is longer.
const WHOLE: u32 = 262_144;

#[derive(Args)]
pub(super) struct LiveArguments {
    /// Keep at most this many bytes of a frame; 0 is all of it [default: 262144]
    #[arg(short, long, value_name = "SIZE", value_parser = units::memory)]
    snaplen: Option<u32>,

    /// Only frames that this machine would receive anyway
    #[arg(short = 'p', long)]
    no_promiscuous: bool,

    /// The kernel's buffer for frames not read yet [default: 64MiB]
    #[arg(long, value_name = "SIZE", value_parser = units::memory)]
    buffer_size: Option<u32>,

    /// Only frames received, or only frames sent
    #[arg(long, value_enum, value_name = "WAY")]
    direction: Option<Way>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    In,
    Out,
    Both,
}

impl LiveArguments {
    /// Of a file there is nothing to capture, so that any of these is a mistake.
    pub(super) fn refuse_for_files(&self) -> Result<()> {
        let given = [
            (self.snaplen.is_some(), "--snaplen"),
            (self.no_promiscuous, "--no-promiscuous"),
            (self.buffer_size.is_some(), "--buffer-size"),
            (self.direction.is_some(), "--direction"),
        ];
        let given = given.iter().find(|(is_given, _)| *is_given);
        given.map_or(Ok(()), |(_, option)| Err(only_live(option)))
    }

    pub(super) fn settings(self, filter: Option<String>) -> Settings {
        Settings {
            snaplen: self.snaplen.filter(|size| *size > 0).unwrap_or(WHOLE),
            promiscuous: !self.no_promiscuous,
            buffer_size: self.buffer_size.unwrap_or(64 << 20),
            direction: self.direction.and_then(Way::chosen),
            immediate: false,
            filter,
            duration: None,
        }
    }
}

/// What is wrong with an option beside files.
pub(super) fn only_live(option: &str) -> Error {
    Error::Usage(format!(
        "{option} is for interfaces (-i): a file is looked at as it is"
    ))
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
