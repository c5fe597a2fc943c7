//! This machine: its interfaces, their addresses, where they lead, and what happens to them.

mod changes;
mod interfaces;
mod routes;
mod traffic;

pub use changes::{Change, LinkWatch, State};
pub use interfaces::{Link, interfaces};
pub use traffic::{Traffic, TrafficCounters};
