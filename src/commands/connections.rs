//! `netinspect connections`: who talked with whom, and how it went.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::path::PathBuf;
use std::thread::Builder;

use super::input::{self, Input};
use super::live::workers;
use super::picture::Picture;
use super::programs::Programs;
use super::{code_of, print, tell};
use crate::analysis::Observer;
use crate::analysis::connections::{
    Attempts, Connections, Conversation, Ladder, Leaving, MOST, Protocol,
};
use crate::decode::{Parts, Several};
use crate::error::{Result, exit};
use crate::frame::Timestamp;
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
            room: most,
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
    /// How many more there is room for.
    room: usize,
    left_out: u64,
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
            Form::Table { .. } if self.room > 0 => {
                self.room -= 1;
                self.rows.push(done.keep());
            }
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
        let mut out = Buffer::new();
        match self.kept.form {
            Form::Stream(_) => self.hand_out(&mut out),
            Form::Table {
                sort, top, room, ..
            } => self.push_tables(sort, top, room)?,
            Form::Ladder { number, paint } => {
                self.hand_out(&mut out);
                let ladder = self.ladder.as_ref();
                let parts = ladder.map_or(&[][..], |ladder| &ladder.parts);
                let Some(conversation) = self.kept.rows.first() else {
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

    /// Takes the conversations that are left.
    fn hand_out(&mut self, out: &mut Buffer) {
        let Self {
            connections,
            kept,
            programs,
            ..
        } = self;
        let owners = owners(programs);
        connections.finish(&mut |done| kept.take(done, out, owners));
    }

    fn push_tables(&mut self, sort: Sort, top: Option<usize>, room: Room) -> Result<()> {
        let threads = self.threads;
        let early = std::mem::take(&mut self.kept.rows);
        let mut tables = Tables::new(room);
        // Where all are shown, others write what is known by now while the last ones are handed out. But who of this machine
        // talked is asked by one alone.
        let is_shared = threads > 1 && top.is_none() && self.programs.is_none();
        let (is_begun, mut order) = std::thread::scope(|scope| {
            let write = || tables.add(early.iter(), &Nobody, threads - 1);
            let is_begun = is_shared && Builder::new().spawn_scoped(scope, write).is_ok();
            self.hand_out(&mut Buffer::new());
            let all: Vec<_> = early.iter().chain(&self.kept.rows).collect();
            (is_begun, sort.order(&all))
        });
        let (kept, owners) = (&self.kept, owners(&self.programs));
        let hidden = order.len().saturating_sub(top.unwrap_or(usize::MAX));
        order.truncate(order.len() - hidden);
        if is_begun {
            tables.add(kept.rows.iter(), owners, threads);
        } else {
            let all: Vec<_> = early.iter().chain(&kept.rows).collect();
            let shown = order.iter().map(|place| all[*place]);
            tables.add(shown, owners, threads);
            order = (0..order.len()).collect();
        }
        let mut pieces = Vec::new();
        let left_out = tables.push(&mut pieces, &order, &kept.attempts.groups(), threads);
        pieces.iter().try_for_each(|piece| print(piece))?;
        hints(hidden, &left_out);
        Ok(())
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
    /// In which order rows are shown, by their places: what matters most comes first, those alike as they began.
    fn order(self, rows: &[&Conversation]) -> Vec<usize> {
        match self {
            Self::Start => order_by(rows, |_| ()),
            Self::RoundTrip => order_by(rows, |row| {
                let tcp = row.tcp.as_ref();
                Reverse(tcp.and_then(|tcp| tcp.round_trip()))
            }),
            Self::Bytes => order_by(rows, |row| Reverse(row.bytes())),
            Self::Duration => order_by(rows, |row| Reverse(row.duration())),
            Self::Retransmissions => order_by(rows, |row| {
                let counts = row.tcp.iter().flat_map(|tcp| tcp.counts());
                Reverse(counts.map(|counts| counts.retransmissions).sum::<u32>())
            }),
        }
    }
}

fn order_by<Key: Ord>(rows: &[&Conversation], key: impl Fn(&Conversation) -> Key) -> Vec<usize> {
    let keyed = rows.iter().zip(0..).map(|(row, place): (_, usize)| {
        let next = u64::from(row.protocol as u8) << 32 | u64::from(row.number);
        (key(row), Timestamp::rank(row.start, next), place)
    });
    let mut keyed: Vec<_> = keyed.collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(.., place)| place).collect()
}
