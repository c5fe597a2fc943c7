//! Runs a program for each event: the other end of [`super::exec`].

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::exec::Pace;
use crate::commands::signals::end_group;
use crate::commands::summary::counted;
use crate::commands::tell;
use crate::error::{Error, Result, exit};

/// Programs that run at the same time.
const AT_ONCE: usize = 8;
/// One that takes longer is ended.
const LONGEST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

/// What the program finds in its environment, and where in the event that is.
const VARIABLES: [(&str, &str); 9] = [
    ("NETINSPECT_EVENT", "event"),
    ("NETINSPECT_LEVEL", "level"),
    ("NETINSPECT_ADDRESS", "address"),
    ("NETINSPECT_MAC", "mac"),
    ("NETINSPECT_OTHER_MAC", "other_mac"),
    ("NETINSPECT_INTERFACE", "interface"),
    ("NETINSPECT_VLAN", "vlan"),
    ("NETINSPECT_TIME", "time"),
    ("NETINSPECT_REPEATS", "repeats"),
];

/// Once the watch is over, programs have so long; the last of a file's, since they were started. It is said where this
/// waits for them.
const LAST: Duration = Duration::from_secs(10);
const SAYS: Duration = Duration::from_secs(1);

/// What comes on standard input.
struct Events {
    lines: Receiver<String>,
    lost: Arc<AtomicU64>,
    /// When the watch was over.
    over: Arc<OnceLock<Instant>>,
    pace: Pace,
}

impl Events {
    /// Reads in a thread of its own, so that the end is seen while programs run.
    fn read(pace: Pace) -> Result<Self> {
        let (sender, lines) = sync_channel::<String>(pace.room());
        let lost: Arc<AtomicU64> = Arc::default();
        let over: Arc<OnceLock<Instant>> = Arc::default();
        let (reads_lost, reads_over) = (Arc::clone(&lost), Arc::clone(&over));
        let read = move || {
            for line in io::stdin().lock().lines().map_while(io::Result::ok) {
                if !pace.send(&sender, line) {
                    reads_lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            reads_over.get_or_init(Instant::now);
        };
        let thread = std::thread::Builder::new().name("events".to_owned());
        thread.spawn(read).map_err(|cause| Error::System {
            doing: "start a thread that reads events",
            cause,
        })?;
        Ok(Self {
            lines,
            lost,
            over,
            pace,
        })
    }

    fn has_been_over_for(&self, span: Duration) -> bool {
        self.over.get().is_some_and(|since| since.elapsed() >= span)
    }

    /// Whether programs had their time at the end; the last was started at `started`.
    fn is_overdue(&self, started: Option<Instant>) -> bool {
        let is_rested =
            self.pace == Pace::Live || started.is_some_and(|started| started.elapsed() >= LAST);
        is_rested && self.has_been_over_for(LAST)
    }

    /// Those that no program was run for.
    fn left_out(&self) -> u64 {
        self.lost.load(Ordering::Relaxed) + self.lines.try_iter().count() as u64
    }
}

/// Runs the program for each event on standard input, until that ends and the programs are through or had their time.
pub fn run(program: &OsString, pace: Pace) -> Result<u8> {
    let events = Events::read(pace)?;
    let mut running: Vec<(Child, Instant)> = Vec::new();
    let (mut failed, mut said) = (false, false);
    let (mut started, mut slow) = (None, 0);
    loop {
        slow += reap(&mut running, LONGEST);
        if events.is_overdue(started) {
            break;
        }
        if !said && events.has_been_over_for(SAYS) {
            said = true;
            tell(&format!(
                "waiting for the programs that --exec runs, {}{} s at most",
                match pace {
                    Pace::Live => "",
                    Pace::EveryEvent => "for the last ",
                },
                LAST.as_secs()
            ));
        }
        let next = match running.len() {
            0 => events.lines.recv().map_err(RecvTimeoutError::from),
            AT_ONCE.. => {
                sleep(PAUSE);
                continue;
            }
            _ => events.lines.recv_timeout(PAUSE),
        };
        match next.map(|line| start(program, &line)) {
            Ok(Ok(child)) => {
                let now = Instant::now();
                started = Some(now);
                running.push((child, now));
            }
            // Told once: it would be the same for each event.
            Ok(Err(cause)) if !failed => {
                failed = true;
                tell(&format!("cannot run {}: {cause}", program.display()));
            }
            Ok(Err(_)) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) if running.is_empty() => break,
            Err(RecvTimeoutError::Disconnected) => sleep(PAUSE),
        }
    }
    slow += reap(&mut running, Duration::ZERO);
    if slow > 0 {
        tell(&format!("{} ended: too slow", counted(slow, "program")));
    }
    match events.left_out() {
        0 => {}
        events => tell(&format!(
            "{} not handed to the program: it was too slow",
            counted(events, "event")
        )),
    }
    Ok(exit::DONE)
}

fn start(program: &OsString, line: &str) -> io::Result<Child> {
    let event: Value = serde_json::from_str(line)?;
    let mut command = Command::new(program);
    for (variable, name) in VARIABLES {
        match &event[name] {
            Value::Null => command.env_remove(variable),
            Value::String(text) => command.env(variable, text),
            other => command.env(variable, other.to_string()),
        };
    }
    // What it starts is ended with it.
    let mut child = command.stdin(Stdio::piped()).process_group(0).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A line fits into the pipe; a program that does not read it is none of our business.
        let _ = writeln!(input, "{line}");
    }
    Ok(child)
}

/// Lets go of programs that are through; ends those that take longer than `longest`, and says how many.
fn reap(running: &mut Vec<(Child, Instant)>, longest: Duration) -> u64 {
    let mut ended = 0;
    running.retain_mut(|(child, since)| {
        let runs = matches!(child.try_wait(), Ok(None));
        if runs && since.elapsed() >= longest {
            // It may just have ended by itself.
            let _ = end_group(child);
            let _ = child.wait();
            ended += 1;
            return false;
        }
        runs
    });
    ended
}
