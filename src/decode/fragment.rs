//! Fragments of IP packets (RFC 791, 3.2; RFC 8200, 4.5): what a frame holds of one, and decoding what was put together.

use super::flow::{self, Flow, Network};
use super::layer::{Context, Joined, Layer, Packet, Problem, Why};
use super::walk::{Next, Span, Walk};
use super::{Decoded, Found, Kind, Rare, run};
use crate::batch::Batch;
use crate::bytes;
use crate::frame::Frame;

/// Which packet a fragment is of. IPv4 addresses stand in the first four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub source: [u8; 16],
    pub destination: [u8; 16],
    pub id: u32,
    /// Of IPv4's header, where it is part of the key; none for IPv6.
    pub protocol: Option<u8>,
}

/// A part of a packet, captured whole.
#[derive(Debug, Clone, Copy)]
pub struct Fragment<'a> {
    pub key: Key,
    /// What the packet carries. Of IPv6's fragments, the first tells (RFC 8200, 4.5).
    pub protocol: u8,
    /// Bytes of the packet's payload before this part.
    pub offset: u32,
    /// Others follow this one.
    pub more: bool,
    pub data: &'a [u8],
}

/// What is known of a packet, now that one more of its fragments was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Others are missing still.
    Waits,
    /// It will never be put together; why, where this fragment is the reason.
    Refused(Option<&'static str>),
    /// It is whole: this is what it carries, out of so many fragments.
    Whole { protocol: u8, fragments: u32 },
}

impl Decoded {
    /// Lets `join` see every fragment, in order; where that makes a packet whole, `join` appends its payload to the
    /// buffer it is given, and the frame gets the layers of the whole. What a single fragment carries is not shown.
    pub fn reassemble(
        &mut self,
        batch: &Batch,
        mut join: impl FnMut(&Frame<'_>, &Fragment<'_>, &mut Vec<u8>) -> Verdict,
    ) {
        let mut whole = std::mem::take(&mut self.whole);
        for index in 0..self.len() {
            // A packet that was put together may be a tunnel's, and hold a fragment of another.
            let mut from = 0;
            loop {
                let packet = self.packet(batch, index);
                let Some((at, fragment)) = find(&packet, from) else {
                    break;
                };
                let layer = packet.layers[at];
                whole.clear();
                match join(&packet.frame, &fragment, &mut whole) {
                    Verdict::Waits => self.hide(index, at, None),
                    Verdict::Refused(why) => self.hide(index, at, why),
                    Verdict::Whole {
                        protocol,
                        fragments,
                    } => {
                        let start = layer.start + layer.header_len;
                        let joined = Joined {
                            start,
                            len: whole.len() as u32,
                            fragments,
                            own: packet.joined.map_or(start, |outer| outer.own),
                        };
                        self.put_in(batch, index, at, joined, protocol, &whole);
                        from = at + 1;
                        continue;
                    }
                }
                break;
            }
        }
        self.whole = whole;
    }

    /// Leaves plain data behind the header at `at`: what it is will be shown where the packet is whole.
    fn hide(&mut self, index: usize, at: usize, why: Option<&'static str>) {
        let (found, store) = (&mut self.found[index], &mut self.store);
        let layer = store.layers[found.first as usize + at];
        let start = layer.start + layer.header_len;
        if found.count as usize > at + 1 {
            let (start, end) = (start as usize, layer.end as usize);
            let data = Layer::new(Kind::Data, Context::FRAGMENT, start, 0, end);
            store.layers[found.first as usize + at + 1] = data;
            found.count = at as u32 + 2;
        }
        let rare = store.rare_of(found);
        rare.problem = rare.problem.filter(|problem| problem.offset < start);
        if let Some(why) = why {
            rare.problem.get_or_insert(Problem {
                kind: layer.kind,
                offset: layer.start,
                why: Why::Malformed(why),
            });
        }
        found.flows = flows_until(&self.flows, found, at);
    }

