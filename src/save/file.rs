//! One file being written, so that what is in it stays readable whatever happens: whole blocks go out in one system call,
//! and where the system takes only a part of them, the part of a block at the end is taken back.
//!
//! There is no fsync: it can take seconds, and meanwhile frames would be lost. What was written survives the end of
//! this process, however it comes; a power cut takes what the system had not yet brought to the disk, mostly the last
//! half minute.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use super::{Format, is_stdout};
use crate::error::{Error, Result};

pub(super) struct Output {
    /// Where it is written.
    pub(super) path: PathBuf,
    /// What it is called, at the latest when it is whole.
    pub(super) name: PathBuf,
    file: File,
    /// A torn block at its end can be taken back.
    is_regular: bool,
    /// Whether what a file begins with was written.
    pub(super) begun: bool,
    /// Bytes of whole blocks.
    pub(super) len: u64,
    pub(super) frames: u64,
}

impl Output {
    /// A file that is emptied if it is there; `-` is standard output.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let opened = if is_stdout(path) {
            // Not through the library's buffer, which holds back what comes behind the last line end.
            io::stdout().as_fd().try_clone_to_owned().map(File::from)
        } else {
            File::create(path)
        };
        let name = if is_stdout(path) {
            Path::new("standard output")
        } else {
            path
        };
        Self::new(path, name, opened)
    }

    /// A file that must not be there yet, and is called `name` when it is whole.
    pub(super) fn create_new(path: &Path, name: &Path) -> Result<Self> {
        let opened = OpenOptions::new().write(true).create_new(true).open(path);
        Self::new(path, name, opened)
    }

    fn new(path: &Path, name: &Path, opened: io::Result<File>) -> Result<Self> {
        let file = opened.map_err(|cause| Error::File {
            doing: "create",
            path: path.to_owned(),
            cause,
        })?;
        Ok(Self {
            path: path.to_owned(),
            name: name.to_owned(),
            is_regular: file.metadata().is_ok_and(|found| found.is_file()),
            file,
            begun: false,
            len: 0,
            frames: 0,
        })
    }

    /// Writes whole blocks, `frames` of which are frames.
    pub(super) fn write(&mut self, blocks: &[u8], frames: u64, format: Format) -> Result<()> {
        let mut written = 0;
        while written < blocks.len() {
            match self.file.write(&blocks[written..]) {
                Ok(0) => {
                    return Err(self.torn(&blocks[..written], ErrorKind::WriteZero.into(), format));
                }
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.torn(&blocks[..written], error, format)),
            }
        }
        self.len += written as u64;
        self.frames += frames;
        Ok(())
    }

    /// Takes back what is no whole block, and says how things are.
    fn torn(&mut self, written: &[u8], cause: io::Error, format: Format) -> Error {
        // A file's header is no block of either format's usual shape; half of one is nothing.
        let (whole, frames) = if self.begun {
            format.whole(written)
        } else {
            (0, 0)
        };
        self.frames += frames;
        self.len += whole as u64;
        let torn = (written.len() - whole) as u64;
        let mut is_whole = torn == 0;
        if torn > 0 && self.is_regular {
            // Counted from the end, since standard output may be a file that had something in it.
            let size = self.file.metadata().map(|found| found.len());
            let cut = size.and_then(|size| self.file.set_len(size.saturating_sub(torn)));
            is_whole = cut.is_ok();
        }
        if is_stdout(&self.path) && cause.kind() == ErrorKind::BrokenPipe {
            return Error::Output(cause);
        }
        Error::Save {
            held: if is_whole {
                format!("it {}", self.holds())
            } else {
                format!("it {}, and a part of one more", self.holds())
            },
            path: self.name.clone(),
            cause,
        }
    }

    /// The file itself, where it is one of ours.
    pub(super) fn created(&self) -> Option<File> {
        let is_ours = self.is_regular && !is_stdout(&self.path);
        is_ours.then(|| self.file.try_clone().ok())?
    }

    /// What is in it, in words.
    pub(super) fn holds(&self) -> String {
        let plural = if self.frames == 1 { "" } else { "s" };
        format!("holds {} whole frame{plural}", self.frames)
    }
}
