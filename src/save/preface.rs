//! What stands in each file before and behind its frames: who captured, on which interfaces, what was counted.

use std::collections::BTreeMap;

use super::{Format, pcap, pcapng};
use crate::about::{About, Block, Interface, Section, Statistics};
use crate::frame::{Frame, LinkType};

/// Bytes of blocks that are repeated at the start of each file; of more than that each file has only its own.
const MOST_REPEATED: usize = 16 << 20;

pub(super) struct Preface {
    section: Section,
    /// Those that the next file is to describe too.
    interfaces: Vec<Interface>,
    /// How many there were in all, and which of them are of the present section: what those count may still come.
    declared: usize,
    present: Option<u32>,
    blocks: Vec<Block>,
    /// The latest of each interface.
    statistics: BTreeMap<u32, Statistics>,
}

impl Preface {
    pub(super) fn new(comment: Option<String>) -> Self {
        Self {
            section: Section {
                comments: comment.into_iter().collect(),
                ..Section::default()
            },
            interfaces: Vec::new(),
            declared: 0,
            present: None,
            blocks: Vec::new(),
            statistics: BTreeMap::new(),
        }
    }

    /// What the file that is being written says at its start, as far as it has none yet.
    pub(super) fn add_sections(&mut self, sections: &[Section]) {
        for section in sections {
            let known = &mut self.section;
            known.hardware = known.hardware.take().or(section.hardware.clone());
            known.system = known.system.take().or(section.system.clone());
            known.comments.extend(section.comments.iter().cloned());
        }
    }

    /// Room is kept for the statistics of these, which may come when the file is all but full; not for those of an
    /// earlier section, nor where the input has none.
    pub(super) fn declare(&mut self, interfaces: &[Interface], sections: &[Section]) {
        if !sections.is_empty() {
            self.present = u32::try_from(self.declared).ok();
        }
        self.declared += interfaces.len();
    }

    pub(super) fn add_statistics(&mut self, statistics: &[Statistics]) {
        for statistics in statistics {
            self.statistics.insert(statistics.interface, *statistics);
        }
    }

    /// What the next file is to say too.
    pub(super) fn remember(&mut self, interfaces: &[Interface], about: &About) {
        self.interfaces.extend_from_slice(interfaces);
        let size = |blocks: &[Block]| blocks.iter().map(|block| block.body.len()).sum::<usize>();
        if size(&self.blocks) + size(&about.blocks) <= MOST_REPEATED {
            self.blocks.extend_from_slice(&about.blocks);
        }
    }

    /// There will be no next file.
    pub(super) fn forget(&mut self) {
        self.interfaces.clear();
        self.blocks.clear();
    }

    /// What a file begins with, and the link type of a pcap file: that of its first frame.
    pub(super) fn start(&self, format: Format, first: Option<&Frame<'_>>) -> (Vec<u8>, LinkType) {
        let index = first.map_or(0, |frame| frame.interface as usize);
        let mut interface = match self.interfaces.get(index) {
            Some(interface) => interface.clone(),
            None => Interface::new(LinkType::ETHERNET, 0),
        };
        interface.link = first.map_or(interface.link, |frame| frame.link);
        let mut out = Vec::new();
        match format {
            Format::Pcap => pcap::push_header(&mut out, &interface),
            Format::Pcapng => {
                pcapng::push_section(&mut out, &self.section);
                push_more(&mut out, &self.interfaces, &self.blocks);
            }
        }
        (out, interface.link)
    }

    /// What a file ends with.
    pub(super) fn end(&self, format: Format) -> Vec<u8> {
        let mut out = Vec::new();
        if format == Format::Pcapng {
            for statistics in self.statistics.values() {
                pcapng::push_statistics(&mut out, statistics);
            }
        }
        out
    }

    /// Bytes of [`Self::end`], at most: what it will count may not be known yet.
    pub(super) fn end_size(&self, format: Format) -> u64 {
        match format {
            Format::Pcap => 0,
            Format::Pcapng => {
                let present = self
                    .present
                    .map_or(0..0, |first| first..self.declared as u32);
                let known = self.statistics.range(present.clone()).count();
                let most = self.statistics.len() + present.len() - known;
                most as u64 * pcapng::LARGEST_STATISTICS
            }
        }
    }
}

/// Interfaces and other blocks, as a pcapng file has them.
pub(super) fn push_more(out: &mut Vec<u8>, interfaces: &[Interface], blocks: &[Block]) {
    for interface in interfaces {
        pcapng::push_interface(out, interface);
    }
    for block in blocks {
        pcapng::push_raw(out, block);
    }
}
