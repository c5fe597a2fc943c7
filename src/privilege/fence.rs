//! Which files may still be opened, and that no TCP connection may be (Landlock, landlock(7)).

use std::io;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use super::{Dropped, Needs};

/// The newest version of the interface that this was tried with; of an older kernel it takes what that has.
const TRIED: ABI = ABI::V7;

/// Where local times are read from, whenever the first is shown.
const TIME_ZONES: [&str; 3] = ["/usr/share/zoneinfo", "/etc/localtime", "/etc/timezone"];

/// Rules ready to be put in force.
pub(super) struct Fence {
    rules: RulesetCreated,
}

impl Fence {
    /// Only what is needed, seen from here and now: a path that is not there stays out of reach.
    pub(super) fn around(needs: &Needs) -> io::Result<Self> {
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let keep_files = read
            | AccessFs::WriteFile
            | AccessFs::Truncate
            | AccessFs::MakeReg
            | AccessFs::RemoveFile;
        let mut rules = empty().map_err(io::Error::other)?;
        for path in &needs.reads {
            rules = allow(rules, path, read)?;
        }
        for path in TIME_ZONES {
            rules = allow(rules, Path::new(path), read)?;
        }
        for folder in &needs.folders {
            rules = allow(rules, folder, keep_files)?;
        }
        Ok(Self { rules })
    }

    /// From now on, and for whatever is started from here.
    pub(super) fn close(self, dropped: &mut Dropped) -> io::Result<()> {
        let status = self.rules.restrict_self().map_err(io::Error::other)?;
        match (status.ruleset, status.landlock) {
            (RulesetStatus::NotEnforced, _) | (_, LandlockStatus::NotEnabled) => dropped
                .kept
                .push("access to files and TCP (this kernel has no Landlock)".to_owned()),
            (_, LandlockStatus::Available { effective_abi, .. }) => {
                let tcp = if effective_abi >= ABI::V4 {
                    " and TCP"
                } else {
                    ""
                };
                dropped.gone.push(format!(
                    "files but those needed{tcp} (Landlock {})",
                    effective_abi as i32
                ));
                if tcp.is_empty() {
                    dropped
                        .kept
                        .push("TCP (this kernel's Landlock is too old)".to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Everything is forbidden that the kernel can forbid.
fn empty() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .handle_access(AccessFs::from_all(TRIED))?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::from_all(TRIED))?
        .create()
}

fn allow(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> io::Result<RulesetCreated> {
    let Ok(place) = PathFd::new(path) else {
        return Ok(rules);
    };
    let access = match path.is_dir() {
        true => access,
        false => access & AccessFs::from_file(TRIED),
    };
    rules
        .add_rule(PathBeneath::new(place, access))
        .map_err(io::Error::other)
}
