//! `netinspect connections`: who talked with whom, and how it went.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::path::PathBuf;

use super::input::{self, Input};
use super::live::workers;
use super::picture::Picture;
use super::programs::Programs;
use super::{code_of, print, tell};
use crate::analysis::Observer;
use crate::analysis::connections::{
    Attempts, Connections, Conversation, Ladder, Leaving, MOST, Protocol,
};
use crate::decode::{Flow, Parts};
use crate::error::{Result, exit};
use crate::output::colour::Paint;
use crate::output::connections::table::Tables;
use crate::output::connections::{Nobody, Owners, Room, Stream, ladder};
use crate::text::Buffer;

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
    /// A table at the end, in this order.
    Table {
        sort: Sort,
        /// At most this many rows, if not all.
        top: Option<usize>,
        /// A row for each of many attempts alike, too.
        each: bool,
        room: Room,
    },
    /// Each conversation as it ends.
    Stream(Stream),
    /// One TCP connection as a sequence diagram.
    Ladder { number: u32, paint: Paint },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Start,
    RoundTrip,
    Bytes,
    Duration,
    Retransmissions,
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
        kept: Kept {
            form,
            rows: match form {
                // As the table that they come from.
                Form::Table { .. } => Vec::with_capacity(most.min(MOST)),
                _ => Vec::new(),
            },
            attempts: Attempts::new(ALIKE),
            most,
            left_out: 0,
        },
        programs: input.is_live().then(|| RefCell::new(Programs::new())),
        ladder: match form {
            Form::Ladder { number, .. } => Some(Ladder::new(number)),
            _ => None,
        },
        threads: workers(input.threads),
    };
    input.tells = matches!(form, Form::Stream(_));
    let outcome = input::observe(input, vec![&mut watcher])?;
    let mut answer = exit::DONE;
    if !outcome.closed_pipe {
        answer = watcher.finish(picture.as_ref())?;
    }
    if summary {
        watcher.summarise();
    }
    // The process is about to end: giving back a hundred thousand conversations one by one would only hold it up.
    std::mem::forget(watcher);
    Ok(code_of(&outcome.errors).max(answer))
}

fn connections(form: Form, most: usize, is_live: bool) -> Connections {
    let mut connections = Connections::new(most).with_room();
    if matches!(form, Form::Stream(stream) if stream.accounts()) {
        connections = connections.with_accounts();
    }
    match form {
        Form::Stream(_) if is_live => connections.tell_at_once(),
        _ => connections,
    }
}

/// Attempts of a kind that have a row each; a flood is one row more.
const ALIKE: u32 = 16;

/// Follows the connections, and collects or writes what they turn out to be.
struct Watcher {
    connections: Connections,
    kept: Kept,
    ladder: Option<Ladder>,
    /// Live, who of this machine talks.
    programs: Option<RefCell<Programs>>,
    /// That write the table.
    threads: usize,
}

struct Kept {
    form: Form,
    rows: Vec<Conversation>,
    attempts: Attempts,
    most: usize,
    left_out: u64,
}

impl Observer for Watcher {
    fn foresee(&mut self, flows: &[Flow]) {
        self.connections.foresee(flows);
    }

    fn observe(&mut self, parts: &Parts<'_>, out: &mut Buffer) {
        let Self {
            connections,
            kept,
            ladder,
            programs,
            ..
        } = self;
        let mut done = |done: Leaving<'_>| kept.take(done, out, owners(programs));
        match (ladder, &*programs) {
            (None, None) => connections.observe(parts, &mut done),
            (ladder, programs) => look_closer(connections, parts, &mut done, ladder, programs),
        }
    }
}

