//! `netinspect connections`: who talked with whom, and how it went.

mod rows;

use std::cell::RefCell;
use std::path::PathBuf;

pub use rows::{Shape, Sort};

use super::input::{self, Input};
use super::picture::Picture;
use super::programs::Programs;
use super::summary::counted;
use super::{code_of, print, tell};
use crate::analysis::Observer;
use crate::analysis::connections::{Connections, Conversation, Ladder, Leaving, Protocol};
use crate::decode::{Parts, Several};
use crate::error::{Result, exit};
use crate::output::colour::Paint;
use crate::output::connections::{Nobody, Owners, Stream, ladder};
use crate::text::Buffer;
use rows::Rows;

pub struct Options {
    pub input: Input,
    pub form: Form,
    /// Where the ladder is written to as a picture, instead of the terminal.
    pub svg: Option<PathBuf>,
    /// Conversations remembered at once.
    pub most: usize,
}

#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A table at the end.
    Table(Shape),
    /// Each conversation as it ends.
    Stream(Stream),
    /// One TCP connection as a sequence diagram.
    Ladder { number: u32, paint: Paint },
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        mut input,
        form,
        svg,
        most,
    } = options;
    let summary = input.summary;
    // Before the rights to do so are given up.
    let picture = svg.map(|path| Picture::create(path, &mut input.rights));
    let picture = picture.transpose()?;
    if let Form::Stream(stream) = form {
        print(&stream.header())?;
    }
    let mut watcher = Watcher {
        connections: connections(form, most, input.is_live()),
        kept: match form {
            Form::Table(shape) => Kept::Rows(Box::new(Rows::new(shape, most))),
            Form::Stream(stream) => Kept::Nothing(stream),
            Form::Ladder { number, .. } => Kept::One(number, None),
        },
        programs: input.is_live().then(|| RefCell::new(Programs::new())),
        ladder: match form {
            Form::Ladder { number, .. } => Some(Ladder::new(number)),
            _ => None,
        },
    };
    input.tells = matches!(form, Form::Stream(_));
    let outcome = input::observe(input, vec![&mut watcher])?;
    let mut answer = exit::DONE;
    // Nothing can be said of what could not be read, such as that it has no connection.
    let is_ladder = matches!(form, Form::Ladder { .. });
    if !(outcome.has_lost_output() || is_ladder && outcome.has_read_nothing()) {
        answer = watcher.finish(form, picture.as_ref())?;
    }
    if summary {
        watcher.summarise();
    }
    // The process is about to end: giving back a hundred thousand conversations one by one would only hold it up.
    std::mem::forget(watcher);
    Ok(code_of(&outcome.errors).max(answer))
}

fn connections(form: Form, most: usize, is_live: bool) -> Connections {
    let connections = Connections::new(most).with_room();
    let Form::Stream(stream) = form else {
        return connections;
    };
    let connections = match stream {
        Stream::Json => connections.with_accounts(),
        Stream::Zeek => connections.with_lifetimes(),
        Stream::Csv => connections,
    };
    match is_live {
        true => connections.tell_at_once(),
        false => connections,
    }
}

/// With so many bytes to be written, they are, though there is more to come.
const AT_ONCE: usize = 1 << 20;

/// Follows the connections, and collects or writes what they turn out to be.
struct Watcher {
    connections: Connections,
    kept: Kept,
    ladder: Option<Ladder>,
    /// Live, who of this machine talks.
    programs: Option<RefCell<Programs>>,
}

/// What is kept of conversations that are over.
enum Kept {
    /// What the table will show.
    Rows(Box<Rows>),
    /// They are written as they end.
    Nothing(Stream),
    /// The TCP connection with that number.
    One(u32, Option<Box<Conversation>>),
}

