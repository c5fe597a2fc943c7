//! Which connection or conversation a segment or datagram belongs to, and where its numbers start.
//!
//! Numbered as Wireshark numbers `tcp.stream` and `udp.stream`: by first appearance, each protocol for itself;
//! a SYN with a new initial sequence number on known addresses and ports starts a new connection.

use super::ends::{Key, direction, enclosing_network};
use super::memory::Bounded;
use super::socks;
use super::tcp::{Flight, Flights, Segment, Tracker};
use crate::decode::tcp::{at, flag};
use crate::decode::{Analysis, Finding, Findings, Kind, Layer, Note, Packet};
use crate::fields::Past;

/// Connections remembered at once, of each protocol and address family: about 15 MiB when full.
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
struct Table {
    v4: Bounded<Key<4>, Connection>,
    v6: Bounded<Key<16>, Connection>,
    next: u32,
}

impl Table {
    fn new() -> Self {
        Self {
            v4: Bounded::new(LIMIT),
            v6: Bounded::new(LIMIT),
            next: 0,
        }
    }

    /// The conversation between the ends of `network`, and which direction this is.
    fn find(
        &mut self,
        packet: &Packet<'_>,
        network: &Layer,
        ports: (u16, u16),
    ) -> Option<(&mut Connection, usize)> {
        let next = &mut self.next;
        let mut make = || {
            let stream = *next;
            *next = next.wrapping_add(1);
            Connection::new(stream)
        };
        if network.kind == Kind::Ipv4 {
            let (key, direction) = direction::<4>(packet, network, ports)?;
            Some((self.v4.get_or_insert_with(key, &mut make), direction))
        } else {
            let (key, direction) = direction::<16>(packet, network, ports)?;
            Some((self.v6.get_or_insert_with(key, &mut make), direction))
        }
    }

    fn forgotten(&self) -> u64 {
        self.v4.forgotten() + self.v6.forgotten()
    }
}

/// Follows every TCP and UDP conversation of a capture.
#[derive(Debug)]
pub struct Streams {
    tcp: Table,
    udp: Table,
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

    /// Looks at one TCP or UDP layer, in the order of the capture, and says what it belongs to, and what is to be said
    /// of it.
    pub fn observe(
        &mut self,
        packet: &Packet<'_>,
        layer: &Layer,
    ) -> Option<(Note, Option<Analysis>)> {
        let ports = (packet.u16(layer, 0)?, packet.u16(layer, 2)?);
        let network = enclosing_network(packet, layer)?;
        match layer.kind {
            Kind::Tcp => self.segment(packet, layer, network, ports),
            // Cut or malformed, it is not known to be one.
            _ if layer.is_cut() => None,
            _ => {
                let (conversation, _) = self.udp.find(packet, network, ports)?;
                let note = Note {
                    stream: conversation.stream,
                    ..Note::default()
                };
                Some((note, None))
            }
        }
    }

    fn segment(
        &mut self,
        packet: &Packet<'_>,
        layer: &Layer,
        network: &Layer,
        ports: (u16, u16),
    ) -> Option<(Note, Option<Analysis>)> {
        // Where the header is cut before its length, it is not known to be one; a quotation may be.
        if !layer.quoted() {
            packet.u8(layer, at::DATA_OFFSET)?;
        }
        let sequence = packet.u32(layer, at::SEQUENCE)?;
        let acknowledgment = packet.u32(layer, at::ACKNOWLEDGMENT).unwrap_or(0);
        let flags = packet.u8(layer, at::FLAGS).unwrap_or(0);
        let next = self.tcp.next;
        let (connection, this) = self.tcp.find(packet, network, ports)?;
        let mut note = Note {
            stream: connection.stream,
            ..Note::default()
        };
        // A fragment or a quotation tells nothing new of the connection, and its numbers stay as they are.
        if layer.in_fragment() || layer.quoted() {
            return Some((note, None));
        }
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
        let analysis = match (self.past, Segment::read(packet, layer)) {
            (Past::Findings | Past::Everything, Some(segment)) => {
                let tracked = connection.tracked.get_or_insert_default();
                let flights = (self.past == Past::Everything).then_some(&mut self.flights);
                tracked.look(this, &segment, another, flights)
            }
            _ => None,
        };
        self.two_sided += u64::from(now_two_sided);
        let through = match ports {
            (_, socks::PORT) => connection.proxy.segment(packet.payload(layer), true),
            (socks::PORT, _) => connection.proxy.segment(packet.payload(layer), false),
            _ => None,
        };
        if is_new {
            self.tcp.next = next.wrapping_add(1);
        }
        if let Some(port) = through {
            let inside = |end| if end == socks::PORT { port } else { end };
            self.tcp
                .find(packet, network, (inside(ports.0), inside(ports.1)));
        }
        Some((note, analysis))
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

impl Tracked {
    /// What there is to say of a segment, if anything.
    fn look(
        &mut self,
        from: usize,
        segment: &Segment<'_>,
        reused: bool,
        flights: Option<&mut Flights>,
    ) -> Option<Analysis> {
        let mut known = Findings::NONE;
        if reused {
            known.add(Finding::ReusedPorts);
        }
        let newest = self.tracker.senders[from];
        let mut told = Analysis {
            findings: self.tracker.look(from, segment, known),
            ..Analysis::default()
        };
        if told.findings.has(Finding::DuplicateAck) {
            (told.duplicate_number, told.duplicate_of) = self.tracker.duplicate(from);
        }
        if told.findings.has(Finding::Retransmission) {
            // What was sent last, unless the lost one is still known.
            told.rto_frame = newest.next_frame;
            told.rto = segment.time.since(newest.next_time);
        }
        if let Some(flights) = flights {
            let (own, other) = match &mut self.flights {
                [first, second] if from == 0 => (first, second),
                [first, second] => (second, first),
            };
            flights.look(own, other, segment, &mut told);
        }
        let is_nothing = told == Analysis::default() && !self.tracker.saw_hole();
        told.initial_rtt = self.tracker.initial_rtt();
        (!is_nothing).then_some(told)
    }
}
