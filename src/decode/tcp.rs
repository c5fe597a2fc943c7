//! The Transmission Control Protocol (RFC 9293).

use etherparse::TcpHeaderSlice;
use etherparse::err::tcp::HeaderSliceError;

use super::walk::{Next, Span, Walk};
use super::{Kind, Layer, Packet, application, checksum, flow};

/// Bits of the flags octet.
pub mod flag {
    pub const FIN: u8 = 0x01;
    pub const SYN: u8 = 0x02;
    pub const RST: u8 = 0x04;
    pub const PSH: u8 = 0x08;
    pub const ACK: u8 = 0x10;
    pub const URG: u8 = 0x20;
    pub const ECE: u8 = 0x40;
    pub const CWR: u8 = 0x80;
}

/// Where the header keeps what, in bytes from its start.
pub mod at {
    pub const SOURCE_PORT: usize = 0;
    pub const DESTINATION_PORT: usize = 2;
    pub const SEQUENCE: usize = 4;
    pub const ACKNOWLEDGMENT: usize = 8;
    pub const DATA_OFFSET: usize = 12;
    pub const FLAGS: usize = 13;
    pub const WINDOW: usize = 14;
    pub const CHECKSUM: usize = 16;
    pub const URGENT_POINTER: usize = 18;
    pub const OPTIONS: usize = 20;
}

/// Its number in an IP header.
pub(super) const TCP: u8 = 6;
/// As much of the header as tells how long it is.
const UP_TO_LENGTH: usize = at::DATA_OFFSET + 1;

/// Always in place: that it stands in no fragment or quotation is known where [most frames start](super::usual).
#[inline(always)]
pub(super) fn tcp(walk: &mut Walk<'_>, span: Span) -> Next {
    let rest = walk.rest(span);
    let read = TcpHeaderSlice::from_slice(rest);
    let header = match &read {
        Ok(header) => header.slice(),
        Err(HeaderSliceError::Len(_)) => rest,
        Err(HeaderSliceError::Content(_)) => &rest[..UP_TO_LENGTH],
    };
    flow::tcp(walk, header, span.len());
    match read {
        Ok(header) => {
            let ports = (header.source_port(), header.destination_port());
            let len = header.slice().len();
            checksum::look(walk, TCP, span, header.checksum());
            let payload = walk.layer(Kind::Tcp, span, len);
            application::over_tcp(walk, ports, payload)
        }
        Err(HeaderSliceError::Len(error)) => walk.short(Kind::Tcp, span, &error),
        Err(HeaderSliceError::Content(_)) => walk.malformed(
            Kind::Tcp,
            span,
            UP_TO_LENGTH,
            "the header length is under 20 bytes",
        ),
    }
}

/// Bytes of data that the segment carries, whether captured or not. None where that can't be known: in a fragment,
/// whose end is not the segment's, and in the packet that an ICMP error quotes, which may be cut.
pub fn segment_len(packet: &Packet<'_>, layer: &Layer) -> Option<u32> {
    if layer.in_fragment() || layer.quoted() {
        return None;
    }
    data_len(packet.header(layer), layer.end - layer.start)
}

/// Bytes of data in a segment with `len` bytes, from its header. None where the header says that it is longer than that, or
/// shorter than any.
#[inline]
pub(super) fn data_len(header: &[u8], len: u32) -> Option<u32> {
    let header_len = u32::from(*header.get(at::DATA_OFFSET)? >> 4) * 4;
    if header_len < at::OPTIONS as u32 {
        return None;
    }
    len.checked_sub(header_len)
}

/// One option of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TcpOption<'a> {
    /// Largest segment the sender takes (RFC 9293, 3.7.1).
    MaximumSegmentSize(u16),
    /// How many bits the sender's windows are to be shifted left by (RFC 7323).
    WindowScale(u8),
    SackPermitted,
    /// Ranges received beyond the acknowledgment (RFC 2018).
    Sack(&'a [u8]),
    Timestamp {
        value: u32,
        /// None where the capture ends before it.
        echo: Option<u32>,
    },
    /// Kind and content of one that has no name here.
    Other(u8, &'a [u8]),
    /// What follows can't be read.
    Broken,
}

/// Calls `visit` with the kind of every option, padding included, as far as they can be read.
pub fn option_kinds(packet: &Packet<'_>, layer: &Layer, mut visit: impl FnMut(u8)) {
    let mut rest = packet.header(layer).get(at::OPTIONS..).unwrap_or_default();
    while let [kind, behind @ ..] = rest {
        visit(*kind);
        rest = match (*kind, behind.first()) {
            (END, _) => return,
            (NO_OPERATION, _) => behind,
            (_, Some(len)) if *len >= 2 => rest.get(usize::from(*len)..).unwrap_or_default(),
            _ => return,
        };
    }
}

/// The options that were captured, padding left out; the last is [`TcpOption::Broken`] where they don't add up.
pub fn options<'a>(packet: &Packet<'a>, layer: &Layer) -> Options<'a> {
    Options {
        is_cut: layer.is_cut(),
        ..Options::of(packet.header(layer))
    }
}

