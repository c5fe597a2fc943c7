//! Signals, as flags and streams that whoever waits can wait for.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
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

fn cannot_listen(cause: io::Error) -> Error {
    Error::System {
        doing: "listen for signals",
        cause,
    }
}
