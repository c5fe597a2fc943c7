//! `netinspect capture`: the frames that cross this machine's interfaces, as they cross.

use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

use super::display::Display;
use super::{code_of, report, summary, tell};
use crate::error::{Error, Result};
use crate::filter::CaptureFilter;
use crate::net;
use crate::output::Form;
use crate::pipeline::{self, Printing};
use crate::privilege;
use crate::save;
use crate::source::live::{self, ANY, Live, Settings};
use crate::source::read_ahead;

/// Bytes of frames that wait at most while what came before them is shown or written.
const MOST_WAITING: usize = 128 << 20;

pub struct Options {
    pub interfaces: Vec<String>,
    pub settings: Settings,
    pub display: Display,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        interfaces,
        mut settings,
        mut display,
    } = options;
    settings.duration = display.duration.take();
    check_names(&interfaces)?;
    let (wake, poke, stop) = listen_for_signals()?;
    let mut live = Live::open(&interfaces, &settings, wake, stop.clone()).map_err(explain)?;
    if let Some(save) = &display.save {
        save.check_links(live.describe().map(|(_, link)| link))?;
    }
    if !writes_to_stdout(&display) {
        live.ignore_output();
    }
    let (quiet, summary) = (!display.summary, summary::frames);
    let plan = display.plan(None, Some(live::now()), Printing::GoesOn(stop.clone()))?;
    if !quiet {
        tell(&announcement(&live, &settings));
    }
    let end = || {
        stop.store(true, Ordering::Relaxed);
        // Only to wake it: where there is no room it is awake.
        let _ = (&poke).write(&[0]);
    };
    let outcome = read_ahead(&mut live, MOST_WAITING, end, |live| {
        pipeline::run(live, plan)
    });
    outcome.errors.iter().for_each(report);
    tell(&format!(
        "{}{}",
        summary(&outcome, "captured"),
        summary::drops(&live.counts())
    ));
    Ok(code_of(&outcome.errors))
}

/// Otherwise a closed standard output means nothing: a capture into a file goes on.
fn writes_to_stdout(display: &Display) -> bool {
    !matches!(display.form, Form::Quiet)
        || display
            .save
            .as_ref()
            .is_some_and(|save| save::is_stdout(&save.path))
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

/// A stream that becomes readable, and a flag that is set, when the user wants to end; and the stream's other end.
fn listen_for_signals() -> Result<(OwnedFd, UnixStream, Arc<AtomicBool>)> {
    let stop = Arc::new(AtomicBool::new(false));
    let register = || {
        let (read, write) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            // A second one ends us as if we did not listen: the first is not heard while a reader does not read.
            signal_hook::flag::register_conditional_default(signal, stop.clone())?;
            // In this order: whoever is woken must find the flag set.
            signal_hook::flag::register(signal, stop.clone())?;
            signal_hook::low_level::pipe::register(signal, write.try_clone()?)?;
        }
        Ok((read, write))
    };
    let (wake, poke) = register().map_err(|cause| Error::System {
        doing: "listen for signals",
        cause,
    })?;
    Ok((wake.into(), poke, stop))
}

/// libpcap's errors in terms of what the user can do about them.
fn explain(error: Error) -> Error {
    match &error {
        Error::Capture {
            interface, cause, ..
        } if cause.contains("ermission") || cause.contains("not permitted") => {
            privilege::not_permitted(interface)
        }
        _ => error,
    }
}
