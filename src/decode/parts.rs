//! Decoded frames by their parts.

use super::{Found, Packet, Store};
use crate::batch::{Batch, Record};
use crate::decode::Flow;
use crate::frame::Timestamp;

/// What was found in a frame, before it is put together to a [`Packet`]: that takes longer than those need who only follow
/// what a frame is part of.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    pub(super) found: &'a Found,
    pub(super) batch: &'a Batch,
    pub(super) store: &'a Store,
    pub(super) flows: &'a [Flow],
}

impl<'a> Parts<'a> {
    pub fn packet(&self) -> Packet<'a> {
        self.found.packet(self.batch, self.store)
    }

    /// What it is part of, outermost first; empty where [they were not asked for](super::Decoded::without_flows).
    #[inline]
    pub fn flows(&self) -> &'a [Flow] {
        &self.flows[self.found.first_flow as usize..][..self.found.flows.into()]
    }

    /// The frame's number, as in [`Frame::number`](crate::frame::Frame::number).
    #[inline]
    pub fn number(&self) -> u64 {
        self.batch.first_number + u64::from(self.found.frame)
    }

    #[inline]
    pub fn time(&self) -> Option<Timestamp> {
        self.record().time
    }

    /// The frame's length on the wire, in bytes.
    #[inline]
    pub fn wire_len(&self) -> u32 {
        self.record().wire_len
    }

    /// Not all of the frame was captured.
    pub fn is_cut(&self) -> bool {
        self.record().captured < self.wire_len()
    }

    #[inline]
    fn record(&self) -> &'a Record {
        &self.batch.records[self.found.frame as usize]
    }
}

/// Some decoded frames, one after the other.
#[derive(Debug, Clone)]
pub struct Several<'a> {
    pub(super) found: &'a [Found],
    pub(super) batch: &'a Batch,
    pub(super) store: &'a Store,
    pub(super) flows: &'a [Flow],
}

impl<'a> Several<'a> {
    /// Takes the next ones off, at most so many.
    pub fn take_off(&mut self, most: usize) -> Self {
        let (next, rest) = self.found.split_at(most.min(self.found.len()));
        self.found = rest;
        Self {
            found: next,
            ..*self
        }
    }

    /// About what they are part of, in one piece: with what frames between them are that were left out, and without what
    /// some are that were put together from fragments.
    pub fn flows(&self) -> &'a [Flow] {
        let (Some(first), Some(last)) = (self.found.first(), self.found.last()) else {
            return &[];
        };
        let end = last.first_flow as usize + usize::from(last.flows);
        let flows = self.flows.get(first.first_flow as usize..end);
        flows.unwrap_or_default()
    }
}

impl<'a> Iterator for Several<'a> {
    type Item = Parts<'a>;

    #[inline]
    fn next(&mut self) -> Option<Parts<'a>> {
        let found = self.found.split_off_first()?;
        Some(Parts {
            found,
            batch: self.batch,
            store: self.store,
            flows: self.flows,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.found.len(), Some(self.found.len()))
    }
}

impl ExactSizeIterator for Several<'_> {}
