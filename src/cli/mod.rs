//! The command line's grammar. Each command's options are checked here, and become a plan that can run.

mod alerts;
mod arp;
mod capture;
mod check;
mod connections;
mod diff;
mod display;
mod fields;
mod input;
mod interfaces;
mod live;
mod neighbors;
mod replay;
mod rights;
mod save;
mod schema;
mod stats;
mod subnet;
mod table;
mod units;
mod vendor;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::Command;
use crate::error::Result;

/// A packet inspector that says what it sees in plain words.
///
/// Captures frames from the network card, or replays them from a file, and decodes them: who talks to whom,
/// which vendor made the card, what a packet asks and what it is answered.
#[derive(Parser)]
#[command(
    name = "netinspect",
    version,
    long_version = long_version(),
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = EXAMPLES
)]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

const EXAMPLES: &str = "\
Examples:
  sudo netinspect capture eth0                  watch what crosses eth0
  sudo netinspect capture eth0 -f 'port 53'     only DNS
  netinspect replay trace.pcap                  the same from a file, without root
  netinspect replay trace.pcap -e ip.src -e tcp.dstport
  netinspect interfaces                         what there is to capture on

Exit codes: 0 done, 1 the answer is no, 2 wrong command line, 3 not permitted, 4 damaged input, 5 failed.";

#[derive(Subcommand)]
enum Subcommands {
    Capture(capture::Arguments),
    Replay(replay::Arguments),
    Alerts(alerts::Arguments),
    Check(check::Arguments),
    Connections(connections::Arguments),
    Diff(diff::Arguments),
    Stats(stats::Arguments),
    Interfaces(interfaces::Arguments),
    Arp(arp::Arguments),
    Vendor(vendor::Arguments),
    Subnet(subnet::Arguments),
    Neighbors(Box<neighbors::Arguments>),
    Fields(fields::Arguments),
    Schema(schema::Arguments),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in troff
    Man,
}

/// The program's version, and how old what it knows about vendors is.
fn long_version() -> String {
    format!(
        "{}\nvendor prefixes of {}",
        env!("CARGO_PKG_VERSION"),
        crate::vendor::data_date()
    )
}

/// Reads this process's command line. Help and wrong usage are printed here, and end the process.
///
/// # Errors
/// Where options are each right but make no sense together, or name what does not exist.
pub fn parse() -> Result<Command> {
    match Arguments::parse().command {
        Subcommands::Capture(arguments) => arguments.plan().map(Command::Capture),
        Subcommands::Replay(arguments) => arguments.plan().map(Command::Replay),
        Subcommands::Alerts(arguments) => arguments.plan(),
        Subcommands::Check(arguments) => arguments.plan().map(Command::Check),
        Subcommands::Connections(arguments) => arguments.plan().map(Command::Connections),
        Subcommands::Diff(arguments) => arguments.plan().map(Command::Diff),
        Subcommands::Stats(arguments) => arguments.plan().map(Command::Stats),
        Subcommands::Interfaces(arguments) => Ok(Command::Interfaces(arguments.plan())),
        Subcommands::Vendor(arguments) => arguments.plan().map(Command::Vendor),
        Subcommands::Arp(arguments) => arguments.plan(),
        Subcommands::Subnet(arguments) => arguments.plan().map(Command::Subnet),
        Subcommands::Neighbors(arguments) => arguments.plan().map(Command::Neighbors),
        Subcommands::Fields(arguments) => Ok(Command::Fields(arguments.plan())),
        Subcommands::Schema(arguments) => Ok(arguments.plan()),
        Subcommands::Completions { shell } => Ok(Command::Print(completions(shell))),
        Subcommands::Man => Ok(Command::Print(manual())),
    }
}

fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "netinspect", &mut out);
    out
}

/// One page for the program, then one for each command.
fn manual() -> Vec<u8> {
    let mut out = Vec::new();
    let mut program = Arguments::command();
    program.build();
    pages(&mut out, &program);
    out
}

/// A command's page, then those of its own commands.
fn pages(out: &mut Vec<u8>, command: &clap::Command) {
    // Writing to memory can't fail.
    let _ = clap_mangen::Man::new(command.clone()).render(out);
    let inner = command.get_subcommands();
    inner
        .filter(|inner| inner.get_name() != "help")
        .for_each(|inner| pages(out, inner));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Arguments::command().debug_assert();
    }
}
