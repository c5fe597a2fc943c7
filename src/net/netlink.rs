//! The line to the kernel (netlink, RFC 3549; rtnetlink(7)): questions and their answers, and what it tells unasked.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

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
    let ask = || {
        let datagram = Netlink::open()?.ask(question, NLM_F_REQUEST)?;
        let mut answers = Answers::default();
        answers.read(&datagram)?;
        Ok(answers.messages)
    };
    ask().map_err(|cause| Error::System { doing, cause })
}

/// A whole table, as it was at one moment where the kernel lets us.
pub(super) fn dump(
    doing: &'static str,
    question: RouteNetlinkMessage,
) -> Result<Vec<RouteNetlinkMessage>> {
    let read = || {
        let netlink = Netlink::open()?;
        let mut answers = netlink.dump(question.clone())?;
        for _ in 1..MOST_TRIES {
            if !answers.interrupted {
                break;
            }
            answers = netlink.dump(question.clone())?;
        }
        Ok(answers.messages)
    };
    read().map_err(|cause| Error::System { doing, cause })
}

/// A line to the kernel.
pub(super) struct Netlink {
    socket: Socket,
}

impl Netlink {
    /// To ask questions.
    pub fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        Ok(Self { socket })
    }

    /// To hear what the kernel tells unasked to a group (a bit of linux/rtnetlink.h); does not wait for it.
    pub fn listen(group: u32) -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind(&SocketAddr::new(0, group))?;
        socket.set_non_blocking(true)?;
        Ok(Self { socket })
    }

    /// The next datagram; [`parts`] takes it apart.
    pub fn hear(&self) -> io::Result<Vec<u8>> {
        self.socket.recv_from_full().map(|(datagram, _)| datagram)
    }

    /// One question and its one answer, as it came; an error in it is ours.
    pub fn ask(&self, question: RouteNetlinkMessage, flags: u16) -> io::Result<Vec<u8>> {
        self.send(question, flags)?;
        let datagram = self.hear()?;
        for part in parts(&datagram) {
            // What is no error may be more than this version of the crate can read: the caller sees.
            if let Ok(message) = NetlinkMessage::<RouteNetlinkMessage>::deserialize(part)
                && let NetlinkPayload::Error(error) = message.payload
                && error.code.is_some()
            {
                return Err(error.to_io());
            }
        }
        Ok(datagram)
    }

    fn dump(&self, question: RouteNetlinkMessage) -> io::Result<Answers> {
        self.send(question, NLM_F_REQUEST | NLM_F_DUMP)?;
        let mut answers = Answers::default();
        while !answers.read(&self.hear()?)? {}
        Ok(answers)
    }

    fn send(&self, question: RouteNetlinkMessage, flags: u16) -> io::Result<()> {
        let mut header = NetlinkHeader::default();
        header.flags = flags;
        header.sequence_number = 1;
        let mut message = NetlinkMessage::new(header, NetlinkPayload::from(question));
        message.finalize();
        let mut bytes = vec![0; message.buffer_len()];
        message.serialize(&mut bytes);
        self.socket.send(&bytes, 0).map(|_| ())
    }
}

impl AsFd for Netlink {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[derive(Default)]
struct Answers {
    messages: Vec<RouteNetlinkMessage>,
    /// The table changed while it was read: entries may be missing or there twice.
    interrupted: bool,
}

impl Answers {
    /// Takes in a datagram; whether it was the last of a table.
    fn read(&mut self, datagram: &[u8]) -> io::Result<bool> {
        for part in parts(datagram) {
            // What this version of the crate can't read is left out; the rest still counts.
            let Ok(message) = NetlinkMessage::<RouteNetlinkMessage>::deserialize(part) else {
                continue;
            };
            self.interrupted |= message.header.flags & NLM_F_DUMP_INTR != 0;
            match message.payload {
                NetlinkPayload::Done(_) => return Ok(true),
                NetlinkPayload::Error(error) if error.code.is_some() => return Err(error.to_io()),
                NetlinkPayload::InnerMessage(message) => self.messages.push(message),
                _ => {}
            }
        }
        Ok(false)
    }
}

/// The messages of one datagram: each starts with its length (u32, the machine's order) and is padded to four bytes.
pub(super) fn parts(mut datagram: &[u8]) -> impl Iterator<Item = &[u8]> {
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
