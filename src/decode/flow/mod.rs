//! Which conversations a frame is part of, as its headers say: noted while these are read, side by side with other frames,
//! so that whoever follows conversations in order has little left to read.

mod icmp;
mod key;
mod network;

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
    // A fragment's end is not the segment's, and a quotation may be cut.
    let segment = match walk.context.is_plain() {
        true => Segment::read(header, len as u32, walk.number, walk.time),
        false => None,
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
    let (version, unreachable) = match is_v4 {
        true => (4, UNREACHABLE_V4),
        false => (6, UNREACHABLE_V6),
    };
    walk.unreachable |= message.first() == Some(&unreachable);
    let &[kind, code, ..] = message else { return };
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

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;
    use crate::batch::Batch;
    use crate::decode::{Decoded, Verdict};
    use crate::frame::LinkType;

    /// UDP from 10.9.0.2 port 9000 to 10.9.0.1 port 53, with four bytes of data.
    const DATAGRAM: [u8; 32] = [
        0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1, // IPv4
        0x23, 0x28, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4, // UDP
    ];

    fn flows(mut decoded: Decoded, frame: &[u8]) -> Vec<Flow> {
        let mut batch = Batch::default();
        batch.push(frame, frame.len() as u32, None, LinkType::RAW, 0);
        decoded.push(&batch, 0);
        decoded.parts(&batch, 0).flows().to_vec()
    }

    #[test]
    fn flows_are_found_unless_nobody_asks() {
        let found = flows(Decoded::default(), &DATAGRAM);
        let [flow] = &found[..] else {
            panic!("one flow, not {found:?}");
        };
        let end = |last: u8, port| End::new([10, 9, 0, last].into(), port);
        assert_eq!(
            (flow.source(), flow.destination()),
            (end(2, 9000), end(1, 53))
        );
        assert_eq!((flow.ip_len, flow.payload, flow.quoted), (32, 4, false));
        assert!(flows(Decoded::without_flows(), &DATAGRAM).is_empty());
    }

    #[test]
    fn what_an_error_quotes_is_a_flow_that_did_not_arrive() {
        let mut error = vec![
            0x45, 0, 0, 60, 0, 2, 0, 0, 64, 1, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2, // IPv4
            3, 3, 0, 0, 0, 0, 0, 0, // port unreachable
        ];
        error.extend(DATAGRAM);
        let found = flows(Decoded::default(), &error);
        let told = found.iter().map(|flow| {
            let Flow {
                protocol, quoted, ..
            } = *flow;
            (protocol, quoted, flow.unreachable)
        });
        let expected = [
            (Protocol::IcmpMessage, false, false),
            (Protocol::Udp, true, true),
        ];
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    /// An IPv4 packet inside a tunnel (VXLAN) between 10.9.1.1 and 10.9.1.2.
    fn tunnelled(packet: &[u8]) -> Vec<u8> {
        let (udp_len, len) = (30 + packet.len() as u8, 50 + packet.len() as u8);
        let mut frame = vec![
            0x45, 0, 0, len, 0, 9, 0, 0, 64, 17, 0, 0, 10, 9, 1, 1, 10, 9, 1, 2, // IPv4
            0x30, 0x39, 0x12, 0xb5, 0, udp_len, 0, 0, // UDP to port 4789
            8, 0, 0, 0, 0, 0, 1, 0, // VXLAN
            2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, // Ethernet
        ];
        frame.extend(packet);
        frame
    }

    /// All frames are fragments of one packet.
    fn reassembled(batch: &Batch) -> Decoded {
        let mut decoded = Decoded::default();
        decoded.push_all(batch);
        let mut seen = Vec::new();
        decoded.reassemble(batch, |_, fragment, whole| {
            seen.extend(fragment.data);
            if fragment.more {
                return Verdict::Waits;
            }
            whole.extend(&seen);
            let (protocol, fragments) = (fragment.protocol, batch.len() as u32);
            Verdict::Whole {
                protocol,
                fragments,
            }
        });
        decoded
    }

    #[test]
    fn a_segment_that_came_in_fragments_of_ipv6_is_read() {
        let mut segment = vec![
            0x30, 0x39, 0, 80, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x18, 1, 0, // up to the window
            0, 0, 0, 0, 1, 2, 3, 4, // and four bytes of data
        ];
        let behind = segment.split_off(16);
        let mut batch = Batch {
            first_number: 1,
            ..Batch::default()
        };
        for (part, offset) in [(segment, 1), (behind, 16)] {
            let mut frame = vec![0x60, 0, 0, 0, 0, 8 + part.len() as u8, 44, 64];
            frame.extend(Ipv6Addr::from_bits(1).octets());
            frame.extend(Ipv6Addr::from_bits(2).octets());
            frame.extend([6, 0, 0, offset, 0, 0, 0, 5]);
            frame.extend(part);
            batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
        }
        let decoded = reassembled(&batch);
        let [flow] = decoded.parts(&batch, 1).flows() else {
            panic!("one flow");
        };
        let end = |address, port| End { address, port };
        assert_eq!(
            (flow.source(), flow.destination()),
            (end(1, 12345), end(2, 80))
        );
        let segment = flow.segment.expect("it is all there");
        let told = (segment.frame, segment.seq, segment.ack, segment.len);
        assert_eq!(told, (2, 7, 9, 4));
        // Of the frame that made it whole, and no IPv4 packet's.
        assert_eq!((flow.ip_len, flow.print), (56, 0));
        assert!(decoded.parts(&batch, 0).flows().is_empty());
    }

    #[test]
    fn what_came_in_fragments_is_a_flow_where_it_is_whole() {
        let (header, udp) = DATAGRAM.split_at(20);
        // The UDP header, then the data: as offsets count eights, and others follow the first.
        let parts = [(&udp[..8], 0x20, 0), (&udp[8..], 0, 1)];
        let mut batch = Batch::default();
        for (part, flags, offset) in parts {
            let mut packet = [header, part].concat();
            (packet[3], packet[6], packet[7]) = (packet.len() as u8, flags, offset);
            let frame = tunnelled(&packet);
            batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
        }
        let decoded = reassembled(&batch);
        let told = |index| {
            let flows = decoded.parts(&batch, index).flows().iter();
            let told = flows.map(|flow| (flow.layer, flow.source(), flow.payload));
            told.collect::<Vec<_>>()
        };
        let outer = End::new([10, 9, 1, 1].into(), 12345);
        let inner = End::new([10, 9, 0, 2].into(), 9000);
        assert_eq!(told(0), [(2, outer, 50)], "a part of a packet is none");
        assert_eq!(told(1), [(2, outer, 46), (6, inner, 4)]);
    }

    #[test]
    fn packets_without_ports_are_flows_by_their_number() {
        let flow_of = |number: u8| {
            let mut packet = DATAGRAM;
            packet[9] = number;
            let found = flows(Decoded::default(), &packet);
            found
                .iter()
                .map(|flow| (flow.protocol, flow.source().port, flow.ip_len))
                .collect::<Vec<_>>()
        };
        assert_eq!(flow_of(89), [(Protocol::Ip, 89, 32)]);
        assert_eq!(flow_of(50), [(Protocol::Ip, 50, 32)]);
        assert_eq!(flow_of(253), [(Protocol::Ip, 253, 32)]);
        assert_eq!(flow_of(132), [(Protocol::Sctp, 9000, 32)]);
        // What is part of the header, or a tunnel, is none.
        for number in [4, 47, 51, 60] {
            assert_eq!(flow_of(number), [], "{number}");
        }
        assert!(flows(Decoded::default(), &DATAGRAM[..20]).is_empty());
    }

    #[test]
    fn fragments_are_named_and_only_the_first_is_more() {
        let told = |frame: &[u8]| {
            let found = flows(Decoded::default(), frame);
            let told = found.iter().map(|flow| {
                let ports = [flow.source().port, flow.destination().port];
                (flow.protocol, ports, flow.leads, flow.payload)
            });
            told.collect::<Vec<_>>()
        };
        let mut v4 = DATAGRAM;
        v4[6] = 0x20;
        let named = |leads| (Protocol::Fragment, [17, 1], leads, 12);
        let inside = (Protocol::Udp, [9000, 53], false, 4);
        assert_eq!(told(&v4), [named(true), inside]);
        (v4[6], v4[7]) = (0, 1);
        assert_eq!(told(&v4), [named(false)]);
        let mut v6 = vec![0x60, 0, 0, 0, 0, 20, 44, 64];
        v6.extend([0xfd; 32]);
        v6[39] = 1;
        v6.extend([17, 0, 0, 1, 0xab, 0xcd, 0, 7]);
        v6.extend(&DATAGRAM[20..]);
        let named = |leads| (Protocol::Fragment, [0xabcd, 7], leads, 12);
        assert_eq!(told(&v6), [named(true), inside]);
        v6[43] = 8;
        assert_eq!(told(&v6), [named(false)]);
        // One that is whole nevertheless (RFC 6946).
        v6[43] = 0;
        assert_eq!(told(&v6), [inside]);
    }

    #[test]
    fn several_frames_come_one_after_the_other() {
        let mut batch = Batch {
            first_number: 1,
            ..Batch::default()
        };
        for port in 0..5 {
            let mut frame = DATAGRAM;
            frame[21] = port;
            batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
        }
        let mut decoded = Decoded::default();
        decoded.push_all(&batch);
        decoded.keep(&batch, |packet| packet.frame.number != 2);
        let ports = |flows: &[Flow]| -> Vec<u8> {
            let ports = flows.iter().map(|flow| flow.source().port as u8);
            ports.collect()
        };
        let mut rest = decoded.several(&batch, 0..decoded.len());
        let first = rest.take_off(2);
        assert_eq!((first.len(), rest.len()), (2, 2));
        assert_eq!(ports(first.flows()), [0, 1, 2], "with the one left out");
        let each = first.chain(rest.clone()).map(|parts| parts.number());
        assert_eq!(each.collect::<Vec<_>>(), [1, 3, 4, 5]);
        assert_eq!(ports(rest.flows()), [3, 4]);
        assert_eq!(rest.take_off(9).len(), 2);
        assert!(rest.next().is_none() && rest.flows().is_empty());
    }
}
