//! Which conversations a frame is part of, as its headers say: found frame by frame and side by side, so that whoever
//! follows conversations in order has little left to read.

mod icmp;
mod key;

pub use key::{End, Key, KeyV4, KeyV6, Protocol};

use super::segment::Segment;
use super::tcp::at;
use super::{Kind, Layer, Packet, arp};
use crate::bytes;

/// One frame's part in a conversation.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    /// The layer that names the ports, as an index into [`Packet::layers`].
    pub layer: u32,
    pub protocol: Protocol,
    pub key: Key,
    /// Which end of the key sent it: 0 the lower, 1 the higher.
    pub from: usize,
    /// Whether it asks or answers, where it says so.
    pub asks: Option<bool>,
    /// Part of a packet that an ICMP error quotes.
    pub quoted: bool,
    /// The ICMP error says that the packet did not arrive.
    pub unreachable: bool,
    /// Length of the IP packet in bytes, header included.
    pub ip_len: u32,
    /// What TCP, UDP or ICMP carries, in bytes, whether captured or not; 0 where that can't be known.
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
    pub(crate) fn new(protocol: Protocol, key: Key, from: usize) -> Self {
        Self {
            layer: 0,
            protocol,
            key,
            from,
            asks: None,
            quoted: false,
            unreachable: false,
            ip_len: 0,
            payload: 0,
            print: 0,
            segment: None,
        }
    }

    /// The layer that names the ports.
    ///
    /// # Panics
    /// Where `packet` is not the one that it was found in.
    pub fn layer_of<'a>(&self, packet: &Packet<'a>) -> &'a Layer {
        &packet.layers[self.layer as usize]
    }

    /// The end that sent it.
    pub fn source(&self) -> End {
        self.key.ends()[self.from]
    }

    pub fn destination(&self) -> End {
        self.key.ends()[1 - self.from]
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

/// The bit of a layer, the `index`th of its frame, in [`Walk::marks`](super::walk::Walk::marks): 0 where nothing of a flow
/// stands in it. No frame has more layers than there are bits.
#[inline]
pub(super) fn mark(kind: Kind, index: usize) -> u64 {
    let is_wanted = matches!(
        kind,
        Kind::Ipv4 | Kind::Ipv6 | Kind::Tcp | Kind::Udp | Kind::Icmp | Kind::Icmpv6 | Kind::Arp
    );
    u64::from(is_wanted).checked_shl(index as u32).unwrap_or(0)
}

/// The bits of all layers of a frame.
pub(super) fn marks(layers: &[Layer]) -> u64 {
    let bits = layers.iter().zip(0..);
    bits.fold(0, |marks, (layer, index)| marks | mark(layer.kind, index))
}

/// Finds a packet's flows in the layers that are marked, outermost first. Each is written where it stays, and completed
/// there.
pub(super) fn find(packet: &Packet<'_>, marks: u64, flows: &mut Vec<Flow>) {
    let mut network = None;
    let mut unreachable = false;
    let mut left = marks;
    while left != 0 {
        let index = left.trailing_zeros();
        left &= left - 1;
        let layer = &packet.layers[index as usize];
        let found = match (layer.kind, network) {
            (Kind::Tcp, Some(network)) => tcp(packet, layer, network, flows),
            (Kind::Udp, Some(network)) if !layer.is_cut() => udp(packet, layer, network, flows),
            (Kind::Ipv4 | Kind::Ipv6, _) => {
                network = Some(layer);
                None
            }
            (Kind::Icmp | Kind::Icmpv6, network) => {
                unreachable |= says_unreachable(packet, layer);
                network.and_then(|network| message(packet, layer, network, flows))
            }
            (Kind::Arp, _) => neighbors(packet, layer, flows),
            _ => None,
        };
        if let Some(flow) = found {
            flow.layer = index;
            flow.quoted = layer.quoted();
            flow.unreachable = unreachable && flow.quoted;
        }
    }
}

fn tcp<'f>(
    packet: &Packet<'_>,
    layer: &Layer,
    network: &Layer,
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    // Without a sequence number it is not known to be a segment, nor without a length; a quotation may be.
    let needed = match layer.quoted() {
        true => at::ACKNOWLEDGMENT,
        false => at::DATA_OFFSET + 1,
    };
    let header = packet.header(layer);
    if header.len() < needed {
        return None;
    }
    let outer = packet.header(network);
    let flow = ported(header, network, outer, Protocol::Tcp, flows)?;
    flow.segment = Segment::read(packet, layer, header);
    flow.payload = flow.segment.as_ref().map_or(0, |segment| segment.len);
    if network.kind == Kind::Ipv4 {
        flow.print = print(header, outer);
    }
    Some(flow)
}

