//! Asking the link who has an address: ARP for IPv4 (RFC 826), neighbor discovery for IPv6 (RFC 4861).
//!
//! State machines without sockets or clocks. One says what it wants next ([`Step`]): a frame sent, or to wait until a moment.
//! It is told what came, with the time it came at. [`drive`] runs one over a [`Wire`]: the real one of the commands, or the
//! simulated one of the tests.
//!
//! - [`Ask`]: many addresses or one, in passes over those that are silent (`arp scan`, `arp resolve`), and what
//!   speaks against an answer ([`Finding`])
//! - [`Confirm`]: which of several that claim an address answers for it
//! - [`Probe`]: is an address free? (RFC 5227, 2.1)
//! - [`Announce`]: says an address unasked (RFC 5227, 2.3)
//! - [`AllNodes`]: who is on this link at all, by IPv6 (RFC 4291, 2.7.1)

mod all_nodes;
mod announce;
mod ask;
mod confirm;
mod doubts;
mod frames;
mod heard;
mod plan;
mod probe;
#[cfg(test)]
mod simulated;
mod targets;
#[cfg(test)]
mod tests;
mod voice;
mod wire;

pub use all_nodes::AllNodes;
pub use announce::Announce;
pub use ask::{Ask, Event, Ignored};
pub use confirm::{Confirm, Standing};
pub use doubts::Finding;
pub use frames::Asker;
pub use heard::{Heard, How, hear};
pub use plan::Plan;
pub use probe::{Jitter, Probe, Verdict};
pub use targets::{MOST_TARGETS, Targets};
pub use voice::Voice;
pub use wire::{Ended, Machine, Step, Wire, drive};

pub type Mac = [u8; 6];

const NO_MAC: Mac = [0; 6];
const BROADCAST: Mac = [0xff; 6];
