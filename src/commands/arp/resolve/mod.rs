//! `netinspect arp resolve`: the MAC address that frames for an address go to.

mod explain;
mod outcome;
mod report;
mod want;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::learn::{Lesson, Memory};
use super::place::{Place, named};
use super::text::{named_mac, no_room};
use super::wire::{Interrupt, LinkWire, give_up};
use crate::analysis::neighbors::How;
use crate::arp::{Ask, Ended, Event, Plan, Targets, drive};
use crate::commands::rights::Rights;
use crate::commands::{code_of, report as tell_error, tell};
use crate::error::{Error, Result, exit};
use crate::net::{self, Link};
use outcome::Outcome;
use report::Report;
use want::{Fate, Want};

pub struct Options {
    /// Addresses or host names.
    pub targets: Vec<String>,
    pub interface: Option<String>,
    /// Ask so many times, a second apart, whatever is answered.
    pub count: Option<u32>,
    pub timeout: Duration,
    pub explain: bool,
    pub form: Form,
    /// The neighbor table to fill, if any.
    pub table: Option<PathBuf>,
    pub rights: Rights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Json,
    Csv,
}

/// Exit code 1 where somebody does not answer.
pub fn run(options: Options) -> Result<u8> {
    let links = net::interfaces();
    let on = options.interface.as_deref();
    let on = on.map(|name| named(&links, name)).transpose()?;
    let mut errors = Vec::new();
    let mut wants = Vec::new();
    for text in &options.targets {
        let found = match want::means_gateway(text) {
            true => want::gateways(&links, text, on.as_ref()),
            false => want::want(&links, text, on.as_ref()).map(|want| vec![want]),
        };
        match found {
            Ok(found) => wants.extend(found),
            Err(error) => {
                tell_error(&error);
                errors.push(error);
            }
        }
    }
    let interrupt = Interrupt::listen()?;
    let mut report = Report::new(&options);
    report.begin(&wants)?;
    let places = places(&wants);
    let table = options.table.as_deref().filter(|_| !places.is_empty());
    let open = |place: Place| Ok((LinkWire::open(&place, &interrupt)?, place));
    let opened = Memory::beside(table, || {
        places.into_iter().map(open).collect::<Result<Vec<_>>>()
    });
    let (groups, mut memory) = opened.inspect_err(|error| {
        if matches!(error, Error::NotPermitted { .. }) {
            wants.iter().for_each(tell_kernel_s);
        }
    })?;
    let wires = groups.iter().map(|(wire, _)| wire);
    let given_up = give_up(&options.rights, wires, memory.path())?;
    let mut outcomes = Vec::new();
    for group in groups {
        outcomes.push(ask(&options, &mut memory, &mut report, &wants, group)?);
    }
    let mut code = code_of(&errors);
    for outcome in &outcomes {
        if let Some(error) = &outcome.error {
            tell_error(error);
            code = code.max(error.exit_code());
        }
    }
    report.end(&wants, &outcomes)?;
    if !given_up.is_empty() {
        tell(given_up.trim_start());
    }
    let silent = |want: &Want| want.asks().is_some_and(|(_, ip)| !answered(&outcomes, ip));
    if code == exit::DONE && wants.iter().any(silent) {
        code = exit::NO;
    }
    Ok(code)
}

/// What is known without asking, for whom asking is not permitted.
fn tell_kernel_s(want: &Want) {
    let Some((place, address)) = want.asks() else {
        return;
    };
    let neighbors = net::neighbors().unwrap_or_default();
    let entry = neighbors
        .iter()
        .find(|entry| entry.interface == place.link.index && entry.address == address);
    if let Some((entry, mac)) = entry.and_then(|entry| Some((entry, entry.mac?))) {
        tell(&format!(
            "not asked, but the kernel's own table has {address} at {}, {}",
            named_mac(mac),
            entry.state.name()
        ));
    }
}

fn answered(outcomes: &[Outcome], address: IpAddr) -> bool {
    outcomes
        .iter()
        .any(|outcome| !outcome.ask.voices(address).is_empty())
}

/// The places to ask at, each once.
fn places(wants: &[Want]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (place, _) in wants.iter().filter_map(Want::asks) {
        if !places.iter().any(|other| same(other, place)) {
            places.push(place.clone());
        }
    }
    places
}

fn same(one: &Place, other: &Place) -> bool {
    one.link.index == other.link.index && one.asker == other.asker
}

/// Asks for everything that is asked at one place.
fn ask(
    options: &Options,
    memory: &mut Memory,
    report: &mut Report<'_>,
    wants: &[Want],
    (mut wire, place): (LinkWire<'_>, Place),
) -> Result<Outcome> {
    let here = wants.iter().filter_map(Want::asks);
    let addresses = here.filter(|(other, _)| same(other, &place));
    // As many as a command line holds.
    let targets = Targets::of(addresses.map(|(_, address)| address)).unwrap_or_default();
    let plan = match options.count {
        Some(count) => Plan::count(count, options.timeout),
        None => Plan::resolve(options.timeout),
    };
    let before = targets
        .iter()
        .filter_map(|address| memory.last_known(&place.link, address))
        .collect();
    wire.begin()?;
    let mut ask = Ask::new(place.asker, targets, plan, wire.hints());
    let mut lesson = Lesson::new(&place, How::Reply);
    let mut findings = Vec::new();
    let mut round_trips = Vec::new();
    let ended = drive(&mut wire, &mut ask, |ask| {
        for event in ask.events() {
            match event {
                Event::Answer(address, voice)
                | Event::Another(address, voice)
                | Event::Again(address, voice) => {
                    lesson.note(address, voice.mac, voice.at);
                    round_trips.push((address, voice.rtt));
                    report.event(&place, wants, &event)?;
                }
                Event::Found(address, finding) => findings.push((address, finding)),
            }
        }
        Ok(())
    });
    let dropped = wire.dropped();
    let (is_stopped, error) = match ended.and_then(|ended| wire.check().map(|()| ended)) {
        Ok(ended) => (ended == Ended::Stopped, None),
        // The reader of the results is gone: nothing more to do.
        Err(error) if error.is_closed_pipe() => return Err(error),
        Err(error) => (false, Some(error)),
    };
    memory.keep(lesson);
    if dropped > 0 {
        tell(&no_room(dropped));
    }
    Ok(Outcome {
        place,
        before,
        ask,
        findings,
        round_trips,
        is_stopped,
        error,
    })
}

/// The interface that has `address`.
fn owner(links: &[Link], address: IpAddr) -> Option<&Link> {
    let has = |link: &&Link| link.addresses.iter().any(|(own, _)| *own == address);
    links.iter().find(has)
}

impl Want {
    /// Where and for which address somebody is asked; none where the answer needs no asking.
    fn asks(&self) -> Option<(&Place, IpAddr)> {
        match &self.fate {
            Fate::Ask { place, address, .. } => Some((place, *address)),
            _ => None,
        }
    }
}

/// What keeps a name from being an address.
fn unknown_name(text: &str, cause: &str) -> Error {
    Error::Unreachable(format!(
        "'{text}' is no IP address, and no host of that name was found: {cause}"
    ))
}
