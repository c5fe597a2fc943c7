//! Signals, as flags and streams that whoever waits can wait for.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1};
use signal_hook::{flag, low_level::pipe};

use crate::error::{Error, Result};

/// How the user says that it is enough.
pub(super) struct Ending {
    /// Becomes readable, and stays so.
    pub wake: OwnedFd,
    pub stop: Arc<AtomicBool>,
    /// To be set when another signal is to end us as if we did not listen, since the first had time enough.
    pub again: Arc<AtomicBool>,
}

impl Ending {
    /// Another stream that says the same.
    pub(super) fn copy_of_wake(&self) -> Result<OwnedFd> {
        self.wake.try_clone().map_err(cannot_listen)
    }
}

/// Listens for Ctrl-C and a request to terminate. Where nobody is there to set `again`, it is `stop` itself.
pub(super) fn ending(attended: bool) -> Result<Ending> {
    let stop = Arc::new(AtomicBool::new(false));
    let again = match attended {
        true => Arc::default(),
        false => Arc::clone(&stop),
    };
    let register = || {
        let (read, write) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_default(signal, again.clone())?;
            // In this order: whoever is woken must find the flag set.
            flag::register(signal, stop.clone())?;
            pipe::register(signal, write.try_clone()?)?;
        }
        Ok(read)
    };
    let wake = register().map_err(cannot_listen)?;
    Ok(Ending {
        wake: wake.into(),
        stop,
        again,
    })
}

/// A stream with a byte for each time that somebody asks how it goes (SIGUSR1).
pub(super) fn asking() -> Result<UnixStream> {
    let register = || {
        let (read, write) = UnixStream::pair()?;
        read.set_nonblocking(true)?;
        pipe::register(SIGUSR1, write)?;
        Ok(read)
    };
    register().map_err(cannot_listen)
}

/// Lets SIGHUP ask for the next file of a row. Where there is none it means what it always did, that the terminal is gone:
/// the end, with all that belongs to it; but not under nohup(1), which has it ignored.
pub(super) fn hangup(asked: Option<&Arc<AtomicBool>>, stop: &Arc<AtomicBool>) -> Result<()> {
    let flagged = match asked {
        Some(asked) => asked,
        None if is_ignored(SIGHUP) => return Ok(()),
        None => stop,
    };
    flag::register(SIGHUP, Arc::clone(flagged)).map_err(cannot_listen)?;
    Ok(())
}

/// Whether whoever started us wants that, by the kernel's list (proc(5), SigIgn).
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    ignored.is_some_and(|ignored| ignored >> (signal - 1) & 1 == 1)
}

fn cannot_listen(cause: io::Error) -> Error {
    Error::System {
        doing: "listen for signals",
        cause,
    }
}
