//! Whether checksums are right (RFC 1071), and where a wrong one is only not filled in yet.

use etherparse::checksum::Sum16BitWords;

use super::Kind;
use super::layer::{Layer, Packet};
use super::tcp::{self, TCP};
use super::udp::UDP;
use super::walk::{Span, Walk};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    Bad,
    /// What stands there is the sum over addresses and lengths only: Linux leaves the rest to the network card, so that
    /// a capture on the sending machine sees it unfinished.
    Offloaded,
    /// The sender gave none, as UDP over IPv4 may.
    Absent,
    /// Not all of what it covers was captured, or is in this frame.
    Unknown,
}

impl Verdict {
    /// Wireshark's numbers for the `checksum.status` fields.
    pub fn status(self) -> u64 {
        match self {
            Self::Bad | Self::Offloaded => 0,
            Self::Good => 1,
            Self::Unknown => 2,
            Self::Absent => 3,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Offloaded => "unfinished: likely offload, the sender's card fills it in",
            Self::Absent => "none given",
            Self::Unknown => "not known: not all of the packet is here",
        }
    }
}

const UDP_CHECKSUM: usize = 6;

/// Of an IPv4 header.
pub fn ipv4(packet: &Packet<'_>, layer: &Layer) -> Verdict {
    const CHECKSUM: usize = 10;
    if layer.is_cut() {
        return Verdict::Unknown;
    }
    match packet.u16(layer, CHECKSUM) {
        // As TCP's, left to the card where it cuts large packets up.
        Some(0) if packet.u16(layer, 2) == Some(0) => Verdict::Offloaded,
        _ => verdict(Sum16BitWords::new().add_slice(packet.header(layer))),
    }
}

/// Whether a TCP or UDP checksum in this frame was left to the network card.
pub fn is_left_to_card(packet: &Packet<'_>) -> bool {
    let layers = packet.layers.iter();
    let mut summed = layers.filter(|layer| matches!(layer.kind, Kind::Tcp | Kind::Udp));
    summed.any(|layer| transport(packet, layer) == Verdict::Offloaded)
}

/// A quick look at a TCP or UDP checksum while its header is at hand: whether it is the sum over addresses, protocol and
/// length alone. So counting those left to the card costs next to nothing where there are none.
#[inline]
pub(super) fn glance(walk: &mut Walk<'_>, protocol: u8, span: Span, stored: u16) {
    let sum = walk.network.sum() + u64::from(protocol) + span.len() as u64;
    // Carries come back in at the low end (RFC 1071, 2), which leaves the rest of a division.
    const MODULUS: u64 = 0xffff;
    let difference = sum + MODULUS - u64::from(stored);
    walk.looks_unfinished |= difference.is_multiple_of(MODULUS);
}

const ICMPV6: u8 = 58;

/// What belongs into an ICMPv6 message's checksum field (RFC 4443, 2.3), which is zero or absent in `message`.
pub fn of_icmpv6(source: [u8; 16], destination: [u8; 16], message: &[u8]) -> [u8; 2] {
    let mut sum = Sum16BitWords::new();
    let mut sum = sum.add_16bytes(source).add_16bytes(destination);
    let sum = sum.add_4bytes((message.len() as u32).to_be_bytes());
    let sum = sum.add_2bytes([0, ICMPV6]);
    sum.add_slice(message).ones_complement().to_ne_bytes()
}

/// Of a TCP segment, a UDP datagram or an ICMPv6 message, with the pseudo header of the IP packet it is in.
pub fn transport(packet: &Packet<'_>, layer: &Layer) -> Verdict {
    const ICMPV6_CHECKSUM: usize = 2;
    if layer.is_cut() || layer.in_fragment() || layer.quoted() {
        return Verdict::Unknown;
    }
    let (at, protocol) = match layer.kind {
        Kind::Tcp => (tcp::at::CHECKSUM, TCP),
        Kind::Icmpv6 => (ICMPV6_CHECKSUM, ICMPV6),
        _ => (UDP_CHECKSUM, UDP),
    };
    let Some(stored) = packet.u16(layer, at) else {
        return Verdict::Unknown;
    };
    if layer.kind == Kind::Udp && stored == 0 {
        return Verdict::Absent;
    }
    let covered = packet.bytes.get(layer.start as usize..layer.end as usize);
    let pseudo = pseudo_header(packet, layer, protocol);
    let (Some(covered), Some(pseudo)) = (covered, pseudo) else {
        return Verdict::Unknown;
    };
    let unfinished = !pseudo.ones_complement();
    match verdict(pseudo.add_slice(covered)) {
        Verdict::Bad if u16::from_be(unfinished) == stored => Verdict::Offloaded,
        other => other,
    }
}

/// Addresses, protocol and length (RFC 9293, 3.1; RFC 8200, 8.1).
fn pseudo_header(packet: &Packet<'_>, layer: &Layer, protocol: u8) -> Option<Sum16BitWords> {
    let before = packet
        .layers
        .iter()
        .rev()
        .skip_while(|other| other.start >= layer.start);
    let mut networks = before.filter(|other| matches!(other.kind, Kind::Ipv4 | Kind::Ipv6));
    let network = networks.next()?;
    // Still on its way along a route: the sum is over an address further on (RFC 8200, 8.1).
    let on_route = |other: &&Layer| {
        other.kind == Kind::Routing && packet.u8(other, 3).is_none_or(|left| left > 0)
    };
    let mut between = packet
        .layers
        .iter()
        .filter(|other| (network.start..layer.start).contains(&other.start));
    if between.any(|other| on_route(&other)) {
        return None;
    }
    let length = layer.end - layer.start;
    let mut sum = Sum16BitWords::new();
    let mut sum = match network.kind {
        Kind::Ipv4 => sum.add_8bytes(packet.chunk(network, 12)?),
        _ => sum
            .add_16bytes(packet.chunk(network, 8)?)
            .add_16bytes(packet.chunk(network, 24)?),
    };
    let sum = sum.add_4bytes(length.to_be_bytes());
    Some(sum.add_2bytes([0, protocol]))
}

/// All that is covered, checksum included, adds up to zero.
fn verdict(sum: Sum16BitWords) -> Verdict {
    match sum.ones_complement() {
        0 => Verdict::Good,
        _ => Verdict::Bad,
    }
}
