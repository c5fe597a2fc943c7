//! Runs a program for each event: the other end of [`super::exec`].

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

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

/// Reads events from standard input until it ends, then waits for the programs.
pub fn run(program: &OsString) -> Result<u8> {
    let mut running: Vec<(Child, Instant)> = Vec::new();
    let mut failed = false;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|cause| Error::System {
            doing: "read events",
            cause,
        })?;
        wait(&mut running, AT_ONCE - 1);
        match start(program, &line) {
            Ok(child) => running.push((child, Instant::now())),
            // Told once: it would be the same for each event.
            Err(cause) if !failed => {
                failed = true;
                tell(&format!("cannot run {}: {cause}", program.display()));
            }
            Err(_) => {}
        }
    }
    wait(&mut running, 0);
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
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A line fits into the pipe; a program that does not read it is none of our business.
        let _ = writeln!(input, "{line}");
    }
    Ok(child)
}

/// Waits until at most `rest` programs run; ends those that take too long.
fn wait(running: &mut Vec<(Child, Instant)>, rest: usize) {
    loop {
        running.retain_mut(|(child, since)| {
            let runs = matches!(child.try_wait(), Ok(None));
            if runs && since.elapsed() > LONGEST {
                // It may just have ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
            runs
        });
        if running.len() <= rest {
            return;
        }
        sleep(PAUSE);
    }
}
