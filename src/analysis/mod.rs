//! State over packets, seen in order. Pure: time comes from the frames.

pub mod alerts;
pub mod connections;
pub mod differences;
mod ends;
mod fragments;
mod ftp;
pub(crate) mod memory;
pub mod neighbors;
mod socks;
pub mod statistics;
mod streams;
pub mod tcp;

pub use fragments::{Fragments, Reassembled};
pub use statistics::Statistics;
pub use streams::Streams;

use crate::about::Interface;
use crate::decode::{Parts, Several};
use crate::fields::Past;
use crate::text::Buffer;

/// Watches every frame that passed the filters, one after the other in the capture's order.
pub trait Observer: Send {
    /// Looks at the next frame. What it appends to `out` is written to standard output, behind what was shown of the
    /// frame's batch.
    fn observe(&mut self, parts: &Parts<'_>, out: &mut Buffer);

    /// Looks at the next frames, as [`Self::observe`] does. For those who gain by knowing several at once.
    fn observe_all(&mut self, frames: Several<'_>, out: &mut Buffer) {
        frames.for_each(|parts| self.observe(&parts, out));
    }

    /// Learns of the interfaces that the input named since the last call: those behind the ones that it knows already, in
    /// the order of [`Frame::interface`](crate::frame::Frame::interface).
    fn add_interfaces(&mut self, new: &[Interface]) {
        let _ = new;
    }

    /// What it wants to know of what came before in the capture; streams cost a look-up each.
    fn past(&self) -> Past {
        Past::Nothing
    }

    /// Whether it may have seen enough before all is read: [`Self::is_done`] is asked behind every frame then.
    fn may_end(&self) -> bool {
        false
    }

    /// Whether it has seen enough. The run ends when every observer has.
    fn is_done(&self) -> bool {
        false
    }
}
