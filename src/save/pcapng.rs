//! Writing pcapng: one section, an interface block each, nanoseconds, enhanced packet blocks.

use crate::about::{Block, Interface, Section, Statistics};
use crate::frame::{Frame, Timestamp};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const INTERFACE_DESCRIPTION: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const INTERFACE_STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
const OPT_END: u16 = 0;
const OPT_COMMENT: u16 = 1;
const OPT_SHB_HARDWARE: u16 = 2;
const OPT_SHB_OS: u16 = 3;
const OPT_SHB_USERAPPL: u16 = 4;
const OPT_IF_NAME: u16 = 2;
const OPT_IF_DESCRIPTION: u16 = 3;
const OPT_IF_TSRESOL: u16 = 9;
const OPT_IF_FILTER: u16 = 11;
const OPT_IF_OS: u16 = 12;
const OPT_ISB_STARTTIME: u16 = 2;
const OPT_ISB_ENDTIME: u16 = 3;
const OPT_ISB_IFRECV: u16 = 4;
const OPT_ISB_IFDROP: u16 = 5;
const OPT_ISB_FILTERACCEPT: u16 = 6;
const OPT_ISB_OSDROP: u16 = 7;
const OPT_ISB_USRDELIV: u16 = 8;
const NANOSECONDS: u8 = 9;

/// Bytes of an Interface Statistics Block that knows everything.
pub(super) const LARGEST_STATISTICS: u64 = 12 + 12 + 7 * 12 + 4;

pub(super) fn push_section(out: &mut Vec<u8>, section: &Section) {
    push_block(out, SECTION_HEADER, |out| {
        out.extend(BYTE_ORDER_MAGIC.to_le_bytes());
        out.extend([1, 0, 0, 0]);
        // The section's length is not known in advance.
        out.extend(u64::MAX.to_le_bytes());
        for comment in &section.comments {
            push_option(out, OPT_COMMENT, comment.as_bytes());
        }
        push_text(out, OPT_SHB_HARDWARE, section.hardware.as_ref());
        push_text(out, OPT_SHB_OS, section.system.as_ref());
        let program = concat!("netinspect ", env!("CARGO_PKG_VERSION"));
        push_option(out, OPT_SHB_USERAPPL, program.as_bytes());
        push_option(out, OPT_END, &[]);
    });
}

pub(super) fn push_interface(out: &mut Vec<u8>, interface: &Interface) {
    push_block(out, INTERFACE_DESCRIPTION, |out| {
        out.extend(interface.link.0.to_le_bytes());
        out.extend([0; 2]);
        out.extend(interface.snaplen.to_le_bytes());
        push_text(out, OPT_IF_NAME, interface.name.as_ref());
        push_text(out, OPT_IF_DESCRIPTION, interface.description.as_ref());
        push_option(out, OPT_IF_TSRESOL, &[NANOSECONDS]);
        if let Some(filter) = &interface.filter {
            // 0 says that the rest is text in libpcap's language.
            push_option(out, OPT_IF_FILTER, &[&[0], filter.as_bytes()].concat());
        }
        push_text(out, OPT_IF_OS, interface.system.as_ref());
        push_option(out, OPT_END, &[]);
    });
}

pub(super) fn push_statistics(out: &mut Vec<u8>, statistics: &Statistics) {
    push_block(out, INTERFACE_STATISTICS, |out| {
        out.extend(statistics.interface.to_le_bytes());
        push_time(out, statistics.end.unwrap_or_default());
        for (code, time) in [
            (OPT_ISB_STARTTIME, statistics.start),
            (OPT_ISB_ENDTIME, statistics.end),
        ] {
            if let Some(time) = time {
                let mut words = Vec::with_capacity(8);
                push_time(&mut words, time);
                push_option(out, code, &words);
            }
        }
        for (code, count) in [
            (OPT_ISB_IFRECV, statistics.ifrecv),
            (OPT_ISB_IFDROP, statistics.ifdrop),
            (OPT_ISB_FILTERACCEPT, statistics.filteraccept),
            (OPT_ISB_OSDROP, statistics.osdrop),
            (OPT_ISB_USRDELIV, statistics.usrdeliv),
        ] {
            if let Some(count) = count {
                push_option(out, code, &count.to_le_bytes());
            }
        }
        push_option(out, OPT_END, &[]);
    });
}

/// A block that is passed on as it came.
pub(super) fn push_raw(out: &mut Vec<u8>, block: &Block) {
    push_block(out, block.kind, |out| push_padded(out, &block.body));
}

pub(super) fn is_packet(kind: u32) -> bool {
    matches!(kind, SIMPLE_PACKET | ENHANCED_PACKET)
}

/// Whether a frame fits the Simple Packet Block, which has no time, interface or captured length.
pub(super) fn is_simple(frame: &Frame<'_>) -> bool {
    frame.interface == 0 && frame.bytes.len() == frame.wire_len as usize
}

/// A frame without a time gets the epoch's start where no block can leave it out. `options` are in the format's form,
/// without their end.
pub(super) fn push_packet(out: &mut Vec<u8>, frame: &Frame<'_>, options: &[u8]) {
    if frame.time.is_none() && is_simple(frame) {
        return push_block(out, SIMPLE_PACKET, |out| {
            out.extend(frame.wire_len.to_le_bytes());
            push_padded(out, frame.bytes);
        });
    }
    push_block(out, ENHANCED_PACKET, |out| {
        out.extend(frame.interface.to_le_bytes());
        push_time(out, frame.time.unwrap_or_default());
        out.extend((frame.bytes.len() as u32).to_le_bytes());
        out.extend(frame.wire_len.to_le_bytes());
        push_padded(out, frame.bytes);
        if !options.is_empty() {
            out.extend_from_slice(options);
            push_option(out, OPT_END, &[]);
        }
    });
}

/// Nanoseconds in two words, the high one first. The format counts without a sign: what is before 1970 becomes its
/// start.
fn push_time(out: &mut Vec<u8>, time: Timestamp) {
    let units = u64::try_from(time.nanos()).unwrap_or(0);
    out.extend(((units >> 32) as u32).to_le_bytes());
    out.extend((units as u32).to_le_bytes());
}

fn push_text(out: &mut Vec<u8>, code: u16, text: Option<&String>) {
    if let Some(text) = text {
        push_option(out, code, text.as_bytes());
    }
}

/// Type and length, what `body` writes, the length again.
fn push_block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend(kind.to_le_bytes());
    out.extend([0; 4]);
    body(out);
    let length = ((out.len() - start + 4) as u32).to_le_bytes();
    out.extend(length);
    out[start + 4..start + 8].copy_from_slice(&length);
}

/// Longer values than the format's 16-bit length can tell are cut.
fn push_option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    let value = &value[..value.len().min(usize::from(u16::MAX))];
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    push_padded(out, value);
}

/// The bytes, and zeros up to the next multiple of four.
fn push_padded(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
    out.resize(out.len() + bytes.len().next_multiple_of(4) - bytes.len(), 0);
}
