//! Several capture files, one after the other, as one input: numbers and interfaces go on counting.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rustix::process::{Resource, getrlimit, setrlimit};

use super::file::{AT_ONCE, cannot_open, open_file};
use super::input::{Counted, StandardInput};
use super::{CaptureFile, Progress, Source};
use crate::batch::Batch;
use crate::error::Result;

/// A file that is damaged or can't be opened does not keep the next ones from being read.
pub struct Files {
    /// Frames in a batch.
    at_once: usize,
    waiting: VecDeque<Waiting>,
    current: Option<CaptureFile>,
    /// Frames and interfaces of the files before the current one, and with it.
    frames_before: u64,
    frames: u64,
    interfaces_before: u32,
    interfaces: u32,
    /// Results go to standard output, so that there is no point in going on when nobody reads it.
    has_reader: bool,
    bytes_read: Arc<AtomicU64>,
}

struct Waiting {
    path: PathBuf,
    opened: Option<File>,
}

impl Files {
    /// For as many workers: the more there are, the less each gets at a time, so that what they hold takes about as much
    /// memory for any number of them.
    pub fn new(paths: Vec<PathBuf>, workers: usize) -> Self {
        /// Frames that each gets at least.
        const LEAST: usize = 128;
        let waiting = paths.into_iter().map(|path| Waiting { path, opened: None });
        Self {
            at_once: (AT_ONCE / workers.max(1)).max(LEAST),
            waiting: waiting.collect(),
            current: None,
            frames_before: 0,
            frames: 0,
            interfaces_before: 0,
            interfaces: 0,
            has_reader: true,
            bytes_read: Arc::default(),
        }
    }

    /// Nothing is written to standard output, so it does not matter whether anybody reads there.
    pub fn ignore_output(&mut self) {
        self.has_reader = false;
    }

    /// Opens what can be opened now without waiting for anybody; what is in there is not looked at. Returns the paths
    /// that are left for their turn: pipes, what is not there, and files beyond what a process may have open.
    pub fn open_ahead(&mut self) -> Vec<PathBuf> {
        let mut room = descriptors_for(self.waiting.len());
        for file in &mut self.waiting {
            if room > 0 && can_open_at_once(&file.path) {
                file.opened = open_file(&file.path).ok();
                room -= 1;
            }
        }
        let left = self.waiting.iter().filter(|file| file.opened.is_none());
        left.map(|file| file.path.clone()).collect()
    }

    /// How many bytes were read so far, of files as they are on disk; goes on counting.
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    /// How many bytes there are to read; none where something other than a file is among the inputs.
    pub fn bytes_in_all(&self) -> Option<u64> {
        let size = |file: &Waiting| {
            let found = match &file.opened {
                Some(file) => file.metadata(),
                None => fs::metadata(&file.path),
            };
            let found = found.ok().filter(fs::Metadata::is_file)?;
            Some(found.len())
        };
        self.waiting.iter().map(size).sum()
    }

    fn open(&self, Waiting { path, opened }: Waiting) -> Result<CaptureFile> {
        let count = self.bytes_read();
        let file = if path == Path::new("-") {
            let input = StandardInput::open(self.has_reader).map_err(cannot_open(&path))?;
            CaptureFile::from_named(&path, Counted::new(input, count))
        } else {
            let file = opened.map_or_else(|| open_file(&path), Ok)?;
            CaptureFile::from_named(&path, Counted::new(file, count))
        };
        Ok(file?.with_batches_of(self.at_once))
    }
}

/// A named pipe is opened when its turn comes: whoever writes to it may be waiting for the one before to be read. One
/// without a name, which a shell passes, can be opened at once.
fn can_open_at_once(path: &Path) -> bool {
    const PASSED: [&str; 3] = ["/dev/fd", "/dev/stdin", "/proc/self/fd"];
    let is_passed = PASSED.iter().any(|place| path.starts_with(place));
    is_passed || fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// How many files may be open at once, having asked for as many as there are.
fn descriptors_for(files: usize) -> usize {
    /// What else is open, by far.
    const OTHERS: u64 = 64;
    let wanted = files as u64 + OTHERS;
    let mut limits = getrlimit(Resource::Nofile);
    if limits.current.is_some_and(|most| most < wanted) {
        limits.current = Some(limits.maximum.map_or(wanted, |most| most.min(wanted)));
        // Then some wait for their turn.
        let _ = setrlimit(Resource::Nofile, limits);
    }
    let most = getrlimit(Resource::Nofile).current;
    most.map_or(files, |most| most.saturating_sub(OTHERS) as usize)
}

impl Source for Files {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        batch.clear_records();
        let Some(file) = &mut self.current else {
            let Some(next) = self.waiting.pop_front() else {
                return Ok(Progress::End);
            };
            self.current = Some(self.open(next)?);
            self.frames_before = self.frames;
            self.interfaces_before = self.interfaces;
            return Ok(Progress::More);
        };
        let filled = file.fill(batch);
        batch.first_number += self.frames_before;
        self.frames += batch.len() as u64;
        self.interfaces += batch.interfaces.len() as u32;
        if self.interfaces_before > 0 {
            for record in &mut batch.records {
                record.interface += self.interfaces_before;
            }
            for statistics in &mut batch.about.statistics {
                statistics.interface += self.interfaces_before;
            }
        }
        if !matches!(filled, Ok(Progress::More)) {
            self.current = None;
        }
        filled.map(|_| Progress::More)
    }
}