fn udp<'f>(
    packet: &Packet<'_>,
    layer: &Layer,
    network: &Layer,
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    let (header, outer) = (packet.header(layer), packet.header(network));
    let flow = ported(header, network, outer, Protocol::Udp, flows)?;
    flow.payload = layer.payload_len();
    Some(flow)
}

#[inline]
fn ported<'f>(
    header: &[u8],
    network: &Layer,
    outer: &[u8],
    protocol: Protocol,
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    let ports = bytes::be32(header, at::SOURCE_PORT)?;
    let ports = ((ports >> 16) as u16, ports as u16);
    between(network, outer, protocol, ports, flows)
}

fn message<'f>(
    packet: &Packet<'_>,
    layer: &Layer,
    network: &Layer,
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    /// What each message has before its content (RFC 792, 4443).
    const HEADER: u32 = 8;
    if layer.quoted() {
        return None;
    }
    let (kind, code) = (packet.u8(layer, 0)?, packet.u8(layer, 1)?);
    let version = if layer.kind == Kind::Icmp { 4 } else { 6 };
    let (source, destination, is_exchange) = icmp::ports(version, kind, code);
    let protocol = match is_exchange {
        true => Protocol::Icmp,
        false => Protocol::IcmpMessage,
    };
    let outer = packet.header(network);
    let flow = between(network, outer, protocol, (source, destination), flows)?;
    flow.asks = is_exchange.then(|| icmp::asks(version, kind));
    flow.payload = layer.end.saturating_sub(layer.start + HEADER);
    Some(flow)
}

/// A flow between the addresses in `outer`, the IP header.
#[inline]
fn between<'f>(
    network: &Layer,
    outer: &[u8],
    protocol: Protocol,
    ports: (u16, u16),
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    let (key, from) = if network.kind == Kind::Ipv4 {
        let both = u64::from_be_bytes(bytes::chunk(outer, 12)?);
        let (source, destination) = ((both >> 32) as u32, both as u32);
        Key::between_v4(protocol, (source, ports.0), (destination, ports.1))
    } else {
        let end = |at, port| {
            let address = u128::from_be_bytes(bytes::chunk(outer, at)?);
            Some(End { address, port })
        };
        Key::between_v6(protocol, end(8, ports.0)?, end(24, ports.1)?)
    };
    flows.push(Flow {
        ip_len: network.end.saturating_sub(network.start),
        ..Flow::new(protocol, key, from)
    });
    flows.last_mut()
}

/// ARP between IPv4 addresses: who asked about whom.
fn neighbors<'f>(
    packet: &Packet<'_>,
    layer: &Layer,
    flows: &'f mut Vec<Flow>,
) -> Option<&'f mut Flow> {
    const OPERATION: usize = 6;
    let end = |who| {
        let address = arp::ipv4(packet, layer, who)?;
        Some(End {
            address: u32::from_be_bytes(address).into(),
            port: 0,
        })
    };
    let (sender, target) = (end(arp::Who::Sender)?, end(arp::Who::Target)?);
    let asks = packet.u16(layer, OPERATION)? == arp::REQUEST;
    let (key, from) = Key::between(Protocol::Arp, true, sender, target);
    flows.push(Flow {
        asks: Some(asks),
        ..Flow::new(Protocol::Arp, key, from)
    });
    flows.last_mut()
}

/// Whether an ICMP error says that the packet it quotes did not arrive.
fn says_unreachable(packet: &Packet<'_>, layer: &Layer) -> bool {
    const V4_UNREACHABLE: u8 = 3;
    const V6_UNREACHABLE: u8 = 1;
    let kind = match layer.kind {
        Kind::Icmp => V4_UNREACHABLE,
        _ => V6_UNREACHABLE,
    };
    packet.u8(layer, 0) == Some(kind)
}

/// [`Flow::print`], from the headers of a segment and of the IPv4 packet around.
#[inline]
fn print(header: &[u8], outer: &[u8]) -> u64 {
    const IDENTIFICATION: usize = 4;
    match (
        bytes::be16(outer, IDENTIFICATION),
        bytes::be16(header, at::CHECKSUM),
        bytes::be32(header, at::SEQUENCE),
    ) {
        (Some(id @ 1..), Some(checksum), Some(seq)) => {
            u64::from(id) << 48 | u64::from(checksum) << 32 | u64::from(seq)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
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
}
