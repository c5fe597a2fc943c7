//! Who has which address on the link: what packets say of it, and how that changes over time.
//!
//! [`claim`] reads from a packet that an address is at a MAC address: ARP (RFC 826) and IPv6 neighbor discovery
//! (RFC 4861). A claim with the place where it was heard is a [`Sighting`], which is what the neighbor table keeps.

mod claim;
mod sighting;

pub use claim::{Claim, Form, claim};
pub use sighting::{How, Sighting, Vlan, Ways};
