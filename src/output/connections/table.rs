//! Conversations as tables, as wide as there is room.

use std::collections::HashSet;

use super::fit::{Column, Draft, Place, Room};
use super::{Owners, words};
use crate::analysis::connections::{
    Common, Conversation, Counts, Endpoint, Group, Handshake, Outcome, Protocol,
};
use crate::error::Result;
use crate::text::amount::{push_size, push_time};
use crate::text::escape::push_escaped;
use crate::text::{Buffer, push, push_number, written};

/// Names of servers are cut beyond this, where not everything is asked for.
const LONGEST_NAME: usize = 32;

/// Names of the columns that rows may be sorted by.
pub mod name {
    pub const NUMBER: &str = "#";
    pub const ROUND_TRIP: &str = "RTT";
    pub const WAIT: &str = "wait";
    pub const TIME: &str = "time";
    pub const BYTES: &str = "bytes";
    pub const AGAIN: &str = "again";
}

/// Tables for people: TCP connections first, then what else there is, then what came to nothing many times.
pub struct Tables {
    room: Room,
    tcp: Draft<Cell>,
    others: Draft<Cell>,
}

/// Where a conversation is in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    is_tcp: bool,
    row: u32,
}

/// Prints some bytes.
type Print<'a> = &'a mut dyn FnMut(&[u8]) -> Result<()>;

impl Tables {
    /// What the rows are sorted by, a column's name, is among what goes last where there is no room.
    pub fn new(room: Room, sorted_by: &str) -> Self {
        let draft = |mut columns: Vec<Column<Cell>>| {
            let of_it = columns.iter_mut().filter(|column| column.name == sorted_by);
            of_it.for_each(|column| column.rank = column.rank.min(1));
            Draft::new(columns, room)
        };
        Self {
            room,
            tcp: draft(connections(room)),
            others: draft(exchanges()),
        }
    }

    /// Writes what one more conversation has in the columns.
    pub fn add(&mut self, conversation: &Conversation, owners: &dyn Owners) -> Position {
        let is_tcp = conversation.protocol == Protocol::Tcp;
        let draft = match is_tcp {
            true => &mut self.tcp,
            false => &mut self.others,
        };
        let row = Row {
            conversation,
            program: owners.of(conversation).unwrap_or_default(),
        };
        let row = draft.add(|cell, out| cell(&row, out)) as u32;
        Position { is_tcp, row }
    }

    /// Keeps only the conversations at these places, and puts there where they are then.
    pub fn keep(&mut self, mut places: Vec<&mut Position>) {
        places.sort_unstable();
        for (is_tcp, draft) in [(true, &mut self.tcp), (false, &mut self.others)] {
            let own = places.iter().filter(|place| place.is_tcp == is_tcp);
            draft.keep(own.map(|place| place.row as usize));
        }
        let mut kept = [0, 0];
        for place in places {
            let count = &mut kept[usize::from(place.is_tcp)];
            place.row = *count;
            *count += 1;
        }
    }

    /// Prints the tables with these conversations, in this order; nothing for none. Returns the columns that had no room.
    ///
    /// # Errors
    /// As `print` has them.
    pub fn print(
        &self,
        order: &[Position],
        attempts: &[Group],
        print: Print<'_>,
    ) -> Result<Vec<&'static str>> {
        let mut left_out: Vec<&str> = Vec::new();
        let mut gap = "";
        let mut title = |print: Print<'_>, title: &str| {
            print(format!("{gap}{title}\n").as_bytes())?;
            gap = "\n";
            Ok(())
        };
        let drafts = [
            (true, &self.tcp, "TCP connections"),
            (false, &self.others, "Other conversations"),
        ];
        for (is_tcp, draft, name) in drafts {
            let own = order.iter().filter(|place| place.is_tcp == is_tcp);
            let rows: Vec<usize> = own.map(|place| place.row as usize).collect();
            if !rows.is_empty() {
                title(print, name)?;
                left_out.extend(draft.print(&rows, print)?);
            }
        }
        if !attempts.is_empty() {
            title(print, "Attempts alike, beyond those above")?;
            let mut draft = Draft::new(groups(), self.room);
            let rows = attempts
                .iter()
                .map(|group| draft.add(|cell, out| cell(group, out)));
            let rows: Vec<usize> = rows.collect();
            left_out.extend(draft.print(&rows, print)?);
        }
        // Each name once.
        let mut told = HashSet::new();
        left_out.retain(|name| told.insert(*name));
        Ok(left_out)
    }
}

