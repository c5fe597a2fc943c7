//! What can go wrong, said with the operation and its object, and the exit code that a script sees.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Exit codes; fixed, since scripts rely on them.
pub mod exit {
    pub const DONE: u8 = 0;
    /// Done, and the answer is no.
    pub const NO: u8 = 1;
    /// The command line is wrong.
    pub const USAGE: u8 = 2;
    pub const NOT_PERMITTED: u8 = 3;
    /// The input is damaged; what could be read was shown.
    pub const DAMAGED: u8 = 4;
    pub const FAILED: u8 = 5;
}

/// Where and how a capture file stops making sense. Every frame before it was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file's name, or "standard input".
    pub input: String,
    /// Byte offset of the damage, from the start of the (decompressed) input.
    pub offset: u64,
    /// Frames of this file that were read whole.
    pub frames: u64,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is damaged at byte {}, after frame {}: {}",
            self.input, self.offset, self.frames, self.what
        )
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that can't be.
    #[error("{0}")]
    Usage(String),

    #[error("no permission to capture on {interface}: {missing}\n{how}")]
    NotPermitted {
        interface: String,
        missing: String,
        how: String,
    },

    #[error("no interface is called {name}\n{known}")]
    NoInterface { name: String, known: String },

    /// There is no way to where something was to be sent.
    #[error("{0}")]
    Unreachable(String),

    #[error("{0}")]
    Damaged(Damage),

    #[error("cannot {doing} {path}: {cause}", path = path.display())]
    File {
        doing: &'static str,
        path: PathBuf,
        #[source]
        cause: io::Error,
    },

    /// A capture file could not be written any further.
    #[error("cannot write {path}: {cause}; {held}", path = path.display())]
    Save {
        path: PathBuf,
        #[source]
        cause: io::Error,
        /// What is in it all the same.
        held: String,
    },

    /// The neighbor table; the cause says what to do about it.
    #[error("cannot {doing} the neighbor table {path}: {cause}", path = path.display())]
    Store {
        doing: &'static str,
        path: PathBuf,
        cause: String,
    },

    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),

    /// Capturing failed on an interface after or while it was opened.
    #[error("cannot {doing} {interface}: {cause}")]
    Capture {
        doing: &'static str,
        interface: String,
        cause: String,
    },

    #[error("cannot {doing}: {cause}")]
    System {
        doing: &'static str,
        #[source]
        cause: io::Error,
    },
}

impl Error {
    /// The code the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::NotPermitted { .. } => exit::NOT_PERMITTED,
            Self::Damaged(_) => exit::DAMAGED,
            _ if self.is_closed_pipe() => exit::DONE,
            _ => exit::FAILED,
        }
    }

    /// Whether this is a reader that closed the pipe, which counts as done and needs no words.
    pub fn is_closed_pipe(&self) -> bool {
        match self {
            Self::Output(cause) | Self::Save { cause, .. } => {
                cause.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}

pub type Result<T> = std::result::Result<T, Error>;
