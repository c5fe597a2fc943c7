//! Several say that they have an address: asks each of them alone.

use std::net::IpAddr;
use std::time::Duration;

use super::Mac;
use super::doubts::Doubts;
use super::frames::Asker;
use super::heard::Heard;
use super::wire::{Machine, Step};
use crate::frame::Timestamp;

/// What came of it, for one MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It answers, as who has the address does.
    Has,
    /// It answers, but only to who says who asks: so does a router that answers for others (proxy ARP, RFC 1027).
    Proxies,
    Silent,
    /// It is the asker's own.
    Own,
}

/// After the last question so long an answer is waited for. One to a unicast question is not delayed by design.
const PATIENCE: Duration = Duration::from_millis(300);

/// See the [module](self).
pub struct Confirm {
    asker: Asker,
    address: IpAddr,
    macs: Vec<Mac>,
    doubts: Doubts,
    has_begun: bool,
}

impl Confirm {
    pub fn new(asker: Asker, address: IpAddr, macs: Vec<Mac>) -> Self {
        Self {
            asker,
            address,
            macs,
            doubts: Doubts::new(asker, PATIENCE, Vec::new()),
            has_begun: false,
        }
    }

    /// In the order that they were named.
    pub fn standings(&self) -> Vec<(Mac, Standing)> {
        let has_answered = |mac, anonymous| self.doubts.has_answered(self.address, mac, anonymous);
        let standing = |mac| {
            if mac == self.asker.mac {
                Standing::Own
            } else if has_answered(mac, true) || self.address.is_ipv6() && has_answered(mac, false)
            {
                Standing::Has
            } else if has_answered(mac, false) {
                Standing::Proxies
            } else {
                Standing::Silent
            }
        };
        self.macs.iter().map(|mac| (*mac, standing(*mac))).collect()
    }

    fn begin(&mut self, now: Timestamp) {
        // In the name of the address itself it would be an announcement.
        let has_name = !self.asker.ip.is_unspecified() && self.asker.ip != self.address;
        for mac in self.macs.iter().filter(|mac| **mac != self.asker.mac) {
            self.doubts.check(self.address, *mac, true, now);
            if has_name {
                self.doubts.check(self.address, *mac, false, now);
            }
        }
    }
}

impl Machine for Confirm {
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.begin(now);
        }
        if self.doubts.poll(now, frame) {
            return Step::Send;
        }
        self.doubts.due().map_or(Step::Done, Step::Wait)
    }

    fn hear(&mut self, heard: &Heard, _: Timestamp) {
        let anonymous = heard.told.is_unspecified();
        let is_ours = heard.vlan.is_none()
            && heard.ethernet_destination == self.asker.mac
            && (anonymous || heard.told == self.asker.ip);
        if heard.is_answer() && is_ours && heard.address == self.address {
            self.doubts.hear(heard.address, heard.mac, anonymous);
        }
    }
}
