//! Conversations as tables, as wide as there is room.

use super::fit::{self, Column, Fitted, Room};
use super::{Owners, words};
use crate::analysis::connections::{
    Common, Conversation, Counts, Endpoint, Group, Handshake, Outcome, Protocol,
};
use crate::text::escape::escaped;

/// Names of servers are cut beyond this, where not everything is asked for.
const LONGEST_NAME: usize = 32;

/// Tables for people, and columns that had no room in them.
pub struct Tables {
    pub text: String,
    pub left_out: Vec<&'static str>,
}

/// TCP connections first, then what else there is, then what came to nothing many times. Nothing for none.
pub fn tables(
    conversations: &[Conversation],
    attempts: &[Group],
    room: Room,
    owners: &dyn Owners,
) -> Tables {
    let row = |conversation| Row {
        conversation,
        program: owners.of(conversation).unwrap_or_default(),
    };
    let (tcp, others): (Vec<_>, Vec<_>) = conversations
        .iter()
        .map(row)
        .partition(|row| row.conversation.protocol == Protocol::Tcp);
    let parts = [
        titled("TCP connections", &connections(&tcp, room), &tcp, room),
        titled("Other conversations", &exchanges(), &others, room),
        titled("Attempts alike, beyond those above", GROUPS, attempts, room),
    ];
    let parts: Vec<Fitted> = parts.into_iter().flatten().collect();
    let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    let mut left_out = Vec::new();
    for name in parts.iter().flat_map(|part| &part.left_out) {
        if !left_out.contains(name) {
            left_out.push(*name);
        }
    }
    Tables {
        text: texts.join("\n"),
        left_out,
    }
}

fn titled<T>(title: &str, columns: &[Column<T>], rows: &[T], room: Room) -> Option<Fitted> {
    if rows.is_empty() {
        return None;
    }
    let Fitted { text, left_out } = fit::table(columns, rows, room);
    let text = format!("{title}\n{text}");
    Some(Fitted { text, left_out })
}

struct Row<'a> {
    conversation: &'a Conversation,
    program: String,
}

const fn column<T>(rank: u8, name: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column { name, rank, cell }
}

fn connections<'a>(rows: &[Row<'a>], room: Room) -> Vec<Column<Row<'a>>> {
    let name = match room {
        Room::Wide => |row: &Row<'_>| words::server_name(row.conversation),
        _ => |row: &Row<'_>| shortened(&words::server_name(row.conversation)),
    };
    let mut columns = vec![column(0, "#", |row: &Row<'a>| {
        row.conversation.number.to_string()
    })];
    columns.extend(ends(rows, room));
    columns.extend([
        column(8, "service", |row: &Row<'a>| {
            words::service(row.conversation)
        }),
        column(7, "name", name),
        column(10, "states", |row| states(row.conversation)),
        column(1, "ended", |row| words::ending(row.conversation)),
        column(9, "handshake", |row| handshake(row.conversation)),
        column(2, "RTT", |row| round_trip(row.conversation)),
        column(17, "to server", |row| trip(row.conversation, 0)),
        column(17, "to client", |row| trip(row.conversation, 1)),
        column(3, "time", |row| duration(row.conversation)),
        column(12, "frames →", |row| {
            row.conversation.sent[0].frames.to_string()
        }),
        column(12, "← frames", |row| {
            row.conversation.sent[1].frames.to_string()
        }),
        column(4, "bytes", |row| bytes(row.conversation)),
        column(13, "bytes →", |row| {
            words::size(row.conversation.sent[0].bytes)
        }),
        column(13, "← bytes", |row| {
            words::size(row.conversation.sent[1].bytes)
        }),
        column(11, "rate", |row| {
            words::rate(row.conversation.bytes(), row.conversation.duration())
        }),
        // Segments that were sent again; nothing for none, so that those with some stand out.
        column(5, "again", |row| {
            counted(row, |counts| counts.retransmissions)
        }),
        column(14, "out of order", |row| counted(row, |n| n.out_of_order)),
        column(15, "duplicate ACKs", |row| {
            counted(row, |n| n.duplicate_acks)
        }),
        column(14, "zero windows", |row| counted(row, |n| n.zero_windows)),
        column(14, "missing", |row| counted(row, |n| n.lost_segments)),
        column(16, "captured twice", |row| counted(row, |n| n.copies)),
        column(6, "program", |row| escaped(&row.program)),
    ]);
    columns
}

