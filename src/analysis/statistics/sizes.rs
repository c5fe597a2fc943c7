//! How long frames are, in the classes of `tshark -z plen,tree`.

use super::traffic::Traffic;
use crate::frame::Frame;

/// Where each class begins, in bytes on the wire; it ends before the next, and the last one never.
pub const FLOORS: [u32; 10] = [0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120];

#[derive(Debug, Clone, Copy, Default)]
pub struct Sizes {
    pub classes: [Class; FLOORS.len()],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    pub traffic: Traffic,
    /// Length of the shortest and of the longest frame in it, in bytes.
    pub shortest: u32,
    pub longest: u32,
}

impl Default for Class {
    fn default() -> Self {
        Self {
            traffic: Traffic::default(),
            shortest: u32::MAX,
            longest: 0,
        }
    }
}

impl Sizes {
    pub(super) fn count(&mut self, frame: &Frame<'_>) {
        let len = frame.wire_len;
        self.classes[class_of(len)].add(Class {
            traffic: Traffic::of(frame),
            shortest: len,
            longest: len,
        });
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        let part = std::mem::take(part);
        for (class, more) in self.classes.iter_mut().zip(part.classes) {
            class.add(more);
        }
    }
}

impl Class {
    fn add(&mut self, other: Self) {
        self.traffic += other.traffic;
        self.shortest = self.shortest.min(other.shortest);
        self.longest = self.longest.max(other.longest);
    }
}

fn class_of(len: u32) -> usize {
    const STEP: u32 = FLOORS[1];
    // Each floor above it is twice the one before.
    let class = (len / STEP).checked_ilog2().map_or(0, |log| log + 1);
    (class as usize).min(FLOORS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_begin_at_their_floor() {
        for (class, floor) in FLOORS.into_iter().enumerate() {
            assert_eq!(class_of(floor), class);
            assert_eq!(class_of(floor.saturating_sub(1)), class.saturating_sub(1));
            assert_eq!(class_of(floor + 1), class);
        }
        assert_eq!(class_of(u32::MAX), 9);
    }
}
