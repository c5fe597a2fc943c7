//! What this process may do: what it lacks to capture, and giving up the rest before it reads what others sent.
//!
//! Frames and capture files are made by strangers, and reading them is where a mistake would be used. So whatever
//! needs a right is done first, and [`drop`] gives up every right before the first byte is looked at.

mod account;
mod calls;
mod capabilities;
mod fence;
mod missing;

use std::fs::File;
use std::os::fd::RawFd;
use std::path::PathBuf;

pub use missing::{is_root, not_permitted};

use self::account::Account;
use self::fence::Fence;
use crate::error::{Error, Result};
use crate::text::zone;

/// What the user wants of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Keep every right.
    pub keep: bool,
    /// Go on as this user, a name or a number.
    pub user: Option<String>,
}

/// What is still to be done after the drop.
#[derive(Debug, Default)]
pub struct Needs {
    /// Files and folders that are read later.
    pub reads: Vec<PathBuf>,
    /// Folders in which files are created, renamed and deleted later.
    pub folders: Vec<PathBuf>,
    /// Files created by now, which are to belong to whom we go on as.
    pub created: Vec<File>,
    /// Sockets that are open and only to be read from, as any frame could be sent by them. They stay open to the
    /// process's end, whoever closes them.
    pub receivers: Vec<RawFd>,
}

/// What was given up, and what could not be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    pub gone: Vec<String>,
    /// What is kept, or what the kernel doesn't offer, and why.
    pub kept: Vec<String>,
}

/// Gives up every right but those in `needs`, for good.
///
/// The system calls behind it are for one thread where there are many: call it before any other thread starts.
///
/// # Errors
/// Where there is no such user, or the kernel refuses what it offers. What the kernel doesn't offer is no error: it is
/// in the answer.
pub fn drop(wish: &Wish, needs: &Needs) -> Result<Dropped> {
    let mut dropped = Dropped::default();
    if wish.keep {
        dropped
            .kept
            .push("every right, as --no-sandbox asks".to_owned());
        return Ok(dropped);
    }
    // The order matters; each step needs something that a later one takes away.
    // 1. Names of users are looked up in files that can't be read later.
    let account = Account::chosen(wish, &needs.folders)?;
    // 2. So is the time zone, which is kept; and folders are found that another user may not reach.
    zone::here();
    let fence = Fence::around(needs).map_err(refused("restrict access to files"))?;
    // 3. Files are given away while we own them and may do so (CAP_CHOWN).
    for file in &needs.created {
        account.give(file);
    }
    // 4. The bounding set shrinks while we have CAP_SETPCAP.
    capabilities::bound(&mut dropped).map_err(refused("drop the capability bounding set"))?;
    // 5. Another user, while we have CAP_SETUID and CAP_SETGID. From here on root's files are out of reach.
    account.become_it(&mut dropped)?;
    // 6. What is left of capabilities: all of them where the user is still root, or the program was granted some.
    capabilities::clear(&mut dropped).map_err(refused("drop capabilities"))?;
    // 7. No program that could be run gives any back; the next two need this from those who are not root.
    rustix::thread::set_no_new_privs(true).map_err(refused("set no_new_privs"))?;
    dropped.gone.push("getting new privileges".to_owned());
    // 8. Files but those needed, and TCP (Landlock).
    fence
        .close(&mut dropped)
        .map_err(refused("restrict access to files"))?;
    // 9. Last, since setting up the others are system calls too: those that no reader of frames needs, and sending
    //    by the sockets that are read from (seccomp).
    calls::forbid(&needs.receivers, &mut dropped).map_err(refused("restrict system calls"))?;
    Ok(dropped)
}

fn refused<E: Into<std::io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Error {
    move |cause| Error::System {
        doing,
        cause: cause.into(),
    }
}

impl Dropped {
    /// In words, a line each.
    pub fn describe(&self) -> String {
        let said = |what: &str, items: &[String]| match items {
            [] => None,
            items => Some(format!("{what}: {}", items.join(", "))),
        };
        let lines = [said("gave up", &self.gone), said("kept", &self.kept)];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}
