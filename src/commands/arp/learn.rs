//! What was answered goes into the neighbor table.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use super::place::Place;
use crate::analysis::neighbors::{How, Sighting, Vlan};
use crate::arp::Mac;
use crate::commands::{report, tell};
use crate::frame::Timestamp;
use crate::store::Store;

/// The neighbor table, where one is to be filled and can be. That it can't be is told, and no reason not to show what is
/// found.
pub(super) struct Memory(Option<Store>);

impl Memory {
    /// Opens it while that is still possible: rights are given up before anything is heard.
    pub fn open(table: Option<&Path>) -> Self {
        let store = table.and_then(|path| Store::open(path).inspect_err(report).ok());
        Self(store)
    }

    /// Where it is.
    pub fn path(&self) -> Option<&Path> {
        self.0.as_ref().map(Store::path)
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
