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

    /// Writes it all at once into the table, if one is wanted. That it can't be written is told, and no reason not to
    /// show what was found.
    pub fn keep(self, table: Option<&Path>) {
        let Some(path) = table.filter(|_| !self.sightings.is_empty()) else {
            return;
        };
        let learned = Store::open(path).and_then(|mut store| store.learn(&self.sightings));
        match learned {
            Ok(learned) if learned.forgotten > 0 => tell(&format!(
                "the neighbor table is full: it forgot {} of its oldest entries",
                learned.forgotten
            )),
            Ok(_) => {}
            Err(error) => report(&error),
        }
    }
}
