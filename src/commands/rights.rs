//! Giving up every right that is not needed any more, when everything is open and nothing was read yet.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::privilege::{self, Needs, Wish};
use crate::save::Saver;

/// How a command holds it with its rights.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    pub wish: Wish,
    /// Say in the summary what was given up.
    pub tell: bool,
}

impl Rights {
    /// Gives up what is not needed to read `reads`, and to write what `saver` has begun; returns what the summary is to
    /// say of it, if anything.
    pub(super) fn drop(&self, reads: Vec<PathBuf>, saver: Option<&Saver>) -> Result<String> {
        let folder = saver.and_then(Saver::folder);
        let needs = Needs {
            reads,
            folders: folder.map(Path::to_owned).into_iter().collect(),
            created: saver.and_then(Saver::created).into_iter().collect(),
        };
        let dropped = privilege::drop(&self.wish, &needs)?;
        Ok(match self.tell {
            true => format!("\n{}", dropped.describe()),
            false => String::new(),
        })
    }
}
