//! What the file holds, and how an older file is brought up to date.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::open::explain;
use crate::error::{Error, Result};

/// Marks the file as ours, for file(1) and for us: "nins".
const APPLICATION: i64 = 0x6e69_6e73;

/// What takes a file from version n to n + 1. Only ever added to: files of every earlier version exist.
const MIGRATIONS: [&str; 1] = [V1];

/// Times are nanoseconds since 1970 UTC; addresses and MAC addresses are their bytes, in the wire's order.
const V1: &str = "
    CREATE TABLE bindings (
        id INTEGER PRIMARY KEY,
        address BLOB NOT NULL CHECK (length(address) IN (4, 16)),
        mac BLOB NOT NULL CHECK (length(mac) = 6),
        interface TEXT NOT NULL,
        vlan TEXT NOT NULL,
        ways INTEGER NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        sightings INTEGER NOT NULL,
        UNIQUE (address, interface, vlan, mac)
    ) STRICT;
    CREATE INDEX bindings_by_mac ON bindings (mac);
    -- What is forgotten first: what was seen for less than a minute, such as a flood of forged addresses.
    CREATE INDEX bindings_by_worth ON bindings (last_seen - first_seen >= 60000000000, last_seen);

    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        time INTEGER NOT NULL,
        kind TEXT NOT NULL,
        level TEXT NOT NULL,
        address BLOB NOT NULL CHECK (length(address) IN (4, 16)),
        mac BLOB NOT NULL CHECK (length(mac) = 6),
        other BLOB CHECK (length(other) = 6),
        interface TEXT NOT NULL,
        vlan TEXT NOT NULL,
        idle INTEGER,
        repeats INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX events_by_address ON events (address);
    CREATE INDEX events_by_mac ON events (mac);
    CREATE INDEX events_by_other ON events (other);

    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
";

/// The version that the file says, 0 where it is empty. Fails where it is no database.
pub(super) fn version(connection: &Connection) -> std::result::Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Whether this program can read the file.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let failed = |error| explain("open", path.to_owned(), &error);
    let known = MIGRATIONS.len() as i64;
    let (version, application) = (
        version(connection).map_err(failed)?,
        application(connection).map_err(failed)?,
    );
    let cause = if application != APPLICATION {
        "it is a database of another program; name another file with --db".to_owned()
    } else if version > known {
        format!(
            "a newer netinspect wrote it (version {version} of its layout, this one knows {known}); update netinspect, or name another file with --db"
        )
    } else if version < known {
        format!("it has an older layout (version {version}), and this user may not update it")
    } else {
        return Ok(());
    };
    Err(Error::Store {
        doing: "open",
        path: path.to_owned(),
        cause,
    })
}

/// Makes the tables in an empty file, and brings an older one up to date, all in one transaction.
pub(super) fn update(connection: &mut Connection, path: &Path) -> Result<()> {
    migrate(connection).map_err(|error| explain("open", path.to_owned(), &error))?;
    check(connection, path)
}

fn migrate(connection: &mut Connection) -> std::result::Result<(), rusqlite::Error> {
    let known = MIGRATIONS.len() as i64;
    if version(connection)? == known {
        return Ok(());
    }
    // Immediate: two processes that find the file empty make its tables one after the other.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version(&transaction)?;
    let is_ours = application(&transaction)? == APPLICATION;
    let is_empty: bool =
        transaction.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
            row.get(0)
        })?;
    if is_ours && version < known || is_empty && version == 0 {
        for step in &MIGRATIONS[version.max(0) as usize..] {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", known)?;
    }
    transaction.commit()
}

fn application(connection: &Connection) -> std::result::Result<i64, rusqlite::Error> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}
