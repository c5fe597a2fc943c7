//! The rows of the table that is shown at the end.

use std::cmp::Reverse;

use crate::analysis::connections::{Attempts, Conversation, MOST, Protocol};
use crate::commands::{print, tell};
use crate::error::Result;
use crate::frame::Timestamp;
use crate::output::connections::table::{Position, Tables};
use crate::output::connections::{Owners, Room};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Start,
    RoundTrip,
    Bytes,
    Duration,
    Retransmissions,
}

/// How the table is to be.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub sort: Sort,
    /// At most this many rows, if not all.
    pub top: Option<usize>,
    /// A row for each of many attempts alike, too.
    pub each: bool,
    pub room: Room,
}

/// Attempts of a kind that have a row each; a flood is one row more.
const ALIKE: u32 = 16;

/// Conversations that are over, as they will be shown: what else was known of them is let go.
pub(super) struct Rows {
    shape: Shape,
    tables: Tables,
    ranked: Vec<Ranked>,
    attempts: Attempts,
    /// As many as there is room for.
    most: usize,
    left_out: u64,
}

/// What a row is sorted by: what matters most comes first, those alike as they began.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    weight: Reverse<i64>,
    start: Option<Timestamp>,
    protocol: Protocol,
    number: u32,
    position: Position,
}

impl Rows {
    pub(super) fn new(shape: Shape, most: usize) -> Self {
        Self {
            shape,
            tables: Tables::new(shape.room),
            // As the table that they come from.
            ranked: Vec::with_capacity(most.min(MOST)),
            attempts: Attempts::new(ALIKE),
            most,
            left_out: 0,
        }
    }

    /// Takes a conversation that is over.
    pub(super) fn take(&mut self, conversation: &Conversation, owners: &dyn Owners) {
        if !self.shape.each && self.attempts.take(conversation) {
            return;
        }
        if self.ranked.len() >= self.most {
            self.left_out += 1;
            return;
        }
        self.ranked.push(Ranked {
            weight: Reverse(self.shape.sort.weight(conversation)),
            start: conversation.start,
            protocol: conversation.protocol,
            number: conversation.number,
            position: self.tables.add(conversation, owners),
        });
    }

    /// Prints the table, and says what it does not show.
    pub(super) fn print(&mut self) -> Result<()> {
        // What was handed out last is in order already.
        self.ranked.sort();
        let order = self.ranked.iter().map(|row| row.position);
        let shown = order.take(self.shape.top.unwrap_or(usize::MAX));
        let order: Vec<Position> = shown.collect();
        let groups = self.attempts.groups();
        let left_out = self.tables.print(&order, &groups, &mut print)?;
        let hidden = self.ranked.len() - order.len();
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
        Ok(())
    }

    pub(super) fn summarise(&self) {
        let Self { left_out, most, .. } = self;
        if *left_out > 0 {
            tell(&format!(
                "{left_out} conversations are not in the table, which has room for {most} (--max-connections; -T json has \
                 all)"
            ));
        }
    }
}

impl Sort {
    /// The more, the sooner it is shown.
    fn weight(self, conversation: &Conversation) -> i64 {
        let tcp = conversation.tcp.as_ref();
        match self {
            Self::Start => 0,
            // Those without come last.
            Self::RoundTrip => tcp.and_then(|tcp| tcp.round_trip()).unwrap_or(i64::MIN),
            Self::Bytes => conversation.bytes().cast_signed(),
            Self::Duration => conversation.duration(),
            Self::Retransmissions => {
                let counts = tcp.iter().flat_map(|tcp| tcp.counts());
                let counts = counts.map(|counts| i64::from(counts.retransmissions));
                counts.sum()
            }
        }
    }
}
