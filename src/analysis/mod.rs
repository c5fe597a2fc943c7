//! State over packets, seen in order. Pure: time comes from the frames.

pub mod connections;
mod ends;
mod memory;
mod streams;
pub mod tcp;

pub use streams::Streams;

use crate::decode::Packet;
use crate::text::Buffer;

/// Watches every frame that passed the filters, one after the other in the capture's order.
pub trait Observer: Send {
    /// Looks at the next frame. What it appends to `out` is written to standard output, behind what was shown of the
    /// frame's batch.
    fn observe(&mut self, packet: &Packet<'_>, out: &mut Buffer);

    /// Whether it wants to know the stream that a segment or datagram belongs to, which costs a look-up each.
    fn needs_streams(&self) -> bool {
        false
    }
}
