//! What each command does. Each reads as a table of contents; the work is in the modules it names.

pub mod capture;
pub mod connections;
pub mod fields;
pub mod input;
pub mod interfaces;
mod programs;
pub mod replay;
mod summary;
pub mod vendor;

use std::io::{self, Write};

use crate::error::{Error, Result, exit};
use crate::text::escape::escaped;

/// A command with its options checked, ready to run.
pub enum Command {
    Capture(capture::Options),
    Replay(replay::Options),
    Connections(connections::Options),
    Interfaces(interfaces::Options),
    Vendor(vendor::Options),
    Fields(fields::Options),
    /// Text that was asked for and is ready: completions, the manual page.
    Print(Vec<u8>),
}

/// Runs a command; returns the exit code.
///
/// # Errors
/// What kept it from doing its work at all. What went wrong on the way was told, and is in the exit code.
pub fn run(command: Command) -> Result<u8> {
    match command {
        Command::Capture(options) => capture::run(options),
        Command::Replay(options) => replay::run(options),
        Command::Connections(options) => connections::run(options),
        Command::Interfaces(options) => interfaces::run(options),
        Command::Vendor(options) => vendor::run(options),
        Command::Fields(options) => fields::run(options),
        Command::Print(text) => print(&text).map(|()| exit::DONE),
    }
}

/// Tells of an error on standard error.
pub fn report(error: &Error) {
    tell(&error.to_string());
}

/// A line on standard error; names out of files and off the wire may be in it.
fn tell(message: &str) {
    let lines: Vec<_> = message.lines().map(escaped).collect();
    // With standard error gone there is nobody to tell.
    let _ = writeln!(io::stderr(), "netinspect: {}", lines.join("\n"));
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
