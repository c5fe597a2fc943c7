//! Who has which address on the link: what packets say of it, and how that changes over time.
//!
//! [`claim`] reads from a packet that an address is at a MAC address: ARP (RFC 826) and IPv6 neighbor discovery
//! (RFC 4861). A claim with the place where it was heard is a [`Sighting`], which is what the neighbor table keeps. [`Watch`] follows what
//! becomes of each address, and tells [`Event`]s.

mod claim;
mod event;
mod expected;
mod judge;
mod repeat;
mod sighting;
#[cfg(test)]
mod tests;
mod watch;

pub use claim::{Claim, Form, claim};
pub use event::{Event, Kind, Level};
pub use expected::Expected;
pub use sighting::{How, NotAVlan, Sighting, Vlan, Ways};
pub use watch::{Link, Watch};
