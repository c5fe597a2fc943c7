//! Who is on this link by IPv6: an echo request to the group that every host listens to, once as it is and once with an
//! option that must be objected to, since many hosts ignore the first; and who happens to be heard meanwhile. A subnet of
//! 2⁶⁴ addresses can't be asked one by one.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use super::frames;
use super::heard::{Heard, How};
use super::wire::{Machine, Step};
use super::{MOST_TARGETS, Mac};
use crate::frame::Timestamp;

const PASSES: u16 = 3;
const SPACING: Duration = Duration::from_millis(150);
/// Hosts wait up to half a second or so, that not all answer at once (RFC 4443 leaves it to them).
const TAIL: Duration = Duration::from_millis(700);

/// See the [module](super).
pub struct AllNodes {
    mac: Mac,
    /// Hosts answer from an address of the same kind: from link-local ones to a link-local one, from global ones to a
    /// global one (RFC 6724, 5).
    sources: Vec<Ipv6Addr>,
    /// Tells answers to us from those to others.
    identifier: u16,
    sent: u16,
    last: Option<Timestamp>,
    found: BTreeSet<IpAddr>,
}

impl AllNodes {
    pub fn new(mac: Mac, sources: Vec<Ipv6Addr>, identifier: u16) -> Self {
        Self {
            mac,
            sources,
            identifier,
            sent: 0,
            last: None,
            found: BTreeSet::new(),
        }
    }

    /// Who has answered or was heard, in order.
    pub fn found(&self) -> impl Iterator<Item = IpAddr> {
        self.found.iter().copied()
    }

    pub fn sent(&self) -> u16 {
        self.sent
    }
}

impl Machine for AllNodes {
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        // Each source asks in both ways.
        let count = 2 * self.sources.len() as u16;
        if self.sent == PASSES * count {
            let end = self.last.map_or(now, |last| last.after(TAIL));
            return if end <= now {
                Step::Done
            } else {
                Step::Wait(end)
            };
        }
        let turn = usize::from(self.sent % count);
        let due = match self.last {
            Some(last) if turn == 0 => last.after(SPACING),
            _ => now,
        };
        if due > now {
            return Step::Wait(due);
        }
        let source = self.sources[turn / 2];
        let with_option = turn % 2 == 1;
        frames::echo_to_all(
            frame,
            self.mac,
            source,
            self.identifier,
            self.sent,
            with_option,
        );
        self.sent += 1;
        self.last = Some(now);
        Step::Send
    }

    fn hear(&mut self, heard: &Heard, _: Timestamp) {
        let IpAddr::V6(told) = heard.told else {
            return;
        };
        let is_there = match heard.how {
            How::Echo { identifier } => {
                identifier == self.identifier
                    && heard.ethernet_destination == self.mac
                    && self.sources.contains(&told)
            }
            How::Presence => true,
            _ => false,
        };
        if is_there && heard.vlan.is_none() && self.found.len() < MOST_TARGETS {
            self.found.insert(heard.address);
        }
    }
}
