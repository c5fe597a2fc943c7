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
use note::Remarks;
use walk::{Next, Reader, Span, Walk};

/// The layers of many frames, in one piece of memory that is used again for the next batch.
#[derive(Debug, Default)]
pub struct Decoded {
    found: Vec<Found>,
    store: Store,
    /// Memory for putting one together.
    whole: Vec<u8>,
}

/// What the frames of a batch have, one's behind the other's.
#[derive(Debug, Default)]
struct Store {
    layers: Vec<Layer>,
    remarks: Remarks,
    rare: Vec<Rare>,
    /// What was put together from fragments.
    joined_bytes: Vec<u8>,
}

/// Which layers are one frame's. Small: as many are written and read as there are frames.
#[derive(Debug, Clone)]
struct Found {
    /// Index of the frame in its batch.
    frame: u32,
    first: u32,
    count: u32,
    /// Index into `rare`, or [`NOTHING_RARE`].
    rare: u32,
}

const NOTHING_RARE: u32 = u32::MAX;

/// What few frames have.
#[derive(Debug, Clone, Default)]
struct Rare {
    problem: Option<Problem>,
    /// Where its bytes are in `joined_bytes`, if they are there.
    joined: Option<(Range<u32>, Joined)>,
}

impl Found {
    #[inline]
    fn packet<'a>(&self, batch: &'a Batch, store: &'a Store) -> Packet<'a> {
        let first = self.first as usize;
        let frame = batch.frame(self.frame as usize);
        let mut packet = Packet {
            frame,
            bytes: frame.bytes,
            joined: None,
            layers: &store.layers[first..first + self.count as usize],
            problem: None,
            remarks: &store.remarks,
        };
        if self.rare != NOTHING_RARE {
            let rare = &store.rare[self.rare as usize];
            packet.problem = rare.problem.as_ref();
            if let Some((range, joined)) = &rare.joined {
                packet.joined = Some(joined);
                packet.bytes = &store.joined_bytes[range.start as usize..range.end as usize];
            }
        }
        packet
    }
}

impl Store {
    /// What is rare about a frame, to be changed.
    fn rare_of(&mut self, found: &mut Found) -> &mut Rare {
        if found.rare == NOTHING_RARE {
            found.rare = self.rare.len() as u32;
            self.rare.push(Rare::default());
        }
        &mut self.rare[found.rare as usize]
    }
}

impl Decoded {
    pub fn clear(&mut self) {
        self.found.clear();
        self.store.layers.clear();
        self.store.remarks.clear();
        self.store.rare.clear();
        self.store.joined_bytes.clear();
    }

    /// Decodes one frame of a batch, and keeps what was found: its layers, outermost first, and why there are no more.
    pub fn push(&mut self, batch: &Batch, index: usize) {
        let frame = batch.frame(index);
        let first = self.store.layers.len();
        let mut walk = Walk {
            bytes: frame.bytes,
            layers: &mut self.store.layers,
            first,
            problem: None,
            fragment: false,
            quoted: false,
        };
        let whole = Span {
            start: 0,
            end: frame.wire_len.max(frame.bytes.len() as u32),
        };
        walk.layer(Kind::Frame, whole, 0);
        let start = link::start(&mut walk, frame.link, whole);
        run(&mut walk, start);
        let count = walk.layers.len() - first;
        let mut found = Found {
            frame: index as u32,
            first: first as u32,
            count: count as u32,
            rare: NOTHING_RARE,
        };
        // Looked at before it is moved: for most frames there is none to be moved.
        if walk.problem.is_some() {
            let problem = walk.problem;
            self.store.rare_of(&mut found).problem = problem;
        }
        self.found.push(found);
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
    #[inline]
    pub fn packet<'a>(&'a self, batch: &'a Batch, index: usize) -> Packet<'a> {
        self.found[index].packet(batch, &self.store)
    }

    /// Forgets the frames that `wanted` says no to.
    pub fn keep(&mut self, batch: &Batch, mut wanted: impl FnMut(&Packet<'_>) -> bool) {
        let Self { found, store, .. } = self;
        found.retain(|frame| wanted(&frame.packet(batch, store)));
    }

    /// Calls `observe` with every layer that may belong to a flow, in order, and keeps the note it returns, and the analysis where
    /// there is one.
    pub fn annotate(
        &mut self,
        batch: &Batch,
        mut observe: impl FnMut(&Packet<'_>, &Layer) -> Option<(Note, Option<Analysis>)>,
    ) {
        for found in &self.found {
            for at in found.first as usize..(found.first + found.count) as usize {
                let layer = self.store.layers[at];
                if !matches!(layer.kind, Kind::Tcp | Kind::Udp) {
                    continue;
                }
                let packet = found.packet(batch, &self.store);
                let Some((note, analysis)) = observe(&packet, &layer) else {
                    continue;
                };
                let index = self.store.remarks.add(note, analysis);
                self.store.layers[at].set_note(index);
            }
        }
    }
}

/// Lets one protocol after the other read its header, until there is none.
fn run(walk: &mut Walk<'_>, start: Next) {
    let mut next = start;
    while next != Next::STOP {
        next = step(walk, next);
    }
}

/// Lets the protocol that comes next read its header.
#[inline]
fn step(walk: &mut Walk<'_>, next: Next) -> Next {
    let span = next.span();
    if !walk.may_go_deeper(span) {
        return Next::STOP;
    }
    match next.reader() {
        Reader::Ethernet => ethernet::ethernet(walk, span),
        Reader::EtherType(number) => ethertype::dispatch(walk, number, span),
        Reader::Llc => llc::llc(walk, span),
        Reader::Ppp => ppp::ppp(walk, span),
        Reader::Ip => ip_protocol::by_version(walk, span),
        Reader::IpProtocol(number) => ip_protocol::dispatch(walk, number, span),
        Reader::Data => data(walk, span),
        Reader::Nobody => Next::STOP,
    }
}

/// Bytes that nobody claims; none are no layer.
fn data(walk: &mut Walk<'_>, span: Span) -> Next {
    if span.len() > 0 {
        walk.layer(Kind::Data, span, 0);
    }
    Next::STOP
}
