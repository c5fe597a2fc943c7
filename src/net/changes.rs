//! What happens to links while somebody watches: the kernel tells it unasked (rtnetlink(7), the group of links).

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

/// How a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Up,
    /// Switched on, but nothing at the other end.
    NoCarrier,
    /// Switched off.
    Down,
    /// Deleted, or moved to where we don't see it.
    Gone,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::NoCarrier => "no carrier",
            Self::Down => "down",
            Self::Gone => "gone",
        }
    }
}

/// One link is in another state than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub before: State,
    pub now: State,
}

/// Watches some links. Readable when there is something to tell.
pub struct LinkWatch {
    socket: OwnedFd,
    links: Vec<Watched>,
}

struct Watched {
    index: u32,
    name: String,
    state: State,
}

/// The multicast group of links, as a bit (linux/rtnetlink.h: RTMGRP_LINK).
const GROUP: u32 = 1;
/// More than any number of changes that are told at once.
const ROOM: usize = 64 * 1024;

impl LinkWatch {
    /// Watches those links from now on; a name that is no link's is left out.
    ///
    /// # Errors
    /// Where the kernel has no such socket for us.
    pub fn new(names: &[String]) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            flags,
            // NETLINK_ROUTE, which is zero.
            None,
        )?;
        bind(&socket, &SocketAddrNetlink::new(0, GROUP))?;
        let there = super::interfaces();
        let watched = |name: &String| {
            let link = there.iter().find(|link| link.name == *name)?;
            Some(Watched {
                index: link.index,
                name: name.clone(),
                state: link.state,
            })
        };
        let links = names.iter().filter_map(watched).collect();
        Ok(Self { socket, links })
    }

    /// How a link is, where it is one of those watched.
    pub fn state(&self, name: &str) -> Option<State> {
        let link = self.links.iter().find(|link| link.name == name);
        link.map(|link| link.state)
    }

    /// What happened since it was last asked, in order.
    pub fn changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut room = vec![MaybeUninit::uninit(); ROOM];
        loop {
            match recv(&self.socket, &mut room[..], RecvFlags::empty()) {
                Ok(((told, _), _)) if !told.is_empty() => self.read(told, &mut changes),
                // More happened than the kernel keeps for us: the next message tells how it is by then.
                Err(Errno::NOBUFS | Errno::INTR) => {}
                _ => return changes,
            }
        }
    }

    fn read(&mut self, told: &[u8], changes: &mut Vec<Change>) {
        for (index, now) in states(told) {
            let Some(link) = self.links.iter_mut().find(|link| link.index == index) else {
                continue;
            };
            if link.state == now {
                continue;
            }
            let before = std::mem::replace(&mut link.state, now);
            let change = Change {
                name: link.name.clone(),
                before,
                now,
            };
            // What is deleted is switched off first, which is not worth telling.
            match changes.last_mut() {
                Some(last) if now == State::Gone && last.name == change.name => *last = change,
                _ => changes.push(change),
            }
        }
    }
}

impl AsFd for LinkWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Which links are how, by the messages of one datagram: a `nlmsghdr` (netlink(7)) with an `ifinfomsg` (rtnetlink(7))
/// each, in the machine's byte order, and attributes that say nothing more about it.
fn states(told: &[u8]) -> Vec<(u32, State)> {
    const NEW_LINK: u16 = 16;
    const DELETED_LINK: u16 = 17;
    const SMALLEST: usize = 32;
    const UP: u32 = 1;
    /// There is a signal (IFF_LOWER_UP).
    const CARRIER: u32 = 0x1_0000;
    let mut found = Vec::new();
    let mut rest = told;
    while rest.len() >= SMALLEST {
        let word =
            |at: usize| u32::from_ne_bytes([rest[at], rest[at + 1], rest[at + 2], rest[at + 3]]);
        let kind = u16::from_ne_bytes([rest[4], rest[5]]);
        // A bridge tells of its ports in the same way, and "deleted" then means taken out of the bridge.
        let of_link = rest[16] == 0;
        let (index, flags) = (word(20), word(24));
        let state = match kind {
            NEW_LINK if flags & UP == 0 => Some(State::Down),
            NEW_LINK if flags & CARRIER == 0 => Some(State::NoCarrier),
            NEW_LINK => Some(State::Up),
            DELETED_LINK => Some(State::Gone),
            _ => None,
        };
        if of_link {
            found.extend(state.map(|state| (index, state)));
        }
        let length = word(0) as usize;
        let next = length.next_multiple_of(4).max(SMALLEST);
        rest = rest.get(next..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, family: u8, index: u32, flags: u32) -> Vec<u8> {
        let mut bytes = 36u32.to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.extend([0; 10]);
        bytes.extend([family, 0, 1, 0]);
        bytes.extend(index.to_ne_bytes());
        bytes.extend(flags.to_ne_bytes());
        bytes.extend([0xff; 4]);
        // An attribute.
        bytes.extend([0xee; 4]);
        bytes
    }

    #[test]
    fn several_messages_in_one_datagram_are_read_in_order() {
        let told = [
            message(16, 0, 3, 0x1_0001),
            message(16, 0, 3, 1),
            message(16, 0, 4, 0),
            message(17, 7, 3, 0),
            message(17, 0, 3, 0),
        ]
        .concat();
        let expected = [
            (3, State::Up),
            (3, State::NoCarrier),
            (4, State::Down),
            (3, State::Gone),
        ];
        assert_eq!(states(&told), expected);
    }

    #[test]
    fn what_is_cut_or_absurd_ends_it() {
        let whole = message(16, 0, 3, 1);
        for cut in 0..whole.len() {
            let found = states(&whole[..cut]);
            assert!(found.len() <= 1, "{cut}: {found:?}");
        }
        let mut absurd = whole.repeat(2);
        absurd[..4].copy_from_slice(&u32::MAX.to_ne_bytes());
        assert_eq!(states(&absurd).len(), 1);
    }
}
