//! Which neighbor table: shared by every command that reads or fills one.

use std::path::PathBuf;

use clap::Args;

use crate::error::Result;
use crate::store;

#[derive(Args)]
pub(super) struct TableArguments {
    /// The neighbor table's file [default: /var/lib/netinspect/neighbors.db for root, else under ~/.local/state]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
}

impl TableArguments {
    /// The table to write to.
    pub(super) fn path(self) -> Result<PathBuf> {
        self.db.map_or_else(store::default_path, Ok)
    }
}
