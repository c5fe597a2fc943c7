//! Capture files being written: under which name, how large, how many.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::units;
use crate::error::{Error, Result};
use crate::save::{Format, Keep, Options, Rules};

#[derive(Args)]
#[command(next_help_heading = "Writing files")]
pub(super) struct SaveArguments {
    /// Write the frames to this file: pcapng, or pcap where the name ends in .pcap; '-' is standard output.
    /// Frames are then shown only where -T, -e or -x asks for it
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    write: Option<PathBuf>,

    /// Put this remark into the file (pcapng)
    #[arg(long, value_name = "TEXT", requires = "write")]
    comment: Option<String>,

    /// Stop before more than this is written, all files together
    #[arg(long, value_name = "SIZE", requires = "write", value_parser = units::size)]
    stop_size: Option<u64>,

    /// Go on in a new file before one grows larger than this. Files are then called FILE-TIME-NUMBER (TIME is when it
    /// begins, in UTC), and end in .part until they are whole. One that is there already is never overwritten
    #[arg(long, value_name = "SIZE", requires = "write", value_parser = units::size)]
    rotate_size: Option<u64>,

    /// Go on in a new file after this long, also when nothing comes
    #[arg(long, value_name = "TIME", requires = "write", value_parser = units::duration)]
    rotate_every: Option<Duration>,

    /// Go on in a new file after this many frames
    #[arg(long, value_name = "N", requires = "write", value_parser = clap::value_parser!(u64).range(1..))]
    rotate_count: Option<u64>,

    /// Keep only the newest files of this run: so many (10), or so many bytes in all (10GB, with --rotate-size). The
    /// one being written counts
    #[arg(long, value_name = "N|SIZE", requires = "write", value_parser = keep)]
    keep: Option<Keep>,
}

/// A number of files, or with a unit of bytes.
fn keep(text: &str) -> std::result::Result<Keep, String> {
    let keep = match text.parse() {
        Ok(files) => Keep::Files(files),
        Err(_) => Keep::Bytes(units::size(text)?),
    };
    match keep {
        Keep::Files(0) | Keep::Bytes(0) => Err("at least 1".to_owned()),
        keep => Ok(keep),
    }
}

impl SaveArguments {
    pub(super) fn is_asked(&self) -> bool {
        self.write.is_some()
    }

    pub(super) fn plan(self) -> Result<Option<Options>> {
        let rotation = self.rotation()?;
        let Some(path) = self.write else {
            return Ok(None);
        };
        if self.comment.is_some() && Format::of(&path) == Format::Pcap {
            return Err(Error::Usage(
                "a .pcap file has no place for a --comment; write a .pcapng file".to_owned(),
            ));
        }
        Ok(Some(Options {
            path,
            comment: self.comment,
            rotation,
            most: self.stop_size,
            enough: None,
        }))
    }

    fn rotation(&self) -> Result<Option<Rules>> {
        let rules = Rules {
            size: self.rotate_size,
            every: self.rotate_every,
            count: self.rotate_count,
            keep: self.keep,
            asked: Arc::default(),
        };
        let wrong = |text: &str| Err(Error::Usage(text.to_owned()));
        match rules {
            Rules {
                size: None,
                every: None,
                count: None,
                keep,
                ..
            } => match keep {
                Some(_) => wrong(
                    "--keep says how many files stay, so it goes with --rotate-size, --rotate-every or --rotate-count",
                ),
                None => Ok(None),
            },
            Rules { size: Some(0), .. } => wrong("--rotate-size has to be more than nothing"),
            Rules {
                every: Some(Duration::ZERO),
                ..
            } => wrong("--rotate-every has to be more than nothing"),
            Rules {
                size,
                keep: Some(Keep::Bytes(most)),
                ..
            } if size.is_none_or(|size| size > most) => wrong(
                "--keep with a size needs a --rotate-size below it, or one file alone could grow over it",
            ),
            rules => Ok(Some(rules)),
        }
    }
}
