//! What an asking process may still do, and whether it says so: shared by all that ask.

use clap::Args;

use crate::cli::rights::RightsArguments;
use crate::commands::rights::Rights;

#[derive(Args)]
pub(in crate::cli) struct AskingRights {
    /// Say which rights were given up
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    rights: RightsArguments,
}

impl AskingRights {
    pub(in crate::cli) fn plan(self) -> Rights {
        self.rights.plan(self.verbose)
    }
}
