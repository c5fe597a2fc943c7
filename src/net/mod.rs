//! This machine: its interfaces, their addresses, where they lead, what happens to them; which neighbors the kernel knows;
//! sending a frame.
//! What the kernel knows is asked over netlink, without privileges; sending needs CAP_NET_RAW.

mod changes;
mod interfaces;
mod neighbors;
mod netlink;
mod routes;
mod send;
mod sockets;
mod state;
mod traffic;

pub use changes::{Change, LinkWatch};
pub use interfaces::{Link, interfaces};
pub use neighbors::{Neighbor, NeighborState, neighbors};
pub use routes::{Route, RouteKind, route_to};
pub use send::Sender;
pub use sockets::{Sockets, Transport};
pub use state::{LinkProbe, State};
pub use traffic::{Traffic, TrafficCounters};
