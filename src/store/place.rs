//! Where the table is, unless the user names another place.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

const FILE: &str = "neighbors.db";

/// The machine's own table, which root fills.
pub fn system_path() -> PathBuf {
    PathBuf::from("/var/lib/netinspect").join(FILE)
}

/// The machine's table for root, also under sudo: what was learned belongs to the machine, and a file of root's in
/// the home of whoever called sudo would be in that user's way. For others, a file of their own, where the XDG Base
/// Directory Specification puts what a program remembers.
///
/// # Errors
/// Where the environment names no home.
pub fn default_path() -> Result<PathBuf> {
    if crate::privilege::is_root() {
        return Ok(system_path());
    }
    // The specification: a relative path is to be ignored.
    let folder = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    match state {
        Some(state) => Ok(state.join("netinspect").join(FILE)),
        None => Err(Error::Usage(
            "there is no place for the neighbor table: neither HOME nor XDG_STATE_HOME names a folder; name a file with --db"
                .to_owned(),
        )),
    }
}

/// The folder that the table at `path` is in.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The table's files, as far as they are there: the table itself, its log, and the log's index.
pub fn open_files(path: &Path) -> impl Iterator<Item = File> {
    ["", "-wal", "-shm"].into_iter().filter_map(move |end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        File::open(name).ok()
    })
}