struct Row<'a> {
    conversation: &'a Conversation,
    program: String,
}

/// Writes what a conversation has in a column.
type Cell = fn(&Row<'_>, &mut Buffer);

fn column(rank: u8, name: &'static str, cell: Cell) -> Column<Cell> {
    Column::new(rank, name, cell)
}

/// Writes what attempts alike have in a column.
type GroupCell = fn(&Group, &mut Buffer);

fn of_group(rank: u8, name: &'static str, cell: GroupCell) -> Column<GroupCell> {
    Column::new(rank, name, cell)
}

fn connections(room: Room) -> Vec<Column<Cell>> {
    let server: Cell = match room {
        Room::Wide => |row: &Row<'_>, out: &mut Buffer| {
            push(out, &words::server_name(row.conversation));
        },
        _ => |row: &Row<'_>, out: &mut Buffer| {
            push_shortened(out, &words::server_name(row.conversation));
        },
    };
    let mut columns = vec![column(0, name::NUMBER, |row, out| {
        push_number(out, row.conversation.number.into());
    })];
    columns.extend(ends(["client", "server", "client → server"]));
    columns.extend([
        column(8, "service", service),
        column(7, "name", server),
        column(10, "states", states),
        column(1, "ended", ending),
        column(9, "handshake", handshake),
        column(2, name::ROUND_TRIP, round_trip),
        column(17, "to server", |row, out| push_trip(out, row, 0)),
        column(17, "to client", |row, out| push_trip(out, row, 1)),
        column(6, name::WAIT, wait),
        column(3, name::TIME, duration),
        column(12, "frames →", |row, out| push_frames(out, row, 0)),
        column(12, "← frames", |row, out| push_frames(out, row, 1)),
        column(4, name::BYTES, bytes),
        column(13, "bytes →", |row, out| {
            push_size(out, row.conversation.sent[0].bytes);
        }),
        column(13, "← bytes", |row, out| {
            push_size(out, row.conversation.sent[1].bytes);
        }),
        column(11, "rate", |row, out| {
            let conversation = row.conversation;
            push(
                out,
                &words::rate(conversation.bytes(), conversation.duration()),
            );
        }),
        // Segments that were sent again; nothing for none, so that those with some stand out.
        column(5, name::AGAIN, |row, out| {
            push_count(out, row, |counts| counts.retransmissions);
        }),
        column(14, "out of order", |row, out| {
            push_count(out, row, |counts| counts.out_of_order);
        }),
        column(15, "duplicate ACKs", |row, out| {
            push_count(out, row, |counts| counts.duplicate_acks);
        }),
        column(14, "zero windows", |row, out| {
            push_count(out, row, |counts| counts.zero_windows);
        }),
        column(14, "missing", |row, out| {
            push_count(out, row, |counts| counts.lost_segments);
        }),
        column(16, "captured twice", |row, out| {
            push_count(out, row, |counts| counts.copies);
        }),
        column(6, "program", program),
    ]);
    columns
}

