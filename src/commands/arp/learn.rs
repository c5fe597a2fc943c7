//! What was answered goes into the neighbor table.

use std::net::{IpAddr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::place::{Place, subnets};
use crate::address::Subnet;
use crate::analysis::neighbors::{How, Sighting, Vlan};
use crate::arp::Mac;
use crate::commands::{report, tell};
use crate::error::Result;
use crate::frame::Timestamp;
use crate::net::Link;
use crate::store::{Binding, Query, Select, Store};

/// The neighbor table, where one is to be filled and can be. That it can't be is told, and no reason not to show what is
/// found.
pub(super) struct Memory(Option<Store>);

impl Memory {
    /// Opens it while that is still possible: rights are given up before anything is heard.
    fn open(table: Option<&Path>) -> Self {
        let store = table.and_then(|path| Store::open(path).inspect_err(report).ok());
        Self(store)
    }

    /// Opens it while `open` opens what asks, which waits for the kernel most of the time. A table that is not there yet
    /// is made only once it is clear that somebody can be asked.
    ///
    /// # Errors
    /// Those of `open`.
    pub fn beside<T>(table: Option<&Path>, open: impl FnOnce() -> Result<T>) -> Result<(T, Self)> {
        let there = table.filter(|path| path.exists());
        let (opened, memory) = thread::scope(|scope| {
            // The thread has ended before rights are given up: it would keep its own.
            let memory = there.map(|path| scope.spawn(move || Self::open(Some(path))));
            (open(), memory.and_then(|memory| memory.join().ok()))
        });
        let opened = opened?;
        Ok((opened, memory.unwrap_or_else(|| Self::open(table))))
    }

    /// Where it is.
    pub fn path(&self) -> Option<&Path> {
        self.0.as_ref().map(Store::path)
    }

    /// Where it saw an address last on a link.
    pub fn last_known(&self, link: &Link, address: IpAddr) -> Option<Binding> {
        let query = Query {
            select: Select {
                interface: Some(link.name.clone()),
                vlan: Some(Vlan::NONE),
                ..Select::address(address)
            },
            limit: 1,
            newest_first: true,
        };
        let known = self.0.as_ref()?.list(&query);
        known.inspect_err(report).ok()?.pop()
    }

    /// IPv6 addresses that it has on a link and that can still be there, those seen last.
    pub fn known_v6(&self, link: &Link) -> Vec<IpAddr> {
        const MOST: u64 = 10_000;
        let query = Query {
            select: Select {
                subnet: Subnet::new(Ipv6Addr::UNSPECIFIED.into(), 0),
                interface: Some(link.name.clone()),
                vlan: Some(Vlan::NONE),
                ..Select::default()
            },
            limit: MOST,
            newest_first: true,
        };
        let known = self.0.as_ref().map(|store| store.list(&query));
        let known = known.map(|known| known.inspect_err(report).unwrap_or_default());
        let on_link = |address: &IpAddr| subnets(link).any(|subnet| subnet.contains(*address));
        known
            .into_iter()
            .flatten()
            .map(|binding| binding.address)
            .filter(on_link)
            .collect()
    }

    /// Writes it all at once.
    pub fn keep(&mut self, lesson: Lesson) {
        let Some(store) = self.0.as_mut().filter(|_| !lesson.sightings.is_empty()) else {
            return;
        };
        match store.learn(&lesson.sightings) {
            Ok(learned) if learned.forgotten > 0 => tell(&format!(
                "the neighbor table is full: it forgot {} of its oldest entries",
                learned.forgotten
            )),
            Ok(_) => {}
            Err(error) => report(&error),
        }
    }
}

/// What is to be remembered of one run.
pub(super) struct Lesson {
    how: How,
    interface: Arc<str>,
    sightings: Vec<Sighting>,
}

impl Lesson {
    pub fn new(place: &Place, how: How) -> Self {
        Self {
            how,
            interface: place.link.name.as_str().into(),
            sightings: Vec::new(),
        }
    }

    pub fn note(&mut self, address: IpAddr, mac: Mac, time: Timestamp) {
        self.sightings.push(Sighting {
            address,
            mac,
            interface: self.interface.clone(),
            vlan: Vlan::NONE,
            how: self.how,
            time,
        });
    }
}
