//! The netinspect program: reads the command line, runs the command, turns what failed into an exit code.

use std::process::ExitCode;

use netinspect::error::exit;
use netinspect::{cli, commands};

fn main() -> ExitCode {
    match cli::parse().and_then(commands::run) {
        Ok(code) => ExitCode::from(code),
        Err(error) if error.is_closed_pipe() => ExitCode::from(exit::DONE),
        Err(error) => {
            commands::report(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
