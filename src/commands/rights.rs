//! Giving up every right that is not needed any more, when everything is open and nothing was read yet.

use std::fs::File;
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::privilege::{self, Needs, Wish};
use crate::save::Saver;
use crate::store::{self, folder_of};

/// How a command holds it with its rights.
#[derive(Debug, Clone, Default)]
pub struct Rights {
    pub wish: Wish,
    /// Say in the summary what was given up.
    pub tell: bool,
    /// The neighbor table that is written to later, open by now.
    pub table: Option<PathBuf>,
    /// Other files made by now, which are to belong to whom we go on as.
    pub created: Vec<Arc<File>>,
}

impl Rights {
    /// Gives up what is not needed to read `reads`, to receive by `receivers`, and to write what `saver` has begun; returns
    /// what the summary is to say of it, if anything.
    pub(super) fn drop(
        &self,
        reads: Vec<PathBuf>,
        receivers: Vec<RawFd>,
        saver: Option<&Saver>,
    ) -> Result<String> {
        let folder = saver.and_then(Saver::folder);
        let needs = Needs {
            reads,
            receivers,
            // Of the table, SQLite makes and removes the log beside it.
            folders: folder
                .map(Path::to_owned)
                .into_iter()
                .chain(self.table.as_deref().map(folder_of))
                .collect(),
            created: saver
                .and_then(Saver::created)
                .into_iter()
                .chain(
                    self.table
                        .as_deref()
                        .into_iter()
                        .flat_map(store::open_files),
                )
                .chain(self.created.iter().filter_map(|file| file.try_clone().ok()))
                .collect(),
        };
        let dropped = privilege::drop(&self.wish, &needs)?;
        Ok(match self.tell {
            true => format!("\n{}", dropped.describe()),
            false => String::new(),
        })
    }
}
