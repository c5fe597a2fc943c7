//! Which connection or conversation a segment or datagram belongs to, and where its numbers start.
//!
//! Numbered as Wireshark numbers `tcp.stream` and `udp.stream`: by first appearance, each protocol for itself;
//! a SYN with a new initial sequence number on known addresses and ports starts a new connection.

use super::memory::Bounded;
use super::socks;
use super::tcp::{Flight, Flights, Tracker};
use crate::decode::flow::{Key, KeyV4, KeyV6, Protocol};
use crate::decode::tcp::{at, flag};
use crate::decode::{
    Analysis, Finding, Findings, Flow, Note, Packet, Parts, Segment, selectively_acknowledged,
};
use crate::fields::Past;

/// Connections remembered at once, of each protocol and address family: of TCP about 8 MiB when full, and 13 more where its
/// segments are judged.
const LIMIT: usize = 65_536;

/// One direction of a TCP connection.
#[derive(Debug, Clone, Copy, Default)]
struct Direction {
    /// The initial sequence number, once seen or inferred.
    base: Option<u32>,
    /// Something came this way.
    seen: bool,
}

#[derive(Debug)]
struct Connection {
    stream: u32,
    /// From the lower end, from the higher end.
    directions: [Direction; 2],
    proxy: socks::Handshake,
    /// Only where somebody wants to know more than numbers.
    tracked: Option<Box<Tracked>>,
}

/// What judging a connection's segments takes.
#[derive(Debug, Default)]
struct Tracked {
    tracker: Tracker,
    flights: [Flight; 2],
    frames: [Frames; 2],
}

/// Where a finding points back to, of what one end sent.
#[derive(Debug, Default)]
struct Frames {
    /// The frame that holds the highest number so far.
    newest: u64,
    /// The first that has the last acknowledgment.
    acknowledges: u64,
}

impl Connection {
    fn new(stream: u32) -> Self {
        Self {
            stream,
            directions: [Direction::default(); 2],
            proxy: socks::Handshake::default(),
            tracked: None,
        }
    }

    /// Becomes another one between the same ends.
    fn start_over(&mut self, stream: u32) {
        let mut tracked = self.tracked.take();
        if let Some(tracked) = &mut tracked {
            **tracked = Tracked::default();
        }
        *self = Self {
            tracked,
            ..Self::new(stream)
        };
    }
}

/// One protocol's conversations, IPv4 and IPv6 kept apart since most keys are short.
#[derive(Debug)]
struct Table<Known> {
    v4: Bounded<KeyV4, Known>,
    v6: Bounded<KeyV6, Known>,
    next: u32,
}

impl<Known> Table<Known> {
    fn new() -> Self {
        Self {
            v4: Bounded::new(LIMIT),
            v6: Bounded::new(LIMIT),
            next: 0,
        }
    }

    /// What is known of the conversation with that key; of a new one, what `begin` makes of its number.
    fn find(&mut self, key: Key, begin: impl FnOnce(u32) -> Known) -> &mut Known {
        let next = &mut self.next;
        let make = || {
            let stream = *next;
            *next = next.wrapping_add(1);
            begin(stream)
        };
        match key {
            Key::V4(key) => self.v4.get_or_insert_with(key, make),
            Key::V6(key) => self.v6.get_or_insert_with(key, make),
        }
    }

    fn forgotten(&self) -> u64 {
        self.v4.forgotten() + self.v6.forgotten()
    }
}

/// Follows every TCP and UDP conversation of a capture.
#[derive(Debug)]
pub struct Streams {
    tcp: Table<Connection>,
    /// Nothing but their numbers.
    udp: Table<u32>,
    flights: Flights,
    past: Past,
    /// TCP connections that were seen in both directions.
    two_sided: u64,
}

impl Default for Streams {
    /// With all there is to be said.
    fn default() -> Self {
        Self::new(Past::Everything)
    }
}

impl Streams {
    /// With as much to be said of a segment as `past` asks for.
    pub fn new(past: Past) -> Self {
        Self {
            tcp: Table::new(),
            udp: Table::new(),
            flights: Flights::default(),
            past,
            two_sided: 0,
        }
    }

    /// Looks at what a packet is part of, in the order of the capture: of TCP and UDP it says which conversation that is,
    /// and what there is to be said of it.
    pub fn observe(&mut self, flow: &Flow, parts: &Parts<'_>) -> Option<(Note, Option<Analysis>)> {
        match flow.protocol {
            Protocol::Tcp => Some(self.segment(flow, parts)),
            Protocol::Udp => {
                let note = Note {
                    stream: *self.udp.find(flow.key, |stream| stream),
                    ..Note::default()
                };
                Some((note, None))
            }
            _ => None,
        }
    }

