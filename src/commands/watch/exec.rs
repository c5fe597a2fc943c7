//! Handing events to a program, through a process of ours that was started with the rights that programs may need.
//! The one that reads frames has none by then.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use crate::analysis::neighbors::Event;
use crate::commands::neighbors::event_object;
use crate::commands::tell;
use crate::error::{Error, Result};

/// Who waits for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// The wire does not wait for programs: events beyond those that may wait are left out, and counted.
    Live,
    /// A file does.
    EveryEvent,
}

impl Pace {
    pub const fn of(every_event: bool) -> Self {
        match every_event {
            true => Self::EveryEvent,
            false => Self::Live,
        }
    }

    /// Events that wait in a queue.
    pub(super) const fn room(self) -> usize {
        match self {
            Self::Live => 1024,
            Self::EveryEvent => 0,
        }
    }

    /// Hands one over. False where it is lost.
    pub(super) fn send(self, sender: &SyncSender<String>, line: String) -> bool {
        match self {
            Self::Live => sender.try_send(line).is_ok(),
            Self::EveryEvent => sender.send(line).is_ok(),
        }
    }
}

pub(super) struct Executor {
    state: State,
    pace: Pace,
    runner: Child,
    lost: u64,
}

enum State {
    /// No thread yet, so that it starts without the rights that are given up before the first frame.
    Idle(std::process::ChildStdin),
    Running(SyncSender<String>, JoinHandle<()>),
    Broken,
}

/// Whether there is a file to run: in this place, or of this name in one of PATH's folders.
fn is_program(program: &OsStr) -> bool {
    let can_run = |path: &Path| {
        const EXECUTE: u32 = 0o111;
        path.metadata()
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & EXECUTE != 0)
    };
    if program.as_encoded_bytes().contains(&b'/') {
        return can_run(Path::new(program));
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| can_run(&folder.join(program)))
}

impl Executor {
    /// Starts the process that runs the program for each event.
    ///
    /// # Errors
    /// There is no such program, or the process can't be started.
    pub(super) fn start(program: &OsStr, pace: Pace) -> Result<Self> {
        if !is_program(program) {
            return Err(Error::Usage(format!(
                "--exec {}: there is no program of this name that can be run",
                program.display()
            )));
        }
        let failed = |cause| Error::System {
            doing: "start what runs programs",
            cause,
        };
        let all = (pace == Pace::EveryEvent).then_some("--all-events");
        let mut runner = Command::new("/proc/self/exe")
            .args(["arp", "watch", "--run-events", "--exec"])
            .arg(program)
            .args(all)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Ctrl-C ends the watch, and the watch ends this when all events are through.
            .process_group(0)
            .spawn()
            .map_err(failed)?;
        let state = runner.stdin.take().map_or(State::Broken, State::Idle);
        Ok(Self {
            state,
            pace,
            runner,
            lost: 0,
        })
    }

    pub(super) fn send(&mut self, event: &Event) {
        if matches!(self.state, State::Idle(_)) {
            self.run();
        }
        let line = format!("{}\n", event_object(event));
        let sent = match &self.state {
            State::Running(sender, _) => self.pace.send(sender, line),
            State::Idle(_) | State::Broken => false,
        };
        self.lost += u64::from(!sent);
    }

    /// A slow program must not hold up the watch, so a thread waits for it.
    fn run(&mut self) {
        let (sender, receiver) = sync_channel::<String>(self.pace.room());
        let State::Idle(mut input) = std::mem::replace(&mut self.state, State::Broken) else {
            return;
        };
        let pass_on = move || {
            for line in receiver {
                if input.write_all(line.as_bytes()).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("events".to_owned());
        if let Ok(thread) = thread.spawn(pass_on) {
            self.state = State::Running(sender, thread);
        }
    }

    /// Waits for the last program.
    pub(super) fn finish(mut self) -> Option<Error> {
        if let State::Running(sender, thread) = self.state {
            drop(sender);
            // It panics nowhere, and there would be nothing to do about it.
            let _ = thread.join();
        } else {
            drop(self.state);
        }
        if self.lost > 0 {
            tell(&format!(
                "{} events were not handed to the program: it was too slow",
                self.lost
            ));
        }
        let failed = |cause| Error::System {
            doing: "wait for what runs programs",
            cause,
        };
        self.runner.wait().map_err(failed).err()
    }
}
