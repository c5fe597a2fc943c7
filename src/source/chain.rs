//! Several capture files, one after the other, as one input: numbers and interfaces go on counting.

use std::path::PathBuf;

use super::{CaptureFile, Progress, Source};
use crate::batch::Batch;
use crate::error::Result;

/// A file that is damaged or can't be opened does not keep the next ones from being read.
pub struct Files {
    waiting: std::vec::IntoIter<PathBuf>,
    current: Option<CaptureFile>,
    /// Frames and interfaces of the files before the current one, and with it.
    frames_before: u64,
    frames: u64,
    interfaces_before: u32,
    interfaces: u32,
}

impl Files {
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self {
            waiting: paths.into_iter(),
            current: None,
            frames_before: 0,
            frames: 0,
            interfaces_before: 0,
            interfaces: 0,
        }
    }
}

impl Source for Files {
    fn fill(&mut self, batch: &mut Batch) -> Result<Progress> {
        batch.clear_records();
        let Some(file) = &mut self.current else {
            let Some(path) = self.waiting.next() else {
                return Ok(Progress::End);
            };
            self.current = Some(CaptureFile::open(&path)?);
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
