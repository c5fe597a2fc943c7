//! This machine: its interfaces, their addresses, where they lead, which neighbors the kernel knows; sending a frame.
//! What the kernel knows is asked over netlink, without privileges; sending needs CAP_NET_RAW.

mod interfaces;
mod neighbors;
mod netlink;
mod routes;
mod send;

pub use interfaces::{Link, LinkState, interfaces};
pub use neighbors::{Neighbor, NeighborState, neighbors};
pub use routes::{Route, RouteKind, route_to};
pub use send::Sender;
