//! Whom the process goes on as.

use std::env;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{Gid, Uid, User, geteuid, getuid, setgroups, setresgid, setresuid};

use super::{Dropped, Wish, refused};
use crate::error::{Error, Result};

/// A user to become, if any.
#[derive(Debug)]
pub(super) struct Account {
    user: Option<Becoming>,
    /// Why we stay who we are, where that is not what one would expect.
    staying: Option<String>,
}

#[derive(Debug, Clone)]
struct Becoming {
    /// Its name, or number where it has none.
    name: String,
    uid: Uid,
    gid: Gid,
    /// Asked for with --user: then it must work.
    asked: bool,
}

impl Account {
    /// The user asked for; or under sudo the one who called it. `folders` have to be writable for it.
    pub(super) fn chosen(wish: &Wish, folders: &[PathBuf]) -> Result<Self> {
        if let Some(name) = &wish.user {
            let user = named(name)?;
            return Ok(Self {
                user: Some(user),
                staying: None,
            });
        }
        let is_root = getuid().is_root() && geteuid().is_root();
        let caller = if is_root { behind_sudo() } else { None };
        let closed = caller
            .as_ref()
            .and_then(|user| folders.iter().find(|folder| !may_write(user, folder)));
        if let (Some(user), Some(folder)) = (&caller, closed) {
            // Better root's user without root's powers than a capture that ends with the first file.
            return Ok(Self {
                user: None,
                staying: Some(format!(
                    "user root, since {} may not create files in {}",
                    user.name,
                    folder.display()
                )),
            });
        }
        Ok(Self {
            user: caller,
            staying: None,
        })
    }

    /// Makes a file the user's. Only what is really a file, and ours: never a device or somebody else's.
    pub(super) fn give(&self, file: &File) {
        let Some(user) = &self.user else { return };
        let is_ours =
            |found: &std::fs::Metadata| found.is_file() && Uid::from_raw(found.uid()) == geteuid();
        if file.metadata().is_ok_and(|found| is_ours(&found)) {
            let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
            // Where the file system knows no owners the file stays as it is, and can be written all the same.
            let _ = std::os::unix::fs::fchown(file, Some(uid), Some(gid));
        }
    }

    /// Becomes that user, with their main group only, and for all threads.
    pub(super) fn become_it(self, dropped: &mut Dropped) -> Result<()> {
        dropped.kept.extend(self.staying);
        let Some(user) = self.user else { return Ok(()) };
        let Becoming { uid, gid, .. } = user;
        let was_root = geteuid().is_root();
        // In this order: a user who is not root may not change groups.
        let done = setgroups(&[gid])
            .and_then(|()| setresgid(gid, gid, gid))
            .and_then(|()| setresuid(uid, uid, uid));
        match done {
            Ok(()) if uid.is_root() => {}
            Ok(()) => {
                let from = if was_root {
                    "root, for"
                } else {
                    "who it was, for"
                };
                dropped
                    .gone
                    .push(format!("{from} user {} ({uid}:{gid})", user.name));
            }
            // In a user namespace only few users have a number, and its root is none outside.
            Err(Errno::EINVAL | Errno::EPERM) if !user.asked => {
                dropped.kept.push(format!(
                    "user root, since {} does not exist in this user namespace",
                    user.name
                ));
            }
            Err(Errno::EPERM) => {
                return Err(Error::Usage(format!(
                    "--user {}: only root can become another user",
                    user.name
                )));
            }
            Err(cause) => return Err(refused("become another user")(io::Error::from(cause))),
        }
        Ok(())
    }
}

/// A user by name, or by number where no name is like that.
fn named(name: &str) -> Result<Becoming> {
    let unknown = || Error::Usage(format!("--user {name}: there is no such user"));
    let found = User::from_name(name).ok().flatten();
    let found = found.or_else(|| User::from_uid(name.parse().ok().map(Uid::from_raw)?).ok()?);
    let user = found.ok_or_else(unknown)?;
    Ok(Becoming {
        name: user.name,
        uid: user.uid,
        gid: user.gid,
        asked: true,
    })
}

/// Who called sudo, by what sudo(8) puts into the environment; none where that is root.
fn behind_sudo() -> Option<Becoming> {
    let number = |name: &str| env::var(name).ok()?.parse::<u32>().ok();
    let uid = Uid::from_raw(number("SUDO_UID")?);
    let gid = Gid::from_raw(number("SUDO_GID")?);
    let name = match User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        _ => uid.to_string(),
    };
    let user = Becoming {
        name,
        uid,
        gid,
        asked: false,
    };
    (!uid.is_root()).then_some(user)
}

/// Whether its owner, group and mode let the user create and delete files there (as their main group only).
fn may_write(user: &Becoming, folder: &Path) -> bool {
    const WRITE_AND_ENTER: u32 = 0o3;
    let Ok(found) = std::fs::metadata(folder) else {
        return false;
    };
    let shift = if found.uid() == user.uid.as_raw() {
        6
    } else if found.gid() == user.gid.as_raw() {
        3
    } else {
        0
    };
    found.mode() >> shift & WRITE_AND_ENTER == WRITE_AND_ENTER
}
