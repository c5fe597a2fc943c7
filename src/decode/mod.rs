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
pub mod ethertype;
pub mod flow;
mod fragment;
pub mod http;
pub mod icmp;
pub mod ip_protocol;
mod ipv4;
mod ipv6;
mod kind;
mod lan;
mod layer;
mod link;
mod llc;
pub mod mqtt;
mod note;
mod parts;
mod ppp;
mod segment;
pub mod snmp;
pub mod sql;
mod tags;
pub mod tcp;
pub mod tls;
mod tunnel;
mod udp;
mod usual;
mod walk;
pub mod wlan;

pub use flow::Flow;
pub use fragment::{Fragment, Key, Verdict};
pub use kind::{Kind, Osi};
pub use layer::{Joined, Layer, Packet, Problem, Why};
pub use note::{Analysis, Finding, Findings, Note};
pub use parts::{Parts, Several};
pub use segment::{Segment, selectively_acknowledged};

use std::ops::Range;

use crate::batch::Batch;
use crate::frame::LinkType;
use note::Remarks;
use walk::{Next, Reader, Span, Walk};

/// The layers of many frames, in one piece of memory that is used again for the next batch.
#[derive(Debug, Default)]
pub struct Decoded {
    found: Vec<Found>,
    store: Store,
    flows: Vec<Flow>,
    /// Nobody asks which conversations frames are part of.
    without_flows: bool,
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
    first_flow: u32,
    flows: u16,
    /// A TCP or UDP checksum was left to the network card.
    is_left_to_card: bool,
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
    /// Always in place: it is a fifth of what statistics take, called or not.
    #[inline(always)]
    fn packet<'a>(&self, batch: &'a Batch, store: &'a Store) -> Packet<'a> {
        let frame = batch.frame(self.frame as usize);
        let mut packet = Packet {
            frame,
            bytes: frame.bytes,
            joined: None,
            layers: &store.layers[self.first as usize..][..self.count as usize],
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
            found.rare = self.add_rare(Rare::default());
        }
        &mut self.rare[found.rare as usize]
    }

    fn add_rare(&mut self, rare: Rare) -> u32 {
        self.rare.push(rare);
        (self.rare.len() - 1) as u32
    }
}

impl Decoded {
    /// One that does not find which conversations frames are part of, where nobody asks: [`Parts::flows`] stay empty.
    pub fn without_flows() -> Self {
        Self {
            without_flows: true,
            ..Self::default()
        }
    }

    pub fn clear(&mut self) {
        self.found.clear();
        self.flows.clear();
        self.store.layers.clear();
        self.store.remarks.clear();
        self.store.rare.clear();
        self.store.joined_bytes.clear();
    }

    /// Decodes all frames of a batch, as [`Self::push`] does.
    pub fn push_all(&mut self, batch: &Batch) {
        (0..batch.len()).for_each(|index| self.push(batch, index));
    }

