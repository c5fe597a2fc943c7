//! State over packets, seen in order. Pure: time comes from the frames.

pub mod connections;
mod ends;
mod fragments;
mod memory;
pub mod neighbors;
mod socks;
pub mod statistics;
mod streams;
pub mod tcp;

pub use fragments::{Fragments, Reassembled};
pub use statistics::Statistics;
pub use streams::Streams;

use crate::about::Interface;
use crate::decode::Packet;
use crate::text::Buffer;

/// Watches every frame that passed the filters, one after the other in the capture's order.
pub trait Observer: Send {
    /// Looks at the next frame. What it appends to `out` is written to standard output, behind what was shown of the
    /// frame's batch.
    fn observe(&mut self, packet: &Packet<'_>, out: &mut Buffer);

    /// Learns of the interfaces that the input named since the last call: those behind the ones that it knows already, in
    /// the order of [`Frame::interface`](crate::frame::Frame::interface).
    fn add_interfaces(&mut self, new: &[Interface]) {
        let _ = new;
    }

    /// Whether it wants to know the stream that a segment or datagram belongs to, which costs a look-up each.
    fn needs_streams(&self) -> bool {
        false
    }
}
