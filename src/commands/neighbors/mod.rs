//! `netinspect neighbors`: what the neighbor table holds, in and out of it.

mod exchange;
mod history;
mod import;
mod list;
mod object;
pub mod reconcile;

use std::path::{Path, PathBuf};

use super::tell;
use crate::error::{Error, Result, exit};
use crate::store::{Query, Select, Store, default_path, system_path};

pub use exchange::Exchange;
pub(super) use list::place;
pub(super) use object::event as event_object;

pub struct Options {
    /// The table's file; none for the usual one.
    pub db: Option<PathBuf>,
    pub action: Action,
}

pub enum Action {
    List {
        query: Query,
        form: Form,
    },
    History {
        of: Select,
        json: bool,
    },
    Export {
        query: Query,
        form: Exchange,
    },
    Import {
        file: PathBuf,
        form: Option<Exchange>,
    },
    Forget {
        select: Vec<Select>,
    },
    Reconcile(reconcile::Options),
}

/// How a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Table,
    /// For programs.
    Exchange(Exchange),
}

/// Exit code 1 where nothing matches.
pub fn run(options: Options) -> Result<u8> {
    let Options { db, action } = options;
    match action {
        Action::List { query, form } => with(db, |store| list::list(store, &query, form)),
        Action::History { of, json } => with(db, |store| history::history(store, &of, json)),
        Action::Export { query, form } => with(db, |store| list::export(store, &query, form)),
        Action::Import { file, form } => import::import(&mut open(db)?, &file, form),
        Action::Forget { select } => forget(&mut present(db)?, &select),
        Action::Reconcile(options) => {
            let mut store = match options.learn {
                true => open(db)?,
                false => present(db)?,
            };
            reconcile::reconcile(&mut store, &options, import::now())
        }
    }
}

fn open(db: Option<PathBuf>) -> Result<Store> {
    let path = db.map_or_else(default_path, Ok)?;
    Store::open(&path)
}

/// Opens a table that must be there if it is named: none is made for a mistyped name.
fn present(db: Option<PathBuf>) -> Result<Store> {
    match db {
        Some(path) if !path.exists() => Err(no_table(&path)),
        db => open(db),
    }
}

/// Reads the table, if there is one. A user who has none of their own reads the machine's, which root fills.
fn with(db: Option<PathBuf>, read: impl FnOnce(&Store) -> Result<u8>) -> Result<u8> {
    let is_named = db.is_some();
    let path = db.map_or_else(default_path, Ok)?;
    let found = match Store::read(&path)? {
        None if !is_named => Store::read(&system_path())?,
        found => found,
    };
    match found {
        Some(store) => read(&store),
        None if is_named => Err(no_table(&path)),
        None => {
            tell(&format!(
                "nothing was learned yet: there is no neighbor table at {}\n\
                 'netinspect arp scan', 'arp watch' and 'capture --learn' fill it",
                path.display()
            ));
            Ok(exit::NO)
        }
    }
}

fn no_table(path: &Path) -> Error {
    Error::File {
        doing: "open",
        path: path.to_owned(),
        cause: std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file"),
    }
}

fn forget(store: &mut Store, select: &[Select]) -> Result<u8> {
    let mut gone = 0;
    for select in select {
        gone += store.forget(select)?;
    }
    tell(&format!("{gone} forgotten, in {}", store.path().display()));
    Ok(if gone == 0 { exit::NO } else { exit::DONE })
}
