//! `netinspect arp`: asking the link. Each subcommand chooses where to ask, opens the wire, lets one of the machines of
//! [`crate::arp`] run over it, and tells what came of it.

pub mod announce;
mod learn;
mod notes;
pub(super) mod place;
pub(super) mod poll;
pub mod probe;
pub mod resolve;
pub mod scan;
pub mod targets;
mod text;
pub(super) mod wire;

use crate::error::Result;

/// A subcommand with its options checked.
pub enum Options {
    Resolve(resolve::Options),
    Scan(scan::Options),
    Probe(probe::Options),
    Announce(announce::Options),
}

pub fn run(options: Options) -> Result<u8> {
    match options {
        Options::Resolve(options) => resolve::run(options),
        Options::Scan(options) => scan::run(options),
        Options::Probe(options) => probe::run(options),
        Options::Announce(options) => announce::run(options),
    }
}
