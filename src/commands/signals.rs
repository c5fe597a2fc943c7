//! Signals, as flags and streams that whoever waits can wait for.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGXFSZ};
use signal_hook::{flag, low_level::pipe};

use crate::error::{Error, Result};

/// Ends a program that leads a process group, and what it started. To be called before somebody waits for it: its number may
/// be another's then.
pub(super) fn end_group(program: &Child) -> io::Result<()> {
    Ok(kill_process_group(Pid::from_child(program), Signal::KILL)?)
}

/// How the user says that it is enough.
pub(super) struct Ending {
    /// Becomes readable, and stays so.
    pub wake: OwnedFd,
    /// Its other end, for those who want to end unasked.
    pub poke: UnixStream,
    pub stop: Arc<AtomicBool>,
    /// True once the user has said it; `stop` may be set by others too.
    pub told: Arc<AtomicBool>,
    /// To be set when another signal is to end us as if we did not listen, since the first had time enough.
    pub again: Arc<AtomicBool>,
}

impl Ending {
    /// Lets SIGHUP set `next`, which asks for the next file of a row. Where there is none it means what it always did, that the
    /// terminal is gone: the end, with all that belongs to it; but not under nohup(1), which has it ignored.
    pub(super) fn hear_hangup(&self, next: Option<&Arc<AtomicBool>>) -> Result<()> {
        let heard = match next {
            Some(next) => flag::register(SIGHUP, Arc::clone(next)).map(|_| ()),
            None if is_ignored(SIGHUP) => Ok(()),
            None => self.hear(SIGHUP),
        };
        heard.map_err(cannot_listen)
    }

    /// Lets a signal mean the end.
    fn hear(&self, signal: i32) -> io::Result<()> {
        // In this order: whoever is woken must find the flags set.
        for told in [&self.told, &self.stop] {
            flag::register(signal, Arc::clone(told))?;
        }
        pipe::register(signal, self.poke.try_clone()?)?;
        Ok(())
    }

    /// Another stream that says the same.
    pub(super) fn copy_of_wake(&self) -> Result<OwnedFd> {
        self.wake.try_clone().map_err(cannot_listen)
    }
}

/// Listens for Ctrl-C and a request to terminate. Where nobody is there to set `again`, it is `stop` itself.
pub(super) fn ending(attended: bool) -> Result<Ending> {
    let (stop, told) = (Arc::default(), Arc::default());
    let again = match attended {
        true => Arc::default(),
        false => Arc::clone(&stop),
    };
    let (wake, poke) = UnixStream::pair().map_err(cannot_listen)?;
    let ending = Ending {
        wake: wake.into(),
        poke,
        stop,
        told,
        again,
    };
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_default(signal, ending.again.clone())
            .and_then(|_| ending.hear(signal))
            .map_err(cannot_listen)?;
    }
    Ok(ending)
}

/// Lets a file that may not grow any more (setrlimit(2), RLIMIT_FSIZE) be an error of its write, as a full disk is, and not
/// the end of the process.
pub(super) fn outlive_limits() -> Result<()> {
    let heard = flag::register(SIGXFSZ, Arc::default());
    heard.map(|_| ()).map_err(cannot_listen)
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
