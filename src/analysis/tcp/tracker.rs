//! Judges each segment of a connection by those before it: what was sent again, what came late, what is missing.
//!
//! The rules and their order are those of Wireshark's "TCP Analysis" (User's Guide, 7.5), so that its filters and
//! habits hold here; docs/tshark.md tells where the two part.

use super::number::{after, before};
use super::sender::{Asked, Duplicates, Scale, Sender};
use crate::decode::tcp::flag;
use crate::decode::{Finding, Findings, Segment};
use crate::frame::Timestamp;

/// A retransmission this soon after a duplicate ACK was asked for by it.
const FAST: u64 = 20_000_000;
/// A segment this soon behind a later one was overtaken on its way, where no round-trip time is known.
const OVERTAKEN: u64 = 3_000_000;

const NO_DATA: u8 = flag::SYN | flag::FIN | flag::RST;

/// Both ends of one connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tracker {
    pub senders: [Sender; 2],
    /// When the last SYN without ACK was sent.
    syn_time: Option<Timestamp>,
    /// From there to the next ACK without SYN, in nanoseconds; 0 while not known.
    initial_rtt: i64,
    /// The last segment acknowledged something that the capture doesn't have, told or not.
    saw_hole: bool,
}

impl Tracker {
    /// From the SYN to the ACK that ends the handshake, in nanoseconds; 0 while not known.
    pub fn initial_rtt(&self) -> i64 {
        self.initial_rtt
    }

    /// Whether the last segment acknowledged something that the capture doesn't have, though that was told before.
    pub fn saw_hole(&self) -> bool {
        self.saw_hole
    }

    /// How many duplicates of its last acknowledgment `from` has sent.
    pub fn duplicates(&self, from: usize) -> u32 {
        self.senders[from].duplicates.count
    }

    /// Looks at the next segment, sent by the end `from` (0 or 1). `found` is what is known of it already.
    pub fn look(&mut self, from: usize, segment: &Segment, mut found: Findings) -> Findings {
        let (own, other) = match &mut self.senders {
            [first, second] if from == 0 => (first, second),
            [first, second] => (second, first),
        };
        window(own, other, segment, &mut found);
        if own.ack() != Some(segment.ack) {
            own.duplicates = Duplicates::default();
        }
        self.saw_hole = unseen(other, segment, &mut found);
        if segment.len > 0 || segment.has(flag::SYN | flag::FIN) {
            let again = again(own, other, segment, self.initial_rtt, found);
            if let Some(again) = again {
                found.add(again);
            }
        }
        remember(own, segment, found);
        if segment.has(flag::SYN) {
            scale(own, other, segment);
        }
        self.time_handshake(segment);
        found
    }

    fn time_handshake(&mut self, segment: &Segment) {
        if segment.is_opening() {
            // Not known in captures without times.
            self.syn_time = Some(segment.time).filter(|time| time.nanos() != 0);
        } else if self.initial_rtt == 0
            && segment.flags & (flag::SYN | flag::ACK) == flag::ACK
            && let Some(start) = self.syn_time
        {
            self.initial_rtt = segment.time.since(start);
        }
    }
}

/// What a segment's place and window say: probes, keep-alives and their answers, windows that are full, closed or
/// changed, holes, repeated acknowledgments. An answer to a probe is nothing else.
fn window(own: &mut Sender, other: &Sender, segment: &Segment, found: &mut Findings) {
    let is_next = own.next() == Some(segment.seq);
    if segment.len == 1 && is_next && other.window() == Some(0) {
        return found.add(Finding::ZeroWindowProbe);
    }
    let plain = !segment.has(NO_DATA);
    if plain && segment.window == 0 {
        found.add(Finding::ZeroWindow);
    }
    if let Some(next) = own.next()
        && after(segment.seq, next)
        && !segment.has(flag::RST)
    {
        found.add(Finding::LostSegment);
    }
    if !plain {
        return;
    }
    let is_one_before = own.next() == Some(segment.seq.wrapping_add(1));
    if segment.len <= 1 && is_one_before {
        found.add(Finding::KeepAlive);
    }
    let repeats_ack = segment.len == 0 && is_next && own.ack() == Some(segment.ack);
    let same_window = own.window() == Some(segment.window);
    if repeats_ack && segment.window != 0 && !same_window {
        found.add(Finding::WindowUpdate);
    }
    if segment.len > 0
        && let (Some(ack), Some(offered)) = (other.ack(), other.offered())
        && segment.seq.wrapping_add(segment.len) == ack.wrapping_add(offered)
    {
        found.add(Finding::WindowFull);
    }
    if !repeats_ack || !same_window {
        return;
    }
    match (segment.window, other.asked) {
        (0, Asked::Room) => found.add(Finding::ZeroWindowProbeAck),
        (0, _) => {}
        (_, Asked::Presence) => found.add(Finding::KeepAliveAck),
        _ => {
            own.duplicates.count += 1;
            own.duplicates.loss_was_told = false;
            found.add(Finding::DuplicateAck);
        }
    }
}

