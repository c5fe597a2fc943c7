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
        Action::Forget { select } => forget(db, &select),
        Action::Reconcile(options) => {
            let table = match options.learn {
                true => Table::of(open(db)?),
                false => Table::find(db)?,
            };
            reconcile::reconcile(table, &options, import::now())
        }
    }
}

fn open(db: Option<PathBuf>) -> Result<Store> {
    let path = db.map_or_else(default_path, Ok)?;
    Store::open(&path)
}

/// A table that may not be there: none is made to read from, or for a mistyped name.
struct Table {
    path: PathBuf,
    store: Option<Store>,
}

impl Table {
    fn of(store: Store) -> Self {
        Self {
            path: store.path().to_owned(),
            store: Some(store),
        }
    }

    /// A user who has none of their own reads the machine's, which root fills.
    fn find(db: Option<PathBuf>) -> Result<Self> {
        let is_named = db.is_some();
        let path = db.map_or_else(default_path, Ok)?;
        let store = match Store::read(&path)? {
            None if !is_named => Store::read(&system_path())?,
            found => found,
        };
        Ok(store.map_or(Self { path, store: None }, Self::of))
    }
}

/// Reads the table, if there is one.
fn with(db: Option<PathBuf>, read: impl FnOnce(&Store) -> Result<u8>) -> Result<u8> {
    let is_named = db.is_some();
    let Table { path, store } = Table::find(db)?;
    match store {
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

fn forget(db: Option<PathBuf>, select: &[Select]) -> Result<u8> {
    if let Some(path) = db.as_ref().filter(|path| !path.exists()) {
        return Err(no_table(path));
    }
    let mut store = open(db)?;
    let mut gone = 0;
    for select in select {
        gone += store.forget(select)?;
    }
    tell(&format!("{gone} forgotten, in {}", store.path().display()));
    Ok(if gone == 0 { exit::NO } else { exit::DONE })
}
