//! How to capture: shared by every command that watches interfaces.

use clap::{Args, ValueEnum};

use super::units;
use crate::source::live::{FrameDirection, Settings};

/// No frame is longer, in bytes: what libpcap takes at most.
const WHOLE: u32 = 262_144;

#[derive(Args)]
pub(super) struct LiveArguments {
    /// Keep at most this many bytes of a frame; 0 is all of it
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
}

#[derive(Clone, Copy, ValueEnum)]
enum Way {
    In,
    Out,
    Both,
}

impl LiveArguments {
    pub(super) fn settings(self, filter: Option<String>) -> Settings {
        Settings {
            snaplen: match self.snaplen {
                0 => WHOLE,
                size => size,
            },
            promiscuous: !self.no_promiscuous,
            buffer_size: self.buffer_size,
            direction: self.direction.and_then(Way::chosen),
            immediate: false,
            filter,
            duration: None,
        }
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
