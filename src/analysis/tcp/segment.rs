//! What the analysis looks at in a segment, read once.

use crate::decode::tcp::{self, TcpOption, at, flag};
use crate::decode::{Layer, Packet};
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// The frame it came in, from 1.
    pub frame: u64,
    /// A frame without a time counts as one at the epoch.
    pub time: Timestamp,
    pub flags: u8,
    pub seq: u32,
    /// As it stands in the header, whether the ACK flag is set or not.
    pub ack: u32,
    /// Bytes of data.
    pub len: u32,
    /// As it stands in the header.
    pub window: u16,
    packet: &'a Packet<'a>,
    layer: &'a Layer,
}

impl<'a> Segment<'a> {
    /// None where the header is not there as far as the window, or nobody can say how much data there is:
    /// a fragment, a quotation, a header length that can't be.
    pub fn read(packet: &'a Packet<'a>, layer: &'a Layer) -> Option<Self> {
        Some(Self {
            frame: packet.frame.number,
            time: packet.frame.time.unwrap_or_default(),
            flags: packet.u8(layer, at::FLAGS)?,
            seq: packet.u32(layer, at::SEQUENCE)?,
            ack: packet.u32(layer, at::ACKNOWLEDGMENT)?,
            len: tcp::segment_len(packet, layer)?,
            window: packet.u16(layer, at::WINDOW)?,
            packet,
            layer,
        })
    }

    /// Whether any of these flags is set.
    pub fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    /// Opens a connection, and answers nothing.
    pub fn is_opening(&self) -> bool {
        self.flags & (flag::SYN | flag::ACK) == flag::SYN
    }

    pub fn is_syn_ack(&self) -> bool {
        self.flags & (flag::SYN | flag::ACK) == flag::SYN | flag::ACK
    }

    /// The number behind the last it takes: SYN and FIN take one each (RFC 9293, 3.4). tshark counts one for both.
    pub fn end(&self) -> u32 {
        let numbered = u32::from(self.has(flag::SYN | flag::FIN));
        self.seq.wrapping_add(self.len).wrapping_add(numbered)
    }

    /// How many bits its sender's later windows are to be shifted by (RFC 7323), where a SYN says so.
    pub fn window_scale(&self) -> Option<u8> {
        tcp::options(self.packet, self.layer).find_map(|option| match option {
            TcpOption::WindowScale(shift) => Some(shift),
            _ => None,
        })
    }

    /// Bytes that were received beyond the acknowledgment (RFC 2018).
    pub fn selectively_acknowledged(&self) -> u32 {
        let ranges = tcp::options(self.packet, self.layer).find_map(|option| match option {
            TcpOption::Sack(ranges) => Some(ranges),
            _ => None,
        });
        let size = |range: &[u8]| {
            let edge = |at| crate::bytes::be32(range, at).unwrap_or(0);
            edge(4).wrapping_sub(edge(0))
        };
        let ranges = ranges.unwrap_or_default().chunks_exact(8);
        ranges.map(size).fold(0, u32::wrapping_add)
    }
}

/// Whether `a` comes behind `b`, in numbers that start over at 2^32 (RFC 9293, 3.4).
pub fn after(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) > 0
}

pub fn before(a: u32, b: u32) -> bool {
    after(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_the_wrap() {
        assert!(after(5, 0xffff_fff0));
        assert!(before(0xffff_fff0, 5));
        assert!(!after(7, 7) && !before(7, 7));
    }
}
