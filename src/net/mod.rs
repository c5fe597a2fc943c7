//! This machine: its interfaces, their addresses, and where they lead.

mod interfaces;
mod routes;

pub use interfaces::{Link, interfaces};
