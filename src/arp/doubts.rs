//! What speaks against an answer, looked into by asking single MAC addresses.
//!
//! Two MAC addresses for one address are a conflict, unless one host has both cards on this link and answers on each for all
//! its addresses ("ARP flux", Linux's `arp_ignore=0`). One MAC address for many addresses is one host that has them all, or a
//! router that answers for others (proxy ARP, RFC 1027): Linux's stays silent to a question that names no sender, which the
//! owner answers (RFC 5227, 2.1.1).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::net::IpAddr;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::Mac;
use super::frames::Asker;
use crate::frame::Timestamp;

/// What came of it, for one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Several hosts say they have it.
    Conflict(Vec<Mac>),
    /// One host answers on several cards.
    SeveralCards(Vec<Mac>),
    /// This MAC address answers for it, but has it not.
    Proxied(Mac),
}

/// One question to one MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Check {
    mac: Mac,
    address: IpAddr,
    /// Without saying who asks.
    anonymous: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    sent: u32,
    answered: bool,
    /// Tried often enough, and waited for.
    given_up: bool,
}

const TRIES: u32 = 4;
const SPACING: Duration = Duration::from_millis(150);
/// So that hostile traffic can't keep us busy for ever.
const MOST_CHECKS: usize = 1 << 16;

pub(super) struct Doubts {
    asker: Asker,
    patience: Duration,
    checks: HashMap<Check, State, RandomState>,
    /// When a check is to be looked at again, soonest first.
    agenda: BinaryHeap<Reverse<(Timestamp, Check)>>,
    /// Checks that are neither answered nor given up.
    open: usize,
    /// The addresses that each MAC address has answered for.
    by_mac: HashMap<Mac, Vec<IpAddr>, RandomState>,
    /// MAC addresses that did not answer for one of their addresses.
    suspects: HashSet<Mac, RandomState>,
    /// Who else has which address, as the kernel knows.
    hints: Vec<(IpAddr, Mac)>,
}

impl Doubts {
    pub fn new(asker: Asker, patience: Duration, hints: Vec<(IpAddr, Mac)>) -> Self {
        let mut by_mac: HashMap<Mac, Vec<IpAddr>, RandomState> = HashMap::default();
        for (address, mac) in &hints {
            by_mac.entry(*mac).or_default().push(*address);
        }
        Self {
            asker,
            patience,
            checks: HashMap::default(),
            agenda: BinaryHeap::new(),
            open: 0,
            by_mac,
            suspects: HashSet::default(),
            hints,
        }
    }

    /// `mac` has answered for `address`, for the first time.
    pub fn answered(&mut self, address: IpAddr, mac: Mac, now: Timestamp) {
        let all = self.by_mac.entry(mac).or_default();
        // Told once an address and MAC address; a hint may have told before.
        if !self.hints.contains(&(address, mac)) {
            all.push(address);
        }
        let count = all.len();
        // A router has addresses of its own besides those it answers for, so that one is not enough; the more
        // there are, the thinner the sample.
        let sampled = count > 1 && (count <= 4 || count.is_power_of_two());
        let first = all[0];
        if count == 2 && !self.is_hint(first, mac) {
            self.check(first, mac, true, now);
        }
        if sampled || self.suspects.contains(&mac) {
            self.check(address, mac, true, now);
        }
    }

    fn is_hint(&self, address: IpAddr, mac: Mac) -> bool {
        self.hints.contains(&(address, mac))
    }

    /// Notes an answer; true where it was waited for here.
    pub fn hear(&mut self, address: IpAddr, mac: Mac, anonymous: bool) -> bool {
        let check = Check {
            mac,
            address,
            anonymous,
        };
        let Some(state) = self.checks.get_mut(&check) else {
            return false;
        };
        let waited_for = !state.answered && state.sent > 0;
        if waited_for {
            state.answered = true;
            if !state.given_up {
                self.open -= 1;
            }
        }
        waited_for
    }

    /// When there is something to do; none where nothing is open.
    pub fn due(&self) -> Option<Timestamp> {
        if self.open == 0 {
            return None;
        }
        self.agenda.peek().map(|Reverse((due, _))| *due)
    }

