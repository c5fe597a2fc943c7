//! IEEE 802.11 down to the LLC payload, and the headers that drivers put before it: radiotap (radiotap.org), Prism, AVS,
//! and Per-Packet Information (CACE PPI 1.0.10).

use super::walk::{Next, Span, Walk};
use super::{Kind, link};
use crate::bytes::{Order, be32, chunk};
use crate::frame::LinkType;

const LITTLE: Order = Order::Little;

/// What the driver says about the frame behind its header.
#[derive(Clone, Copy, Default)]
struct Trailing {
    /// The header is padded to a multiple of four bytes.
    padded: bool,
    /// A frame check sequence follows the frame.
    checked: bool,
}

pub(super) fn radiotap(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 8;
    if !walk.has(Kind::Radiotap, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let len = usize::from(LITTLE.u16_at(rest, 2)).max(FIXED);
    if !walk.has(Kind::Radiotap, span, len) {
        return Next::STOP;
    }
    let trailing = radiotap_flags(&rest[..len]);
    let payload = walk.layer(Kind::Radiotap, span, len);
    frame(walk, payload, trailing)
}

/// The flags field, where it is there: it stands behind the time stamp, both aligned.
fn radiotap_flags(header: &[u8]) -> Trailing {
    const TSFT: u32 = 1 << 0;
    const FLAGS: u32 = 1 << 1;
    const MORE: u32 = 1 << 31;
    const HAS_FCS: u8 = 0x10;
    const DATA_PAD: u8 = 0x20;
    let words = || {
        header[4..]
            .chunks_exact(4)
            .map(|word| LITTLE.u32_at(word, 0))
    };
    let first = words().next().unwrap_or(0);
    let bitmaps = words().take_while(|word| word & MORE != 0).count() + 1;
    let mut at = 4 + 4 * bitmaps;
    if first & TSFT != 0 {
        at = at.next_multiple_of(8) + 8;
    }
    match header.get(at) {
        Some(flags) if first & FLAGS != 0 => Trailing {
            padded: flags & DATA_PAD != 0,
            checked: flags & HAS_FCS != 0,
        },
        _ => Trailing::default(),
    }
}

/// Prism or AVS, which share a link type: AVS starts with a version in network order.
pub(super) fn prism(walk: &mut Walk<'_>, span: Span) -> Next {
    const AVS_MAGIC: u32 = 0x8021_1000;
    const PRISM_LEN: usize = 144;
    const FIXED: usize = 8;
    if !walk.has(Kind::Prism, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let is_avs = be32(rest, 0).is_some_and(|word| word & 0xffff_f000 == AVS_MAGIC);
    let len = if is_avs {
        (be32(rest, 4).unwrap_or(0) as usize).clamp(FIXED, usize::from(u16::MAX))
    } else {
        PRISM_LEN
    };
    if !walk.has(Kind::Prism, span, len) {
        return Next::STOP;
    }
    let payload = walk.layer(Kind::Prism, span, len);
    frame(walk, payload, Trailing::default())
}

pub(super) fn ppi(walk: &mut Walk<'_>, span: Span) -> Next {
    const FIXED: usize = 8;
    if !walk.has(Kind::Ppi, span, FIXED) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let len = usize::from(LITTLE.u16_at(rest, 2)).max(FIXED);
    let inner = LinkType(LITTLE.u32_at(rest, 4) as u16);
    if !walk.has(Kind::Ppi, span, len) {
        return Next::STOP;
    }
    let payload = walk.layer(Kind::Ppi, span, len);
    // One such header in another is not what anybody writes, and would let a frame recurse.
    match inner {
        LinkType::PPI => Next::data(payload),
        _ => link::start(walk, inner, payload),
    }
}

pub(super) fn ieee80211(walk: &mut Walk<'_>, span: Span) -> Next {
    frame(walk, span, Trailing::default())
}

fn frame(walk: &mut Walk<'_>, span: Span, trailing: Trailing) -> Next {
    const FCS: usize = 4;
    const SHORTEST: usize = 10;
    const TYPE: u8 = 0x0c;
    const DATA: u8 = 0x08;
    const SUBTYPE_QOS: u8 = 0x80;
    const SUBTYPE_NULL: u8 = 0x40;
    const TO_AND_FROM_DS: u8 = 0x03;
    const PROTECTED: u8 = 0x40;
    const ORDER: u8 = 0x80;
    const A_MSDU: u8 = 0x80;
    let span = match span.len().checked_sub(FCS) {
        Some(len) if trailing.checked => span.limit(len),
        _ => span,
    };
    if !walk.has(Kind::Wlan, span, SHORTEST) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let (control, flags) = (rest[0], rest[1]);
    if control & TYPE != DATA {
        return link::whole(walk, Kind::Wlan, span);
    }
    let is_qos = control & SUBTYPE_QOS != 0;
    let qos_at = if flags & TO_AND_FROM_DS == TO_AND_FROM_DS {
        30
    } else {
        24
    };
    let mut len: usize = qos_at;
    if is_qos {
        // A high-throughput control field follows where the order bit is set.
        len += if flags & ORDER != 0 { 6 } else { 2 };
    }
    if trailing.padded {
        len = len.next_multiple_of(4);
    }
    if !walk.has(Kind::Wlan, span, len) {
        return Next::STOP;
    }
    let aggregated = is_qos && rest[qos_at] & A_MSDU != 0;
    let payload = walk.layer(Kind::Wlan, span, len);
    if control & SUBTYPE_NULL != 0 || flags & PROTECTED != 0 {
        return Next::data(payload);
    }
    if aggregated {
        return subframe(walk, payload);
    }
    Next::llc(payload)
}

/// The first of several frames sent as one (IEEE 802.11, 9.3.2.2.2): addresses and a length, as in 802.3.
fn subframe(walk: &mut Walk<'_>, span: Span) -> Next {
    const HEADER: usize = 14;
    let rest = walk.rest(span);
    if rest.len() < HEADER {
        return Next::data(span);
    }
    let length = usize::from(u16::from_be_bytes([rest[12], rest[13]]));
    Next::llc(span.after(HEADER).limit(length))
}

/// Type and subtype in one number: the type in the high digit, as Wireshark joins them.
pub fn kind(header: &[u8]) -> Option<u8> {
    let control = header.first()?;
    Some((control >> 2 & 0x03) << 4 | control >> 4)
}

const MANAGEMENT: u8 = 0x00;
const CONTROL: u8 = 0x10;
const DATA_FRAME: u8 = 0x20;
const PROTECTED_FRAME: u8 = 0x40;

/// Who a frame is from and for: over the air, and in the end (IEEE 802.11-2020, 9.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses {
    pub receiver: Option<[u8; 6]>,
    pub transmitter: Option<[u8; 6]>,
    pub destination: Option<[u8; 6]>,
    pub source: Option<[u8; 6]>,
    /// The access point's, or a number of the network's own.
    pub network: Option<[u8; 6]>,
}

impl Addresses {
    pub fn of(header: &[u8]) -> Self {
        const TO_DS: u8 = 0x01;
        const FROM_DS: u8 = 0x02;
        const CLEAR_TO_SEND: u8 = 0x1c;
        const ACKNOWLEDGMENT: u8 = 0x1d;
        let at = |place| chunk(header, place);
        let (first, second, third) = (at(4), at(10), at(16));
        let over_the_air = Self {
            receiver: first,
            transmitter: second,
            ..Self::default()
        };
        let (Some(kind), Some(flags)) = (kind(header), header.get(1)) else {
            return Self::default();
        };
        let (destination, source, network) = match (kind & 0xf0, flags & (TO_DS | FROM_DS)) {
            (CONTROL, _) if matches!(kind, CLEAR_TO_SEND | ACKNOWLEDGMENT) => {
                return Self {
                    transmitter: None,
                    ..over_the_air
                };
            }
            (MANAGEMENT, _) | (DATA_FRAME, 0) => (first, second, third),
            (DATA_FRAME, TO_DS) => (third, second, first),
            (DATA_FRAME, FROM_DS) => (first, third, second),
            (DATA_FRAME, _) => (third, at(24), None),
            _ => return over_the_air,
        };
        Self {
            destination,
            source,
            network,
            ..over_the_air
        }
    }
}

/// The name of the network that a management frame is about; empty where the network hides it.
pub fn network_name(header: &[u8]) -> Option<&[u8]> {
    const BODY: usize = 24;
    const NAME: u8 = 0;
    let fixed = match kind(header)? {
        0x00 => 4,
        0x02 => 10,
        0x04 => 0,
        0x05 | 0x08 => 12,
        _ => return None,
    };
    if header.get(1)? & PROTECTED_FRAME != 0 {
        return None;
    }
    let mut rest = header.get(BODY + fixed..)?;
    while let [kind, len, behind @ ..] = rest {
        let value = behind.get(..usize::from(*len))?;
        if *kind == NAME {
            return Some(value);
        }
        rest = &behind[value.len()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_depend_on_which_way_a_frame_goes() {
        let mut frame = [0; 30];
        for (number, place) in [(1, 4), (2, 10), (3, 16), (4, 24)] {
            frame[place..place + 6].fill(number);
        }
        let mut ends = |control, flags| {
            frame[..2].copy_from_slice(&[control, flags]);
            let ends = Addresses::of(&frame);
            [ends.destination, ends.source, ends.network].map(|mac| mac.map(|mac| mac[0]))
        };
        assert_eq!(ends(0x80, 0), [Some(1), Some(2), Some(3)], "beacon");
        assert_eq!(
            ends(0x08, 1),
            [Some(3), Some(2), Some(1)],
            "to the access point"
        );
        assert_eq!(ends(0x88, 2), [Some(1), Some(3), Some(2)], "from it");
        assert_eq!(ends(0x08, 3), [Some(3), Some(4), None], "between two");
        assert_eq!(ends(0xd4, 0), [None; 3], "acknowledgment");
    }

    #[test]
    fn a_beacon_names_its_network() {
        let mut frame = vec![0x80, 0];
        frame.resize(36, 0);
        frame.extend(b"\x01\x01\x82\0\x03lab");
        assert_eq!(network_name(&frame), Some(&b"lab"[..]));
        for len in 0..=40 {
            assert_eq!(network_name(&frame[..len]), None);
            Addresses::of(&frame[..len]);
        }
    }
}
