//! The capture as a whole: what `capinfos` says of it.

use super::traffic::{Period, Traffic};
use crate::decode::Packet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub traffic: Traffic,
    /// Bytes that were captured; fewer than on the wire where frames were cut.
    pub captured_bytes: u64,
    /// Frames of which the snapshot length cut the end off.
    pub cut: u64,
    /// Frames that could not be decoded whole: cut too short, or malformed.
    pub problems: u64,
    /// Frames for which the capture stores no time.
    pub timeless: u64,
    pub period: Period,
}

impl Totals {
    pub(super) fn count(&mut self, packet: &Packet<'_>) {
        let frame = &packet.frame;
        let captured = frame.bytes.len() as u64;
        self.traffic += Traffic::of(frame);
        self.captured_bytes += captured;
        self.cut += u64::from(captured < frame.wire_len.into());
        self.problems += u64::from(packet.problem.is_some());
        self.timeless += u64::from(frame.time.is_none());
        self.period.reach(frame.time);
    }

    pub(super) fn absorb(&mut self, part: &mut Self) {
        let part = std::mem::take(part);
        self.traffic += part.traffic;
        self.captured_bytes += part.captured_bytes;
        self.cut += part.cut;
        self.problems += part.problems;
        self.timeless += part.timeless;
        self.period.extend(part.period);
    }

    /// Bytes of a frame on the wire, on average; none without frames.
    pub fn mean_size(&self) -> Option<f64> {
        ratio(self.traffic.bytes as f64, self.traffic.frames as f64)
    }

    /// Per second; none where no time passed.
    pub fn frame_rate(&self) -> Option<f64> {
        ratio(self.traffic.frames as f64, self.seconds())
    }

    /// Bytes on the wire per second; none where no time passed.
    pub fn byte_rate(&self) -> Option<f64> {
        ratio(self.traffic.bytes as f64, self.seconds())
    }

    fn seconds(&self) -> f64 {
        self.period.duration() as f64 / 1e9
    }
}

fn ratio(value: f64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| value / of)
}
