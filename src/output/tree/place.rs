//! Where a value stands: which bytes, which bits.

use crate::decode::{Layer, Packet};
use crate::fields::{Field, Value};
use crate::text::Buffer;

/// Where the value is: by the register, or, of bytes and text, where they lie.
pub(super) fn of(
    packet: &Packet<'_>,
    layer: &Layer,
    field: &Field,
    value: Option<Value<'_>>,
) -> Option<(usize, usize)> {
    if let Some(Value::Bytes(slice) | Value::Text(slice)) = value {
        let first = packet.bytes.as_ptr() as usize;
        let start = (slice.as_ptr() as usize).checked_sub(first)?;
        let inside = !slice.is_empty() && start + slice.len() <= packet.bytes.len();
        return inside.then_some((start, start + slice.len()));
    }
    let span = field.span(packet, layer)?;
    Some((span.bytes.start, span.bytes.end))
}

/// Bits of the mask as they are, the others as dots, in fours: `.... ..1.`.
pub(super) fn push_bits(out: &mut Buffer, bytes: &[u8], mask: u32) {
    let word = bytes
        .iter()
        .fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    for place in (0..8 * bytes.len()).rev() {
        out.push(match (mask >> place & 1, word >> place & 1) {
            (0, _) => b'.',
            (_, 0) => b'0',
            _ => b'1',
        });
        if place > 0 && place % 4 == 0 {
            out.push(b' ');
        }
    }
}
