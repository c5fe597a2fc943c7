//! Which conversations a frame is part of, as its headers say: noted while these are read, side by side with other frames,
//! so that whoever follows conversations in order has little left to read.

mod icmp;
mod key;
mod network;
#[cfg(test)]
mod tests;

pub use key::{End, Key, KeyV4, KeyV6, Protocol};
pub(super) use network::Network;

use super::segment::Segment;
use super::tcp::at;
use super::walk::Walk;
use super::{Kind, Layer, Packet, arp};
use crate::bytes;

/// One frame's part in a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    /// The layer that names the ports, as an index into [`Packet::layers`]. Without ports, what the IP header carries would be
    /// there, of which nothing need be captured.
    pub layer: u32,
    pub protocol: Protocol,
    pub key: Key,
    /// Which end of the key sent it: 0 the lower, 1 the higher.
    pub from: u8,
    /// Whether it asks or answers, where it says so.
    pub asks: Option<bool>,
    /// The protocol that was recognised inside.
    pub inside: Option<Kind>,
    /// Part of a packet that an ICMP error quotes.
    pub quoted: bool,
    /// The ICMP error says that the packet did not arrive.
    pub unreachable: bool,
    /// Of fragments, the first: the frame's next flow is part of what they carry.
    pub leads: bool,
    /// Length of the IP packet in bytes, header included.
    pub ip_len: u32,
    /// What TCP, UDP, ICMP or a fragment carries, in bytes, whether captured or not; 0 where that can't be known.
    pub payload: u32,
    /// What makes a segment that was sent again differ from one that was captured twice: the IPv4 identification, which
    /// the kernel counts up. 0 where there is none. Checksum and numbers come in, since some stacks count slowly.
    pub print: u64,
    /// What TCP says, where that is all there.
    pub segment: Option<Segment>,
}

impl Flow {
    /// With nothing known but the ends.
    #[inline]
    pub(crate) fn new(protocol: Protocol, key: Key, from: u8) -> Self {
        Self {
            layer: 0,
            protocol,
            key,
            from,
            asks: None,
            inside: None,
            quoted: false,
            unreachable: false,
            leads: false,
            ip_len: 0,
            payload: 0,
            print: 0,
            segment: None,
        }
    }

    /// The layer that names the ports.
    ///
    /// # Panics
    /// Where `packet` is not the one that it was found in, or the protocol has no ports.
    pub fn layer_of<'a>(&self, packet: &Packet<'a>) -> &'a Layer {
        &packet.layers[self.layer as usize]
    }

    /// The end that sent it.
    pub fn source(&self) -> End {
        self.key.ends()[usize::from(self.from)]
    }

    pub fn destination(&self) -> End {
        self.key.ends()[1 - usize::from(self.from)]
    }

    /// What would be part of the conversation between the same addresses with `port` in place of `known`.
    pub fn with_port(&self, known: u16, port: u16) -> Self {
        let inside = |end: End| match end.port == known {
            true => End { port, ..end },
            false => end,
        };
        let (source, destination) = (inside(self.source()), inside(self.destination()));
        let (key, from) = Key::between(self.protocol, self.key.is_v4(), source, destination);
        Self { key, from, ..*self }
    }
}

/// Notes what was recognised inside what a frame is part of, now that all of its layers are known.
#[inline]
pub(super) fn look_inside(flows: &mut [Flow], layers: &[Layer]) {
    for flow in flows {
        let inside = layers.get(flow.layer as usize + 1);
        flow.inside = inside
            .map(|inside| inside.kind)
            .filter(|kind| *kind != Kind::Data);
    }
}

/// Notes the conversation between the IP addresses around, and these ports. It is written where it stays, and completed
/// there. Always in place: every frame has one.
#[inline(always)]
fn add<'w>(
    walk: &'w mut Walk<'_>,
    protocol: Protocol,
    (source, destination): (u16, u16),
) -> Option<&'w mut Flow> {
    let (key, from, ip_len) = match walk.network {
        Network::V4 { addresses, len, .. } => {
            let source = ((addresses >> 32) as u32, source);
            let (key, from) = Key::between_v4(protocol, source, (addresses as u32, destination));
            (key, from, len)
        }
        Network::V6 { header, len, .. } => {
            let (key, from) = between_v6(protocol, header, source, destination)?;
            (key, from, len)
        }
        Network::Unknown => return None,
    };
    let flow = push(walk, Flow::new(protocol, key, from))?;
    flow.ip_len = ip_len;
    Some(flow)
}

/// Not in place, where it would be in the way of IPv4.
#[inline(never)]
fn between_v6(
    protocol: Protocol,
    header: &[u8],
    source: u16,
    destination: u16,
) -> Option<(Key, u8)> {
    let end = |at, port| {
        let address = u128::from_be_bytes(bytes::chunk(header, at)?);
        Some(End { address, port })
    };
    let (source, destination) = (end(8, source)?, end(24, destination)?);
    Some(Key::between_v6(protocol, source, destination))
}

/// Notes a flow that the next layer names the ports of. Always in place, as what calls it.
#[inline(always)]
fn push<'w>(walk: &'w mut Walk<'_>, flow: Flow) -> Option<&'w mut Flow> {
    let flows = walk.flows.as_deref_mut()?;
    flows.push(Flow {
        layer: (walk.layers.len() - walk.first) as u32,
        quoted: walk.context.quoted(),
        unreachable: walk.unreachable && walk.context.quoted(),
        ..flow
    });
    flows.last_mut()
}