    fn segment(&mut self, flow: &Flow, parts: &Parts<'_>) -> (Note, Option<Analysis>) {
        let this = usize::from(flow.from);
        let next = self.tcp.next;
        let connection = self.tcp.find(flow.key, Connection::new);
        let mut note = Note {
            stream: connection.stream,
            ..Note::default()
        };
        let numbers = match &flow.segment {
            Some(segment) => Some((segment.seq, segment.ack, segment.flags)),
            None => numbers_of_part(flow, &parts.packet()),
        };
        let Some((sequence, acknowledgment, flags)) = numbers else {
            return (note, None);
        };
        let is_syn = flags & flag::SYN != 0;
        let has_ack = flags & flag::ACK != 0;
        let known = connection.directions[this].base;
        let another = is_syn && known.is_some_and(|base| base != sequence);
        let is_new = another && !has_ack;
        if is_new {
            connection.start_over(next);
            note.stream = next;
        }
        let first_this_way = !std::mem::replace(&mut connection.directions[this].seen, true);
        let now_two_sided = first_this_way && connection.directions[1 - this].seen;
        let own = &mut connection.directions[this].base;
        if is_syn {
            // The other side's answer tells where it starts, whatever was inferred before.
            *own = Some(sequence);
        }
        // Seen from the middle, numbers count from 1, as they would behind a SYN.
        note.seq_base = *own.get_or_insert(sequence.wrapping_sub(1));
        let other = &mut connection.directions[1 - this].base;
        if has_ack {
            other.get_or_insert(acknowledgment.wrapping_sub(1));
        }
        note.ack_base = other.unwrap_or(0);
        let analysis = match (self.past, &flow.segment) {
            (Past::Findings | Past::Everything, Some(segment)) => {
                let tracked = connection.tracked.get_or_insert_default();
                let flights = (self.past == Past::Everything).then(|| {
                    let packet = parts.packet();
                    let selective = selectively_acknowledged(&packet, flow.layer_of(&packet));
                    (&mut self.flights, selective)
                });
                tracked.look(this, segment, another, flights)
            }
            _ => None,
        };
        self.two_sided += u64::from(now_two_sided);
        let through = connection.proxy.look(flow, parts);
        if is_new {
            self.tcp.next = next.wrapping_add(1);
        }
        if let Some(port) = through {
            let inside = flow.with_port(socks::PORT, port).key;
            self.tcp.find(inside, Connection::new);
        }
        (note, analysis)
    }

    /// How many TCP connections there were, and how many of them were seen in both directions.
    pub fn connections(&self) -> (u64, u64) {
        (self.tcp.next.into(), self.two_sided)
    }

    /// Conversations that had to be forgotten to bound memory. One that goes on afterwards gets a new number.
    pub fn forgotten(&self) -> u64 {
        self.tcp.forgotten() + self.udp.forgotten()
    }
}

/// Sequence number, acknowledgment number and flags of a segment that is not all there. A fragment or a quotation tells
/// nothing new of the connection, and its numbers stay as they are.
fn numbers_of_part(flow: &Flow, packet: &Packet<'_>) -> Option<(u32, u32, u8)> {
    let layer = flow.layer_of(packet);
    if layer.in_fragment() || layer.quoted() {
        return None;
    }
    Some((
        packet.u32(layer, at::SEQUENCE)?,
        packet.u32(layer, at::ACKNOWLEDGMENT).unwrap_or(0),
        packet.u8(layer, at::FLAGS).unwrap_or(0),
    ))
}

