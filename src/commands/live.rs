//! What every command that watches interfaces does around its frames: opens them, gives up rights, says what happens
//! meanwhile, ends when told to, and says how it went.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::attend::Attendant;
use super::input::Beside;
use super::progress::StatusLine;
use super::rights::Rights;
use super::signals::{self, Ending};
use super::silence::Silence;
use super::{report, summary, tell};
use crate::error::{Error, Result};
use crate::filter::CaptureFilter;
use crate::frame::LinkType;
use crate::net::{self, LinkWatch, State};
use crate::pipeline::{self, Hurry, Outcome, Plan, Printing};
use crate::privilege;
use crate::source::live::{ANY, Live, Settings};
use crate::source::read_ahead;

/// Bytes of frames that wait at most while what came before them is shown or written.
const MOST_WAITING: usize = 128 << 20;

/// Interfaces that are open, and signals that are listened to.
pub(super) struct Session {
    interfaces: Vec<String>,
    settings: Settings,
    live: Live,
    ending: Ending,
    hurry: Hurry,
}

/// What a command tells of its capture, and how.
pub(super) struct Manner<'a> {
    /// Say what is captured, and why nothing comes.
    pub announce: bool,
    pub line: StatusLine,
    /// Tell at the end what was captured; what was lost is told in any case.
    pub summary: bool,
    /// It is over when nobody reads standard output any more.
    pub has_reader: bool,
    /// What becomes of a frame: "shown".
    pub verb: &'static str,
    /// The capture filter is the command's own, so that nobody is to be told to write another.
    pub own_filter: bool,
    /// Set where somebody asks for the next file of a row.
    pub next_file: Option<&'a Arc<AtomicBool>>,
    pub rights: &'a Rights,
}

impl Session {
    pub(super) fn open(
        interfaces: Vec<String>,
        settings: Settings,
        ending: Ending,
    ) -> Result<Self> {
        check_names(&interfaces)?;
        let live = Live::open(
            &interfaces,
            &settings,
            ending.copy_of_wake()?,
            ending.stop.clone(),
        );
        Ok(Self {
            live: live.map_err(explain)?,
            hurry: Hurry::new(ending.told.clone()),
            interfaces,
            settings,
            ending,
        })
    }

    pub(super) fn links(&self) -> impl Iterator<Item = LinkType> {
        self.live.describe().map(|(_, link)| link)
    }

    /// True once the user wants to end.
    pub(super) fn told(&self) -> Arc<AtomicBool> {
        self.ending.told.clone()
    }

    /// How to print so that nothing waits for whoever reads.
    pub(super) fn printing(&self) -> Printing {
        Printing::GoesOn(self.hurry.clone())
    }

    /// Runs the plan, whose files are open, until the end; then errors and the summary were told. The work is given to
    /// `beside` once rights are given up.
    pub(super) fn run(
        self,
        plan: Plan<'_>,
        manner: Manner<'_>,
        beside: Beside<'_>,
    ) -> Result<Outcome> {
        let Self {
            interfaces,
            mut settings,
            mut live,
            ending,
            hurry,
        } = self;
        ending.hear_hangup(manner.next_file)?;
        if !manner.has_reader {
            live.ignore_output();
        }
        let announcement = manner.announce.then(|| announcement(&live, &settings));
        if manner.own_filter {
            settings.filter = None;
        }
        let attendant = Attendant {
            gauge: live.gauge(),
            meter: Arc::clone(&plan.meter),
            links: LinkWatch::new(&interfaces).ok(),
            asking: signals::asking()?,
            ending: ending.wake,
            again: ending.again,
            hurry,
            line: manner.line,
            verb: manner.verb,
            silence: match manner.announce {
                true => Silence::new(&interfaces, &settings, plan.display_filter.is_some()),
                false => None,
            },
        };
        // Sockets and files are open, and no frame was looked at yet.
        let peeks = attendant.silence.iter().flat_map(Silence::sockets);
        let receivers = live.sockets().chain(peeks).collect();
        let given_up = manner
            .rights
            .drop(live.paths_read(), receivers, plan.save.as_ref())?;
        if let Some(announcement) = announcement {
            tell(&announcement);
        }
        let (stop, poke) = (ending.stop, ending.poke);
        let end = || {
            stop.store(true, Ordering::Relaxed);
            // Only to wake it: where there is no room it is awake.
            let _ = (&poke).write(&[0]);
        };
        // Nobody knows beforehand whether there will be something to mind.
        let plan = Plan {
            doubts: true,
            ..plan
        };
        let (mut plan, mut outcome) = (Some(plan), Outcome::default());
        attendant.during(|| {
            beside(&mut || {
                if let Some(plan) = plan.take() {
                    outcome = read_ahead(&mut live, MOST_WAITING, end, |live| {
                        pipeline::run(live, plan)
                    });
                }
            });
        });
        outcome.errors.iter().for_each(report);
        let counts = live.counts();
        if manner.summary || summary::is_incomplete(&outcome, &counts) {
            tell(&summary::whole(&outcome, "captured", &counts, &given_up));
        }
        Ok(outcome)
    }
}

/// How many workers deal with frames where `asked` does not say: formatting is more than one core can do at the rates that
/// a card can bring, and those that have nothing to do wait.
pub(super) fn workers(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| {
        std::thread::available_parallelism()
            .map_or(1, usize::from)
            .min(4)
    })
}

/// Waits until every interface is there and switched on; returns false where the user ended that.
pub(super) fn wait_for(interfaces: &[String], stop: &AtomicBool) -> Result<bool> {
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
fn announcement(live: &Live, settings: &Settings) -> String {
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
