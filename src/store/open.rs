//! Opening the table: making it, bringing an older one up to date, and saying what is wrong with one that can't be used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{LIMIT, Store, folder_of, schema};
use crate::error::{Error, Result};

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(10);

impl Store {
    /// Opens the table at `path` to write to; makes it, and the folder it is in, where there is none.
    ///
    /// # Errors
    /// Where it can't be made or written, is damaged, is not a neighbor table, or is a newer program's.
    pub fn open(path: &Path) -> Result<Self> {
        let folder = folder_of(path);
        fs::create_dir_all(&folder).map_err(|cause| Error::File {
            doing: "make the folder",
            path: folder,
            cause,
        })?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let explained = |error: &rusqlite::Error| explain("open", path.to_owned(), error);
        let mut connection =
            Connection::open_with_flags(path, flags).map_err(|error| explained(&error))?;
        prepare(&connection)
            .and_then(|()| {
                // Both last in the file (WAL) or must be said each time (synchronous).
                in_turn(|| connection.pragma_update(None, "journal_mode", "wal"))?;
                connection.pragma_update(None, "synchronous", "full")
            })
            .map_err(|error| explained(&error))?;
        schema::update(&mut connection, path)?;
        Ok(Self::new(connection, path))
    }

    /// Opens the table at `path` to read from; none where there is none, or nothing was ever written to it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(path: &Path) -> Result<Option<Self>> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => {
                return Err(Error::File {
                    doing: "open",
                    path: path.to_owned(),
                    cause,
                });
            }
            Ok(_) => {}
        }
        let open = |flags, name: &Path| -> std::result::Result<_, rusqlite::Error> {
            let connection =
                Connection::open_with_flags(name, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            prepare(&connection)?;
            schema::version(&connection)?;
            Ok(connection)
        };
        let mut connection = open(OpenFlags::SQLITE_OPEN_READ_WRITE, path)
            .or_else(|error| match error.sqlite_error_code() {
                // A reader without the right to write can't make the index of the log that all processes share, nor
                // can one on a full disk. Where there is nothing in the log, nobody is writing, and the file can be
                // taken as it is.
                Some(
                    ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure,
                ) if !has_log(path) => open(
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
                    &immutable(path),
                ),
                _ => Err(error),
            })
            .map_err(|error| explain("open", path.to_owned(), &error))?;
        if schema::is_empty(&connection)
            .map_err(|error| explain("open", path.to_owned(), &error))?
        {
            return Ok(None);
        }
        // Whoever may write it brings it up to date; others are told that it is older.
        let is_older = schema::is_older(&connection)
            .map_err(|error| explain("open", path.to_owned(), &error))?;
        if is_older && !connection.is_readonly("main").unwrap_or(true) {
            schema::update(&mut connection, path)?;
        }
        schema::check(&connection, path)?;
        Ok(Some(Self::new(connection, path)))
    }

    fn new(connection: Connection, path: &Path) -> Self {
        Self {
            connection,
            path: path.to_owned(),
            limit: LIMIT,
            count: None,
        }
    }
}

fn prepare(connection: &Connection) -> std::result::Result<(), rusqlite::Error> {
    connection.busy_timeout(PATIENCE)?;
    // No files in other folders, which may be out of reach by then.
    connection.pragma_update(None, "temp_store", "memory")?;
    // What is read from the file is not to be trusted more than other input (sqlite.org/security.html).
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)
}

/// Tries again where others do the same at this moment. SQLite does not wait for those who turn a new table's log on, since
/// two that wait with a lock each would do so for ever.
fn in_turn(
    mut work: impl FnMut() -> std::result::Result<(), rusqlite::Error>,
) -> std::result::Result<(), rusqlite::Error> {
    const PAUSE: Duration = Duration::from_millis(5);
    let end = Instant::now() + PATIENCE;
    loop {
        match work() {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < end =>
            {
                thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Whether there is something in the log beside the file that is not in it yet.
fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).is_ok_and(|log| log.len() > 0)
}

/// The file as a URI that promises that nobody changes it (sqlite.org/uri.html).
fn immutable(path: &Path) -> PathBuf {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri += &format!("%{byte:02x}");
        }
    }
    PathBuf::from(uri + "?immutable=1")
}

/// SQLite's errors in terms of what the user can do about them.
pub(super) fn explain(doing: &'static str, path: PathBuf, error: &rusqlite::Error) -> Error {
    let (what, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => (
            "it is no database".to_owned(),
            "name another file with --db",
        ),
        Some(ErrorCode::DatabaseCorrupt) => (
            "the file is damaged".to_owned(),
            "move it away, with its -wal and -shm beside it, to start a new one",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "another process has kept it locked for too long".to_owned(),
            "try again when that is done",
        ),
        Some(ErrorCode::DiskFull) => (
            "the disk is full".to_owned(),
            "what was learned before is safe; make room, or name another file with --db",
        ),
        // What SQLite calls it where the index of its log has no room.
        Some(ErrorCode::SystemIoFailure) if is_no_room(error) => (
            "the disk is full".to_owned(),
            "what was learned before is safe; make room, or name another file with --db",
        ),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
            "this user may not read or write it there".to_owned(),
            "name another file with --db",
        ),
        _ => (plain(error), "name another file with --db"),
    };
    Error::Store {
        doing,
        path,
        cause: format!("{what}; {hint}"),
    }
}

fn is_no_room(error: &rusqlite::Error) -> bool {
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// The message without the numbers that the library puts before it.
fn plain(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}
