//! `netinspect capture`: the frames that cross this machine's interfaces, as they cross.

use super::code_of;
use super::display::Display;
use super::learn::Learner;
use super::live::{Manner, Session, wait_for, workers};
use super::progress::StatusLine;
use super::rights::Rights;
use super::signals;
use crate::error::{Result, exit};
use crate::output::Form;
use crate::source::live::{Settings, now};

pub struct Options {
    pub interfaces: Vec<String>,
    pub settings: Settings,
    pub display: Display,
    pub rights: Rights,
    /// Wait for interfaces that are not there or not up yet.
    pub wait: bool,
    /// How many workers; none to have it chosen.
    pub threads: Option<usize>,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        interfaces,
        mut settings,
        mut display,
        mut rights,
        wait,
        threads,
    } = options;
    settings.duration = display.duration.take();
    let ending = signals::ending(true)?;
    if wait && !wait_for(&interfaces, &ending.stop)? {
        return Ok(exit::DONE);
    }
    let session = Session::open(interfaces, settings, ending)?;
    if let Some(save) = &mut display.save {
        save.enough = Some(session.told());
        save.check_links(session.links())?;
    }
    let rotation = display
        .save
        .as_ref()
        .and_then(|save| save.rotation.as_ref());
    let next_file = rotation.map(|rules| rules.asked.clone());
    let results = display.writes_to_stdout();
    let announce = display.summary;
    let line = match announce || display.progress {
        true => StatusLine::new(display.progress, results),
        false => StatusLine::Off,
    };
    let mut learner = display.learner(false)?;
    rights.table = display.learn.clone();
    let threads = match display.form {
        // Writing is in order, and next to nothing else is to be done.
        Form::Quiet => threads.unwrap_or(1),
        _ => workers(threads),
    };
    let plan = display.plan(
        None,
        Some(now()),
        session.printing(),
        threads,
        learner.as_mut(),
    )?;
    let manner = Manner {
        announce,
        line,
        summary: true,
        has_reader: results,
        verb: "shown or written",
        own_filter: false,
        next_file: next_file.as_ref(),
        rights: &rights,
    };
    let mut outcome = session.run(plan, manner, &mut |work| work())?;
    outcome.errors.extend(learner.and_then(Learner::finish));
    Ok(code_of(&outcome.errors))
}
