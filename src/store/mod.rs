//! The neighbor table on disk (SQLite): every binding ever learned, and what happened to it.
//!
//! Write-ahead logging lets several processes read while one writes; whoever finds it locked waits for some seconds.
//! Each call that writes is one transaction, synced to the disk before it returns: what was learned stays learned,
//! also when the process is killed or the power fails, and what was not is gone whole.

mod open;
mod place;
mod read;
mod recorder;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod write;

use std::path::PathBuf;

use rusqlite::Connection;

pub use place::{default_path, folder_of, open_files, system_path};
pub use read::{Query, Select};
pub use recorder::{Recorded, Recorder};
pub use row::Binding;
pub use write::Learned;

use crate::error::Error;

/// An open table.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Bindings that are kept at most; those seen least are forgotten first.
    limit: u64,
    /// Bindings that there are, as far as this process knows.
    count: Option<u64>,
}

/// Bindings kept: a network of 65,536 hosts leaves room for fifteen such, or for years of random addresses.
const LIMIT: u64 = 1_000_000;

impl Store {
    /// Where it is.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    fn failed(&self, doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Error + use<> {
        let path = self.path.clone();
        move |error| open::explain(doing, path, &error)
    }
}
