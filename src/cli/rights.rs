//! What the process may still do while it reads frames: shared by every command that does.

use clap::Args;

use crate::commands::rights::Rights;
use crate::privilege::Wish;

const HEADING: &str = "Rights";

#[derive(Args)]
pub(super) struct RightsArguments {
    /// Go on as this user once everything is open [default: under sudo whoever called it]
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    user: Option<String>,

    /// Keep every right; otherwise all that is not needed is given up before the first frame is read
    #[arg(long, conflicts_with = "user", help_heading = HEADING)]
    no_sandbox: bool,
}

impl RightsArguments {
    pub(super) fn plan(self, tell: bool) -> Rights {
        Rights {
            wish: Wish {
                keep: self.no_sandbox,
                user: self.user,
            },
            tell,
            table: None,
            created: Vec::new(),
        }
    }
}
