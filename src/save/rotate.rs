//! A row of files: when the next one begins, what they are called, and which of them are kept.
//!
//! Each is written under its name with `.part` behind it and renamed once it is whole. Nothing that is there already is
//! overwritten. What `keep` removes are only files of this run.

use std::collections::VecDeque;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::file::Output;
use super::names::{Pattern, unfinished};
use crate::error::{Error, Result};
use crate::frame::Timestamp;

/// When a file ends and the next begins; the first of these that applies.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Bytes that a file has at most, unless one frame alone takes more.
    pub size: Option<u64>,
    /// How long a file lasts, from the first frame (or the start of a live capture) on, by the frames' own times.
    pub every: Option<Duration>,
    /// Frames that a file has at most.
    pub count: Option<u64>,
    pub keep: Option<Keep>,
    /// Set by somebody else to begin the next file now.
    pub asked: Arc<AtomicBool>,
}

/// How much is kept, counting the file that is being written; the oldest goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Files(u64),
    Bytes(u64),
}

pub(super) struct Rotation {
    rules: Rules,
    pattern: Pattern,
    /// Of the latest file, from 1.
    number: u64,
    /// When the file's time began.
    period: Option<Timestamp>,
    /// Finished and not removed, the oldest first, with their bytes.
    kept: VecDeque<(PathBuf, u64)>,
    kept_bytes: u64,
    /// Files that could not be removed.
    troubles: Vec<Error>,
}

impl Rotation {
    pub(super) fn new(path: &Path, rules: Rules) -> Result<Self> {
        if super::is_stdout(path) || fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(Error::Usage(format!(
                "-w {} can't go on in another file: name a file to have several (--rotate-…)",
                path.display()
            )));
        }
        Ok(Self {
            rules,
            pattern: Pattern::of(path),
            number: 0,
            period: None,
            kept: VecDeque::new(),
            kept_bytes: 0,
            troubles: Vec::new(),
        })
    }

    /// The next file. One that is there already keeps the first from being created, since this was run before; a later
    /// one gets another number.
    pub(super) fn create(&mut self, begins: Option<Timestamp>) -> Result<Output> {
        if self.period.is_none() {
            self.period = begins;
        }
        self.make_room_for_another();
        loop {
            self.number += 1;
            let name = self.pattern.name(begins.unwrap_or_default(), self.number);
            let there = name.exists();
            let created = if there {
                Err(Error::File {
                    doing: "create",
                    path: name.clone(),
                    cause: rustix::io::Errno::EXIST.into(),
                })
            } else {
                Output::create_new(&unfinished(&name), &name)
            };
            match created {
                Err(Error::File { cause, .. })
                    if cause.kind() == ErrorKind::AlreadyExists && self.number > 1 => {}
                created => return created,
            }
        }
    }

    /// Gives a file that is whole its name.
    pub(super) fn finish(&mut self, output: Output) -> Result<()> {
        // Without replacing: somebody may have put a file there meanwhile.
        renameat_with(CWD, &output.path, CWD, &output.name, RenameFlags::NOREPLACE)
            .or_else(|error| match error {
                // File systems that don't know how (NFS, some FUSE).
                rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS if !output.name.exists() => {
                    rustix::fs::rename(&output.path, &output.name)
                }
                other => Err(other),
            })
            .map_err(|cause| Error::File {
                doing: "rename (it is whole) to its name",
                path: output.path.clone(),
                cause: cause.into(),
            })?;
        self.kept.push_back((output.name, output.len));
        self.kept_bytes += output.len;
        Ok(())
    }

    /// Whether somebody has asked for the next file since this was asked last.
    pub(super) fn is_asked(&self) -> bool {
        // Looked at first: this is asked for every frame.
        let asked = &self.rules.asked;
        asked.load(Ordering::Relaxed) && asked.swap(false, Ordering::Relaxed)
    }

    /// Whether the file's time is over at this moment. Times a little before the file's are still its own: frames of
    /// several interfaces, or out of order. With a clock that was set back a new time begins.
    pub(super) fn is_over(&mut self, moment: Timestamp) -> bool {
        let Some(every) = self.rules.every else {
            return false;
        };
        let every = i64::try_from(every.as_nanos()).unwrap_or(i64::MAX).max(1);
        let began = *self.period.get_or_insert(moment);
        let since = moment.since(began);
        if since >= every {
            // However many have passed: a sleeping machine, or a gap in a file, is no row of empty files.
            self.period = Some(Timestamp::from_nanos(began.nanos() + since / every * every));
        } else if since <= -every {
            self.period = Some(moment);
        } else {
            return false;
        }
        true
    }

    pub(super) fn exceeds(&self, size: u64) -> bool {
        self.rules.size.is_some_and(|most| size > most)
    }

    pub(super) fn most_frames(&self) -> Option<u64> {
        self.rules.count
    }

    /// What went wrong since it was asked last.
    pub(super) fn troubles(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.troubles)
    }

    fn make_room_for_another(&mut self) {
        if let Some(Keep::Files(most)) = self.rules.keep {
            while self.kept.len() as u64 >= most {
                if !self.remove_oldest() {
                    break;
                }
            }
        }
    }

    /// Removes the oldest files where they and `coming` bytes of the present one are too much.
    pub(super) fn make_room(&mut self, coming: u64) {
        if let Some(Keep::Bytes(most)) = self.rules.keep {
            while self.kept_bytes + coming > most {
                if !self.remove_oldest() {
                    break;
                }
            }
        }
    }

    /// False where there is none.
    fn remove_oldest(&mut self) -> bool {
        let Some((path, bytes)) = self.kept.pop_front() else {
            return false;
        };
        self.kept_bytes -= bytes;
        match fs::remove_file(&path) {
            // Whoever took it away has made room too.
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                self.troubles.push(Error::File {
                    doing: "remove",
                    path,
                    cause,
                });
            }
            _ => {}
        }
        true
    }
}
