//! Filling the neighbor table from frames that pass.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{report, tell};
use crate::about::Interface;
use crate::analysis::Observer;
use crate::analysis::neighbors::claim;
use crate::decode::{Packet, Parts};
use crate::error::{Error, Result};
use crate::frame::Timestamp;
use crate::store::{Recorded, Recorder, Store};
use crate::text::Buffer;

/// Puts into the neighbor table what ARP and neighbor discovery say.
pub(super) struct Learner {
    recorder: Recorder,
    path: PathBuf,
    places: Places,
}

impl Learner {
    /// Opens the table. With `waits`, frames wait for the disk, as those of files can.
    pub(super) fn start(path: &Path, waits: bool) -> Result<Self> {
        let store = Store::open(path)?;
        Ok(Self {
            recorder: Recorder::new(store, waits, report),
            path: path.to_owned(),
            places: Places::default(),
        })
    }

    /// Writes what is left, and says what was learned; returns what kept it from learning all.
    pub(super) fn finish(self) -> Option<Error> {
        let recorded = self.recorder.finish();
        tell(&summary(&recorded, &self.path));
        recorded.error
    }
}

impl Observer for Learner {
    fn observe(&mut self, parts: &Parts<'_>, _: &mut Buffer) {
        let packet = &parts.packet();
        let Some(claim) = claim(packet) else {
            return;
        };
        let (interface, time) = self.places.of(packet);
        if let Some(sighting) = claim.sighting(&interface, time) {
            self.recorder.sighting(sighting);
        }
    }

    fn add_interfaces(&mut self, new: &[Interface]) {
        self.places.add(new);
    }
}

/// What was learned, in a line or two.
pub(super) fn summary(recorded: &Recorded, path: &Path) -> String {
    let learned = recorded.learned;
    let mut text = format!(
        "neighbor table {}: {} learned, {} seen again",
        path.display(),
        learned.new,
        learned.known
    );
    if learned.forgotten > 0 {
        text += &format!(
            "\n{} forgotten to bound the table: those seen for the shortest time",
            learned.forgotten
        );
    }
    if recorded.lost > 0 {
        text += &format!(
            "\n{} not written: the disk was full, or too slow",
            recorded.lost
        );
    }
    text
}

/// Where and when a frame was captured, as the neighbor table names it.
#[derive(Default)]
pub(super) struct Places {
    names: Vec<Arc<str>>,
    last: Timestamp,
}

impl Places {
    pub(super) fn add(&mut self, new: &[Interface]) {
        let name = |interface: &Interface| interface.name.as_deref().unwrap_or_default().into();
        self.names.extend(new.iter().map(name));
    }

    /// The interface's name, empty where it has none; and the time, for a frame without one that of the frame before.
    pub(super) fn of(&mut self, packet: &Packet<'_>) -> (Arc<str>, Timestamp) {
        self.last = packet.frame.time.unwrap_or(self.last);
        let name = self.names.get(packet.frame.interface as usize).cloned();
        (name.unwrap_or_else(|| "".into()), self.last)
    }
}