/// Follows a frame for a ladder, or for the programs of this machine. Apart, since most frames are followed without.
#[inline(never)]
fn look_closer(
    connections: &mut Connections,
    parts: &Parts<'_>,
    done: &mut dyn FnMut(Leaving<'_>),
    ladder: &mut Option<Ladder>,
    programs: &Option<RefCell<Programs>>,
) {
    connections.follow(parts, done, |conversation, from, step| {
        if let Some(programs) = programs {
            programs.borrow_mut().see(conversation);
        }
        if let (Some(ladder), Some(step)) = (ladder.as_mut(), step) {
            ladder.take(conversation, from, &step);
        }
    });
}

/// Says what the table does not show.
fn hints(hidden: usize, left_out: &[&str]) {
    if hidden > 0 {
        tell(&format!(
            "{hidden} more conversations; --top shows as many as it is told"
        ));
    }
    if !left_out.is_empty() {
        tell(&format!(
            "no room for: {} (--wide has every column)",
            left_out.join(", ")
        ));
    }
}

impl Kept {
    /// Takes a conversation that is over.
    fn take(&mut self, done: Leaving<'_>, out: &mut Buffer, owners: &dyn Owners) {
        match self.form {
            Form::Stream(stream) => stream.push(out, &done, owners),
            Form::Ladder { number, .. } => {
                if done.protocol == Protocol::Tcp && done.number == number {
                    self.rows.push(done.keep());
                }
            }
            Form::Table { each: false, .. } if self.attempts.take(&done) => {}
            Form::Table { .. } if self.rows.len() < self.most => self.rows.push(done.keep()),
            Form::Table { .. } => self.left_out += 1,
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
    fn finish(&mut self, picture: Option<&Picture>) -> Result<u8> {
        let Self {
            connections,
            kept,
            ladder,
            programs,
            threads,
        } = self;
        let mut out = Buffer::new();
        let owners = owners(programs);
        connections.finish(&mut |done| kept.take(done, &mut out, owners));
        match kept.form {
            Form::Stream(_) => {}
            Form::Table {
                sort, top, room, ..
            } => {
                // Noted here, where all are read one behind the other.
                let is_tcp = |row: &Conversation| row.protocol == Protocol::Tcp;
                let rows = kept.rows.iter();
                let mut rows: Vec<_> = rows.map(|row| (row, is_tcp(row))).collect();
                sort.order(&mut rows);
                let hidden = rows.len().saturating_sub(top.unwrap_or(usize::MAX));
                rows.truncate(rows.len() - hidden);
                let groups = kept.attempts.groups();
                let of = |tcp: bool| {
                    let rows = rows.iter().filter(move |(_, is_tcp)| *is_tcp == tcp);
                    rows.map(|(row, _)| *row).collect()
                };
                let tables = Tables {
                    tcp: of(true),
                    others: of(false),
                    attempts: groups,
                };
                let mut pieces = Vec::new();
                let left_out = tables.push(&mut pieces, room, owners, *threads);
                pieces.iter().try_for_each(|piece| print(piece))?;
                hints(hidden, &left_out);
                return Ok(exit::DONE);
            }
            Form::Ladder { number, paint } => {
                let parts = ladder.as_ref().map_or(&[][..], |ladder| &ladder.parts);
                let Some(conversation) = kept.rows.first() else {
                    tell(&format!(
                        "there is no TCP connection {number}; without --ladder, the table has their numbers"
                    ));
                    return Ok(exit::NO);
                };
                match picture {
                    Some(picture) => picture.write(&ladder::svg(conversation, parts))?,
                    None => out = ladder::text(conversation, parts, paint),
                }
            }
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
        let Kept { left_out, most, .. } = &self.kept;
        if *left_out > 0 {
            tell(&format!(
                "{left_out} conversations are not in the table, which has room for {most} (--max-connections; -T json has \
                 all)"
            ));
        }
    }
}

impl Sort {
    /// What matters most comes first; those alike as they began.
    fn order(self, rows: &mut [(&Conversation, bool)]) {
        let began = |row: &Conversation| (row.start, row.protocol, row.number);
        match self {
            Self::Start => rows.sort_by_cached_key(|(row, _)| began(row)),
            Self::RoundTrip => rows.sort_by_cached_key(|(row, _)| {
                let tcp = row.tcp.as_ref();
                (Reverse(tcp.and_then(|tcp| tcp.round_trip())), began(row))
            }),
            Self::Bytes => rows.sort_by_cached_key(|(row, _)| (Reverse(row.bytes()), began(row))),
            Self::Duration => {
                rows.sort_by_cached_key(|(row, _)| (Reverse(row.duration()), began(row)));
            }
            Self::Retransmissions => rows.sort_by_cached_key(|(row, _)| {
                let counts = row.tcp.iter().flat_map(|tcp| tcp.counts());
                let again: u32 = counts.map(|counts| counts.retransmissions).sum();
                (Reverse(again), began(row))
            }),
        }
    }
}
