//! Writing pcapng: one section, an interface block each, nanoseconds, enhanced packet blocks.

use crate::batch::Interface;
use crate::frame::Frame;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;
const INTERFACE_DESCRIPTION: u32 = 1;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
const OPT_END: u16 = 0;
const OPT_SHB_USERAPPL: u16 = 4;
const OPT_IF_NAME: u16 = 2;
const OPT_IF_DESCRIPTION: u16 = 3;
const OPT_IF_TSRESOL: u16 = 9;
const NANOSECONDS: u8 = 9;

pub(super) fn push_section(out: &mut Vec<u8>) {
    push_block(out, SECTION_HEADER, |out| {
        out.extend(BYTE_ORDER_MAGIC.to_le_bytes());
        out.extend([1, 0, 0, 0]);
        // The section's length is not known in advance.
        out.extend(u64::MAX.to_le_bytes());
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
        for (code, text) in [
            (OPT_IF_NAME, &interface.name),
            (OPT_IF_DESCRIPTION, &interface.description),
        ] {
            if let Some(text) = text {
                push_option(out, code, text.as_bytes());
            }
        }
        push_option(out, OPT_IF_TSRESOL, &[NANOSECONDS]);
        push_option(out, OPT_END, &[]);
    });
}

/// Whether a frame fits the Simple Packet Block, which has no time, interface or captured length.
pub(super) fn is_simple(frame: &Frame<'_>) -> bool {
    frame.interface == 0 && frame.bytes.len() == frame.wire_len as usize
}

/// A frame without a time gets the epoch's start where no block can leave it out.
pub(super) fn push_packet(out: &mut Vec<u8>, frame: &Frame<'_>) {
    if frame.time.is_none() && is_simple(frame) {
        return push_block(out, SIMPLE_PACKET, |out| {
            out.extend(frame.wire_len.to_le_bytes());
            push_padded(out, frame.bytes);
        });
    }
    push_block(out, ENHANCED_PACKET, |out| {
        let units = frame.time.unwrap_or_default().nanos() as u64;
        out.extend(frame.interface.to_le_bytes());
        out.extend(((units >> 32) as u32).to_le_bytes());
        out.extend((units as u32).to_le_bytes());
        out.extend((frame.bytes.len() as u32).to_le_bytes());
        out.extend(frame.wire_len.to_le_bytes());
        push_padded(out, frame.bytes);
    });
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
