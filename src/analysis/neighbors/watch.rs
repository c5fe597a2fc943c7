//! Bindings over time: what arpwatch does, with what it gets wrong put right (docs/arpwatch.md tells the differences).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::claim::Claim;
use super::event::{Event, Kind};
use super::judge;
use super::repeat::Repeats;
use super::sighting::{Sighting, Vlan};
use crate::address::Subnet;
use crate::analysis::memory::Bounded;
use crate::frame::Timestamp;

/// Addresses remembered, half of them passers-by: about 15 MB when full.
const LIMIT: usize = 131_072;
/// MAC addresses remembered of an address. arpwatch keeps them all; a flood would fill our memory with them.
const MACS: usize = 16;
/// Six months, as arpwatch counts them.
const SIX_MONTHS: i64 = 6 * 30 * 24 * 3600 * 1_000_000_000;
/// An address that was seen over so long is no passer-by of a flood.
const SETTLED: i64 = 60 * 1_000_000_000;

/// What is known beforehand of the link that is watched.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// The subnets on each interface, by its name; without a name, on all. Where none are known no address is off them.
    pub subnets: Vec<(Option<Arc<str>>, Subnet)>,
    /// The only bindings that may be; none where any may.
    pub expected: Option<super::Expected>,
}

impl Link {
    fn on<'a>(&'a self, interface: &'a str) -> impl Iterator<Item = &'a Subnet> {
        let here =
            move |name: &Option<Arc<str>>| name.as_deref().is_none_or(|name| name == interface);
        let subnets = self.subnets.iter().filter(move |(name, _)| here(name));
        subnets.map(|(_, subnet)| subnet)
    }
}

/// An address in one place: on another interface or VLAN it is another host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) address: IpAddr,
    interface: u32,
    vlan: Vlan,
}

/// Where an address was.
#[derive(Debug, Clone)]
struct Station {
    first: Timestamp,
    /// Newest first; never empty.
    macs: Vec<Held>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    mac: [u8; 6],
    last: Timestamp,
}

/// The state of all bindings, fed with what packets claim, in order.
#[derive(Debug)]
pub struct Watch {
    link: Link,
    /// Names of interfaces; keys have their numbers.
    interfaces: HashMap<Arc<str>, u32, RandomState>,
    /// Those that stay, and those that were seen for less than a minute: a flood of forged addresses only
    /// pushes out its like.
    settled: Bounded<Key, Station>,
    passing: Bounded<Key, Station>,
    repeats: Repeats,
}

impl Watch {
    pub fn new(link: Link) -> Self {
        Self {
            link,
            interfaces: HashMap::default(),
            settled: Bounded::new(LIMIT / 2),
            passing: Bounded::new(LIMIT / 2),
            repeats: Repeats::new(),
        }
    }

    /// Takes up a binding from an earlier run. In the order of their last times, so that the newest comes last.
    pub fn resume(&mut self, sighting: &Sighting) {
        let key = self.key(sighting.address, &sighting.interface, sighting.vlan);
        let station = self.settled.get_or_insert_with(key, || Station {
            first: sighting.time,
            macs: Vec::new(),
        });
        station.push(sighting.mac, sighting.time);
    }

