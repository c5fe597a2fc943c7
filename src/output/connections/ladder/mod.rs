//! One TCP connection as a sequence diagram: the client on the left, the server on the right, time downwards.

mod sentence;
mod svg;
mod text;

pub use svg::svg;
pub use text::text;

use super::words;
use crate::analysis::connections::Conversation;
use crate::frame::Timestamp;

/// Who talks with whom, and how it went, in two sentences.
fn heading(conversation: &Conversation) -> [String; 2] {
    let [client, server] = conversation
        .ends()
        .map(|end| words::end(end, conversation.protocol));
    let service = words::service(conversation);
    let name = words::server_name(conversation);
    let about = [service, name]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let about = match about.is_empty() {
        true => String::new(),
        false => format!(" ({about})"),
    };
    let counts = conversation.tcp.as_ref().map(|tcp| tcp.counts());
    let again = counts.map_or(0, |counts| {
        counts[0].retransmissions + counts[1].retransmissions
    });
    let again = match again {
        0 => "nothing sent again".to_owned(),
        1 => "1 segment sent again".to_owned(),
        n => format!("{n} segments sent again"),
    };
    [
        format!(
            "TCP connection {}: {client} → {server}{about}",
            conversation.number
        ),
        format!(
            "{}; {} in {} frames, {}; {again}",
            words::ending(conversation),
            words::size(conversation.bytes()),
            conversation.frames(),
            words::time(conversation.duration()),
        ),
    ]
}

/// When a step came: what passed since the one before, which may be less than nothing where the clock was set.
fn since(previous: Option<Timestamp>, time: Timestamp) -> String {
    match previous.map(|previous| time.since(previous)) {
        None => "0".to_owned(),
        Some(passed @ ..0) => words::time(passed),
        Some(passed) => format!("+{}", words::time(passed)),
    }
}
