//! The rows of the table that is shown at the end.

use std::cmp::Reverse;

use crate::analysis::connections::{Attempts, Conversation, MOST};
use crate::commands::summary::counted;
use crate::commands::{print, tell};
use crate::error::Result;
use crate::frame::Timestamp;
use crate::output::connections::table::{Position, Tables, name};
use crate::output::connections::{Owners, Room};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Start,
    RoundTrip,
    Wait,
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

/// Conversations as they will be shown. Of those that are over nothing else is kept.
pub(super) struct Rows {
    shape: Shape,
    tables: Tables,
    ranked: Vec<Ranked>,
    attempts: Attempts,
    /// As many as there is room for.
    most: usize,
    /// The last that the table has, once there are more than it shows: who comes behind it need not be written.
    last: Option<Rank>,
    left_out: usize,
}

/// What a row is sorted by: what matters most comes first, those alike as they began.
type Rank = (Reverse<i64>, u128);

/// A row on its way.
struct Ranked {
    rank: Rank,
    place: Place,
}

/// Where its cells are.
#[derive(Clone, Copy)]
enum Place {
    Written(Position),
    /// Nowhere yet: what they say is known of the conversation with this number among those that are left.
    Left(u32),
}

impl Rows {
    pub(super) fn new(shape: Shape, most: usize) -> Self {
        Self {
            shape,
            tables: Tables::new(shape.room, shape.sort.column()),
            // As the table that they come from.
            ranked: Vec::with_capacity(most.min(MOST)),
            attempts: Attempts::new(ALIKE),
            most,
            last: None,
            left_out: 0,
        }
    }

    /// Takes a conversation that is over.
    pub(super) fn take(&mut self, conversation: &Conversation, owners: &dyn Owners) {
        let Some(rank) = self.rank(conversation) else {
            return;
        };
        let place = Place::Written(self.tables.add(conversation, owners));
        self.ranked.push(Ranked { rank, place });
        // Not each time: it touches all rows.
        let shown = self.shown();
        let room = shown.saturating_add(shown / 4 + ALIKE as usize);
        if self.ranked.len() > room {
            self.make_room(shown);
        }
    }

    /// Lets go of all but the first rows, and of their cells.
    fn make_room(&mut self, count: usize) {
        self.cut(count);
        let places = self
            .ranked
            .iter_mut()
            .filter_map(|row| match &mut row.place {
                Place::Written(position) => Some(position),
                Place::Left(_) => None,
            });
        self.tables.keep(places.collect());
    }

    /// None where it is to have no row.
    fn rank(&mut self, conversation: &Conversation) -> Option<Rank> {
        if !self.shape.each && self.attempts.take(conversation) {
            return None;
        }
        let weight = Reverse(self.shape.sort.weight(conversation));
        let next = (conversation.protocol as u64) << 32 | u64::from(conversation.number);
        let rank = (weight, Timestamp::rank(conversation.start, next));
        let is_behind = self.last.is_some_and(|last| last < rank);
        self.left_out += usize::from(is_behind);
        (!is_behind).then_some(rank)
    }

    /// Rows that there will be at most.
    fn shown(&self) -> usize {
        self.shape.top.unwrap_or(usize::MAX).min(self.most)
    }

    /// Lets go of all rows but the first, in any order.
    fn cut(&mut self, count: usize) {
        let more = self.ranked.len().saturating_sub(count);
        if more == 0 {
            return;
        }
        if let Some(last) = count.checked_sub(1) {
            self.ranked.select_nth_unstable_by_key(last, |row| row.rank);
            self.last = Some(self.ranked[last].rank);
        }
        self.left_out += more;
        self.ranked.truncate(count);
    }

