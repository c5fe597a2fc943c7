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
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Format, is_stdout};
use crate::error::{Error, Result};

/// A pipe that has room at all has room for so much (pipe(7)).
const PIPE_BUF: usize = 4096;
/// How long after the user's wish to end a full pipe is still waited for.
const PATIENCE: Duration = Duration::from_millis(40);

pub(super) struct Output {
    /// Where it is written.
    pub(super) path: PathBuf,
    /// What it is called, at the latest when it is whole.
    pub(super) name: PathBuf,
    file: File,
    /// A torn block at its end can be taken back.
    is_regular: bool,
    /// Set when the user wants to end, so that whoever reads a pipe is not waited for.
    enough: Option<Arc<AtomicBool>>,
    /// When that was noticed.
    noticed: Option<Instant>,
    /// Whether what a file begins with was written.
    pub(super) begun: bool,
    /// Bytes of whole blocks.
    pub(super) len: u64,
    pub(super) frames: u64,
}

impl Output {
    /// A file that is emptied if it is there; `-` is standard output.
    pub(super) fn create(path: &Path, enough: Option<Arc<AtomicBool>>) -> Result<Self> {
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
        let created = Self::new(path, name, opened)?;
        Ok(Self { enough, ..created })
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
            enough: None,
            noticed: None,
            begun: false,
            len: 0,
            frames: 0,
        })
    }

    /// Writes whole blocks, `frames` of which are frames.
    pub(super) fn write(&mut self, blocks: &[u8], frames: u64, format: Format) -> Result<()> {
        let mut written = 0;
        while written < blocks.len() {
            let mut next = &blocks[written..];
            if self.enough.is_some() && !self.is_regular {
                next = &next[..format.piece(next, PIPE_BUF)];
                if let Err(error) = self.wait_for_room() {
                    return Err(self.torn(&blocks[..written], error, format));
                }
            }
            match self.file.write(next) {
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

    /// Waits until a pipe has room; an error where the user wants to end, and nobody reads.
    fn wait_for_room(&mut self) -> io::Result<()> {
        const LOOK: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 5_000_000,
        };
        loop {
            let mut room = [PollFd::new(&self.file, PollFlags::OUT)];
            match poll(&mut room, Some(&LOOK)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                // Also where nobody is there to read any more, which the write will say.
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            let enough = self.enough.as_ref();
            if enough.is_some_and(|enough| enough.load(Ordering::Relaxed))
                && self.noticed.get_or_insert_with(Instant::now).elapsed() >= PATIENCE
            {
                let why = "it was to end at once, but the reader was not ready for the rest";
                return Err(io::Error::new(ErrorKind::TimedOut, why));
            }
        }
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
