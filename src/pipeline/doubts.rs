//! What limits the conclusions that frames allow: counted beside the work, by each worker for its batch.

use crate::batch::{Batch, Record};
use crate::decode::Decoded;
use crate::frame::{Frame, LinkType, Timestamp};

/// The longest frame on an Ethernet with the usual MTU of 1500: header, two tags and a checksum around that.
pub const LONGEST_USUAL: u32 = 1526;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Frames of which not all was captured.
    pub cut: u64,
    /// Of these, how many bytes the longest one kept.
    pub cut_at: u32,
    /// Ethernet frames that are longer than [`LONGEST_USUAL`].
    pub oversized: u64,
    /// Frames whose TCP or UDP checksum was left to the network card.
    pub unfinished: u64,
    pub backwards: Option<Backwards>,
    /// TCP connections, and those of them that were seen in both directions; none where nobody followed them.
    pub connections: Option<(u64, u64)>,
}

/// Frames with a time before that of the frame before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backwards {
    /// The first such frame.
    pub frame: u64,
    /// How far it went back, in nanoseconds.
    pub by: i64,
    pub times: u64,
}

/// What one worker found in one batch.
#[derive(Debug, Default)]
pub(super) struct Findings {
    doubts: Doubts,
    /// Length on the wire of the frames that passed.
    pub(super) bytes: u64,
    /// How many of them are cut or malformed.
    pub(super) problems: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// Number of the first frame with a time.
    first_number: u64,
    /// The batch may begin another file, whose times say nothing about those before.
    apart: bool,
}

impl Findings {
    /// The times of the first `read` frames, whether they passed or not.
    fn of_times(batch: &Batch, read: usize) -> Self {
        let mut found = Self {
            apart: !batch.interfaces.is_empty(),
            ..Self::default()
        };
        found.look_at_times(batch.first_number, &batch.records[..read]);
        found
    }

    /// What the first `read` frames of a batch show, and of those that passed the first `passed`.
    pub(super) fn of(batch: &Batch, decoded: &Decoded, read: usize, passed: usize) -> Self {
        let mut found = Self::of_times(batch, read);
        let places = decoded.places().take(passed);
        places.for_each(|place| found.look_at(batch, place));
        found.problems = decoded.problems(passed) as u64;
        found.doubts.unfinished = decoded.left_to_card(passed) as u64;
        found
    }

    /// Looks at the frame at `place`, which passed. Every frame does, so what its record tells is not read from the frame.
    fn look_at(&mut self, batch: &Batch, place: usize) {
        let (doubts, record) = (&mut self.doubts, &batch.records[place]);
        self.bytes += u64::from(record.wire_len);
        if record.captured < record.wire_len {
            doubts.cut += 1;
            doubts.cut_at = doubts.cut_at.max(record.captured);
        }
        if record.wire_len > LONGEST_USUAL {
            doubts.oversized += u64::from(is_oversized(&batch.frame(place)));
        }
    }

    fn look_at_times(&mut self, first_number: u64, records: &[Record]) {
        for (record, number) in records.iter().zip(first_number..) {
            let Some(time) = record.time else { continue };
            match self.last {
                None => (self.first, self.first_number) = (Some(time), number),
                Some(before) => self.doubts.compare(before, time, number),
            }
            self.last = Some(time);
        }
    }
}

impl Doubts {
    /// Adds what was found in the next batch; `last` is the time of the last frame before it.
    pub(super) fn add(&mut self, found: &Findings, last: &mut Option<Timestamp>) {
        self.cut += found.doubts.cut;
        self.cut_at = self.cut_at.max(found.doubts.cut_at);
        self.oversized += found.doubts.oversized;
        self.unfinished += found.doubts.unfinished;
        if let (Some(before), Some(first), false) = (*last, found.first, found.apart) {
            self.compare(before, first, found.first_number);
        }
        *last = found.last.or(*last);
        if let Some(more) = &found.doubts.backwards {
            match &mut self.backwards {
                Some(known) => known.times += more.times,
                none => *none = Some(more.clone()),
            }
        }
    }

    fn compare(&mut self, before: Timestamp, time: Timestamp, number: u64) {
        if time >= before {
            return;
        }
        match &mut self.backwards {
            Some(known) => known.times += 1,
            none => {
                *none = Some(Backwards {
                    frame: number,
                    by: before.since(time),
                    times: 1,
                });
            }
        }
    }
}

/// On the loopback interface, whose frames have no addresses, any length is usual.
fn is_oversized(frame: &Frame<'_>) -> bool {
    frame.wire_len > LONGEST_USUAL
        && frame.link == LinkType::ETHERNET
        && frame
            .bytes
            .get(..12)
            .is_some_and(|addresses| *addresses != [0; 12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;

    fn batch(first_number: u64, times: &[i64]) -> Batch {
        let mut batch = Batch {
            first_number,
            ..Batch::default()
        };
        for time in times {
            let time = Some(Timestamp::from_nanos(*time));
            batch.push(&[1; 60], 60, time, LinkType::ETHERNET, 0);
        }
        batch
    }

    fn sum(batches: &[Batch]) -> Doubts {
        let (mut sum, mut last) = (Doubts::default(), None);
        for batch in batches {
            sum.add(&Findings::of_times(batch, batch.len()), &mut last);
        }
        sum
    }

    #[test]
    fn the_first_step_back_is_told_with_its_frame_inside_a_batch_and_between() {
        let found = sum(&[batch(1, &[5, 6, 6]), batch(4, &[4, 9, 7]), batch(7, &[])]);
        let expected = Backwards {
            frame: 4,
            by: 2,
            times: 2,
        };
        assert_eq!(found.backwards, Some(expected));
        assert_eq!(sum(&[batch(1, &[5, 5]), batch(3, &[5])]).backwards, None);
    }

    #[test]
    fn another_file_may_begin_earlier() {
        let mut second = batch(3, &[1, 2]);
        second
            .interfaces
            .push(crate::about::Interface::new(LinkType::ETHERNET, 0));
        assert_eq!(sum(&[batch(1, &[5, 6]), second]).backwards, None);
    }

    #[test]
    fn only_frames_with_addresses_are_oversized() {
        let of = |bytes: &[u8], wire_len| {
            let mut batch = Batch::default();
            batch.push(bytes, wire_len, None, LinkType::ETHERNET, 0);
            is_oversized(&batch.frame(0))
        };
        assert!(of(&[2; 64], LONGEST_USUAL + 1));
        assert!(!of(&[2; 64], LONGEST_USUAL));
        assert!(!of(&[0; 64], 60_000));
    }
}
