//! Writing pcap, with nanoseconds.

use crate::about::Interface;
use crate::frame::{Frame, Timestamp};

const MAGIC_NANOSECONDS: u32 = 0xa1b2_3c4d;
const VERSION: [u16; 2] = [2, 4];
/// What to claim where the input sets no limit: the largest frame that other programs read.
const ANY_LENGTH: u32 = 262_144;
const LAST: Timestamp = Timestamp::new(u32::MAX as i64, 999_999_999);

pub(super) fn push_header(out: &mut Vec<u8>, interface: &Interface) {
    out.extend(MAGIC_NANOSECONDS.to_le_bytes());
    for part in VERSION {
        out.extend(part.to_le_bytes());
    }
    // Time zone and accuracy, which nobody uses.
    out.extend([0; 8]);
    let snaplen = if interface.snaplen == 0 {
        ANY_LENGTH
    } else {
        interface.snaplen
    };
    out.extend(snaplen.to_le_bytes());
    out.extend(u32::from(interface.link.0).to_le_bytes());
}

/// A frame without a time gets the epoch's start: the format has no way to leave it out. Its seconds have 32 bits and
/// no sign: what is before 1970 or after 2106 becomes the nearest.
pub(super) fn push_record(out: &mut Vec<u8>, frame: &Frame<'_>) {
    let time = frame.time.unwrap_or_default();
    let time = time.clamp(Timestamp::default(), LAST);
    out.extend((time.seconds() as u32).to_le_bytes());
    out.extend(time.subsec_nanos().to_le_bytes());
    out.extend((frame.bytes.len() as u32).to_le_bytes());
    out.extend(frame.wire_len.to_le_bytes());
    out.extend_from_slice(frame.bytes);
}