impl Observer for Watcher {
    fn observe(&mut self, parts: &Parts<'_>, out: &mut Buffer) {
        let Self {
            connections,
            kept,
            ladder,
            programs,
            ..
        } = self;
        let programs = &*programs;
        let mut done = |done: Leaving<'_>| kept.take(done, out, owners(programs));
        connections.follow(parts, &mut done, |conversation, from, step| {
            if let Some(programs) = programs {
                programs.borrow_mut().see(conversation);
            }
            if let (Some(ladder), Some(step)) = (ladder.as_mut(), step) {
                ladder.take(conversation, from, &step);
            }
        });
    }

    fn observe_all(&mut self, frames: Several<'_>, out: &mut Buffer) {
        // Most look no closer.
        if self.ladder.is_some() || self.programs.is_some() {
            return frames.for_each(|parts| self.observe(&parts, out));
        }
        let Self {
            connections, kept, ..
        } = self;
        connections.observe_all(frames, &mut |done| kept.take(done, out, &Nobody));
    }
}

impl Kept {
    /// Takes a conversation that is over.
    fn take(&mut self, done: Leaving<'_>, out: &mut Buffer, owners: &dyn Owners) {
        match self {
            Self::Rows(rows) => rows.take(&done, owners),
            Self::Nothing(stream) => stream.push(out, &done, owners),
            Self::One(number, one) => {
                if done.protocol == Protocol::Tcp && done.number == *number {
                    *one = Some(Box::new(done.keep()));
                }
            }
        }
    }
}

fn owners(programs: &Option<RefCell<Programs>>) -> &dyn Owners {
    match programs {
        Some(programs) => programs,
        None => &Nobody,
    }
}

impl Watcher {
    /// Writes what is still to be written. The exit code says whether the connection that was asked for is there.
    fn finish(&mut self, form: Form, picture: Option<&Picture>) -> Result<u8> {
        let Self {
            connections,
            kept,
            programs,
            ladder,
        } = self;
        if let Some(programs) = programs {
            programs.get_mut().look_again();
        }
        let owners = owners(programs);
        if let Kept::Rows(rows) = kept {
            rows.print(&connections.left(), owners)?;
            return Ok(exit::DONE);
        }
        let mut out = Buffer::new();
        let mut written = Ok(());
        connections.finish(&mut |done| {
            kept.take(done, &mut out, owners);
            // As JSON, all that may be left takes more memory than following them does.
            if out.len() >= AT_ONCE {
                if written.is_ok() {
                    written = print(&out);
                }
                out.clear();
            }
        });
        written?;
        match (kept, form) {
            (Kept::One(_, Some(conversation)), Form::Ladder { paint, .. }) => {
                let parts = ladder.as_ref().map_or(&[][..], |ladder| &ladder.parts);
                match picture {
                    Some(picture) => picture.write(&ladder::svg(conversation, parts))?,
                    None => out = ladder::text(conversation, parts, paint),
                }
            }
            (Kept::One(number, _), _) => {
                tell(&match connections.tcp() {
                    0 => "there is no TCP connection, and nothing else has a ladder".to_owned(),
                    _ => format!(
                        "there is no TCP connection {number}; without --ladder, the table has their numbers"
                    ),
                });
                return Ok(exit::NO);
            }
            (Kept::Rows(_) | Kept::Nothing(_), _) => {}
        }
        print(&out)?;
        Ok(exit::DONE)
    }

    fn summarise(&self) {
        let forgotten = self.connections.forgotten();
        if forgotten > 0 {
            tell(&format!(
                "{forgotten} conversations were given up before they were over, to bound memory: what came of them later \
                 counts as another (--max-connections allows more)"
            ));
        }
        let copies = self.connections.copies();
        if copies > 0 {
            tell(&format!(
                "{} captured twice, as behind a mirror port or on several interfaces: frames and bytes have both, all else \
                 is judged once",
                counted(copies, "segment")
            ));
        }
        let unplaced = self.connections.unplaced();
        if unplaced > 0 {
            let fragments = counted(unplaced, "fragment");
            tell(&format!(
                "not counted for any conversation: {fragments}; the first of their packet, which would name it, is missing or names none"
            ));
        }
    }
}
