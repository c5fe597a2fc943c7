//! Questions to the kernel over netlink (RFC 3549, rtnetlink(7)): one question, all of its answers, nothing kept.

use std::io;

use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};

use crate::error::{Error, Result};

/// A table that changes while it is read is read again, this many times; then it is taken as it came.
const MOST_TRIES: usize = 5;

/// The answers to one question; `doing` is for the error.
///
/// # Errors
/// What the kernel says: for a route that there is none, that is an error too.
pub(super) fn ask(
    doing: &'static str,
    question: RouteNetlinkMessage,
) -> Result<Vec<RouteNetlinkMessage>> {
    answers(&question, NLM_F_REQUEST)
        .map(|answers| answers.messages)
        .map_err(|cause| Error::System { doing, cause })
}

/// A whole table, as it was at one moment where the kernel lets us.
pub(super) fn dump(
    doing: &'static str,
    question: RouteNetlinkMessage,
) -> Result<Vec<RouteNetlinkMessage>> {
    let read = || {
        let mut answers = answers(&question, NLM_F_REQUEST | NLM_F_DUMP)?;
        for _ in 1..MOST_TRIES {
            if !answers.interrupted {
                break;
            }
            answers = self::answers(&question, NLM_F_REQUEST | NLM_F_DUMP)?;
        }
        Ok(answers.messages)
    };
    read().map_err(|cause| Error::System { doing, cause })
}

struct Answers {
    messages: Vec<RouteNetlinkMessage>,
    /// The table changed while it was read: entries may be missing or there twice.
    interrupted: bool,
}

fn answers(question: &RouteNetlinkMessage, flags: u16) -> io::Result<Answers> {
    const SEQUENCE: u32 = 1;
    let mut socket = Socket::new(NETLINK_ROUTE)?;
    socket.bind_auto()?;
    socket.connect(&SocketAddr::new(0, 0))?;
    let mut header = NetlinkHeader::default();
    header.flags = flags;
    header.sequence_number = SEQUENCE;
    let mut message = NetlinkMessage::new(header, NetlinkPayload::from(question.clone()));
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    socket.send(&bytes, 0)?;

    let mut answers = Answers {
        messages: Vec::new(),
        interrupted: false,
    };
    let is_dump = flags & NLM_F_DUMP == NLM_F_DUMP;
    loop {
        let (datagram, _) = socket.recv_from_full()?;
        for part in parts(&datagram) {
            // What this version of the crate can't read is left out; the rest still counts.
            let Ok(message) = NetlinkMessage::<RouteNetlinkMessage>::deserialize(part) else {
                continue;
            };
            answers.interrupted |= message.header.flags & NLM_F_DUMP_INTR != 0;
            match message.payload {
                NetlinkPayload::Done(_) => return Ok(answers),
                NetlinkPayload::Error(error) if error.code.is_some() => return Err(error.to_io()),
                NetlinkPayload::InnerMessage(message) => answers.messages.push(message),
                _ => {}
            }
        }
        if !is_dump {
            return Ok(answers);
        }
    }
}

/// The messages of one datagram: each starts with its length (u32, the machine's order) and is padded to four bytes.
fn parts(mut datagram: &[u8]) -> impl Iterator<Item = &[u8]> {
    const HEADER: usize = 16;
    std::iter::from_fn(move || {
        let length = u32::from_ne_bytes(*datagram.first_chunk()?) as usize;
        let part = datagram.get(..length).filter(|part| part.len() >= HEADER)?;
        datagram = datagram
            .get(length.next_multiple_of(4)..)
            .unwrap_or_default();
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_datagram_is_cut_where_its_messages_say() {
        let message = |length: u32, size: usize| {
            let mut bytes = vec![0; size];
            bytes[..4].copy_from_slice(&length.to_ne_bytes());
            bytes
        };
        let lengths = |bytes: &[u8]| parts(bytes).map(<[u8]>::len).collect::<Vec<_>>();
        let two = [message(18, 20), message(16, 16)].concat();
        assert_eq!(lengths(&two), [18, 16]);
        assert_eq!(lengths(&message(0, 16)), [0; 0]);
        assert_eq!(lengths(&message(40, 20)), [0; 0]);
        assert_eq!(lengths(&[1, 2]), [0; 0]);
    }
}
