//! Whether the neighbor table learns from answers, and which.

use std::path::PathBuf;

use clap::Args;

use crate::commands::arp::learn::Memory;

#[derive(Args)]
pub(super) struct MemoryArguments {
    /// The neighbor table to put answers into, instead of the usual one
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,

    /// Leave the neighbor table alone
    #[arg(long, conflicts_with = "db")]
    no_learn: bool,
}

impl MemoryArguments {
    pub(super) fn plan(self) -> Memory {
        Memory {
            path: self.db,
            wanted: !self.no_learn,
        }
    }
}