    /// Does what is due; true where that is to send `frame`.
    pub fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> bool {
        while let Some(Reverse((due, check))) = self.agenda.peek().copied() {
            if due > now {
                return false;
            }
            self.agenda.pop();
            let Some(state) = self.checks.get_mut(&check) else {
                continue;
            };
            if state.answered {
                continue;
            }
            if state.sent == TRIES {
                state.given_up = true;
                self.open -= 1;
                continue;
            }
            state.sent += 1;
            let wait = if state.sent == TRIES {
                self.patience
            } else {
                SPACING
            };
            self.agenda.push(Reverse((now.after(wait), check)));
            match (check.anonymous, check.address) {
                (true, IpAddr::V4(address)) => {
                    self.asker.anonymous(frame, address, Some(check.mac))
                }
                _ => self.asker.question(frame, check.address, Some(check.mac)),
            }
            return true;
        }
        false
    }

    /// Asks `mac` alone for an address, where that was not done yet.
    pub fn check(&mut self, address: IpAddr, mac: Mac, anonymous: bool, now: Timestamp) {
        let check = Check {
            mac,
            address,
            anonymous,
        };
        let possible = !anonymous || address.is_ipv4();
        if !possible || self.checks.contains_key(&check) || self.checks.len() >= MOST_CHECKS {
            return;
        }
        self.checks.insert(check, State::default());
        self.agenda.push(Reverse((now, check)));
        self.open += 1;
    }

    /// Looks at what has come of the checks; true where that raised new ones.
    pub fn conclude(&mut self, contested: &[(IpAddr, Vec<Mac>)], now: Timestamp) -> bool {
        for (address, macs) in contested {
            let others = self.others(*address, macs);
            for mac in macs {
                self.check(*address, *mac, false, now);
                self.check(*address, *mac, true, now);
                for other in &others {
                    self.check(*other, *mac, false, now);
                }
            }
        }
        let silent: Vec<Check> = self.silent().collect();
        for check in silent {
            // Silent because it is gone, or because it was asked that way?
            self.check(check.address, check.mac, false, now);
            if self.suspects.insert(check.mac) {
                for address in self.by_mac.get(&check.mac).cloned().unwrap_or_default() {
                    if !self.is_hint(address, check.mac) {
                        self.check(address, check.mac, true, now);
                    }
                }
            }
        }
        self.open > 0
    }

    /// Anonymous checks that nobody answered.
    fn silent(&self) -> impl Iterator<Item = Check> {
        let all = self.checks.iter();
        all.filter(|(check, state)| check.anonymous && state.given_up && !state.answered)
            .map(|(check, _)| *check)
    }

    /// For each of some MAC addresses another address that it has.
    fn others(&self, address: IpAddr, macs: &[Mac]) -> Vec<IpAddr> {
        let of = |mac: &Mac| {
            let all = self.by_mac.get(mac)?;
            let other = |other: &&IpAddr| {
                **other != address
                    && other.is_ipv4() == address.is_ipv4()
                    && **other != self.asker.ip
            };
            all.iter().find(other).copied()
        };
        let mut others: Vec<_> = macs.iter().filter_map(of).collect();
        others.dedup();
        others
    }

    pub fn has_answered(&self, address: IpAddr, mac: Mac, anonymous: bool) -> bool {
        let check = Check {
            mac,
            address,
            anonymous,
        };
        self.checks.get(&check).is_some_and(|state| state.answered)
    }

    /// What is now known, address by address.
    pub fn findings(&self, contested: &[(IpAddr, Vec<Mac>)]) -> Vec<(IpAddr, Finding)> {
        let is_proxy = |check: &Check| self.has_answered(check.address, check.mac, false);
        let mut found: Vec<_> = self
            .silent()
            .filter(is_proxy)
            .map(|check| (check.address, Finding::Proxied(check.mac)))
            .collect();
        for (address, macs) in contested {
            let proxied = |mac: &Mac| found.contains(&(*address, Finding::Proxied(*mac)));
            let owners: Vec<Mac> = macs.iter().copied().filter(|mac| !proxied(mac)).collect();
            if owners.len() < 2 {
                continue;
            }
            let everybody_has = |other: &IpAddr| {
                owners
                    .iter()
                    .all(|mac| self.has_answered(*other, *mac, false))
            };
            let finding = if self.others(*address, macs).iter().any(everybody_has) {
                Finding::SeveralCards(owners)
            } else {
                Finding::Conflict(owners)
            };
            found.push((*address, finding));
        }
        found.sort_by_key(|(address, _)| *address);
        found
    }
}
