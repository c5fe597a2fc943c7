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

/// Looks at the checksum of a TCP segment or UDP datagram while its header is at hand: whether it was left to the network card,
/// as [`transport`] would say. The sum over all of it is only taken where what is stored is that over addresses, protocol and
/// length, so that counting those left to the card costs next to nothing where there are none.
#[inline]
pub(super) fn look(walk: &mut Walk<'_>, protocol: u8, span: Span, stored: u16) {
    let pseudo = walk.network.sum() + u64::from(protocol) + span.len() as u64;
    if (pseudo + MODULUS - u64::from(stored)).is_multiple_of(MODULUS) && stored != 0 {
        walk.is_left_to_card |= is_unfinished(walk, span, pseudo);
    }
}

/// Carries come back in at the low end (RFC 1071, 2), which leaves the rest of a division. A sum of anything is not 0.
const MODULUS: u64 = 0xffff;

/// Whether what has that pseudo header, and its sum as a checksum, does not add up.
#[inline(never)]
fn is_unfinished(walk: &Walk<'_>, span: Span, pseudo: u64) -> bool {
    let covered = walk.rest(span);
    if !walk.context.is_plain() || !walk.network.names_ends() || covered.len() < span.len() {
        return false;
    }
    let sum = u16::from_be(!Sum16BitWords::new().add_slice(covered).ones_complement());
    !(pseudo + u64::from(sum)).is_multiple_of(MODULUS)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::Decoded;
    use crate::frame::LinkType;

    /// UDP with ten bytes, whose checksum is the sum over addresses, protocol and length.
    const V4: [u8; 30] = [
        0x45, 0, 0, 30, 0, 7, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1, // IPv4
        0x30, 0x39, 0x23, 0x28, 0, 10, 0x14, 0x30, 1, 2, // UDP
    ];

    /// The same over IPv6, behind a routing header.
    fn v6(segments_left: u8) -> Vec<u8> {
        let mut packet = vec![0x60, 0, 0, 0, 0, 18, 43, 64];
        let address = |last| [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
        packet.extend([address(1), address(2)].concat());
        packet.extend([17, 0, 4, segments_left, 0, 0, 0, 0]);
        packet.extend([0x30, 0x39, 0x23, 0x28, 0, 10, 0xfa, 0x1f, 1, 2]);
        packet
    }

    /// Whether the first frame's checksum was left to the card: what is found while its headers are read must be what the
    /// checksum itself says.
    fn is_left(packet: &[u8], wire_len: usize) -> bool {
        let (mut batch, mut decoded) = (Batch::default(), Decoded::default());
        batch.push(packet, wire_len as u32, None, LinkType::RAW, 0);
        decoded.push_all(&batch);
        let is_left = decoded.left_to_card(1) == 1;
        let packet = decoded.packet(&batch, 0);
        let layers = packet.layers.iter();
        let mut summed = layers.filter(|layer| matches!(layer.kind, Kind::Tcp | Kind::Udp));
        let verdict = summed.any(|layer| transport(&packet, layer) == Verdict::Offloaded);
        assert_eq!(is_left, verdict, "{:02x?}", packet.bytes);
        is_left
    }

    #[test]
    fn left_to_the_card_is_the_sum_of_the_pseudo_header_alone() {
        assert!(is_left(&V4, V4.len()));
        let mut finished = V4;
        // 0xffff without the pseudo header, ports, length and data.
        finished[26..28]
            .copy_from_slice(&(!0x1430_u16 - 0x3039 - 0x2328 - 10 - 0x0102).to_be_bytes());
        assert!(!is_left(&finished, V4.len()));
        // What is missing could make it right.
        assert!(!is_left(&V4[..29], V4.len()));
        // By chance it is right: the rest takes away twice what was stored.
        let mut right = V4;
        right[28..]
            .copy_from_slice(&(0xffff - 2 * 0x1430 - 0x3039 - 0x2328 - 10_u16).to_be_bytes());
        assert!(!is_left(&right, V4.len()));
    }

    #[test]
    fn on_its_way_along_a_route_nobody_can_tell() {
        assert!(is_left(&v6(0), 58));
        assert!(!is_left(&v6(1), 58));
    }

    #[test]
    fn any_byte_may_be_another() {
        for packet in [V4.to_vec(), v6(0), v6(1)] {
            let mut left = 0;
            for at in 0..packet.len() {
                let mut changed = packet.clone();
                for value in 0..=u8::MAX {
                    changed[at] = value;
                    left += u32::from(is_left(&changed, changed.len()));
                }
            }
            // Some bytes do not matter: identification, hop limit, ports, data.
            assert!(left > 0, "{packet:02x?}");
        }
    }
}
