//! State over packets, seen in order. Pure: time comes from the frames.

mod memory;
mod streams;

pub use streams::Streams;
