//! What `capture` and `replay` share: which frames, in which form, where to.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::learn::Learner;
use crate::analysis::Observer;
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::frame::Timestamp;
use crate::output::Form;
use crate::pipeline::{Plan, Printing};
use crate::save::{self, Saver};

/// What to do with the frames of either.
pub struct Display {
    pub filter: Option<DisplayFilter>,
    pub form: Form,
    pub hex: bool,
    pub count: Option<u64>,
    /// How long to go on.
    pub duration: Option<Duration>,
    pub save: Option<save::Options>,
    /// The neighbor table to fill.
    pub learn: Option<PathBuf>,
    /// Put fragmented IP packets together.
    pub reassemble: bool,
    /// Say how many frames there were.
    pub summary: bool,
    /// Show how far it is, also where that is not drawn over.
    pub progress: bool,
}

impl Display {
    /// Opens the neighbor table where it is to be filled; frames of a file wait for the disk.
    pub(super) fn learner(&self, waits: bool) -> Result<Option<Learner>> {
        let path = self.learn.as_deref();
        path.map(|path| Learner::start(path, waits)).transpose()
    }

    /// Otherwise a closed standard output means nothing: what is written into a file goes on.
    pub(super) fn writes_to_stdout(&self) -> bool {
        let saves_there = |save: &save::Options| save::is_stdout(&save.path);
        !matches!(self.form, Form::Quiet) || self.save.as_ref().is_some_and(saves_there)
    }

    /// Opens what is to be written, and says what is to be done with each frame. A live capture knows when it begins.
    pub(super) fn plan<'a>(
        self,
        capture_filter: Option<CaptureFilter>,
        begins: Option<Timestamp>,
        printing: Printing,
        threads: usize,
        learner: Option<&'a mut Learner>,
    ) -> Result<Plan<'a>> {
        let save = self.save.map(|options| Saver::create(options, begins));
        let learner = learner.map(|learner| learner as &mut dyn Observer);
        Ok(Plan {
            capture_filter,
            display_filter: self.filter,
            form: self.form,
            hex: self.hex,
            count: self.count,
            duration: self.duration,
            save: save.transpose()?,
            printing,
            observers: learner.into_iter().collect(),
            doubts: self.summary,
            meter: Arc::default(),
            reassemble: self.reassemble,
            statistics: None,
            threads,
        })
    }
}
