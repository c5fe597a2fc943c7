//! Is an address free? As a host has to ask before it uses one (RFC 5227, 2.1).

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::Mac;
use super::frames::Asker;
use super::heard::Heard;
use super::wire::{Machine, Step};
use crate::frame::Timestamp;

// RFC 5227, 1.1.
pub const PROBE_WAIT: Duration = Duration::from_secs(1);
pub const PROBE_NUM: u32 = 3;
pub const PROBE_MIN: Duration = Duration::from_secs(1);
pub const PROBE_MAX: Duration = Duration::from_secs(2);
pub const ANNOUNCE_WAIT: Duration = Duration::from_secs(2);

/// Between the questions that tell a router that answers for others from an owner.
const CHECK_SPACING: Duration = Duration::from_millis(150);
const CHECKS: u32 = 3;

/// Random spans of time: from the first to the second.
pub type Jitter = Box<dyn FnMut(Duration, Duration) -> Duration>;

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody said anything against it.
    Free,
    /// This MAC address uses it.
    Taken(Mac),
    /// This MAC address is about to take it too: it probes for it as we do.
    Rival(Mac),
    /// Nobody on the link has it, but this MAC address answers for it: a router that leads to it elsewhere
    /// (proxy ARP, RFC 1027).
    Proxied(Mac),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Probing,
    /// All probes are sent; an ordinary question brings out who answers for others.
    Waiting,
    /// Somebody has answered that question: does he own the address?
    Checking(Mac),
    Over(Verdict),
}

/// See the [module](super).
pub struct Probe {
    mac: Mac,
    address: Ipv4Addr,
    /// For the ordinary question; without an address of our own it is not asked.
    asker: Option<Asker>,
    jitter: Jitter,
    phase: Phase,
    sent: u32,
    asked: bool,
    checks: u32,
    next: Option<Timestamp>,
    end: Timestamp,
}

impl Probe {
    /// From `mac`. `own` is an address of ours on the link, if there is one.
    pub fn new(mac: Mac, own: Option<Ipv4Addr>, address: Ipv4Addr, jitter: Jitter) -> Self {
        Self {
            mac,
            address,
            asker: own.map(|own| Asker {
                mac,
                ip: own.into(),
            }),
            jitter,
            phase: Phase::Probing,
            sent: 0,
            asked: false,
            checks: 0,
            next: None,
            end: Timestamp::default(),
        }
    }

    /// None until it is over.
    pub fn verdict(&self) -> Option<Verdict> {
        match self.phase {
            Phase::Over(verdict) => Some(verdict),
            _ => None,
        }
    }

    /// Probes sent; [`PROBE_NUM`] at most.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    fn probing(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        let next = match self.next {
            Some(next) => next,
            None => now.after((self.jitter)(Duration::ZERO, PROBE_WAIT)),
        };
        self.next = Some(next);
        if next > now {
            return Step::Wait(next);
        }
        self.anonymous(frame, None);
        self.sent += 1;
        if self.sent == PROBE_NUM {
            self.phase = Phase::Waiting;
            self.end = now.after(ANNOUNCE_WAIT);
        } else {
            self.next = Some(now.after((self.jitter)(PROBE_MIN, PROBE_MAX)));
        }
        Step::Send
    }

    fn waiting(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        if let (Some(asker), false) = (self.asker, self.asked) {
            // Half the wait is for answers to probes alone; a router answers for others within 0.8 s of the rest.
            let half =
                Timestamp::from_nanos(self.end.nanos() - (ANNOUNCE_WAIT / 2).as_nanos() as i64);
            if half > now {
                return Step::Wait(half);
            }
            self.asked = true;
            asker.question(frame, self.address.into(), None);
            return Step::Send;
        }
        if self.end > now {
            return Step::Wait(self.end);
        }
        self.phase = Phase::Over(Verdict::Free);
        Step::Done
    }

    fn checking(&mut self, by: Mac, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        let next = self.next.unwrap_or(now);
        if next > now {
            return Step::Wait(next);
        }
        if self.checks == CHECKS {
            self.phase = Phase::Over(Verdict::Proxied(by));
            return Step::Done;
        }
        self.checks += 1;
        self.next = Some(now.after(if self.checks == CHECKS {
            Duration::from_secs(1)
        } else {
            CHECK_SPACING
        }));
        self.anonymous(frame, Some(by));
        Step::Send
    }

    fn anonymous(&self, frame: &mut Vec<u8>, to: Option<Mac>) {
        let nobody = Asker {
            mac: self.mac,
            ip: Ipv4Addr::UNSPECIFIED.into(),
        };
        nobody.anonymous(frame, self.address, to);
    }
}

impl Machine for Probe {
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        match self.phase {
            Phase::Probing => self.probing(now, frame),
            Phase::Waiting => self.waiting(now, frame),
            Phase::Checking(by) => self.checking(by, now, frame),
            Phase::Over(_) => Step::Done,
        }
    }

    /// RFC 5227, 2.1.1: any ARP packet from the address, and any probe for it that is not ours. Before the first
    /// probe too: whoever is heard then is as much in the way.
    fn hear(&mut self, heard: &Heard, _: Timestamp) {
        let probed = IpAddr::V4(self.address);
        if heard.vlan.is_some() || heard.mac == self.mac || matches!(self.phase, Phase::Over(_)) {
            return;
        }
        if heard.is_probe() && heard.told == probed {
            self.phase = Phase::Over(Verdict::Rival(heard.mac));
        } else if heard.address == probed {
            let own = self.asker.map(|asker| asker.ip);
            let answers_question = heard.is_answer() && Some(heard.told) == own && self.asked;
            match self.phase {
                // An owner whose answers to the probes were lost, or one who answers for others.
                Phase::Waiting if answers_question => {
                    self.phase = Phase::Checking(heard.mac);
                    self.next = None;
                }
                Phase::Checking(by) if answers_question && by == heard.mac => {}
                _ => self.phase = Phase::Over(Verdict::Taken(heard.mac)),
            }
        }
    }
}