/// Both ends: in two columns, or below each other where these would take most of the room.
fn ends<'a>(rows: &[Row<'a>], room: Room) -> Vec<Column<Row<'a>>> {
    /// What is left is to have room for how it ended, and when.
    const SHARE: usize = 40;
    let widest = |cell: fn(&Row<'a>) -> String| rows.iter().map(|row| fit::width(&cell(row))).max();
    let both = widest(client).unwrap_or(0) + widest(server).unwrap_or(0);
    match room {
        Room::Terminal(room) if both + SHARE > room => {
            let stacked = |row: &Row<'a>| format!("{}\n→ {}", client(row), server(row));
            vec![column(0, "client → server", stacked)]
        }
        _ => vec![column(0, "client", client), column(0, "server", server)],
    }
}

fn exchanges<'a>() -> [Column<Row<'a>>; 9] {
    [
        column(0, "", |row| row.conversation.protocol_name().to_owned()),
        column(0, "from", client),
        column(0, "to", server),
        column(2, "service", |row| words::service(row.conversation)),
        column(1, "answered", |row| words::ending(row.conversation)),
        column(5, "time", |row| duration(row.conversation)),
        column(3, "frames →", |row| {
            row.conversation.sent[0].frames.to_string()
        }),
        column(3, "← frames", |row| {
            row.conversation.sent[1].frames.to_string()
        }),
        column(4, "bytes", |row| bytes(row.conversation)),
    ]
}

const GROUPS: &[Column<Group>] = &[
    column(0, "", |group| group.protocol.name().to_ascii_uppercase()),
    column(0, "from", |group| match group.common {
        Common::Server(..) => "many".to_owned(),
        Common::Ends(client, _) | Common::Client(client, _) => client.to_string(),
    }),
    column(0, "to", |group| match group.common {
        Common::Server(server, port) => {
            let address = server;
            words::end(Endpoint { address, port }, group.protocol)
        }
        Common::Ends(_, server) if has_ports(group) => format!("{server}, many ports"),
        Common::Client(_, port) if has_ports(group) => format!("port {port} of many"),
        Common::Ends(_, server) => server.to_string(),
        Common::Client(..) => "many".to_owned(),
    }),
    column(1, "ended", |group| {
        let word = match group.outcome {
            Outcome::Unanswered if group.protocol == Protocol::Tcp => "unanswered",
            Outcome::Unanswered => "one way",
            Outcome::Unreachable => "unreachable",
            Outcome::Refused => "refused",
            Outcome::HalfOpen => "half-open",
        };
        word.to_owned()
    }),
    column(2, "attempts", |group| group.attempts.to_string()),
    column(3, "time", |group| match (group.start, group.last) {
        (Some(start), Some(last)) => words::time(last.since(start)),
        _ => String::new(),
    }),
    column(4, "bytes", |group| words::size(group.bytes)),
];

fn has_ports(group: &Group) -> bool {
    matches!(group.protocol, Protocol::Tcp | Protocol::Udp)
}

fn client(row: &Row<'_>) -> String {
    words::end(row.conversation.ends[0], row.conversation.protocol)
}

fn server(row: &Row<'_>) -> String {
    words::end(row.conversation.ends[1], row.conversation.protocol)
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn duration(conversation: &Conversation) -> String {
    words::time(conversation.duration())
}

fn bytes(conversation: &Conversation) -> String {
    words::size(conversation.bytes())
}

fn round_trip(conversation: &Conversation) -> String {
    let tcp = conversation.tcp.as_ref();
    let round_trip = tcp.and_then(|tcp| tcp.round_trip());
    round_trip.map_or_else(|| "–".to_owned(), words::time)
}

fn trip(conversation: &Conversation, which: usize) -> String {
    let Some(tcp) = &conversation.tcp else {
        return String::new();
    };
    let (there, back) = tcp.round_trips();
    [there, back][which].map(words::time).unwrap_or_default()
}

fn states(conversation: &Conversation) -> String {
    let Some(tcp) = &conversation.tcp else {
        return String::new();
    };
    let [client, server] = tcp.states();
    format!("{} / {}", client.name(), server.name())
}

fn handshake(conversation: &Conversation) -> String {
    let tcp = conversation.tcp.as_ref();
    tcp.map_or("", |tcp| match tcp.handshake() {
        Handshake::Whole => "whole",
        Handshake::Part => "in part",
        Handshake::Unseen => "not seen",
    })
    .to_owned()
}

fn counted(row: &Row<'_>, read: fn(&Counts) -> u32) -> String {
    let tcp = row.conversation.tcp.as_ref();
    let total = tcp.map_or(0, |tcp| read(&tcp.counts[0]) + read(&tcp.counts[1]));
    match total {
        0 => String::new(),
        total => total.to_string(),
    }
}
