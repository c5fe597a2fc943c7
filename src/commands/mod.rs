//! What each command does. Each reads as a table of contents; the work is in the modules it names.

pub mod alerts;
pub mod arp;
mod attend;
pub mod capture;
pub mod check;
pub mod connections;
pub mod diff;
pub mod display;
pub mod fields;
pub mod input;
pub mod interfaces;
mod learn;
mod live;
pub mod neighbors;
mod picture;
mod programs;
mod progress;
pub mod replay;
pub mod rights;
mod signals;
mod silence;
pub mod stats;
pub mod subnet;
mod summary;
pub mod vendor;
pub mod watch;

use std::io::{self, Write};

use crate::error::{Error, Result, exit};
use crate::text::escape::harmless;

/// A command with its options checked, ready to run.
pub enum Command {
    Capture(capture::Options),
    Replay(replay::Options),
    Alerts(alerts::Options),
    Check(check::Options),
    Connections(connections::Options),
    Diff(diff::Options),
    Arp(arp::Options),
    Interfaces(interfaces::Options),
    Vendor(vendor::Options),
    Watch(watch::Options),
    /// What `arp watch --exec` starts to run its program.
    RunEvents(std::ffi::OsString, watch::Pace),
    Subnet(subnet::Options),
    Neighbors(neighbors::Options),
    Fields(fields::Options),
    Stats(stats::Options),
    /// Text that was asked for and is ready: completions, the manual page.
    Print(Vec<u8>),
}

/// Runs a command; returns the exit code.
///
/// # Errors
/// What kept it from doing its work at all. What went wrong on the way was told, and is in the exit code.
pub fn run(command: Command) -> Result<u8> {
    signals::outlive_limits()?;
    match command {
        Command::Capture(options) => capture::run(options),
        Command::Replay(options) => replay::run(options),
        Command::Alerts(options) => alerts::run(options),
        Command::Check(options) => check::run(options),
        Command::Connections(options) => connections::run(options),
        Command::Diff(options) => diff::run(options),
        Command::Arp(options) => arp::run(options),
        Command::Interfaces(options) => interfaces::run(options),
        Command::Vendor(options) => vendor::run(options),
        Command::Watch(options) => watch::run(options),
        Command::RunEvents(program, pace) => watch::run_events(&program, pace),
        Command::Subnet(options) => subnet::run(options),
        Command::Neighbors(options) => neighbors::run(options),
        Command::Fields(options) => fields::run(options),
        Command::Stats(options) => stats::run(options),
        Command::Print(text) => print(&text).map(|()| exit::DONE),
    }
}

/// Tells of an error on standard error.
pub fn report(error: &Error) {
    tell(&error.to_string());
}

/// A line on standard error; names out of files and off the wire may be in it.
fn tell(message: &str) {
    let lines: Vec<_> = message.lines().map(harmless).collect();
    let whole = format!("netinspect: {}\n", lines.join("\n"));
    // In one piece, since others may write there too. With standard error gone there is nobody to tell.
    let _ = io::stderr().write_all(whole.as_bytes());
}

/// Results that are not frames.
fn print(text: &[u8]) -> Result<()> {
    let mut output = io::stdout();
    let written = output.write_all(text).and_then(|()| output.flush());
    written.map_err(Error::Output)
}

/// The exit code for errors met on the way: the first one's, since later ones often follow from it.
fn code_of(errors: &[Error]) -> u8 {
    errors.first().map_or(exit::DONE, Error::exit_code)
}
