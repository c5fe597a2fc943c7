//! Whether the neighbor table learns from answers, and which.

use std::path::PathBuf;

use clap::Args;

use crate::cli::table::TableArguments;
use crate::error::Result;

#[derive(Args)]
pub(super) struct MemoryArguments {
    #[command(flatten)]
    table: TableArguments,

    /// Leave the neighbor table alone; otherwise answers go into it
    #[arg(long, conflicts_with = "db")]
    no_learn: bool,
}

impl MemoryArguments {
    /// The table to fill, if any.
    pub(super) fn plan(self) -> Result<Option<PathBuf>> {
        match self.no_learn {
            true => Ok(None),
            false => self.table.path().map(Some),
        }
    }
}