    /// Looks at one claim; appends what there is to tell. Returns what the neighbor table should learn: nothing where
    /// no host can have this address or this MAC address.
    pub fn observe(
        &mut self,
        claim: &Claim,
        interface: &Arc<str>,
        time: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Sighting> {
        let key = self.key(claim.address, interface, claim.vlan);
        let mut telling = Telling {
            claim,
            interface,
            key,
            time,
            link: &self.link,
            repeats: &mut self.repeats,
            events,
        };
        if judge::is_no_station(claim) {
            telling.tell(Kind::EthernetBroadcast, claim.sender, None);
            return None;
        }
        if judge::is_bogon(claim.address, self.link.on(interface)) {
            telling.tell(Kind::Bogon, None, None);
            return None;
        }
        if judge::is_mismatch(claim) {
            telling.tell(Kind::EthernetMismatch, claim.sender, None);
        }
        let expected = self.link.expected.as_ref();
        if expected.is_some_and(|expected| !expected.allows(claim.address, claim.mac)) {
            telling.tell(Kind::Unexpected, None, None);
        }
        let station = find(&mut self.settled, &mut self.passing, key, time);
        let before = station.macs.first().copied();
        if let Some(kind) = station.see(claim.mac, time) {
            let other = before.filter(|held| held.mac != claim.mac);
            telling.tell(
                kind,
                other.map(|held| held.mac),
                before.map(|held| time.since(held.last)),
            );
        }
        claim.sighting(interface, time)
    }

    /// Events that were the same as one just told, and were counted instead.
    pub fn folded(&self) -> u64 {
        self.repeats.folded()
    }

    /// Addresses forgotten to bound memory. One that is seen again is told as new.
    pub fn forgotten(&self) -> u64 {
        self.settled.forgotten() + self.passing.forgotten()
    }

    fn key(&mut self, address: IpAddr, interface: &Arc<str>, vlan: Vlan) -> Key {
        let number = match self.interfaces.get(interface) {
            Some(number) => *number,
            None => {
                let number = self.interfaces.len() as u32;
                self.interfaces.insert(interface.clone(), number);
                number
            }
        };
        Key {
            address,
            interface: number,
            vlan,
        }
    }
}

/// The station at `key`; one without MAC addresses where it is new. Who has been there for a while moves among those
/// that stay.
fn find<'a>(
    settled: &'a mut Bounded<Key, Station>,
    passing: &'a mut Bounded<Key, Station>,
    key: Key,
    time: Timestamp,
) -> &'a mut Station {
    let new = || Station {
        first: time,
        macs: Vec::new(),
    };
    if settled.contains(&key) {
        return settled.get_or_insert_with(key, new);
    }
    let stays = |station: &Station| time.since(station.first) >= SETTLED;
    match passing.remove_if(&key, stays) {
        Some(station) => settled.get_or_insert_with(key, || station),
        None => passing.get_or_insert_with(key, new),
    }
}

impl Station {
    /// Notes that it is at `mac` now; says what that means, where it means something.
    fn see(&mut self, mac: [u8; 6], time: Timestamp) -> Option<Kind> {
        let kind = match self.macs.iter().position(|held| held.mac == mac) {
            None if self.macs.is_empty() => Some(Kind::NewStation),
            None => Some(Kind::Changed),
            Some(0) => (time.since(self.macs[0].last) > SIX_MONTHS).then_some(Kind::NewActivity),
            Some(1) => Some(Kind::FlipFlop),
            Some(_) => Some(Kind::ReusedOld),
        };
        self.push(mac, time);
        kind
    }

    /// Puts `mac` at the front.
    fn push(&mut self, mac: [u8; 6], time: Timestamp) {
        self.macs.retain(|held| held.mac != mac);
        self.macs.truncate(MACS - 1);
        self.macs.insert(0, Held { mac, last: time });
    }
}

/// What an event about a claim is made of.
struct Telling<'a> {
    claim: &'a Claim,
    interface: &'a Arc<str>,
    key: Key,
    time: Timestamp,
    link: &'a Link,
    repeats: &'a mut Repeats,
    events: &'a mut Vec<Event>,
}

impl Telling<'_> {
    fn tell(&mut self, kind: Kind, other: Option<[u8; 6]>, idle: Option<i64>) {
        let Claim { address, mac, .. } = *self.claim;
        let Some(repeats) = self.repeats.admit((kind, self.key, mac), self.time) else {
            return;
        };
        let expected = self.link.expected.as_ref();
        let is_expected = expected.is_some_and(|expected| expected.allows(address, mac));
        self.events.push(Event {
            kind,
            level: judge::level(kind, mac, other, is_expected),
            address,
            mac,
            other,
            interface: self.interface.clone(),
            vlan: self.claim.vlan,
            time: self.time,
            idle,
            repeats,
        });
    }
}
