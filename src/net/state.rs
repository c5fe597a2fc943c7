//! How a link is, as the kernel says it in the header of its messages about links (rtnetlink(7), `ifinfomsg`).

use std::io;

use netlink_packet_core::{NLM_F_REQUEST, NetlinkBuffer};
use netlink_packet_route::link::{LinkFlags, LinkHeader, LinkMessage};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::netlink::{Netlink, parts};

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

/// One link, to be asked how it is at any moment: the kernel tells those who watch ([`super::LinkWatch`]) of a lost carrier
/// up to a second later. It opens nothing any more, so that rights may be given up meanwhile.
pub struct LinkProbe {
    netlink: Netlink,
    index: u32,
}

impl LinkProbe {
    /// Of the link with this index.
    ///
    /// # Errors
    /// Where the kernel has no such socket for us.
    pub fn open(index: u32) -> io::Result<Self> {
        let netlink = Netlink::open()?;
        Ok(Self { netlink, index })
    }

    /// How it is now.
    ///
    /// # Errors
    /// Where the kernel does not say.
    pub fn state(&self) -> io::Result<State> {
        const ENODEV: i32 = 19;
        let mut question = LinkMessage::default();
        question.header.index = self.index;
        let asked = RouteNetlinkMessage::GetLink(question);
        match self.netlink.ask(asked, NLM_F_REQUEST) {
            Ok(answer) => parts(&answer)
                .filter_map(state_in)
                .find(|(index, _)| *index == self.index)
                .map(|(_, state)| state)
                .ok_or_else(|| io::Error::other("no answer about the link")),
            Err(error) if error.raw_os_error() == Some(ENODEV) => Ok(State::Gone),
            Err(error) => Err(error),
        }
    }
}

/// Which link a message is about, and how that link is; none where it is about something else. Only the header is read:
/// attributes change with every kernel, and say nothing more about it.
pub(super) fn state_in(message: &[u8]) -> Option<(u32, State)> {
    const NEW_LINK: u16 = 16;
    const DELETED_LINK: u16 = 17;
    let message = NetlinkBuffer::new_checked(message).ok()?;
    let kind = message.message_type();
    if !matches!(kind, NEW_LINK | DELETED_LINK) {
        return None;
    }
    let header = LinkHeader::parse(message.payload()).ok()?;
    // A bridge tells of its ports in the same way, and "deleted" then means taken out of the bridge.
    if header.interface_family != AddressFamily::Unspec {
        return None;
    }
    let state = match kind {
        DELETED_LINK => State::Gone,
        _ if !header.flags.contains(LinkFlags::Up) => State::Down,
        _ if !header.flags.contains(LinkFlags::LowerUp) => State::NoCarrier,
        _ => State::Up,
    };
    Some((header.index, state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_there_has_a_state_and_one_that_is_not_is_gone() {
        let links = crate::net::interfaces();
        let loopback = links.iter().find(|link| link.is_loopback).expect("lo");
        let probe = LinkProbe::open(loopback.index).expect("a socket");
        assert_eq!(probe.state().expect("an answer"), loopback.state);
        // Asked again over the same line.
        assert_eq!(probe.state().expect("an answer"), loopback.state);
        let nobody = LinkProbe::open(i32::MAX as u32).expect("a socket");
        assert_eq!(nobody.state().expect("an answer"), State::Gone);
    }
}
