//! `netinspect arp watch`: what happens to addresses on a link, told and kept.

mod exec;
mod expect;
mod guard;
mod line;
mod runner;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::input::{Input, Origin, observe};
use super::learn;
use super::rights::Rights;
use super::{code_of, tell};
use crate::address::Subnet;
use crate::analysis::neighbors::{How, Level, Link, Sighting, Watch};
use crate::error::{Error, Result, exit};
use crate::net::{self, State};
use crate::source::live::Settings;
use crate::store::{Query, Recorder, Store};
use exec::Executor;
use guard::Guard;

pub use exec::Pace;
pub use runner::run as run_events;

pub struct Options {
    /// Empty for all that are up.
    pub interfaces: Vec<String>,
    /// Capture files to read instead; empty for live.
    pub files: Vec<PathBuf>,
    pub expect: Option<PathBuf>,
    /// Subnets on the link besides those of the interfaces.
    pub subnets: Vec<Subnet>,
    /// Exit code 1 where there was a warning.
    pub fail: bool,
    pub exec: Option<OsString>,
    pub form: Form,
    /// Events below are kept, and counted, but not told.
    pub least: Level,
    /// The neighbor table; none to keep nothing.
    pub table: Option<PathBuf>,
    pub promiscuous: bool,
    pub rights: Rights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Line,
    Json,
}

/// ARP and neighbor discovery, tagged or not. `vlan` comes last: it moves what stands behind it.
const FILTER: &str = "arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 136) \
    or (vlan and (arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 136) or vlan))";
/// Bindings taken up from the table, those seen last.
const RESUMED: u64 = 60_000;
/// Enough of a frame for all of ARP and most of neighbor discovery.
const SNAPLEN: u32 = 2048;

pub fn run(options: Options) -> Result<u8> {
    let is_live = options.files.is_empty();
    let interfaces = match is_live {
        true => chosen(options.interfaces)?,
        false => Vec::new(),
    };
    let mut watch = Watch::new(Link {
        subnets: subnets(&interfaces, &options.subnets),
        expected: options.expect.as_deref().map(expect::read).transpose()?,
    });
    let recorder = match &options.table {
        Some(path) => Some(resume(path, &mut watch, !is_live)?),
        None => None,
    };
    let mut guard = Guard::new(watch, recorder, options.form, options.least);
    // The program keeps the rights that it needs; it is told events, never frames.
    let start = |program| Executor::start(program, Pace::of(!is_live));
    guard.executor = options.exec.as_deref().map(start).transpose()?;
    let origin = match is_live {
        true => Origin::Live {
            interfaces,
            settings: Settings {
                snaplen: SNAPLEN,
                promiscuous: options.promiscuous,
                buffer_size: 4 << 20,
                direction: None,
                immediate: false,
                duration: None,
                filter: Some(FILTER.to_owned()),
            },
            own_filter: true,
        },
        false => Origin::Files {
            files: options.files,
            filter: None,
        },
    };
    let input = Input {
        origin,
        display_filter: None,
        count: None,
        duration: None,
        threads: None,
        tells: true,
        summary: true,
        rights: Rights {
            table: options.table.clone(),
            ..options.rights
        },
    };
    let outcome = observe(input, vec![&mut guard])?;
    let mut errors = outcome.errors;
    tell(&guard.summary());
    let warnings = guard.warnings();
    errors.extend(guard.finish(options.table.as_deref()));
    Ok(match code_of(&errors) {
        exit::DONE if options.fail && warnings > 0 => exit::NO,
        code => code,
    })
}

/// The interfaces to watch: those asked for, or all that are up and on a link with MAC addresses.
fn chosen(asked: Vec<String>) -> Result<Vec<String>> {
    if !asked.is_empty() {
        return Ok(asked);
    }
    let links = net::interfaces().into_iter();
    let up: Vec<_> = links
        .filter(|link| link.mac.is_some() && link.state == State::Up)
        .map(|link| link.name)
        .collect();
    match up.is_empty() {
        true => Err(Error::Usage(
            "no interface is up that has a MAC address; name one ('netinspect interfaces' lists them)".to_owned(),
        )),
        false => Ok(up),
    }
}

/// What is on the links: the interfaces' own subnets, and what the user says.
fn subnets(interfaces: &[String], said: &[Subnet]) -> Vec<(Option<std::sync::Arc<str>>, Subnet)> {
    let links = net::interfaces().into_iter();
    let own = links
        .filter(|link| interfaces.contains(&link.name))
        .flat_map(|link| {
            let name: std::sync::Arc<str> = link.name.as_str().into();
            let subnets = link.addresses.into_iter();
            subnets.filter_map(move |(ip, prefix)| {
                Some((Some(name.clone()), Subnet::new(ip, prefix)?))
            })
        });
    own.chain(said.iter().map(|subnet| (None, *subnet)))
        .collect()
}

/// Takes up what an earlier run knew, oldest first, and goes on writing there.
fn resume(path: &Path, watch: &mut Watch, waits: bool) -> Result<Recorder> {
    let store = Store::open(path)?;
    let query = Query {
        limit: RESUMED,
        newest_first: true,
        ..Query::default()
    };
    for binding in store.list(&query)?.into_iter().rev() {
        watch.resume(&Sighting {
            address: binding.address,
            mac: binding.mac,
            interface: binding.interface.into(),
            vlan: binding.vlan,
            how: How::Passive,
            time: binding.last_seen,
        });
    }
    Ok(Recorder::new(store, waits, super::report))
}

/// What was learned, and what kept it from being written.
fn recorded(recorder: Recorder, path: &Path) -> Option<Error> {
    let recorded = recorder.finish();
    tell(&learn::summary(&recorded, path));
    recorded.error
}
