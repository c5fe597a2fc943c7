//! Which connection or conversation a segment or datagram belongs to, and where its numbers start.
//!
//! Numbered as Wireshark numbers `tcp.stream` and `udp.stream`: by first appearance, each protocol for itself;
//! a SYN with a new initial sequence number on known addresses and ports starts a new connection.

use super::memory::Bounded;
use super::socks;
use crate::decode::tcp::{at, flag};
use crate::decode::{Kind, Layer, Note, Packet};

/// Connections remembered at once, of each protocol and address family: about 15 MiB when full.
const LIMIT: usize = 65_536;

/// Both ends, the lower one first, so that either direction gives the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key<const N: usize> {
    low: ([u8; N], u16),
    high: ([u8; N], u16),
}

/// One direction of a TCP connection.
#[derive(Debug, Clone, Copy, Default)]
struct Direction {
    /// The initial sequence number, once seen or inferred.
    base: Option<u32>,
    /// Something came this way.
    seen: bool,
}

#[derive(Debug, Clone, Copy)]
struct Connection {
    stream: u32,
    /// From the lower end, from the higher end.
    directions: [Direction; 2],
    proxy: socks::Handshake,
}

impl Connection {
    fn new(stream: u32) -> Self {
        Self {
            stream,
            directions: [Direction::default(); 2],
            proxy: socks::Handshake::default(),
        }
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
            let (key, direction) = key::<4>(packet, network, (12, 16), ports)?;
            Some((self.v4.get_or_insert_with(key, &mut make), direction))
        } else {
            let (key, direction) = key::<16>(packet, network, (8, 24), ports)?;
            Some((self.v6.get_or_insert_with(key, &mut make), direction))
        }
    }

    fn forgotten(&self) -> u64 {
        self.v4.forgotten() + self.v6.forgotten()
    }
}

fn key<const N: usize>(
    packet: &Packet<'_>,
    network: &Layer,
    at: (usize, usize),
    ports: (u16, u16),
) -> Option<(Key<N>, usize)> {
    let source = (packet.chunk(network, at.0)?, ports.0);
    let destination = (packet.chunk(network, at.1)?, ports.1);
    Some(if source <= destination {
        (
            Key {
                low: source,
                high: destination,
            },
            0,
        )
    } else {
        (
            Key {
                low: destination,
                high: source,
            },
            1,
        )
    })
}

/// Follows every TCP and UDP conversation of a capture.
#[derive(Debug)]
pub struct Streams {
    tcp: Table,
    udp: Table,
    /// TCP connections that were seen in both directions.
    two_sided: u64,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            tcp: Table::new(),
            udp: Table::new(),
            two_sided: 0,
        }
    }
}

impl Streams {
    /// Looks at one TCP or UDP layer, in the order of the capture, and says what it belongs to.
    pub fn observe(&mut self, packet: &Packet<'_>, layer: &Layer) -> Option<Note> {
        let ports = (packet.u16(layer, 0)?, packet.u16(layer, 2)?);
        let network = enclosing_network(packet, layer)?;
        match layer.kind {
            Kind::Tcp => self.segment(packet, layer, network, ports),
            // Cut or malformed, it is not known to be one.
            _ if layer.is_cut() => None,
            _ => {
                let (conversation, _) = self.udp.find(packet, network, ports)?;
                Some(Note {
                    stream: conversation.stream,
                    ..Note::default()
                })
            }
        }
    }

    fn segment(
        &mut self,
        packet: &Packet<'_>,
        layer: &Layer,
        network: &Layer,
        ports: (u16, u16),
    ) -> Option<Note> {
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
            return Some(note);
        }
        let is_syn = flags & flag::SYN != 0;
        let has_ack = flags & flag::ACK != 0;
        let known = connection.directions[this].base;
        let reused = is_syn && !has_ack && known.is_some_and(|base| base != sequence);
        if reused {
            *connection = Connection::new(next);
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
        self.two_sided += u64::from(now_two_sided);
        let through = match ports {
            (_, socks::PORT) => connection.proxy.segment(packet.payload(layer), true),
            (socks::PORT, _) => connection.proxy.segment(packet.payload(layer), false),
            _ => None,
        };
        if reused {
            self.tcp.next = next.wrapping_add(1);
        }
        if let Some(port) = through {
            let inside = |end| if end == socks::PORT { port } else { end };
            self.tcp
                .find(packet, network, (inside(ports.0), inside(ports.1)));
        }
        Some(note)
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

/// The IP header that a layer was carried in.
fn enclosing_network<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<&'a Layer> {
    let before = packet
        .layers
        .iter()
        .rev()
        .skip_while(|other| other.start >= layer.start);
    before
        .into_iter()
        .find(|other| matches!(other.kind, Kind::Ipv4 | Kind::Ipv6))
}
