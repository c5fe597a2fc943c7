//! What a TCP connection's segments tell when they are seen in order (RFC 9293).

mod flight;
mod number;
mod sender;
mod state;
mod tracker;

pub use flight::{Flight, Flights};
pub use number::{after, before};
pub use state::{Expected, Machine, Reset, State};
pub use tracker::Tracker;
