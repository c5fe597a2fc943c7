//! Conversations as tables, as wide as there is room.

use super::{Owners, words};
use crate::analysis::connections::{Conversation, Handshake, Protocol};
use crate::output::table::long_table;
use crate::text::escape::escaped;

/// How much is shown of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// What fits 80 columns.
    Narrow,
    Wide,
}

/// TCP connections first, then what else there is. Nothing for none.
pub fn tables(conversations: &[Conversation], width: Width, owners: &dyn Owners) -> String {
    let (tcp, others): (Vec<_>, Vec<_>) = conversations
        .iter()
        .partition(|conversation| conversation.protocol == Protocol::Tcp);
    let parts = [connections(&tcp, width, owners), exchanges(&others)];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

type Cell = fn(&Conversation) -> String;

const NARROW: &[(&str, Cell)] = &[
    ("#", number),
    ("client", client),
    ("server", server),
    ("ended", words::ending),
    ("RTT", round_trip),
    ("time", duration),
    ("bytes", bytes),
    ("again", again),
];

const WIDE: &[(&str, Cell)] = &[
    ("#", number),
    ("client", client),
    ("server", server),
    ("service", words::service),
    ("name", words::server_name),
    ("states", states),
    ("ended", words::ending),
    ("handshake", handshake),
    ("RTT to server", |c| trip(c, 0)),
    ("to client", |c| trip(c, 1)),
    ("time", duration),
    ("frames →", |c| c.sent[0].frames.to_string()),
    ("← frames", |c| c.sent[1].frames.to_string()),
    ("bytes →", |c| words::size(c.sent[0].bytes)),
    ("← bytes", |c| words::size(c.sent[1].bytes)),
    ("rate", |c| words::rate(c.bytes(), c.duration())),
    ("again", again),
    ("out of order", |c| counted(c, |n| n.out_of_order)),
    ("duplicate ACKs", |c| counted(c, |n| n.duplicate_acks)),
    ("zero windows", |c| counted(c, |n| n.zero_windows)),
    ("missing", |c| counted(c, |n| n.lost_segments)),
    ("captured twice", |c| counted(c, |n| n.copies)),
];

fn connections(shown: &[&Conversation], width: Width, owners: &dyn Owners) -> String {
    if shown.is_empty() {
        return String::new();
    }
    let mut columns = match width {
        Width::Narrow => NARROW.to_vec(),
        Width::Wide => WIDE.to_vec(),
    };
    // What is empty everywhere tells nothing.
    columns.retain(|(_, cell)| {
        shown
            .iter()
            .any(|conversation| !cell(conversation).is_empty())
    });
    let mut header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let programs: Vec<_> = shown
        .iter()
        .map(|conversation| owners.of(conversation))
        .collect();
    let owned = programs.iter().any(Option::is_some);
    if owned {
        header.push("program");
    }
    let rows = shown.iter().zip(programs).map(|(conversation, program)| {
        let mut row: Vec<String> = columns.iter().map(|(_, cell)| cell(conversation)).collect();
        if owned {
            row.push(escaped(&program.unwrap_or_default()));
        }
        row
    });
    let rows: Vec<_> = rows.collect();
    format!("TCP connections\n{}", long_table(&header, &rows))
}

fn exchanges(shown: &[&Conversation]) -> String {
    if shown.is_empty() {
        return String::new();
    }
    let header = [
        "",
        "from",
        "to",
        "service",
        "answered",
        "time",
        "frames →",
        "← frames",
        "bytes",
    ];
    let rows = shown.iter().map(|conversation| {
        [
            conversation.protocol_name().to_owned(),
            words::end(conversation.ends[0], conversation.protocol),
            words::end(conversation.ends[1], conversation.protocol),
            words::service(conversation),
            words::ending(conversation),
            duration(conversation),
            conversation.sent[0].frames.to_string(),
            conversation.sent[1].frames.to_string(),
            bytes(conversation),
        ]
    });
    let rows: Vec<_> = rows.map(Vec::from).collect();
    format!("Other conversations\n{}", long_table(&header, &rows))
}

fn number(conversation: &Conversation) -> String {
    conversation.number.to_string()
}

fn client(conversation: &Conversation) -> String {
    words::end(conversation.ends[0], conversation.protocol)
}

fn server(conversation: &Conversation) -> String {
    words::end(conversation.ends[1], conversation.protocol)
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

/// Segments that were sent again; nothing for none, so that those with some stand out.
fn again(conversation: &Conversation) -> String {
    counted(conversation, |counts| counts.retransmissions)
}

fn counted(
    conversation: &Conversation,
    read: fn(&crate::analysis::connections::Counts) -> u32,
) -> String {
    let tcp = conversation.tcp.as_ref();
    let total = tcp.map_or(0, |tcp| read(&tcp.counts[0]) + read(&tcp.counts[1]));
    match total {
        0 => String::new(),
        total => total.to_string(),
    }
}
