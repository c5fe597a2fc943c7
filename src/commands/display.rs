//! What `capture` and `replay` share: which frames, in which form, where to.

use std::path::{Path, PathBuf};

use super::learn::Learner;
use crate::analysis::Observer;
use crate::error::Result;
use crate::filter::{CaptureFilter, DisplayFilter};
use crate::output::Form;
use crate::pipeline::Plan;
use crate::save::Saver;

/// What to do with the frames of either.
pub struct Display {
    pub filter: Option<DisplayFilter>,
    pub form: Form,
    pub hex: bool,
    pub count: Option<u64>,
    /// Where frames are written to, `-` for standard output.
    pub save: Option<PathBuf>,
    /// The neighbor table to fill.
    pub learn: Option<PathBuf>,
    /// Say how many frames there were.
    pub summary: bool,
}

impl Display {
    /// Opens the neighbor table where it is to be filled; frames of a file wait for the disk.
    pub(super) fn learner(&self, waits: bool) -> Result<Option<Learner>> {
        let path = self.learn.as_deref();
        path.map(|path| Learner::start(path, waits)).transpose()
    }

    /// Otherwise a closed standard output means nothing: what is written into a file goes on.
    pub(super) fn writes_to_stdout(&self) -> bool {
        !matches!(self.form, Form::Quiet) || self.save.as_deref() == Some(Path::new("-"))
    }

    /// Opens what is to be written, and says what is to be done with each frame.
    pub(super) fn plan<'a>(
        self,
        capture_filter: Option<CaptureFilter>,
        threads: usize,
        learner: Option<&'a mut Learner>,
    ) -> Result<Plan<'a>> {
        Ok(Plan {
            capture_filter,
            display_filter: self.filter,
            form: self.form,
            hex: self.hex,
            count: self.count,
            save: self.save.as_deref().map(Saver::create).transpose()?,
            observers: learner
                .map(|learner| learner as &mut dyn Observer)
                .into_iter()
                .collect(),
            threads,
        })
    }
}