/// Both ends: in two columns, or in one, below each other.
fn ends([one, other, both]: [&'static str; 3]) -> [Column<Cell>; 3] {
    let placed = |column, place| Column { place, ..column };
    [
        placed(column(0, one, client), Place::Beside),
        placed(column(0, other, server), Place::Beside),
        placed(
            column(0, both, |row, out| {
                push_end(out, row, 0);
                push(out, "\n→ ");
                push_end(out, row, 1);
            }),
            Place::Instead,
        ),
    ]
}

fn exchanges() -> Vec<Column<Cell>> {
    let mut columns = vec![column(0, "", |row, out| {
        words::push_protocol(out, row.conversation);
    })];
    columns.extend(ends(["from", "to", "from → to"]));
    columns.extend([
        column(2, "service", service),
        column(1, "answered", ending),
        column(6, name::WAIT, wait),
        column(5, name::TIME, duration),
        column(3, "frames →", |row, out| push_frames(out, row, 0)),
        column(3, "← frames", |row, out| push_frames(out, row, 1)),
        column(4, name::BYTES, bytes),
        column(7, "program", program),
    ]);
    columns
}

fn groups() -> [Column<GroupCell>; 7] {
    [
        of_group(0, "", |group, out| {
            push(out, &protocol_of(group));
        }),
        of_group(0, "from", |group, out| match group.common {
            Common::Server(..) => push(out, "many"),
            Common::Ends(client, _) | Common::Client(client, _) => push(out, &client.to_string()),
        }),
        of_group(0, "to", |group, out| {
            let text = match group.common {
                Common::Server(server, port) => {
                    let address = server;
                    words::end(Endpoint { address, port }, group.protocol)
                }
                Common::Ends(_, server) if group.protocol.has_ports() => {
                    format!("{server}, many ports")
                }
                Common::Client(_, port) if group.protocol.has_ports() => {
                    format!("port {port} of many")
                }
                Common::Ends(_, server) => server.to_string(),
                Common::Client(..) => "many".to_owned(),
            };
            push(out, &text);
        }),
        of_group(1, "ended", |group, out| {
            let word = match group.outcome {
                Outcome::Unanswered if group.protocol == Protocol::Tcp => "unanswered",
                Outcome::Unanswered => "one way",
                Outcome::Unreachable => "unreachable",
                Outcome::Refused => "refused",
                Outcome::HalfOpen => "half-open",
            };
            push(out, word);
        }),
        of_group(2, "attempts", |group, out| push_number(out, group.attempts)),
        of_group(3, "time", |group, out| {
            if let (Some(start), Some(last)) = (group.start, group.last) {
                push_time(out, last.since(start));
            }
        }),
        of_group(4, "bytes", |group, out| push_size(out, group.bytes)),
    ]
}

/// Its protocol's name, where all of its attempts have the same.
fn protocol_of(group: &Group) -> String {
    let number = match (group.protocol, group.common) {
        (Protocol::Ip, Common::Server(_, number) | Common::Client(_, number)) => Some(number as u8),
        _ => None,
    };
    match number {
        Some(number) => written(|out| words::push_ip_protocol(out, number)),
        None => group.protocol.name().to_ascii_uppercase(),
    }
}

fn push_end(out: &mut Buffer, row: &Row<'_>, which: usize) {
    words::push_end(
        out,
        row.conversation.ends()[which],
        row.conversation.protocol,
    );
}

fn program(row: &Row<'_>, out: &mut Buffer) {
    push_escaped(out, row.program.as_bytes());
}

fn client(row: &Row<'_>, out: &mut Buffer) {
    push_end(out, row, 0);
}

fn server(row: &Row<'_>, out: &mut Buffer) {
    push_end(out, row, 1);
}

fn service(row: &Row<'_>, out: &mut Buffer) {
    words::push_service(out, row.conversation);
}

fn ending(row: &Row<'_>, out: &mut Buffer) {
    words::push_ending(out, row.conversation);
}

fn push_shortened(out: &mut Buffer, name: &str) {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => {
            push(out, &name[..end]);
            push(out, "…");
        }
        None => push(out, name),
    }
}

fn duration(row: &Row<'_>, out: &mut Buffer) {
    push_time(out, row.conversation.duration());
}

fn push_frames(out: &mut Buffer, row: &Row<'_>, end: usize) {
    push_number(out, row.conversation.sent[end].frames);
}

