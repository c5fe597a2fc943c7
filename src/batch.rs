//! Frames travel in batches that own the bytes they were read into, so that nothing is allocated or copied per frame.

use crate::about::{About, Interface};
use crate::frame::{Frame, LinkType, Timestamp};

/// Where a frame lies inside its batch's bytes.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    pub start: usize,
    pub captured: u32,
    pub wire_len: u32,
    pub time: Option<Timestamp>,
    pub link: LinkType,
    pub interface: u32,
}

/// Consecutive frames of one input, in order. Reused from one filling to the next.
#[derive(Debug, Default)]
pub struct Batch {
    /// What the source read; frames lie inside, other things (record headers) between them.
    pub bytes: Vec<u8>,
    pub records: Vec<Record>,
    /// Number of the first frame in this batch.
    pub first_number: u64,
    /// Interfaces that the input named while this batch was filled, to be appended to those before.
    pub interfaces: Vec<Interface>,
    /// What else the input said meanwhile.
    pub about: About,
    /// Live: no frame from before this moment will come any more.
    pub clock: Option<Timestamp>,
}

impl Batch {
    /// Forgets the frames, not the bytes: a file is read over what was there, without clearing it first.
    pub fn clear_records(&mut self) {
        self.records.clear();
        self.interfaces.clear();
        self.about.clear();
        self.clock = None;
    }

    /// Forgets everything; keeps the memory.
    pub fn clear(&mut self) {
        self.clear_records();
        self.bytes.clear();
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The frame at `index`.
    ///
    /// # Panics
    /// Where `index` is not below [`Self::len`].
    pub fn frame(&self, index: usize) -> Frame<'_> {
        let record = &self.records[index];
        Frame {
            number: self.first_number + index as u64,
            time: record.time,
            bytes: &self.bytes[record.start..record.start + record.captured as usize],
            wire_len: record.wire_len,
            link: record.link,
            interface: record.interface,
        }
    }

    pub fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        (0..self.len()).map(|index| self.frame(index))
    }

    /// Copies a frame in (live sources, tests); `bytes` is what was captured of it.
    pub fn push(
        &mut self,
        bytes: &[u8],
        wire_len: u32,
        time: Option<Timestamp>,
        link: LinkType,
        interface: u32,
    ) {
        self.records.push(Record {
            start: self.bytes.len(),
            captured: bytes.len() as u32,
            wire_len,
            time,
            link,
            interface,
        });
        self.bytes.extend_from_slice(bytes);
    }
}
