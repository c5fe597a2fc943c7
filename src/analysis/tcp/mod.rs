//! What a TCP connection's segments tell when they are seen in order (RFC 9293).

mod flight;
mod segment;
mod sender;
mod state;
mod tracker;

pub use flight::{Flight, Flights};
pub use segment::{Segment, after, before};
pub use state::{Machine, State};
pub use tracker::Tracker;
