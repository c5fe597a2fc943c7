//! `netinspect arp scan`: who is on this network?

mod job;
mod progress;
mod row;
mod show;

use std::path::PathBuf;
use std::time::Instant;

use super::learn::Lesson;
use super::place::Place;
use super::targets::Target;
use super::text::about;
use super::wire::{Interrupt, LinkWire};
use crate::analysis::neighbors::How;
use crate::arp::{AllNodes, Ask, Ended, Event, Ignored, Plan, Targets, drive};
use crate::commands::summary::counted;
use crate::commands::{report, tell};
use crate::error::{Error, Result, exit};
use job::Job;
use progress::Progress;
use show::Show;

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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Table,
    Line,
    Json,
    Csv,
}

/// What one scan adds up to.
#[derive(Default)]
struct Total {
    asked: usize,
    answered: usize,
    sent: u64,
    ignored: Ignored,
    dropped: u64,
    is_stopped: bool,
}

/// Exit code 1 where nobody answers.
pub fn run(options: Options) -> Result<u8> {
    let jobs = job::jobs(&options)?;
    let interrupt = Interrupt::listen()?;
    let mut show = Show::new(&options);
    let mut total = Total::default();
    let since = Instant::now();
    let mut failed = None;
    for job in jobs {
        match scan(&options, &interrupt, &mut show, job, &mut total) {
            Ok(()) => {}
            Err(error) if error.is_closed_pipe() => return Err(error),
            Err(error) => failed = Some(error),
        }
        if total.is_stopped || failed.is_some() {
            break;
        }
    }
    show.end()?;
    if !options.quiet {
        tell(&summary(&total, since));
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
    interrupt: &Interrupt,
    show: &mut Show,
    job: Job,
    total: &mut Total,
) -> Result<()> {
    let mut wire = LinkWire::open(&job.place, interrupt)?;
    for own in job.own {
        show.own(&job.place, own)?;
    }
    let rate = options.rate.unwrap_or(if job.place.link.is_wireless() {
        Plan::WIRELESS
    } else {
        Plan::WIRED
    });
    let plan = Plan::scan(rate, options.passes);
    let targets = match job.all_nodes {
        None => job.targets,
        Some(sources) => match all_nodes(&mut wire, &job.place, sources, total)? {
            Some(found) => found,
            None => return Ok(()),
        },
    };
    announce(options, &job.place, &plan, targets.len());
    let mut ask = Ask::new(job.place.asker, targets, plan, job.place.hints());
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
    lesson.keep(options.table.as_deref());
    show.gather(&job.place, &ask);
    total.asked += ask.targets().len();
    total.answered += ask.targets().len() - ask.silent();
    total.sent += ask.sent();
    total.ignored = ask.ignored();
    total.dropped += wire.dropped();
    total.is_stopped = ended? == Ended::Stopped;
    wire.check()
}

/// IPv6: those who answer to all; none where the user ended it.
fn all_nodes(
    wire: &mut LinkWire<'_>,
    place: &Place,
    sources: Vec<std::net::Ipv6Addr>,
    total: &mut Total,
) -> Result<Option<Targets>> {
    let identifier = std::process::id() as u16;
    let mut machine = AllNodes::new(place.asker.mac, sources, identifier);
    let ended = drive(wire, &mut machine, |_| Ok(()))?;
    total.sent += u64::from(machine.sent());
    total.is_stopped = ended == Ended::Stopped;
    let known = place
        .hints()
        .into_iter()
        .map(|(address, _)| address)
        .filter(|address| address.is_ipv6() && !address.is_multicast());
    let found = Targets::of(machine.found().chain(known)).unwrap_or_default();
    Ok((!total.is_stopped).then_some(found))
}

/// Long scans say so before they start.
fn announce(options: &Options, place: &Place, plan: &Plan, count: usize) {
    const LONG: std::time::Duration = std::time::Duration::from_secs(10);
    let longest = plan.longest(count);
    if options.quiet || longest <= LONG {
        return;
    }
    let link = &place.link.name;
    let slow = if place.link.is_wireless() && options.rate.is_none() {
        " (slowly, since it is wireless)"
    } else {
        ""
    };
    tell(&format!(
        "asking {} on {link}, up to {} each, {} a second{slow}: this can take {}; Ctrl-C ends it and shows what was found",
        counted(count as u64, "address"),
        if plan.passes == 1 {
            "once".to_owned()
        } else {
            format!("{} times", plan.passes)
        },
        plan.rate,
        about(longest)
    ));
}

fn summary(total: &Total, since: Instant) -> String {
    let mut text = format!(
        "{} of {} answered; {} sent in {}",
        total.answered,
        counted(total.asked as u64, "address"),
        counted(total.sent, "request"),
        about(since.elapsed())
    );
    if total.is_stopped {
        text.push_str("; ended before all were asked and waited for");
    }
    let Ignored {
        unasked,
        other_vlan,
        impossible,
        crowd,
        ..
    } = total.ignored;
    for (count, why) in [
        (unasked, "about addresses not asked for"),
        (other_vlan, "from another VLAN"),
        (impossible, "with a MAC address that nobody can have"),
        (crowd, "from too many hosts for one address"),
    ] {
        if count > 0 {
            let replies = if count == 1 { "reply" } else { "replies" };
            text.push_str(&format!("\n{count} {replies} {why} not believed"));
        }
    }
    if total.dropped > 0 {
        text.push_str(&format!(
            "\nthe kernel had no room for {} of the frames that came: answers may be missing; a lower --rate helps",
            total.dropped
        ));
    }
    text
}

/// More than can be asked.
fn too_many() -> Error {
    Error::Usage(format!(
        "these are more than {} addresses, more than any link has; name a smaller subnet or range",
        crate::arp::MOST_TARGETS
    ))
}
