//! How most frames start, read at once: Ethernet II, and an IPv4 packet without options that is no fragment.

use super::flow::Network;
use super::kind::Kind;
use super::layer::{Context, Layer};
use super::tcp::{self, TCP};
use super::udp::{self, UDP};
use super::walk::{Next, Reader, Span, Walk};
use super::{data, ethertype};

const ETHERNET: usize = 14;
const IPV4: usize = 20;
/// Where the IPv4 header ends.
const HEADERS: usize = ETHERNET + IPV4;

/// Reads the headers of such a frame, up to TCP's or UDP's, and says who reads on; none, with nothing noted, where it is any
/// other. What comes of it is what the protocols' own readers find one after the other, in a third of the steps.
#[inline(always)]
pub(super) fn start(walk: &mut Walk<'_>, frame: Span) -> Option<Next> {
    /// Four bits of version, four of the header's length in words of 32 bits.
    const VERSION_AND_LENGTH: u8 = 0x45;
    /// More fragments, and the offset; not the bit that forbids to make any.
    const FRAGMENT: u16 = 0x3fff;
    let head: &[u8; HEADERS] = walk.bytes.first_chunk()?;
    let u16_at = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let is_usual = u16_at(12) == ethertype::IPV4
        && head[ETHERNET] == VERSION_AND_LENGTH
        && u16_at(ETHERNET + 6) & FRAGMENT == 0;
    let total_len = usize::from(u16_at(ETHERNET + 2));
    let (end, frame_end) = (ETHERNET + total_len, frame.end as usize);
    if !is_usual || total_len < IPV4 || end > frame_end {
        return None;
    }
    walk.network = Network::v4(&head[ETHERNET..], total_len);
    let layer = |kind, start, len, end| Layer::new(kind, Context::default(), start, len, end);
    walk.layers.extend([
        layer(Kind::Frame, 0, 0, frame_end),
        layer(Kind::Ethernet, 0, ETHERNET, frame_end),
        layer(Kind::Ipv4, ETHERNET, IPV4, end),
    ]);
    let payload = Span {
        start: HEADERS as u32,
        end: end as u32,
    };
    let next = match head[ETHERNET + 9] {
        TCP => tcp::tcp(walk, payload),
        UDP => udp::udp(walk, payload),
        other => Next::ip_protocol(other, payload),
    };
    // What many end with: here nothing can be too deep.
    Some(match next.reader() {
        Reader::Data => data(walk, next.span()),
        _ => next,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::decode::{link, run};
    use crate::frame::LinkType;

    /// What a walk finds, in words.
    fn walked(
        batch: &Batch,
        start: impl FnOnce(&mut Walk<'_>, Span) -> Option<Next>,
    ) -> Option<String> {
        let frame = batch.frame(0);
        let (mut layers, mut flows) = (Vec::new(), Vec::new());
        let mut walk = Walk::new(&frame, frame.bytes, &mut layers, Some(&mut flows));
        let end = frame.wire_len.max(frame.bytes.len() as u32);
        let next = start(&mut walk, Span { start: 0, end })?;
        run(&mut walk, next);
        let (problem, unfinished) = (walk.problem, walk.is_left_to_card);
        Some(format!("{layers:?} {flows:?} {problem:?} {unfinished}"))
    }

    /// Whether the frame is a usual one. Then both ways must lead to the same.
    fn is_usual(bytes: &[u8], wire_len: usize) -> bool {
        let mut batch = Batch::default();
        batch.push(bytes, wire_len as u32, None, LinkType::ETHERNET, 0);
        let at_once = walked(&batch, start);
        let one_by_one = walked(&batch, |walk, span| {
            walk.layer(Kind::Frame, span, 0);
            Some(link::start(walk, LinkType::ETHERNET, span))
        });
        if at_once.is_some() {
            assert_eq!(at_once, one_by_one, "{bytes:02x?} of {wire_len}");
        }
        at_once.is_some()
    }

    /// A frame with an IPv4 packet, and two bytes behind that.
    fn frame(protocol: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        let total_len = 20 + payload.len() as u8;
        frame.extend([0x45, 0, 0, total_len, 0, 7, 0x40, 0, 64, protocol, 0, 0]);
        frame.extend([10, 9, 0, 2, 10, 9, 0, 1]);
        frame.extend(payload);
        frame.extend([0, 0]);
        frame
    }

    fn frames() -> [Vec<u8>; 4] {
        let syn = [
            0x30, 0x39, 0x1f, 0x90, 0, 0, 0, 7, 0, 0, 0, 0, 0x60, 2, 1, 0, 0, 0, 0,
            0, // header
            3, 3, 7, 0, b'G', b'E', b'T', b' ', b'/', b' ', b'H', b'T', b'T', b'P', b'/', b'1',
        ];
        let dns = [
            0x30, 0x39, 0, 53, 0, 20, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
        ];
        let plain = [0x30, 0x39, 0x23, 0x28, 0, 12, 0, 0, 1, 2, 3, 4];
        let ping = [8, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4];
        [
            frame(TCP, &syn),
            frame(UDP, &dns),
            frame(UDP, &plain),
            frame(1, &ping),
        ]
    }

    #[test]
    fn any_byte_may_be_another() {
        for frame in frames() {
            let (mut usual, mut others) = (0, 0);
            for at in 0..frame.len() {
                let mut changed = frame.clone();
                for value in 0..=u8::MAX {
                    changed[at] = value;
                    match is_usual(&changed, changed.len()) {
                        true => usual += 1,
                        false => others += 1,
                    }
                }
            }
            // Two bytes of type, version and length, the upper length, and the fragment's two must be what they are, and the
            // lower length between 20 and what there is.
            assert!(others > 6 * 250, "{others} of {}", usual + others);
            assert!(usual > (frame.len() - 8) * 256, "{usual}");
        }
    }

    #[test]
    fn the_capture_may_end_anywhere() {
        for frame in frames() {
            let len = frame.len();
            let usual = |end: &usize| is_usual(&frame[..*end], len);
            assert_eq!((0..=len).filter(usual).count(), len + 1 - HEADERS);
            // As if the frame ended there: what IPv4 says is too long then.
            let usual = |end: &usize| is_usual(&frame[..*end], *end);
            assert_eq!((0..=len).filter(usual).count(), 3);
        }
    }
}
