//! `netinspect arp scan`: who is on this network?

mod job;
mod progress;
mod row;
mod show;
mod total;

use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;
use std::time::Instant;

use super::learn::{Lesson, Memory};
use super::place::Place;
use super::targets::Target;
use super::text;
use super::wire::{Interrupt, LinkWire, give_up};
use crate::analysis::neighbors::How;
use crate::arp::{AllNodes, Ask, Ended, Event, Plan, Targets, drive};
use crate::commands::rights::Rights;
use crate::commands::{report, tell};
use crate::error::{Error, Result, exit};
use job::Job;
use progress::Progress;
use show::Show;
use total::Total;

pub struct Options {
    pub targets: Vec<Target>,
    pub interface: Option<String>,
    /// Requests a second; none for what suits the link.
    pub rate: Option<u32>,
    pub passes: u32,
    pub v6: bool,
    /// None for what suits standard output.
    pub form: Option<Form>,
    pub quiet: bool,
    /// The neighbor table to fill, if any.
    pub table: Option<PathBuf>,
    pub rights: Rights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Table,
    Line,
    Json,
    Csv,
}

/// What is asked on one interface, which is open.
struct Round<'a> {
    job: Job,
    wire: LinkWire<'a>,
    plan: Plan,
}

/// Exit code 1 where nobody answers.
pub fn run(options: Options) -> Result<u8> {
    let since = Instant::now();
    let jobs = job::jobs(&options)?;
    let interrupt = Interrupt::listen()?;
    let open = |job: Job| {
        let wire = LinkWire::open(&job.place, &interrupt)?;
        let plan = Plan::scan(job.rate, options.passes);
        Ok(Round { job, wire, plan })
    };
    let (rounds, mut memory) = Memory::beside(options.table.as_deref(), || {
        jobs.into_iter().map(open).collect::<Result<Vec<_>>>()
    })?;
    let wires = rounds.iter().map(|round| &round.wire);
    let given_up = give_up(&options.rights, wires, memory.path())?;
    let mut show = Show::new(&options);
    let mut total = Total::default();
    let mut failed = None;
    for round in rounds {
        match scan(&options, &mut memory, &mut show, round, &mut total) {
            Ok(()) => {}
            Err(error) if error.is_closed_pipe() => return Err(error),
            Err(error) => failed = Some(error),
        }
        if total.is_stopped || failed.is_some() {
            break;
        }
    }
    show.end()?;
    // Where it could not begin, the reason is enough.
    if !options.quiet && (failed.is_none() || total.sent > 0) {
        tell(&(total.summary(since.elapsed()) + &given_up));
    }
    if let Some(error) = failed {
        report(&error);
        return Ok(error.exit_code());
    }
    let has_answers = total.answered > 0 || total.is_stopped;
    Ok(if has_answers { exit::DONE } else { exit::NO })
}

fn scan(
    options: &Options,
    memory: &mut Memory,
    show: &mut Show,
    Round {
        job,
        mut wire,
        plan,
    }: Round<'_>,
    total: &mut Total,
) -> Result<()> {
    for own in job.own {
        show.own(&job.place, own)?;
    }
    wire.begin()?;
    let targets = match job.all_nodes {
        None => job.targets,
        Some(sources) => {
            let known = memory.known_v6(&job.place.link);
            match all_nodes(&mut wire, &job.place, sources, known, total)? {
                Some(found) => found,
                None => return Ok(()),
            }
        }
    };
    let warning = text::before_long(&job.place.link, &plan, job.is_slowed, targets.len());
    if let Some(warning) = warning.filter(|_| !options.quiet) {
        tell(&warning);
    }
    let mut ask = Ask::new(job.place.asker, targets, plan, wire.hints());
    let mut progress = Progress::new(show.form, &ask, options.quiet, &plan);
    let mut lesson = Lesson::new(&job.place, How::Scan);
    let ended = drive(&mut wire, &mut ask, |ask| {
        for event in ask.events() {
            if let Event::Answer(address, voice) | Event::Another(address, voice) = &event {
                lesson.note(*address, voice.mac, voice.at);
            }
            show.event(&job.place, &event, &mut progress)?;
        }
        progress.update(ask);
        Ok(())
    });
    progress.end();
    memory.keep(lesson);
    show.gather(&job.place, &ask);
    total.add(&ask);
    total.dropped += wire.dropped();
    total.is_stopped = ended? == Ended::Stopped;
    wire.check()
}

/// IPv6: those who answer to all, are heard, or are known; none where the user ended it.
fn all_nodes(
    wire: &mut LinkWire<'_>,
    place: &Place,
    sources: Vec<Ipv6Addr>,
    remembered: Vec<IpAddr>,
    total: &mut Total,
) -> Result<Option<Targets>> {
    let identifier = std::process::id() as u16;
    let mut machine = AllNodes::new(place.asker.mac, sources, identifier);
    let ended = drive(wire, &mut machine, |_| Ok(()))?;
    total.sent += u64::from(machine.sent());
    total.is_stopped = ended == Ended::Stopped;
    let known = wire.hints().into_iter().map(|(address, _)| address);
    let own = |address: &IpAddr| place.link.addresses.iter().any(|(own, _)| own == address);
    let found = machine
        .found()
        .chain(known)
        .chain(remembered)
        .filter(|address| address.is_ipv6() && !address.is_multicast() && !own(address));
    let found = Targets::of(found).unwrap_or_default();
    Ok((!total.is_stopped).then_some(found))
}

/// More than can be asked.
fn too_many() -> Error {
    Error::Usage(format!(
        "these are more than {} addresses, more than any link has; name a smaller subnet or range",
        crate::arp::MOST_TARGETS
    ))
}
