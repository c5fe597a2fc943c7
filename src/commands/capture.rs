//! `netinspect capture`: the frames that cross this machine's interfaces, as they cross.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use super::display::Display;
use super::rights::Rights;
use super::{code_of, report, summary, tell};
use crate::error::{Error, Result};
use crate::filter::CaptureFilter;
use crate::net;
use crate::pipeline;
use crate::privilege;
use crate::source::live::{Live, Settings};

pub struct Options {
    pub interfaces: Vec<String>,
    pub settings: Settings,
    pub display: Display,
    pub rights: Rights,
}

/// Frames of every interface at once.
const ANY: &str = "any";

pub fn run(options: Options) -> Result<u8> {
    let Options {
        interfaces,
        settings,
        display,
        rights,
    } = options;
    let mut live = open(&interfaces, &settings)?;
    if !display.writes_to_stdout() {
        live.ignore_output();
    }
    let announce = display.summary;
    let mut plan = display.plan(None, 1)?;
    // Sockets and files are open, and no frame was looked at yet.
    let given_up = rights.drop(live.paths_read(), plan.save.as_mut())?;
    if announce {
        tell(&announcement(&live, &settings));
    }
    let outcome = pipeline::run(&mut live, plan);
    outcome.errors.iter().for_each(report);
    tell(&format!(
        "{}{}{given_up}",
        summary::frames(&outcome, "captured"),
        summary::drops(&live.counts())
    ));
    Ok(code_of(&outcome.errors))
}

/// Opens the interfaces; a signal ends the capture.
pub(super) fn open(interfaces: &[String], settings: &Settings) -> Result<Live> {
    check_names(interfaces)?;
    let (wake, stop) = listen_for_signals()?;
    Live::open(interfaces, settings, wake, stop).map_err(explain)
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

/// A flag that is set, and a stream that becomes readable, when the user wants to end.
fn listen_for_signals() -> Result<(OwnedFd, Arc<AtomicBool>)> {
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
        Ok(read)
    };
    let wake = register().map_err(|cause| Error::System {
        doing: "listen for signals",
        cause,
    })?;
    Ok((wake.into(), stop))
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