pub struct Options<'a> {
    rest: &'a [u8],
    /// The capture ends within the header.
    is_cut: bool,
}

const END: u8 = 0;
const NO_OPERATION: u8 = 1;
const TIMESTAMP: u8 = 8;
const TIMESTAMP_LEN: u8 = 10;

impl<'a> Options<'a> {
    pub(super) fn of(header: &'a [u8]) -> Self {
        Self {
            rest: header.get(at::OPTIONS..).unwrap_or_default(),
            is_cut: false,
        }
    }
}

impl<'a> Iterator for Options<'a> {
    type Item = TcpOption<'a>;

    fn next(&mut self) -> Option<TcpOption<'a>> {
        while let [NO_OPERATION, rest @ ..] = self.rest {
            self.rest = rest;
        }
        let [kind, behind @ ..] = self.rest else {
            return None;
        };
        if *kind == END {
            return None;
        }
        let len = behind.first().map_or(0, |len| usize::from(*len));
        if len < 2 || len > self.rest.len() {
            let rest = std::mem::take(&mut self.rest);
            return Some(match rest {
                // The clock alone was captured, as where 64 bytes of each frame are.
                [TIMESTAMP, TIMESTAMP_LEN, a, b, c, d, ..] if self.is_cut => TcpOption::Timestamp {
                    value: u32::from_be_bytes([*a, *b, *c, *d]),
                    echo: None,
                },
                _ => TcpOption::Broken,
            });
        }
        let (option, rest) = self.rest.split_at(len);
        self.rest = rest;
        Some(read_option(*kind, option))
    }
}

/// Names one whole option; `option` starts at its kind. One of another length than its kind has is broken.
fn read_option(kind: u8, option: &[u8]) -> TcpOption<'_> {
    const MAXIMUM_SEGMENT_SIZE: u8 = 2;
    const WINDOW_SCALE: u8 = 3;
    const SACK_PERMITTED: u8 = 4;
    const SACK: u8 = 5;
    /// Both ends of a range, four bytes each.
    const RANGE: usize = 8;
    match (kind, &option[2..]) {
        (MAXIMUM_SEGMENT_SIZE, &[high, low]) => {
            TcpOption::MaximumSegmentSize(u16::from_be_bytes([high, low]))
        }
        (WINDOW_SCALE, &[shift]) => TcpOption::WindowScale(shift),
        (SACK_PERMITTED, []) => TcpOption::SackPermitted,
        (SACK, ranges) if ranges.len().is_multiple_of(RANGE) => TcpOption::Sack(ranges),
        (TIMESTAMP, &[a, b, c, d, e, f, g, h]) => TcpOption::Timestamp {
            value: u32::from_be_bytes([a, b, c, d]),
            echo: Some(u32::from_be_bytes([e, f, g, h])),
        },
        (MAXIMUM_SEGMENT_SIZE | WINDOW_SCALE | SACK_PERMITTED | SACK | TIMESTAMP, _) => {
            TcpOption::Broken
        }
        (_, content) => TcpOption::Other(kind, content),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(options: &[u8]) -> Vec<TcpOption<'_>> {
        let is_cut = false;
        Options {
            rest: options,
            is_cut,
        }
        .collect()
    }

    #[test]
    fn options_are_named_and_padding_is_left_out() {
        let syn = [2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 254, 3, 9, 0, 8];
        let expected = [
            TcpOption::MaximumSegmentSize(1460),
            TcpOption::WindowScale(7),
            TcpOption::SackPermitted,
            TcpOption::Other(254, &[9]),
        ];
        assert_eq!(read(&syn), expected);
        let (value, echo) = (1, Some(0x0100_0000));
        let timestamp = [8, 10, 0, 0, 0, 1, 1, 0, 0, 0];
        assert_eq!(read(&timestamp), [TcpOption::Timestamp { value, echo }]);
    }

    #[test]
    fn an_option_of_another_length_than_its_kind_has_is_broken() {
        for option in [
            &[2, 3, 5][..],
            &[3, 4, 7, 7],
            &[4, 3, 0],
            &[5, 3, 0],
            &[8, 2],
        ] {
            assert_eq!(read(option), [TcpOption::Broken], "{option:?}");
        }
        // What follows such a one is read; behind one that is longer than the header nothing is.
        let ranges = [2, 3, 5, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9];
        let sack = TcpOption::Sack(&ranges[5..]);
        assert_eq!(read(&ranges), [TcpOption::Broken, sack]);
        assert_eq!(read(&[3, 9, 7]), [TcpOption::Broken]);
    }

    #[test]
    fn the_clock_is_told_though_the_echo_was_not_captured() {
        let rest = &[1, 1, 8, 10, 0, 0, 0, 7, 0, 0];
        let read = |rest, is_cut| Options { rest, is_cut }.collect::<Vec<_>>();
        let echo = None;
        assert_eq!(read(rest, true), [TcpOption::Timestamp { value: 7, echo }]);
        assert_eq!(read(rest, false), [TcpOption::Broken]);
        assert_eq!(read(&rest[..7], true), [TcpOption::Broken]);
    }
}
