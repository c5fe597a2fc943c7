//! What `capture` and `replay` share: which frames, in which form, where to.

use std::path::{Path, PathBuf};

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
    /// Say how many frames there were.
    pub summary: bool,
}

impl Display {
    /// Otherwise a closed standard output means nothing: what is written into a file goes on.
    pub(super) fn writes_to_stdout(&self) -> bool {
        !matches!(self.form, Form::Quiet) || self.save.as_deref() == Some(Path::new("-"))
    }

    /// Opens what is to be written, and says what is to be done with each frame.
    pub(super) fn plan(
        self,
        capture_filter: Option<CaptureFilter>,
        threads: usize,
    ) -> Result<Plan<'static>> {
        Ok(Plan {
            capture_filter,
            display_filter: self.filter,
            form: self.form,
            hex: self.hex,
            count: self.count,
            save: self.save.as_deref().map(Saver::create).transpose()?,
            observers: Vec::new(),
            threads,
        })
    }
}