    /// Decodes one frame of a batch, and keeps what was found: its layers, outermost first, and why there are no more.
    /// Always in place: entering and leaving it was a fifth of what it takes.
    #[inline(always)]
    pub fn push(&mut self, batch: &Batch, index: usize) {
        let frame = batch.frame(index);
        let (first_flow, flows) = (self.flows.len(), &mut self.flows);
        let flows = (!self.without_flows).then_some(flows);
        let mut walk = Walk::new(&frame, frame.bytes, &mut self.store.layers, flows);
        let whole = Span {
            start: 0,
            end: frame.wire_len.max(frame.bytes.len() as u32),
        };
        let usual = match frame.link {
            LinkType::ETHERNET => usual::start(&mut walk, whole),
            _ => None,
        };
        let start = usual.unwrap_or_else(|| {
            walk.layer(Kind::Frame, whole, 0);
            link::start(&mut walk, frame.link, whole)
        });
        run(&mut walk, start);
        let (first, is_left_to_card) = (walk.first, walk.is_left_to_card);
        let problem = walk.problem;
        let layers = &self.store.layers[first..];
        flow::look_inside(&mut self.flows[first_flow..], layers);
        let count = layers.len() as u32;
        // Looked at before it is moved: for most frames there is none to be moved.
        let rare = match problem.is_some() {
            true => self.store.add_rare(Rare {
                problem,
                joined: None,
            }),
            false => NOTHING_RARE,
        };
        // Put together here, and not before: what is written in parts and read whole is waited for.
        self.found.push(Found {
            frame: index as u32,
            first: first as u32,
            count,
            first_flow: first_flow as u32,
            flows: (self.flows.len() - first_flow) as u16,
            is_left_to_card,
            rare,
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
    #[inline]
    pub fn packet<'a>(&'a self, batch: &'a Batch, index: usize) -> Packet<'a> {
        self.found[index].packet(batch, &self.store)
    }

    /// The decoded frame at `index`, not put together to a packet yet.
    ///
    /// # Panics
    /// As [`Self::packet`].
    #[inline]
    pub fn parts<'a>(&'a self, batch: &'a Batch, index: usize) -> Parts<'a> {
        Parts {
            found: &self.found[index],
            batch,
            store: &self.store,
            flows: &self.flows,
        }
    }

    /// Some decoded frames, not put together to packets yet.
    ///
    /// # Panics
    /// Where there are not so many frames, or `batch` is not the one that was decoded.
    pub fn several<'a>(&'a self, batch: &'a Batch, frames: Range<usize>) -> Several<'a> {
        Several {
            found: &self.found[frames],
            batch,
            store: &self.store,
            flows: &self.flows,
        }
    }

    /// Which frames of their batch were decoded, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.found.iter().map(|found| found.frame as usize)
    }

    /// How many of the first `count` frames could not be decoded whole.
    ///
    /// # Panics
    /// Where there may be fewer.
    pub fn problems(&self, count: usize) -> usize {
        let Store { rare, .. } = &self.store;
        if rare.is_empty() {
            return 0;
        }
        let rare_of = |found: &Found| rare.get(found.rare as usize);
        let found = self.found[..count].iter().filter_map(rare_of);
        found.filter(|rare| rare.problem.is_some()).count()
    }

    /// How many of the first `count` frames have a TCP or UDP checksum that was left to the network card.
    ///
    /// # Panics
    /// Where there are fewer.
    pub fn left_to_card(&self, count: usize) -> usize {
        let found = self.found[..count].iter();
        found.filter(|found| found.is_left_to_card).count()
    }

    /// Forgets the frames that `wanted` says no to.
    pub fn keep(&mut self, batch: &Batch, mut wanted: impl FnMut(&Packet<'_>) -> bool) {
        let Self { found, store, .. } = self;
        found.retain(|frame| wanted(&frame.packet(batch, store)));
    }

    /// Calls `observe` with every flow that was found, in order, and keeps the note it returns for the flow's layer, and
    /// the analysis where there is one.
    pub fn annotate(
        &mut self,
        batch: &Batch,
        mut observe: impl FnMut(&Flow, &Parts<'_>) -> Option<(Note, Option<Analysis>)>,
    ) {
        let Self {
            found,
            store,
            flows,
            ..
        } = self;
        for found in found {
            let first = found.first_flow as usize;
            for flow in &flows[first..][..found.flows.into()] {
                let parts = Parts {
                    found,
                    batch,
                    store,
                    flows,
                };
                let Some((note, analysis)) = observe(flow, &parts) else {
                    continue;
                };
                let layer = (found.first + flow.layer) as usize;
                let index = store.remarks.add(note, analysis);
                store.layers[layer].set_note(index);
            }
        }
    }
}

/// Lets one protocol after the other read its header, until there is none: often there is none any more.
#[inline]
fn run(walk: &mut Walk<'_>, start: Next) {
    if !start.is_stop() {
        run_from(walk, start);
    }
}

#[inline(never)]
fn run_from(walk: &mut Walk<'_>, start: Next) {
    let mut next = start;
    while !next.is_stop() {
        next = step(walk, next);
    }
}

/// Lets the protocol that comes next read its header. Always in place: entering and leaving it four times a frame was a
/// tenth of all decoding.
#[inline(always)]
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
#[inline]
fn data(walk: &mut Walk<'_>, span: Span) -> Next {
    if span.len() > 0 {
        walk.layer(Kind::Data, span, 0);
    }
    Next::STOP
}
