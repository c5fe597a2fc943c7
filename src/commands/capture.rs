//! `netinspect capture`: the frames that cross this machine's interfaces, as they cross.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::attend::Attendant;
use super::display::Display;
use super::learn::Learner;
use super::progress::StatusLine;
use super::rights::Rights;
use super::signals::{self, Ending};
use super::silence::Silence;
use super::{code_of, report, summary, tell};
use crate::error::{Error, Result, exit};
use crate::filter::CaptureFilter;
use crate::net::{self, LinkWatch, State};
use crate::pipeline::{self, Printing};
use crate::privilege;
use crate::source::live::{self, ANY, Live, Settings};

pub struct Options {
    pub interfaces: Vec<String>,
    pub settings: Settings,
    pub display: Display,
    pub rights: Rights,
    /// Wait for interfaces that are not there or not up yet.
    pub wait: bool,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        interfaces,
        mut settings,
        mut display,
        mut rights,
        wait,
    } = options;
    settings.duration = display.duration.take();
    let ending = signals::ending(true)?;
    if wait && !wait_for(&interfaces, &ending.stop)? {
        return Ok(exit::DONE);
    }
    let (end, stop, again) = (
        ending.copy_of_wake()?,
        Arc::clone(&ending.stop),
        Arc::clone(&ending.again),
    );
    let mut live = open_with(&interfaces, &settings, ending)?;
    if let Some(save) = &display.save {
        save.check_links(live.describe().map(|(_, link)| link))?;
    }
    let rotation = display
        .save
        .as_ref()
        .and_then(|save| save.rotation.as_ref());
    signals::hangup(rotation.map(|rules| &rules.asked), &stop)?;
    let results = display.writes_to_stdout();
    if !results {
        live.ignore_output();
    }
    let announce = display.summary;
    let line = match announce || display.progress {
        true => StatusLine::new(display.progress, results),
        false => StatusLine::Off,
    };
    let printing = Printing::GoesOn(stop);
    let mut learner = display.learner(false)?;
    rights.table = display.learn.clone();
    let plan = display.plan(None, Some(live::now()), printing, 1, learner.as_mut())?;
    let attendant = Attendant {
        gauge: live.gauge(),
        meter: Arc::clone(&plan.meter),
        links: LinkWatch::new(&interfaces).ok(),
        asking: signals::asking()?,
        ending: end,
        again,
        line,
        silence: match announce {
            true => Silence::new(&interfaces, &settings, plan.display_filter.is_some()),
            false => None,
        },
    };
    // Sockets and files are open, and no frame was looked at yet.
    let given_up = rights.drop(live.paths_read(), plan.save.as_ref())?;
    if announce {
        tell(&announcement(&live, &settings));
    }
    let mut outcome = attendant.during(|| pipeline::run(&mut live, plan));
    outcome.errors.iter().for_each(report);
    tell(&summary::whole(
        &outcome,
        "captured",
        &live.counts(),
        &given_up,
    ));
    outcome.errors.extend(learner.and_then(Learner::finish));
    Ok(code_of(&outcome.errors))
}

/// Opens the interfaces; a signal ends the capture.
pub(super) fn open(interfaces: &[String], settings: &Settings) -> Result<Live> {
    open_with(interfaces, settings, signals::ending(false)?)
}

fn open_with(interfaces: &[String], settings: &Settings, ending: Ending) -> Result<Live> {
    check_names(interfaces)?;
    Live::open(interfaces, settings, ending.wake, ending.stop).map_err(explain)
}

/// Waits until every interface is there and switched on; returns false where the user ended that.
fn wait_for(interfaces: &[String], stop: &AtomicBool) -> Result<bool> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut told = false;
    while !stop.load(Ordering::Relaxed) {
        let links = net::interfaces();
        let is_up = |name: &&String| {
            let found = links.iter().find(|link| link.name == **name);
            **name == ANY || found.is_some_and(|link| link.state != State::Down)
        };
        let missing: Vec<_> = interfaces.iter().filter(|name| !is_up(name)).collect();
        if missing.is_empty() {
            return Ok(true);
        }
        if !told {
            told = true;
            let names: Vec<_> = missing.into_iter().map(String::as_str).collect();
            tell(&format!(
                "waiting for {} to be there and up; Ctrl-C ends",
                names.join(", ")
            ));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(false)
}

/// Says what is captured, so that a wrong interface is noticed at once.
pub(super) fn announcement(live: &Live, settings: &Settings) -> String {
    let cards: Vec<_> = live
        .describe()
        .map(|(name, link)| format!("{name} ({link})"))
        .collect();
    let filter = match &settings.filter {
        Some(filter) => format!(", filter '{filter}'"),
        None => String::new(),
    };
    format!("capturing on {}{filter}; Ctrl-C ends", cards.join(", "))
}

/// Interfaces can be listed without privileges, so that a wrong name is told apart from a missing right.
fn check_names(names: &[String]) -> Result<()> {
    let known: Vec<String> = net::interfaces()
        .into_iter()
        .map(|link| link.name)
        .collect();
    let exists = |name: &String| *name == ANY || known.contains(name);
    let twice = |at: usize| names[..at].contains(&names[at]);
    if let Some(at) = (0..names.len()).find(|at| twice(*at)) {
        return Err(Error::Usage(format!(
            "{} is named twice; once is enough",
            names[at]
        )));
    }
    let Some(wrong) = names.iter().position(|name| !exists(name)) else {
        return Ok(());
    };
    let rest = names[wrong..].join(" ");
    // One word that names nothing is a mistyped interface, not a filter, whatever it could mean as one.
    let is_filter = names.len() > 1 && CaptureFilter::new(&rest).is_ok();
    if is_filter {
        let interfaces = match wrong {
            0 => "INTERFACE".to_owned(),
            _ => names[..wrong].join(" "),
        };
        return Err(Error::Usage(format!(
            "'{rest}' looks like a capture filter; write it with -f:\n    netinspect capture {interfaces} -f '{rest}'"
        )));
    }
    Err(Error::NoInterface {
        name: names[wrong].clone(),
        known: format!("there are: {}, {ANY} (all at once)", known.join(", ")),
    })
}

/// libpcap's errors in terms of what the user can do about them.
pub(super) fn explain(error: Error) -> Error {
    match &error {
        Error::Capture {
            interface, cause, ..
        } if cause.contains("ermission") || cause.contains("not permitted") => {
            privilege::not_permitted(interface)
        }
        _ => error,
    }
}
