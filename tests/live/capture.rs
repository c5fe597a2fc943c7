//! `netinspect capture`, running.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::lab::Host;
use crate::process::Process;

/// Longer than anything here takes on a busy machine; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(8);

/// A capture that has begun, ended with this value at the latest.
pub struct Capture {
    process: Process,
    /// Standard output line by line, where the test has not taken it.
    lines: Receiver<(Instant, String)>,
    notes: Arc<Mutex<String>>,
    listener: JoinHandle<()>,
}

/// How a capture ended, and what it had said.
pub struct Ended {
    pub code: Option<i32>,
    /// What of standard output had not been asked for.
    pub lines: Vec<String>,
    pub notes: String,
    /// From the request to end (or from when it was waited for) to the end.
    pub took: Duration,
}

pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_netinspect"))
}

impl Capture {
    /// Starts it on a host, and waits until it captures.
    pub fn start(host: &Host, arguments: &[&str]) -> Self {
        let mut command = host.command(binary());
        command.arg("capture").args(arguments);
        Self::reading(command)
    }

    /// The same of a command that is or wraps `netinspect capture`.
    pub fn reading(command: Command) -> Self {
        let mut capture = Self::begin(command);
        capture.has_begun();
        capture
    }

    /// The same, with standard output left to the test: to leave it full, or to close it.
    pub fn start_unread(host: &Host, arguments: &[&str]) -> (Self, ChildStdout) {
        let mut command = host.command(binary());
        command.arg("capture").args(arguments);
        Self::spawn(command)
    }

    /// Starts a command that is or wraps `netinspect capture`, and waits until it captures.
    pub fn spawn(command: Command) -> (Self, ChildStdout) {
        let (mut capture, output) = Self::unread(command);
        capture.has_begun();
        (capture, output)
    }

    /// Starts it, and doesn't wait.
    pub fn begin(command: Command) -> Self {
        let (mut capture, output) = Self::unread(command);
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        capture.lines = lines;
        capture
    }

    fn unread(mut command: Command) -> (Self, ChildStdout) {
        command.stderr(Stdio::piped());
        let mut process = Process::spawn(&mut command);
        let output = process.child().stdout.take().expect("a pipe");
        let errors = BufReader::new(process.child().stderr.take().expect("a pipe"));
        let notes = Arc::new(Mutex::new(String::new()));
        let heard = notes.clone();
        let listener = thread::spawn(move || {
            for line in errors.lines() {
                let line = line.expect("text") + "\n";
                *heard.lock().expect("no panic") += &line;
            }
        });
        let capture = Self {
            process,
            lines: channel().1,
            notes,
            listener,
        };
        (capture, output)
    }

    /// Waits until it captures.
    pub fn has_begun(&mut self) {
        let begun = self.note_within(PATIENCE, "capturing on");
        assert!(begun, "{}", self.notes.lock().expect("no panic"));
    }

    /// Whether it says this on standard error, now or in time.
    pub fn note_within(&self, patience: Duration, words: &str) -> bool {
        let since = Instant::now();
        loop {
            // Before looking, or what it says last could be missed.
            let over = since.elapsed() > patience || self.listener.is_finished();
            if self.notes.lock().expect("no panic").contains(words) {
                return true;
            }
            if over {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.id().cast_signed()).expect("a process number");
        kill_process(pid, signal).expect("it is there");
    }

    /// The next line, and when it came; None where none comes in time.
    pub fn line_within(&self, patience: Duration) -> Option<(Instant, String)> {
        self.lines.recv_timeout(patience).ok()
    }

    /// The next line.
    pub fn line(&self) -> String {
        let next = self.line_within(PATIENCE);
        next.unwrap_or_else(|| panic!("no line in {PATIENCE:?}")).1
    }

    /// That many lines.
    pub fn lines(&self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.line()).collect()
    }

    /// Ctrl-C, and what came of it.
    pub fn stop(self) -> Ended {
        self.signal(Signal::INT);
        self.end()
    }

    /// Waits for it to end.
    pub fn end(mut self) -> Ended {
        let since = Instant::now();
        let code = loop {
            if let Some(status) = self.process.child().try_wait().expect("a child") {
                break status.code();
            }
            assert!(since.elapsed() < PATIENCE, "it goes on after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(2));
        };
        let took = since.elapsed();
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok((_, line)) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("something holds its standard output"),
            }
        }
        self.listener.join().expect("text");
        let notes = self.notes.lock().expect("no panic").clone();
        Ended {
            code,
            lines,
            notes,
            took,
        }
    }
}

impl Ended {
    /// Ended as asked for, in time, and said how many frames there were.
    #[track_caller]
    pub fn assert_well(&self, frames: usize) {
        self.assert_summary();
        let plural = if frames == 1 { "" } else { "s" };
        let expected = format!("{frames} frame{plural} captured");
        assert!(
            self.notes.contains(&expected),
            "not {expected}: {}",
            self.notes
        );
    }

    /// Ended as asked for, in time, and said what the kernel counted.
    #[track_caller]
    pub fn assert_summary(&self) {
        assert_eq!(self.code, Some(0), "{}", self.notes);
        assert!(
            // A hundredth of that by itself; what other tests do at the same time takes the rest.
            self.took < Duration::from_secs(3),
            "it took {:?}",
            self.took
        );
        for part in [
            "captured",
            "received by the filter",
            "dropped by the kernel",
            "dropped by the interface",
        ] {
            assert!(self.notes.contains(part), "no '{part}': {}", self.notes);
        }
    }

    /// The number before some words of the summary.
    #[track_caller]
    pub fn count(&self, what: &str) -> u64 {
        let words: Vec<_> = self.notes.split_whitespace().collect();
        let what: Vec<_> = what.split(' ').collect();
        let found = words
            .windows(what.len() + 1)
            .filter(|window| window[1..] == what[..])
            .find_map(|window| window[0].parse().ok());
        found.unwrap_or_else(|| panic!("nothing about {what:?}: {}", self.notes))
    }
}

/// Runs `netinspect` on a host to its end; exit code, standard output and standard error.
pub fn run<S: AsRef<OsStr>>(
    command: &mut Command,
    arguments: &[S],
) -> (Option<i32>, String, String) {
    let done = command
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    (
        done.status.code(),
        String::from_utf8(done.stdout).expect("text"),
        String::from_utf8(done.stderr).expect("text"),
    )
}
