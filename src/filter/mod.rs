//! Choosing frames: before decoding, by libpcap's filter language; after it, by Wireshark's.

mod bpf;
mod capture;
mod display;
mod loopback;

pub use capture::CaptureFilter;
pub use display::{DisplayFilter, Mistake, Scratch, Span};