    /// Decodes the frame anew behind the header at `at`, with the whole payload there.
    fn put_in(
        &mut self,
        batch: &Batch,
        index: usize,
        at: usize,
        joined: Joined,
        protocol: u8,
        whole: &[u8],
    ) {
        let (found, store) = (&mut self.found[index], &mut self.store);
        let start = joined.start as usize;
        let begin = store.joined_bytes.len();
        let before = store.rare_of(found).clone();
        match before.joined {
            Some((outer, _)) => {
                let outer = outer.start as usize;
                store.joined_bytes.extend_from_within(outer..outer + start);
            }
            None => {
                let frame = batch.frame(found.frame as usize);
                store.joined_bytes.extend_from_slice(&frame.bytes[..start]);
            }
        }
        store.joined_bytes.extend_from_slice(whole);
        let first = store.layers.len();
        let old = found.first as usize;
        store.layers.extend_from_within(old..=old + at);
        let first_flow = self.flows.len();
        let old = found.first_flow as usize;
        let kept = old + usize::from(flows_until(&self.flows, found, at));
        self.flows.extend_from_within(old..kept);
        let bytes = &store.joined_bytes[begin..];
        let network = Network::of(bytes, &store.layers[first..]);
        let flows = (!self.without_flows).then_some(&mut self.flows);
        let frame = batch.frame(found.frame as usize);
        let problem = before.problem;
        let mut walk = Walk {
            first,
            problem: problem.filter(|problem| problem.offset < joined.start),
            network,
            // Of the layers that stay.
            is_left_to_card: found.is_left_to_card,
            ..Walk::new(&frame, bytes, &mut store.layers, flows)
        };
        let start = joined.start;
        let end = start + whole.len() as u32;
        run(&mut walk, Next::ip_protocol(protocol, Span { start, end }));
        let problem = walk.problem;
        found.is_left_to_card = walk.is_left_to_card;
        found.first = first as u32;
        let layers = &store.layers[first..];
        found.count = layers.len() as u32;
        flow::look_inside(&mut self.flows[first_flow..], layers);
        let joined = (begin as u32..store.joined_bytes.len() as u32, joined);
        *store.rare_of(found) = Rare {
            problem,
            joined: Some(joined),
        };
        found.first_flow = first_flow as u32;
        found.flows = (self.flows.len() - first_flow) as u16;
    }
}

/// How many of a frame's flows are named up to its layer at `at`.
fn flows_until(flows: &[Flow], found: &Found, at: usize) -> u16 {
    let own = &flows[found.first_flow as usize..][..found.flows.into()];
    own.partition_point(|flow| flow.layer as usize <= at) as u16
}

/// The first fragment among a packet's layers, from the one at `from` on. What is quoted is no part of anything.
fn find<'a>(packet: &Packet<'a>, from: usize) -> Option<(usize, Fragment<'a>)> {
    let layers = packet.layers.iter().enumerate().skip(from);
    let own = layers.take_while(|(_, layer)| !layer.quoted());
    own.filter(|(_, layer)| !layer.is_cut())
        .find_map(|(at, layer)| {
            let fragment = match layer.kind {
                Kind::Ipv4 => of_v4(packet, layer)?,
                Kind::Fragment => of_v6(packet, at)?,
                _ => return None,
            };
            let is_part = fragment.more || fragment.offset > 0;
            let is_whole = fragment.data.len() == layer.payload_len() as usize;
            (is_part && is_whole).then_some((at, fragment))
        })
}

fn of_v4<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Fragment<'a>> {
    const OFFSET: u16 = 0x1fff;
    const MORE: u16 = 0x2000;
    let header = packet.header(layer);
    let word = bytes::be16(header, 6)?;
    let protocol = *header.get(9)?;
    // One that claims more than its frame has room for is not all there.
    if u32::from(bytes::be16(header, 2)?) != layer.end - layer.start {
        return None;
    }
    let address = |at| {
        let mut wide = [0; 16];
        wide[..4].copy_from_slice(&bytes::chunk::<4>(header, at)?);
        Some(wide)
    };
    Some(Fragment {
        key: Key {
            source: address(12)?,
            destination: address(16)?,
            id: bytes::be16(header, 4)?.into(),
            protocol: Some(protocol),
        },
        protocol,
        offset: u32::from(word & OFFSET) * 8,
        more: word & MORE != 0,
        data: packet.payload(layer),
    })
}

fn of_v6<'a>(packet: &Packet<'a>, at: usize) -> Option<Fragment<'a>> {
    const OFFSET: u16 = !7;
    let layer = &packet.layers[at];
    let below = packet.layers[..at].iter().rev();
    let network = below.into_iter().find(|layer| layer.kind == Kind::Ipv6)?;
    const HEADER: u32 = 40;
    if HEADER + u32::from(packet.u16(network, 4)?) != network.end - network.start {
        return None;
    }
    let word = packet.u16(layer, 2)?;
    Some(Fragment {
        key: Key {
            source: packet.chunk(network, 8)?,
            destination: packet.chunk(network, 24)?,
            id: packet.u32(layer, 4)?,
            protocol: None,
        },
        protocol: packet.u8(layer, 0)?,
        offset: u32::from(word & OFFSET),
        more: word & 1 != 0,
        data: packet.payload(layer),
    })
}
