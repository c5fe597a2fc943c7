//! A second look at an interface, without the capture filter: what passes there that the filter leaves out?
//!
//! It is opened with the capture, when the right to do so is still there, and given a filter that no frame matches, so
//! that the kernel copies nothing until somebody looks.

use std::os::fd::{AsRawFd, RawFd};

use pcap::{Active, Capture};

use super::card::link_type;
use super::{ANY, Settings};
use crate::batch::Batch;
use crate::frame::LinkType;

/// No frame is shorter than nothing.
const NOTHING: &str = "less 0";
/// Enough to say what kind of traffic it is.
const MOST_FRAMES: usize = 1000;
const BUFFER: i32 = 1 << 20;
/// Enough for the headers that filters look at.
const SNAPLEN: i32 = 512;

pub struct Peek {
    capture: Capture<Active>,
    link: LinkType,
}

impl Peek {
    /// None where it can't be had: it is a help, no more.
    pub fn open(interface: &str, settings: &Settings) -> Option<Self> {
        let inactive = Capture::from_device(interface).ok()?;
        let inactive = inactive
            .snaplen(SNAPLEN)
            .promisc(settings.promiscuous && interface != ANY)
            .buffer_size(BUFFER)
            .timeout(10);
        let mut capture = inactive.open().ok()?.setnonblock().ok()?;
        // Not optimised, or libpcap finds that nothing passes and refuses.
        capture.filter(NOTHING, false).ok()?;
        let link = link_type(capture.get_datalink());
        Some(Self { capture, link })
    }

    pub fn socket(&self) -> RawFd {
        self.capture.as_raw_fd()
    }

    /// From now on everything is seen.
    pub fn begin(&mut self) -> bool {
        self.capture.filter("", true).is_ok()
    }

    /// What was seen since then, up to a bound, and no more.
    pub fn end(mut self) -> Batch {
        let mut seen = Batch::default();
        while seen.len() < MOST_FRAMES
            && let Ok(packet) = self.capture.next_packet()
        {
            seen.push(packet.data, packet.header.len, None, self.link, 0);
        }
        // The socket may have to stay open.
        let _ = self.capture.filter(NOTHING, false);
        seen
    }
}