impl Tracked {
    /// What there is to say of a segment, if anything.
    fn look(
        &mut self,
        from: usize,
        segment: &Segment,
        reused: bool,
        flights: Option<(&mut Flights, u32)>,
    ) -> Option<Analysis> {
        let mut known = Findings::NONE;
        if reused {
            known.add(Finding::ReusedPorts);
        }
        let before = self.tracker.senders[from];
        let mut told = Analysis {
            findings: self.tracker.look(from, segment, known),
            ..Analysis::default()
        };
        let frames = &mut self.frames[from];
        if told.findings.has(Finding::DuplicateAck) {
            told.duplicate_number = self.tracker.duplicates(from);
            told.duplicate_of = frames.acknowledges;
        }
        if told.findings.has(Finding::Retransmission) {
            // What was sent last, unless the lost one is still known.
            told.rto_frame = frames.newest;
            told.rto = segment.time.since(before.next_time);
        }
        if before.ack() != Some(segment.ack) {
            frames.acknowledges = segment.frame;
        }
        if before.next() != self.tracker.senders[from].next() {
            frames.newest = segment.frame;
        }
        if let Some((flights, selective)) = flights {
            let (own, other) = match &mut self.flights {
                [first, second] if from == 0 => (first, second),
                [first, second] => (second, first),
            };
            flights.look(own, other, segment, selective, &mut told);
        }
        let is_nothing = told == Analysis::default() && !self.tracker.saw_hole();
        told.initial_rtt = self.tracker.initial_rtt();
        (!is_nothing).then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::{LinkType, Timestamp};

    const ACK: u8 = flag::ACK;

    /// Sender (1 or 2), flags, sequence and acknowledgment number, bytes of data.
    type Said = (u8, u8, u32, u32, u16);

    /// What is told of each segment, a second apart, between two ends; findings alone, without what is on its way.
    fn told(segments: &[Said]) -> Vec<Option<Analysis>> {
        let mut batch = Batch {
            first_number: 1,
            ..Batch::default()
        };
        for ((from, flags, seq, ack, len), second) in segments.iter().zip(1..) {
            let mut bytes = vec![0; 40 + usize::from(*len)];
            bytes[0] = 0x45;
            bytes[2..4].copy_from_slice(&(40 + len).to_be_bytes());
            bytes[9] = 6;
            bytes[12..20].copy_from_slice(&[10, 9, 0, *from, 10, 9, 0, 3 - from]);
            bytes[20..24].copy_from_slice(&[0, *from, 0, 3 - from]);
            bytes[24..28].copy_from_slice(&seq.to_be_bytes());
            bytes[28..32].copy_from_slice(&ack.to_be_bytes());
            bytes[32..36].copy_from_slice(&[0x50, *flags, 1, 0]);
            let time = Some(Timestamp::new(second, 0));
            batch.push(&bytes, bytes.len() as u32, time, LinkType::RAW, 0);
        }
        let mut decoded = Decoded::default();
        (0..batch.len()).for_each(|index| decoded.push(&batch, index));
        let (mut streams, mut all) = (Streams::new(Past::Findings), Vec::new());
        decoded.annotate(&batch, |flow, parts| {
            all.push(streams.observe(flow, parts)?.1);
            None
        });
        all
    }

    #[test]
    fn duplicates_name_the_first_acknowledgment() {
        let all = told(&[
            (1, ACK, 1, 1, 100),
            (2, ACK, 1, 101, 0),
            (2, ACK, 1, 101, 0),
            (1, ACK, 101, 1, 100),
            (2, ACK, 1, 101, 0),
            (2, ACK, 1, 201, 0),
            (2, ACK, 1, 201, 0),
        ]);
        let duplicates = all.iter().map(|told| {
            let told = told.as_ref()?;
            let is_one = told.findings.has(Finding::DuplicateAck);
            is_one.then_some((told.duplicate_number, told.duplicate_of))
        });
        let expected = [
            None,
            None,
            Some((1, 2)),
            None,
            Some((2, 2)),
            None,
            Some((1, 6)),
        ];
        assert_eq!(duplicates.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_sent_again_is_counted_from_the_frame_with_the_highest_number() {
        let again = |segments: &[Said]| {
            let last = told(segments).pop().flatten().expect("something is told");
            assert!(last.findings.has(Finding::Retransmission));
            (last.rto_frame, last.rto)
        };
        let second = 1_000_000_000;
        let mut segments = vec![
            (1, ACK, 1, 1, 100),
            (1, ACK, 101, 1, 100),
            (2, ACK, 1, 1, 10),
            (1, ACK, 1, 11, 100),
        ];
        assert_eq!(again(&segments), (2, 2 * second));
        segments.push((1, ACK, 101, 11, 100));
        assert_eq!(
            again(&segments),
            (2, 3 * second),
            "what was sent again moves nothing"
        );
        // Another connection between the same ports knows nothing of that.
        segments.push((1, flag::SYN, 5_000, 0, 0));
        segments.push((1, flag::SYN, 5_000, 0, 0));
        assert_eq!(again(&segments), (6, second));
    }
}
