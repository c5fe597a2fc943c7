//! Bytes to layers: what protocols a frame holds, and where each lies. Pure: no input, no clock.
//!
//! A [`Packet`] is a frame and a list of [`Layer`]s. Values are read from the bytes when somebody asks for them
//! (see [`crate::fields`]), so that decoding costs the same whatever is shown afterwards. What is cut short or
//! malformed is kept as far as it goes, with the reason in [`Packet::problem`].

mod application;
pub mod arp;
pub mod checksum;
mod cooked;
pub mod dhcp;
pub mod discovery;
pub mod dns;
mod ethernet;
mod ethertype;
mod fragment;
pub mod http;
pub mod icmp;
mod ip_protocol;
mod ipv4;
mod ipv6;
mod kind;
mod lan;
mod layer;
mod link;
mod llc;
pub mod mqtt;
mod note;
mod ppp;
pub mod snmp;
pub mod sql;
mod tags;
pub mod tcp;
pub mod tls;
mod tunnel;
mod udp;
mod walk;
pub mod wlan;

pub use fragment::{Fragment, Key, Verdict};
pub use kind::{Kind, Osi};
pub use layer::{Joined, Layer, Packet, Problem, Why};
pub use note::{Analysis, Finding, Findings, Note};

use std::ops::Range;

use crate::batch::Batch;
use crate::frame::Frame;
use note::{NO_ANALYSIS, Noted};
use walk::{Next, Span, Walk};

/// The layers of many frames, in one piece of memory that is used again for the next batch.
#[derive(Debug, Default)]
pub struct Decoded {
    layers: Vec<Layer>,
    found: Vec<Found>,
    notes: Vec<Noted>,
    analyses: Vec<Analysis>,
    /// What was put together from fragments, one frame's behind the other's.
    joined_bytes: Vec<u8>,
    /// Memory for putting one together.
    whole: Vec<u8>,
}

/// Which layers are one frame's.
#[derive(Debug, Clone)]
struct Found {
    /// Index of the frame in its batch.
    frame: u32,
    first: u32,
    count: u32,
    problem: Option<Problem>,
    /// Where its bytes are in `joined_bytes`, if they are there.
    joined: Option<(Range<u32>, Joined)>,
}

impl Found {
    fn packet<'a>(
        &self,
        batch: &'a Batch,
        layers: &'a [Layer],
        notes: &'a [Noted],
        analyses: &'a [Analysis],
        joined_bytes: &'a [u8],
    ) -> Packet<'a> {
        let first = self.first as usize;
        let frame = batch.frame(self.frame as usize);
        let bytes = match &self.joined {
            Some((range, _)) => &joined_bytes[range.start as usize..range.end as usize],
            None => frame.bytes,
        };
        Packet {
            frame,
            bytes,
            joined: self.joined.as_ref().map(|(_, joined)| *joined),
            layers: &layers[first..first + self.count as usize],
            problem: self.problem,
            notes,
            analyses,
        }
    }
}

impl Decoded {
    pub fn clear(&mut self) {
        self.layers.clear();
        self.found.clear();
        self.notes.clear();
        self.analyses.clear();
        self.joined_bytes.clear();
    }

    /// Decodes one frame of a batch, and keeps what was found.
    pub fn push(&mut self, batch: &Batch, index: usize) {
        let first = self.layers.len();
        let problem = walk_frame(&batch.frame(index), &mut self.layers);
        self.found.push(Found {
            frame: index as u32,
            first: first as u32,
            count: (self.layers.len() - first) as u32,
            problem,
            joined: None,
        });
    }

    pub fn len(&self) -> usize {
        self.found.len()
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The decoded frame at `index`, counted among those that were pushed.
    ///
    /// # Panics
    /// Where `index` is not below [`Self::len`], or `batch` is not the one that was decoded.
    pub fn packet<'a>(&'a self, batch: &'a Batch, index: usize) -> Packet<'a> {
        self.found[index].packet(
            batch,
            &self.layers,
            &self.notes,
            &self.analyses,
            &self.joined_bytes,
        )
    }

    /// Forgets the frames that `wanted` says no to.
    pub fn keep(&mut self, batch: &Batch, mut wanted: impl FnMut(&Packet<'_>) -> bool) {
        let Self {
            layers,
            found,
            notes,
            analyses,
            joined_bytes,
            ..
        } = self;
        found.retain(|frame| wanted(&frame.packet(batch, layers, notes, analyses, joined_bytes)));
    }

    /// Calls `observe` with every layer that may belong to a flow, in order, and keeps the note it returns, and the analysis where
    /// there is one.
    pub fn annotate(
        &mut self,
        batch: &Batch,
        mut observe: impl FnMut(&Packet<'_>, &Layer) -> Option<(Note, Option<Analysis>)>,
    ) {
        for index in 0..self.found.len() {
            let first = self.found[index].first as usize;
            for at in 0..self.found[index].count as usize {
                let layer = self.layers[first + at];
                if !matches!(layer.kind, Kind::Tcp | Kind::Udp) {
                    continue;
                }
                let packet = self.packet(batch, index);
                let Some((note, analysis)) = observe(&packet, &packet.layers[at]) else {
                    continue;
                };
                let index = self.analyses.len() as u32;
                self.layers[first + at].set_note(self.notes.len());
                self.notes.push(Noted {
                    note,
                    analysis: analysis.map_or(NO_ANALYSIS, |_| index),
                });
                self.analyses.extend(analysis);
            }
        }
    }
}

/// Finds the layers of one frame, outermost first, and appends them; returns why it stopped early, if it did.
fn walk_frame(frame: &Frame<'_>, layers: &mut Vec<Layer>) -> Option<Problem> {
    let first = layers.len();
    let mut walk = Walk {
        bytes: frame.bytes,
        layers,
        first,
        problem: None,
        fragment: false,
        quoted: false,
    };
    let whole = Span {
        start: 0,
        end: (frame.wire_len as usize).max(frame.bytes.len()),
    };
    walk.layer(Kind::Frame, whole, 0);
    let mut next = link::start(&mut walk, frame.link, whole);
    while next != Next::Stop {
        next = step(&mut walk, next);
    }
    walk.problem
}

/// Lets the protocol that comes next read its header.
fn step(walk: &mut Walk<'_>, next: Next) -> Next {
    let (Next::Data(span)
    | Next::Ethernet(span)
    | Next::EtherType(_, span)
    | Next::Llc(span)
    | Next::Ppp(span)
    | Next::Ip(span)
    | Next::IpProtocol(_, span)) = next
    else {
        return Next::Stop;
    };
    if !walk.may_go_deeper(span) {
        return Next::Stop;
    }
    match next {
        Next::Ethernet(_) => ethernet::ethernet(walk, span),
        Next::EtherType(number, _) => ethertype::dispatch(walk, number, span),
        Next::Llc(_) => llc::llc(walk, span),
        Next::Ppp(_) => ppp::ppp(walk, span),
        Next::Ip(_) => ip_protocol::by_version(walk, span),
        Next::IpProtocol(number, _) => ip_protocol::dispatch(walk, number, span),
        Next::Data(_) | Next::Stop => data(walk, span),
    }
}

/// Bytes that nobody claims; none are no layer.
fn data(walk: &mut Walk<'_>, span: Span) -> Next {
    if span.len() > 0 {
        walk.layer(Kind::Data, span, 0);
    }
    Next::Stop
}