/// Notes what a TCP header says, as far as that is there, of a segment with `len` bytes. Always in place: half of all frames
/// have one.
#[inline(always)]
pub(super) fn tcp(walk: &mut Walk<'_>, header: &[u8], len: usize) {
    // Without a sequence number it is not known to be a segment, nor without a length; a quotation may be.
    let needed = match walk.context.quoted() {
        true => at::ACKNOWLEDGMENT,
        false => at::DATA_OFFSET + 1,
    };
    if walk.flows.is_none() || header.len() < needed {
        return;
    }
    let Some(ports) = ports(header) else { return };
    let segment = match walk.context.is_plain() {
        true => Segment::read(header, len as u32, walk.number, walk.time),
        false => segment_in_part(walk, header, len),
    };
    let print = match walk.network {
        Network::V4 { identification, .. } => print(header, identification),
        _ => 0,
    };
    if let Some(flow) = add(walk, Protocol::Tcp, ports) {
        flow.payload = segment.as_ref().map_or(0, |segment| segment.len);
        flow.segment = segment;
        flow.print = print;
    }
}

/// A segment of which not all is there: a fragment's end is not the segment's, and a quotation may be cut. But where a tunnel's
/// packet was cut up, that inside says how long it is.
#[inline(never)]
fn segment_in_part(walk: &Walk<'_>, header: &[u8], len: usize) -> Option<Segment> {
    if walk.elsewhere == 0 || walk.context.quoted() {
        return None;
    }
    let len = len as u32 + walk.elsewhere;
    Segment::read(header, len, walk.number, walk.time)
}

/// Notes what a UDP header says, which is all there, with `payload` bytes of data behind it.
#[inline]
pub(super) fn udp(walk: &mut Walk<'_>, header: &[u8], payload: usize) {
    if walk.flows.is_none() {
        return;
    }
    let Some(ports) = ports(header) else { return };
    if let Some(flow) = add(walk, Protocol::Udp, ports) {
        flow.payload = payload as u32;
    }
}

/// Notes what the beginning of an SCTP packet says, which is where UDP has it, too (RFC 9260, 3.1).
#[inline(never)]
pub(super) fn sctp(walk: &mut Walk<'_>, header: &[u8]) {
    if let Some(ports) = ports(header) {
        add(walk, Protocol::Sctp, ports);
    }
}

/// Notes a packet of a protocol that is known by its number only.
#[inline(never)]
pub(super) fn other(walk: &mut Walk<'_>, number: u8) {
    add(walk, Protocol::Ip, (number.into(), number.into()));
}

/// Notes a fragment with so many bytes of a packet: what tells that from others, and whether it is the first.
#[inline(never)]
pub(super) fn fragment(walk: &mut Walk<'_>, packet: (u16, u16), is_first: bool, payload: usize) {
    if walk.context.quoted() {
        return;
    }
    if let Some(flow) = add(walk, Protocol::Fragment, packet) {
        flow.leads = is_first;
        flow.payload = payload as u32;
    }
}

#[inline]
fn ports(header: &[u8]) -> Option<(u16, u16)> {
    let ports = bytes::be32(header, at::SOURCE_PORT)?;
    Some(((ports >> 16) as u16, ports as u16))
}

/// Notes an ICMP message, as far as it is there, out of one with `len` bytes.
pub(super) fn icmp(walk: &mut Walk<'_>, is_v4: bool, message: &[u8], len: usize) {
    /// What each message has before its content (RFC 792, 4443).
    const HEADER: usize = 8;
    const UNREACHABLE_V4: u8 = 3;
    const UNREACHABLE_V6: u8 = 1;
    const FRAGMENTATION_NEEDED: u8 = 4;
    let (version, unreachable) = match is_v4 {
        true => (4, UNREACHABLE_V4),
        false => (6, UNREACHABLE_V6),
    };
    let &[kind, code, ..] = message else { return };
    // A router that wants smaller packets reaches who they are for (RFC 1191, 3).
    walk.unreachable |= kind == unreachable && !(is_v4 && code == FRAGMENTATION_NEEDED);
    // A quoted message is no part of anything.
    if walk.context.quoted() {
        return;
    }
    let (source, destination, is_exchange) = icmp::ports(version, kind, code);
    let protocol = match is_exchange {
        true => Protocol::Icmp,
        false => Protocol::IcmpMessage,
    };
    if let Some(flow) = add(walk, protocol, (source, destination)) {
        flow.asks = is_exchange.then(|| icmp::asks(version, kind));
        flow.payload = len.saturating_sub(HEADER) as u32;
    }
}

/// Notes who asked about whom: ARP between IPv4 addresses, as far as the message is there.
pub(super) fn arp(walk: &mut Walk<'_>, message: &[u8]) {
    const OPERATION: usize = 6;
    let end = |who| {
        let address = arp::ipv4_in(message, who)?;
        Some((u32::from_be_bytes(address), 0))
    };
    let (Some(sender), Some(target)) = (end(arp::Who::Sender), end(arp::Who::Target)) else {
        return;
    };
    let Some(operation) = bytes::be16(message, OPERATION) else {
        return;
    };
    let (key, from) = Key::between_v4(Protocol::Arp, sender, target);
    if let Some(flow) = push(walk, Flow::new(Protocol::Arp, key, from)) {
        flow.asks = Some(operation == arp::REQUEST);
    }
}

/// [`Flow::print`], from the header of a segment and the identification of the IPv4 packet around.
#[inline]
fn print(header: &[u8], identification: u16) -> u64 {
    match (
        bytes::be16(header, at::CHECKSUM),
        bytes::be32(header, at::SEQUENCE),
    ) {
        (Some(checksum), Some(seq)) if identification != 0 => {
            u64::from(identification) << 48 | u64::from(checksum) << 32 | u64::from(seq)
        }
        _ => 0,
    }
}