    /// Prints the table, with those that are left, too, and says what it does not show.
    pub(super) fn print(&mut self, left: &[&Conversation], owners: &dyn Owners) -> Result<()> {
        // First which are shown: to write the cells of all takes longer.
        for (conversation, number) in left.iter().zip(0..) {
            if let Some(rank) = self.rank(conversation) {
                let place = Place::Left(number);
                self.ranked.push(Ranked { rank, place });
            }
        }
        self.cut(self.shown());
        // Those that are left are in order already, unless some had to go.
        self.ranked.sort_by_key(|row| row.rank);
        let tables = &mut self.tables;
        let order = self.ranked.iter().map(|row| match row.place {
            Place::Written(position) => position,
            Place::Left(number) => tables.add(left[number as usize], owners),
        });
        let order: Vec<Position> = order.collect();
        let mut groups = self.attempts.groups();
        let all = groups.len();
        groups.truncate(self.shape.top.unwrap_or(usize::MAX));
        let columns = self.tables.print(&order, &groups, &mut print)?;
        self.tell_left_out(all - groups.len());
        if !columns.is_empty() {
            tell(&format!(
                "no room for: {} (--wide has every column)",
                columns.join(", ")
            ));
        }
        Ok(())
    }

    fn tell_left_out(&self, groups: usize) {
        let Self { left_out, most, .. } = self;
        let is_told = self.shape.top.is_some_and(|top| top <= *most);
        let conversations = counted(*left_out as u64, "more conversation");
        match (left_out, is_told) {
            (0, _) => {}
            (_, true) => tell(&format!(
                "{conversations}; --top shows as many as it is told"
            )),
            (_, false) => tell(&format!(
                "not in the table: {conversations}, those that come last; it has room for {most} (--max-connections; -T \
                 json has all)"
            )),
        }
        if groups > 0 {
            let rows = counted(groups as u64, "more row");
            tell(&format!(
                "{rows} of attempts alike; --top shows as many as it is told"
            ));
        }
    }
}

impl Sort {
    /// The column that shows it.
    const fn column(self) -> &'static str {
        match self {
            Self::Start => name::NUMBER,
            Self::RoundTrip => name::ROUND_TRIP,
            Self::Wait => name::WAIT,
            Self::Bytes => name::BYTES,
            Self::Duration => name::TIME,
            Self::Retransmissions => name::AGAIN,
        }
    }

    /// The more, the sooner it is shown.
    fn weight(self, conversation: &Conversation) -> i64 {
        let tcp = conversation.tcp.as_ref();
        match self {
            Self::Start => 0,
            // Those without come last.
            Self::RoundTrip => tcp.and_then(|tcp| tcp.round_trip()).unwrap_or(i64::MIN),
            Self::Wait => conversation.longest_wait().unwrap_or(i64::MIN),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::connections::Protocol;
    use crate::decode::Flow;
    use crate::decode::flow::Key;
    use crate::output::connections::Nobody;

    /// Of conversations that are over, each begun behind the one before: how many have rows, and are left out.
    fn kept(top: Option<usize>, most: usize, count: u32) -> (usize, usize) {
        let shape = Shape {
            sort: Sort::Start,
            top,
            each: true,
            room: Room::Usual,
        };
        let mut rows = Rows::new(shape, most);
        let (key, from) = Key::between_v4(Protocol::Udp, (1, 4000), (2, 53));
        let flow = Flow::new(Protocol::Udp, key, from);
        for number in 0..count {
            rows.take(&Conversation::new(number, &flow, None), &Nobody);
        }
        (rows.ranked.len(), rows.left_out)
    }

    #[test]
    fn rows_are_let_go_where_there_are_too_many() {
        assert_eq!(kept(None, usize::MAX, 100), (100, 0));
        // A quarter and 16 more may wait; what comes behind the last is not even written.
        assert_eq!(kept(None, 40, 66), (66, 0));
        assert_eq!(kept(None, 40, 67), (40, 27));
        assert_eq!(kept(Some(40), usize::MAX, 1_000), (40, 960));
        assert_eq!(kept(Some(0), 40, 17), (0, 17));
    }
}
