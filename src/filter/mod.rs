//! Choosing frames: before decoding, by libpcap's filter language.

mod bpf;
mod capture;

pub use capture::CaptureFilter;