fn bytes(row: &Row<'_>, out: &mut Buffer) {
    push_size(out, row.conversation.bytes());
}

fn round_trip(row: &Row<'_>, out: &mut Buffer) {
    let tcp = row.conversation.tcp.as_ref();
    match tcp.and_then(|tcp| tcp.round_trip()) {
        Some(nanos) => push_time(out, nanos),
        None => push(out, "–"),
    }
}

fn wait(row: &Row<'_>, out: &mut Buffer) {
    if let Some(nanos) = row.conversation.longest_wait() {
        push_time(out, nanos);
    }
}

fn push_trip(out: &mut Buffer, row: &Row<'_>, which: usize) {
    let Some(tcp) = &row.conversation.tcp else {
        return;
    };
    let (there, back) = tcp.round_trips();
    if let Some(nanos) = [there, back][which] {
        push_time(out, nanos);
    }
}

fn states(row: &Row<'_>, out: &mut Buffer) {
    let Some(tcp) = &row.conversation.tcp else {
        return;
    };
    let [client, server] = tcp.states();
    push(out, client.name());
    push(out, " / ");
    push(out, server.name());
}

fn handshake(row: &Row<'_>, out: &mut Buffer) {
    let tcp = row.conversation.tcp.as_ref();
    let words = tcp.map_or("", |tcp| match tcp.handshake() {
        Handshake::Whole => "whole",
        Handshake::Part => "in part",
        Handshake::Unseen => "not seen",
    });
    push(out, words);
}

fn push_count(out: &mut Buffer, row: &Row<'_>, read: fn(&Counts) -> u32) {
    let tcp = row.conversation.tcp.as_ref();
    let total = tcp.map_or(0, |tcp| {
        let [client, server] = tcp.counts();
        read(client) + read(server)
    });
    if total > 0 {
        push_number(out, total.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Flow;
    use crate::decode::flow::Key;
    use crate::output::connections::Nobody;

    /// The line with the names of the columns.
    fn header(width: usize, sorted_by: &str) -> String {
        let (key, from) = Key::between_v4(Protocol::Udp, (1, 4000), (2, 53));
        let flow = Flow::new(Protocol::Udp, key, from);
        let mut tables = Tables::new(Room::Terminal(width), sorted_by);
        let position = tables.add(&Conversation::new(0, &flow, None), &Nobody);
        let mut out = Buffer::new();
        let printed = tables.print(&[position], &[], &mut |bytes| {
            out.extend_from_slice(bytes);
            Ok(())
        });
        printed.expect("nothing fails");
        let text = String::from_utf8(out).expect("text");
        text.lines().nth(1).unwrap_or_default().to_owned()
    }

    #[test]
    fn attempts_alike_have_the_name_that_all_of_them_have() {
        let [one, other] = [1, 2].map(|last| std::net::IpAddr::from([10, 9, 0, last]));
        let name = |protocol, common| {
            protocol_of(&Group {
                protocol,
                common,
                outcome: Outcome::Unanswered,
                attempts: 17,
                bytes: 1_700,
                start: None,
                last: None,
            })
        };
        assert_eq!(name(Protocol::Ip, Common::Server(one, 2)), "IGMP");
        assert_eq!(name(Protocol::Ip, Common::Client(one, 46)), "RSVP");
        assert_eq!(name(Protocol::Ip, Common::Client(one, 253)), "IP 253");
        assert_eq!(name(Protocol::Ip, Common::Ends(one, other)), "IP");
        assert_eq!(name(Protocol::Udp, Common::Server(one, 89)), "UDP");
    }

    #[test]
    fn what_rows_are_sorted_by_goes_last() {
        let has = |name, sorted_by| header(62, sorted_by).contains(name);
        for (name, with, without) in [("frames →", "#", "bytes"), ("bytes", "bytes", "#")] {
            assert_eq!(
                [with, without].map(|by| has(name, by)),
                [true, false],
                "{name}"
            );
        }
        assert!(["#", "bytes", "wait"].iter().all(|by| has("answered", by)));
    }
}
