//! What happens to links while somebody watches: the kernel tells it unasked (rtnetlink(7), the group of links).

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use super::netlink::{Netlink, parts};
use super::state::{State, state_in};

/// One link is in another state than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub name: String,
    pub before: State,
    pub now: State,
}

/// Watches some links. Readable when there is something to tell.
pub struct LinkWatch {
    netlink: Netlink,
    links: Vec<Watched>,
}

struct Watched {
    index: u32,
    name: String,
    state: State,
}

/// The multicast group of links, as a bit (linux/rtnetlink.h: RTMGRP_LINK).
const GROUP: u32 = 1;

impl LinkWatch {
    /// Watches those links from now on; a name that is no link's is left out.
    ///
    /// # Errors
    /// Where the kernel has no such socket for us.
    pub fn new(names: &[String]) -> io::Result<Self> {
        let netlink = Netlink::listen(GROUP)?;
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
        Ok(Self { netlink, links })
    }

    /// How a link is, where it is one of those watched.
    pub fn state(&self, name: &str) -> Option<State> {
        let link = self.links.iter().find(|link| link.name == name);
        link.map(|link| link.state)
    }

    /// What happened since it was last asked, in order.
    pub fn changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        loop {
            match self.netlink.hear() {
                Ok(told) if !told.is_empty() => self.read(&told, &mut changes),
                // More happened than the kernel keeps for us: the next message tells how it is by then.
                Err(error) if was_lost(&error) => {}
                _ => return changes,
            }
        }
    }

    fn read(&mut self, told: &[u8], changes: &mut Vec<Change>) {
        for (index, now) in parts(told).filter_map(state_in) {
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
        self.netlink.as_fd()
    }
}

fn was_lost(error: &io::Error) -> bool {
    const ENOBUFS: i32 = 105;
    error.raw_os_error() == Some(ENOBUFS) || error.kind() == io::ErrorKind::Interrupted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(told: &[u8]) -> Vec<(u32, State)> {
        parts(told).filter_map(state_in).collect()
    }

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
            assert!(found.is_empty(), "{cut}: {found:?}");
        }
        let mut absurd = whole.repeat(2);
        absurd[..4].copy_from_slice(&u32::MAX.to_ne_bytes());
        assert!(states(&absurd).is_empty());
    }
}
