//! `netinspect arp`.

mod watch;

use clap::{Args, Subcommand};

use crate::commands::Command;
use crate::error::Result;

/// Watch who has which address on a link
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Actions,
}

#[derive(Subcommand)]
enum Actions {
    Watch(Box<watch::Arguments>),
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Command> {
        match self.action {
            Actions::Watch(arguments) => arguments.plan(),
        }
    }
}
