//! The segments of one connection as steps, with what is ordinary and long folded.

use super::{Conversation, Step};
use crate::analysis::tcp::{Reset, State};
use crate::decode::tcp::flag;
use crate::decode::{Finding, Findings};
use crate::frame::Timestamp;

/// Ordinary segments in a row that are shown before the rest is folded.
const SHOWN: usize = 6;
/// Steps shown at most; what comes behind is folded.
const MOST: usize = 1_000;

/// One segment.
#[derive(Debug, Clone, Copy)]
pub struct Rung {
    pub frame: u64,
    pub time: Timestamp,
    /// 0 is the client.
    pub from: usize,
    pub flags: u8,
    /// Counted from the start of each side.
    pub seq: u32,
    pub ack: u32,
    pub len: u32,
    /// In bytes, where its scale is known.
    pub window: Option<u32>,
    pub findings: Findings,
    pub is_copy: bool,
    /// What becomes of it, where it is a reset and no copy.
    pub reset: Option<Reset>,
    /// Both ends' states before and after it.
    pub before: [State; 2],
    pub after: [State; 2],
}

/// Segments that are not shown one by one, of the client and of the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fold {
    pub segments: [u64; 2],
    pub data: [u64; 2],
    /// Of these, sent again.
    pub again: u64,
    pub start: Timestamp,
    pub end: Timestamp,
}

#[derive(Debug, Clone, Copy)]
pub enum Part {
    Rung(Rung),
    Fold(Fold),
}

/// Collects the steps of the TCP connection with this number.
#[derive(Debug)]
pub struct Ladder {
    pub number: u32,
    pub parts: Vec<Part>,
    /// Ordinary segments since something else came.
    ordinary: usize,
}

impl Ladder {
    pub fn new(number: u32) -> Self {
        Self {
            number,
            parts: Vec::new(),
            ordinary: 0,
        }
    }

    /// Takes a step where it is one of this connection.
    pub fn take(&mut self, conversation: &Conversation, from: usize, step: &Step<'_>) {
        let Some(tcp) = &conversation.tcp else {
            return;
        };
        if conversation.number != self.number {
            return;
        }
        let segment = step.segment;
        let base = |end| tcp.base(end).unwrap_or(0);
        let rung = Rung {
            frame: segment.frame,
            time: segment.time,
            from,
            flags: segment.flags,
            seq: segment.seq.wrapping_sub(base(from)),
            ack: segment.ack.wrapping_sub(base(1 - from)),
            len: segment.len,
            window: step.window,
            findings: step.findings,
            is_copy: step.is_copy,
            reset: step.reset,
            before: step.states_before,
            after: tcp.states(),
        };
        if rung.is_ordinary() {
            self.ordinary += 1;
        } else {
            self.ordinary = 0;
        }
        if self.ordinary > SHOWN || self.parts.len() >= MOST {
            self.fold(&rung);
        } else {
            self.parts.push(Part::Rung(rung));
        }
    }

    fn fold(&mut self, rung: &Rung) {
        if !matches!(self.parts.last(), Some(Part::Fold(_))) {
            self.parts.push(Part::Fold(Fold {
                start: rung.time,
                ..Fold::default()
            }));
        }
        if let Some(Part::Fold(fold)) = self.parts.last_mut() {
            fold.segments[rung.from] += 1;
            fold.data[rung.from] += u64::from(rung.len);
            fold.again += u64::from(rung.is_again());
            fold.end = rung.time;
        }
    }
}

impl Rung {
    pub fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    pub fn is_again(&self) -> bool {
        self.findings.has_any(&[
            Finding::Retransmission,
            Finding::FastRetransmission,
            Finding::SpuriousRetransmission,
        ])
    }

    /// Data or an acknowledgment as there are many of, with nothing to remark.
    fn is_ordinary(&self) -> bool {
        const REMARKABLE: &[Finding] = &[
            Finding::ReusedPorts,
            Finding::Retransmission,
            Finding::FastRetransmission,
            Finding::SpuriousRetransmission,
            Finding::OutOfOrder,
            Finding::LostSegment,
            Finding::WindowFull,
            Finding::KeepAlive,
            Finding::ZeroWindowProbe,
            Finding::ZeroWindow,
        ];
        !self.has(flag::SYN | flag::FIN | flag::RST)
            && self.before == self.after
            && !self.findings.has_any(REMARKABLE)
    }
}
