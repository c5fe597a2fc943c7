//! Which layers frames have: what to count of those that have the same ones is found out once for each batch.

use super::ends::{self, Transport};
use super::hierarchy::Hierarchy;
use super::section::{Section, Sections};
use super::traffic::Traffic;
use crate::bytes::mixed;
use crate::decode::{Kind, Layer};
use crate::frame::Frame;

/// Layers that a shape is recognized by, [`Kind::Frame`] not counted; one that has more is a new one for each frame.
const RECOGNIZED: usize = 8;
/// A power of two. Most captures have a few dozen shapes.
const PLACES: usize = 256;
const EMPTY: u32 = u32::MAX;

/// The shapes of a batch's frames, in the order they were met.
#[derive(Debug)]
pub(super) struct Shapes {
    sections: Sections,
    shapes: Vec<Shape>,
    /// What all of them are made of, one's behind the other's.
    kinds: Vec<Kind>,
    parts: Vec<Part>,
    /// Index of a shape by the hash of its key, or [`EMPTY`]. The later one of two stays.
    places: Box<[u32; PLACES]>,
}

/// A sequence of protocols, from the link inwards; without what an ICMP error quotes: this frame doesn't carry it.
#[derive(Debug)]
struct Shape {
    /// Its kinds, an octet each.
    key: u64,
    /// Where its own end in [`Shapes::kinds`] and [`Shapes::parts`].
    kinds: usize,
    parts: usize,
    traffic: Traffic,
}

/// A layer that is looked into for every frame, by its index in the packet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Mac(usize),
    V4(usize, Inside),
    V6(usize, Inside),
    Tcp(usize),
}

/// The layer with ports that lies directly in an IP packet, if any does and ports are asked for.
pub(super) type Inside = Option<(Transport, usize)>;

impl Shapes {
    pub(super) fn new(sections: Sections) -> Self {
        Self {
            sections,
            shapes: Vec::new(),
            kinds: Vec::new(),
            parts: Vec::new(),
            places: Box::new([EMPTY; PLACES]),
        }
    }

    /// Counts a frame of these layers, and tells which of them are to be looked into.
    #[inline]
    pub(super) fn count(&mut self, frame: &Frame<'_>, layers: &[Layer]) -> &[Part] {
        let mut key = 0;
        let mut count = 0;
        for layer in &layers[1..] {
            if layer.quoted() {
                break;
            }
            // No layer but the first is [`Kind::Frame`], which is 0.
            key = key << 8 | layer.kind as u64;
            count += 1;
        }
        let place = place_of(key);
        let mut index = self.places[place] as usize;
        let known = self.shapes.get(index);
        if known.is_none_or(|known| known.key != key) || count > RECOGNIZED {
            index = self.add(key, &layers[1..=count]);
            // A longer one must not be taken for what it ends with.
            if count <= RECOGNIZED {
                self.places[place] = index as u32;
            }
        }
        let shape = &mut self.shapes[index];
        shape.traffic += Traffic::of(frame);
        let end = shape.parts;
        let start = index
            .checked_sub(1)
            .map_or(0, |before| self.shapes[before].parts);
        &self.parts[start..end]
    }

    #[cold]
    fn add(&mut self, key: u64, layers: &[Layer]) -> usize {
        let has = |section| self.sections.has(section);
        let by_address = self.sections.has_any(ends::BY_ADDRESS);
        let by_port = self.sections.has_any(ends::BY_PORT);
        for (at, layer) in layers.iter().enumerate() {
            let index = at + 1;
            let inside = || by_port.then(|| transport(layers, index)).flatten();
            self.kinds.push(layer.kind);
            self.parts.extend(match layer.kind {
                Kind::Ethernet | Kind::Ieee8023 if has(Section::Macs) => Some(Part::Mac(index)),
                Kind::Ipv4 if by_address => Some(Part::V4(index, inside())),
                Kind::Ipv6 if by_address => Some(Part::V6(index, inside())),
                Kind::Tcp if has(Section::Tcp) => Some(Part::Tcp(index)),
                _ => None,
            });
        }
        self.shapes.push(Shape {
            key,
            kinds: self.kinds.len(),
            parts: self.parts.len(),
            traffic: Traffic::default(),
        });
        self.shapes.len() - 1
    }

    /// Forgets all of them; adds them to the tree of protocols before, where there is one.
    pub(super) fn settle(&mut self, protocols: Option<&mut Hierarchy>) {
        if let Some(protocols) = protocols {
            let mut start = 0;
            for shape in &self.shapes {
                protocols.add(&self.kinds[start..shape.kinds], shape.traffic);
                start = shape.kinds;
            }
        }
        self.shapes.clear();
        self.kinds.clear();
        self.parts.clear();
        self.places.fill(EMPTY);
    }
}

fn place_of(key: u64) -> usize {
    (mixed(key) >> 32) as usize % PLACES
}

/// What of `layers` lies directly behind the IP packet's at `index` in the packet.
fn transport(layers: &[Layer], index: usize) -> Inside {
    let mut inside = (index + 1..).zip(&layers[index..]);
    let (index, layer) = inside.find(|(_, layer)| !layer.kind.is_ipv6_extension())?;
    let transport = match layer.kind {
        Kind::Tcp => Transport::Tcp,
        Kind::Udp => Transport::Udp,
        Kind::Sctp => Transport::Sctp,
        _ => return None,
    };
    Some((transport, index))
}

#[cfg(test)]
mod tests {
    use crate::analysis::Statistics;
    use crate::analysis::statistics::{Section, Sections};
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    /// IPv4 in IPv4, so many headers, and nothing in the last.
    fn nested(count: usize) -> Vec<u8> {
        let header = |level: usize| {
            let total_len = (20 * (count - level)) as u8;
            let carries = if level + 1 < count { 4 } else { 253 };
            let start = [0x45, 0, 0, total_len, 0, 0, 0, 0, 64, carries, 0, 0];
            [&start[..], &[10, 0, 0, 1, 10, 0, 0, 2 + level as u8]].concat()
        };
        (0..count).flat_map(header).collect()
    }

    /// What the longer ones end with is what the shorter ones are, and as much as is recognized.
    #[test]
    fn a_longer_shape_is_not_taken_for_what_it_ends_with() {
        let (mut batch, mut decoded) = (Batch::default(), Decoded::without_flows());
        for count in [9, 8, 9, 8, 1, 8] {
            let packet = nested(count);
            batch.push(&packet, packet.len() as u32, None, LinkType::RAW, 0);
        }
        decoded.push_all(&batch);
        let sections: Sections = Section::ALL.iter().copied().collect();
        let (mut sum, mut part) = (Statistics::new(sections), Statistics::new(sections));
        // Twice, since what is known of one batch is forgotten before the next.
        for _ in 0..2 {
            (0..6).for_each(|index| part.count(&decoded.packet(&batch, index)));
            part.settle();
            sum.absorb(&mut part);
        }
        let branches = sum.protocols.branches();
        let ending = branches.iter().map(|branch| branch.ending.frames);
        assert_eq!(ending.collect::<Vec<_>>(), [2, 0, 0, 0, 0, 0, 0, 6, 4]);
        // Each of the addresses that a level alone has: one of the shortest, three of eight levels and two of nine.
        let of = |level: u8| {
            let wanted = u32::from_be_bytes([10, 0, 0, 2 + level]);
            let mut found = sum.v4.addresses.iter();
            found.find_map(|(address, sums)| (*address == wanted).then_some(sums.received.frames))
        };
        assert_eq!([0, 1, 7, 8].map(of), [12, 10, 10, 4].map(Some));
    }
}
