//! Brings what several interfaces captured into the order of its times.
//!
//! The kernel hands over each interface's frames in blocks, some milliseconds apart, so that of two frames the later
//! one is often read first. It waits here until nothing earlier can come.

use crate::batch::{Batch, Record};
use crate::frame::Timestamp;

/// One interface's frames, read but not passed on yet.
#[derive(Debug, Default)]
pub(super) struct Lane {
    frames: Batch,
    /// The first of them that was not passed on.
    next: usize,
}

impl Lane {
    /// Where newly read frames are appended.
    pub(super) fn entrance(&mut self) -> &mut Batch {
        &mut self.frames
    }

    /// The time of the frame that would be passed on next; a frame without a time counts as earliest.
    pub(super) fn head(&self) -> Option<Option<Timestamp>> {
        self.frames.records.get(self.next).map(|record| record.time)
    }

    fn pass(&mut self, out: &mut Batch) {
        let frame = self.frames.frame(self.next);
        out.push(
            frame.bytes,
            frame.wire_len,
            frame.time,
            frame.link,
            frame.interface,
        );
        self.next += 1;
    }

    /// Gives up the memory of what was passed on; each byte moves at most once for each byte passed on.
    fn tidy(&mut self) {
        match self.frames.records.get(self.next) {
            None => {
                self.frames.clear();
                self.next = 0;
            }
            Some(&Record { start, .. }) if start > self.frames.bytes.len() / 2 => {
                self.frames.bytes.drain(..start);
                self.frames.records.drain(..self.next);
                for record in &mut self.frames.records {
                    record.start -= start;
                }
                self.next = 0;
            }
            Some(_) => {}
        }
    }
}

/// Passes on every frame up to `until` (all, where that is none), earliest first; of equally early ones the first lane's.
pub(super) fn merge(lanes: &mut [Lane], until: Option<Timestamp>, out: &mut Batch) {
    let earliest = |lanes: &[Lane]| {
        let heads = lanes.iter().enumerate();
        heads
            .filter_map(|(index, lane)| Some((lane.head()?, index)))
            .min()
    };
    while let Some((time, index)) = earliest(lanes) {
        if until.is_some() && time > until {
            break;
        }
        lanes[index].pass(out);
    }
    lanes.iter_mut().for_each(Lane::tidy);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::LinkType;

    fn at(nanos: i64) -> Timestamp {
        Timestamp::from_nanos(nanos)
    }

    /// Appends a frame whose bytes are its time.
    fn arrive(lane: &mut Lane, interface: u32, nanos: i64) {
        let bytes = nanos.to_be_bytes();
        lane.entrance()
            .push(&bytes, 8, Some(at(nanos)), LinkType::ETHERNET, interface);
    }

    fn passed(lanes: &mut [Lane], until: Option<i64>) -> Vec<(i64, u32)> {
        let mut out = Batch::default();
        merge(lanes, until.map(at), &mut out);
        out.frames()
            .map(|frame| {
                let bytes = frame.bytes.try_into().expect("eight bytes");
                let nanos = i64::from_be_bytes(bytes);
                assert_eq!(frame.time, Some(at(nanos)), "the bytes are another frame's");
                (nanos, frame.interface)
            })
            .collect()
    }

    #[test]
    fn the_earlier_frame_goes_first_and_later_ones_wait() {
        let mut lanes = [Lane::default(), Lane::default()];
        for nanos in [10, 40, 50] {
            arrive(&mut lanes[0], 0, nanos);
        }
        arrive(&mut lanes[1], 1, 20);
        assert_eq!(passed(&mut lanes, Some(40)), [(10, 0), (20, 1), (40, 0)]);
        arrive(&mut lanes[1], 1, 45);
        arrive(&mut lanes[1], 1, 50);
        assert_eq!(passed(&mut lanes, Some(49)), [(45, 1)]);
        assert_eq!(passed(&mut lanes, None), [(50, 0), (50, 1)]);
        assert_eq!(passed(&mut lanes, None), []);
    }

    #[test]
    fn a_lane_that_is_never_empty_keeps_no_memory_of_what_passed() {
        let mut lanes = [Lane::default()];
        arrive(&mut lanes[0], 0, 0);
        for nanos in 1..1000 {
            arrive(&mut lanes[0], 0, nanos);
            assert_eq!(passed(&mut lanes, Some(nanos - 1)), [(nanos - 1, 0)]);
            assert!(lanes[0].frames.bytes.len() <= 4 * 8, "it grows");
        }
    }
}