/// Whether the segment acknowledges something that the capture doesn't have. Told once for each hole.
fn unseen(other: &mut Sender, segment: &Segment, found: &mut Findings) -> bool {
    let (Some(whole), Some(next)) = (other.whole(), other.next()) else {
        return false;
    };
    if !segment.has(flag::ACK) || !after(segment.ack, whole) {
        return false;
    }
    if before(whole, next) {
        other.whole = next;
        found.add(Finding::AckLostSegment);
    } else {
        if other.duplicates == Duplicates::default() {
            found.add(Finding::AckLostSegment);
        }
        other.duplicates = Duplicates {
            count: 0,
            loss_was_told: true,
        };
    }
    true
}

/// Whether a segment with data, SYN or FIN was sent before, or overtaken on its way.
fn again(
    own: &Sender,
    other: &Sender,
    segment: &Segment,
    initial_rtt: i64,
    found: Findings,
) -> Option<Finding> {
    if found.has(Finding::KeepAlive) {
        return None;
    }
    let data_end = segment.seq.wrapping_add(segment.len);
    if segment.len > 0
        && let Some(acknowledged) = other.ack()
        && acknowledged != 0
        && !after(data_end, acknowledged)
    {
        return Some(Finding::SpuriousRetransmission);
    }
    let next = own.next()?;
    // One number before the next, and more than one byte: the byte was a zero window probe.
    let follows_probe = segment.len > 1 && segment.seq == next.wrapping_sub(1);
    if !before(segment.seq, next) || follows_probe {
        return None;
    }
    let since = |time: Timestamp| segment.time.since(time) as u64;
    if other.duplicates.count >= 2
        && other.ack() == Some(segment.seq)
        && since(other.ack_time) < FAST
    {
        return Some(Finding::FastRetransmission);
    }
    let soon = match initial_rtt {
        0 => OVERTAKEN,
        rtt => rtt as u64,
    };
    let fills_a_hole = next != segment.end() || own.next_len == 0 && segment.len > 0;
    if since(own.next_time) < soon && fills_a_hole {
        return Some(Finding::OutOfOrder);
    }
    Some(Finding::Retransmission)
}

fn remember(own: &mut Sender, segment: &Segment, found: Findings) {
    let end = segment.end();
    let numbered = u32::from(segment.has(flag::SYN | flag::FIN));
    if own
        .next()
        .is_none_or(|next| after(end, next.wrapping_add(numbered)))
    {
        own.next_len = segment.len;
    }
    // A probe's byte will be sent again once there is room.
    if !found.has(Finding::ZeroWindowProbe) {
        if own.next().is_none_or(|next| after(end, next)) {
            own.next = end;
            own.next_time = segment.time;
        }
        if own.whole().is_none_or(|whole| whole == segment.seq) {
            own.whole = own.next;
        }
    }
    own.window = segment.window;
    own.is_heard = true;
    own.ack = segment.ack;
    own.ack_time = segment.time;
    own.asked = if found.has(Finding::KeepAlive) {
        Asked::Presence
    } else if found.has(Finding::ZeroWindowProbe) {
        Asked::Room
    } else {
        Asked::Nothing
    };
    if segment.flags & (flag::SYN | flag::ACK) == flag::ACK {
        own.window_is_from_syn = false;
    }
}

/// Windows are scaled where both SYNs offer it (RFC 7323, 1.3).
fn scale(own: &mut Sender, other: &mut Sender, segment: &Segment) {
    own.window_is_from_syn = true;
    match segment.window_scale {
        Some(_) if segment.is_syn_ack() && other.scale == Scale::Unused => {
            own.scale = Scale::Unused;
        }
        Some(shift) => own.scale = Scale::Shift(shift),
        None if own.scale == Scale::Unknown => {
            own.scale = Scale::Unused;
            other.scale = Scale::Unused;
        }
        None => {}
    }
}
