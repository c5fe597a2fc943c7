//! What a capture holds beside its frames: which interfaces, who captured, what was lost, remarks.

use std::ops::Range;

use crate::frame::{LinkType, Timestamp};

/// An interface that frames were captured on, as a capture file or this machine describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    pub link: LinkType,
    /// Largest number of bytes kept of a frame; 0 where the input sets no limit.
    pub snaplen: u32,
    pub name: Option<String>,
    pub description: Option<String>,
    /// The capture filter that chose its frames, in libpcap's language.
    pub filter: Option<String>,
    /// The operating system that captured.
    pub system: Option<String>,
    /// Which of its file's (its section's) interfaces it is, from 0. Files one after the other begin anew.
    pub position: u32,
}

impl Interface {
    /// One of which no more is known.
    pub const fn new(link: LinkType, snaplen: u32) -> Self {
        Self {
            link,
            snaplen,
            name: None,
            description: None,
            filter: None,
            system: None,
            position: 0,
        }
    }
}

/// Where a capture was made, and what somebody remarked about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    pub hardware: Option<String>,
    pub system: Option<String>,
    pub comments: Vec<String>,
}

/// What was counted on one interface from the beginning of the capture to a moment; none where it is not known. The
/// names are those of pcapng's Interface Statistics Block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Index among all interfaces that the input named so far, from 0.
    pub interface: u32,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// Frames that the interface received.
    pub ifrecv: Option<u64>,
    /// Frames lost below the capturing program; Wireshark shows this number as the drops.
    pub ifdrop: Option<u64>,
    /// Frames that passed the capture filter.
    pub filteraccept: Option<u64>,
    /// Frames that the operating system dropped.
    pub osdrop: Option<u64>,
    /// Frames that the capturing program got.
    pub usrdeliv: Option<u64>,
}

/// A pcapng block that is passed on as it is: names of addresses, or secrets to decrypt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The format's number for it.
    pub kind: u32,
    /// What is between the lengths, little-endian.
    pub body: Vec<u8>,
}

/// All of this that came between two batches' frames.
#[derive(Debug, Default)]
pub struct About {
    pub sections: Vec<Section>,
    pub statistics: Vec<Statistics>,
    pub blocks: Vec<Block>,
    /// Blocks that hold something that is understood nowhere here.
    pub unknown_blocks: u64,
    /// Options of frames, as pcapng's little-endian option list without its end.
    options: Vec<u8>,
    /// Which frame of the batch they belong to, in order. Few have any.
    owners: Vec<(usize, Range<usize>)>,
}

impl About {
    pub fn clear(&mut self) {
        self.sections.clear();
        self.statistics.clear();
        self.blocks.clear();
        self.unknown_blocks = 0;
        self.options.clear();
        self.owners.clear();
    }

    /// Keeps what `write` appends as the options of the batch's frame at `index`; frames come in order.
    pub fn add_options(&mut self, index: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.options.len();
        write(&mut self.options);
        if self.options.len() > start {
            self.owners.push((index, start..self.options.len()));
        }
    }

    /// The options of the batch's frame at `index`; mostly none.
    pub fn options(&self, index: usize) -> &[u8] {
        if self.owners.is_empty() {
            return &[];
        }
        match self
            .owners
            .binary_search_by_key(&index, |(owner, _)| *owner)
        {
            Ok(at) => &self.options[self.owners[at].1.clone()],
            Err(_) => &[],
        }
    }
}
