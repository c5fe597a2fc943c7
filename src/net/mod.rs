//! This machine: its interfaces, their addresses, and where they lead.

mod interfaces;
mod routes;
mod sockets;

pub use interfaces::{Link, interfaces};
pub use sockets::{Sockets, Transport};
