//! Says an address unasked, so that everybody's table has it (RFC 5227, 2.3), and hears whether somebody else claims it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::Mac;
use super::frames;
use super::heard::Heard;
use super::wire::{Machine, Step};
use crate::frame::Timestamp;

// RFC 5227, 1.1.
pub const ANNOUNCE_NUM: u32 = 2;
pub const ANNOUNCE_INTERVAL: Duration = Duration::from_secs(2);
/// Who has the address too and defends it does so at once.
const TAIL: Duration = Duration::from_millis(200);

/// See the [module](super).
pub struct Announce {
    mac: Mac,
    address: Ipv4Addr,
    count: u32,
    sent: u32,
    next: Option<Timestamp>,
    claimed_by: Option<Mac>,
}

impl Announce {
    /// `count` is [`Self::COUNT`] in the RFC.
    pub fn new(mac: Mac, address: Ipv4Addr, count: u32) -> Self {
        Self {
            mac,
            address,
            count,
            sent: 0,
            next: None,
            claimed_by: None,
        }
    }

    pub const COUNT: u32 = ANNOUNCE_NUM;

    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Another MAC address that said it has the address.
    pub fn claimed_by(&self) -> Option<Mac> {
        self.claimed_by
    }
}

impl Machine for Announce {
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        let next = self.next.unwrap_or(now);
        if next > now {
            return Step::Wait(next);
        }
        if self.sent >= self.count {
            return Step::Done;
        }
        frames::announcement(frame, self.mac, self.address);
        self.sent += 1;
        self.next = Some(now.after(if self.sent == self.count {
            TAIL
        } else {
            ANNOUNCE_INTERVAL
        }));
        Step::Send
    }

    fn hear(&mut self, heard: &Heard, _: Timestamp) {
        if heard.vlan.is_none()
            && heard.address == IpAddr::V4(self.address)
            && heard.mac != self.mac
        {
            self.claimed_by.get_or_insert(heard.mac);
        }
    }
}
