//! What the analysis looks at in a TCP segment, read once.

use super::tcp::{self, Options, TcpOption, at, flag};
use super::{Layer, Packet};
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy)]
pub struct Segment {
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
    /// How many bits its sender's later windows are to be shifted by (RFC 7323), where a SYN says so.
    pub window_scale: Option<u8>,
}

impl Segment {
    /// From the header of a segment with `len` bytes, header included. None where it is not there as far as the window, or
    /// its length can't be. Always in place: it is written once, where it stays.
    #[inline(always)]
    pub(super) fn read(
        header: &[u8],
        len: u32,
        frame: u64,
        time: Option<Timestamp>,
    ) -> Option<Self> {
        let fixed: &[u8; at::CHECKSUM] = header.first_chunk()?;
        let u32_at = |at: usize| {
            u32::from_be_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]])
        };
        let flags = fixed[at::FLAGS];
        Some(Self {
            frame,
            time: time.unwrap_or_default(),
            flags,
            seq: u32_at(at::SEQUENCE),
            ack: u32_at(at::ACKNOWLEDGMENT),
            len: tcp::data_len(fixed, len)?,
            window: u16::from_be_bytes([fixed[at::WINDOW], fixed[at::WINDOW + 1]]),
            window_scale: match flags & flag::SYN {
                0 => None,
                _ => window_scale(header),
            },
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
}

fn window_scale(header: &[u8]) -> Option<u8> {
    Options::of(header).find_map(|option| match option {
        TcpOption::WindowScale(shift) => Some(shift),
        _ => None,
    })
}

/// Bytes that were received beyond the acknowledgment (RFC 2018).
pub fn selectively_acknowledged(packet: &Packet<'_>, layer: &Layer) -> u32 {
    let ranges = tcp::options(packet, layer).find_map(|option| match option {
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
