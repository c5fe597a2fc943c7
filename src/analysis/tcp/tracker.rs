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

/// A larger shift counts as this one (RFC 7323, 2.3).
const MOST_SHIFT: u8 = 14;

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

    /// How long the end `asker` has waited for the data in the next segment, which the other end sends: since the last that it
    /// sent itself, or the FIN behind that, in nanoseconds. None where that has something behind it already, or this segment has nothing new.
    #[inline]
    pub fn waited(&self, asker: usize, segment: &Segment) -> Option<i64> {
        let (own, other) = (&self.senders[1 - asker], &self.senders[asker]);
        // With no more than a SYN behind it, whatever its time, the other end has not said anything yet.
        let is_first = own.next_len == 0 || own.next_time < other.next_time;
        let is_answer = segment.len > 0
            && other.next_len > 0
            && is_first
            && own.next().is_none_or(|next| after(segment.end(), next))
            // Not known in captures without times.
            && [other.next_time, segment.time].iter().all(|time| time.nanos() != 0);
        is_answer.then(|| segment.time.since(other.next_time))
    }

    /// Looks at the next segment, sent by the end `from` (0 or 1). `found` is what is known of it already.
    pub fn look(&mut self, from: usize, segment: &Segment, found: Findings) -> Findings {
        let (own, other) = self.sides(from);
        if !is_expected(own, other, segment) {
            return self.look_closer(from, segment, found);
        }
        if own.ack != segment.ack {
            own.duplicates = Duplicates::default();
        }
        remember(own, segment, found);
        self.saw_hole = false;
        self.time_handshake(segment);
        found
    }

    /// The end that sends, and the other one.
    #[inline]
    fn sides(&mut self, from: usize) -> (&mut Sender, &mut Sender) {
        let [first, second] = &mut self.senders;
        match from {
            0 => (first, second),
            _ => (second, first),
        }
    }

    #[inline(never)]
    fn look_closer(&mut self, from: usize, segment: &Segment, mut found: Findings) -> Findings {
        let initial_rtt = self.initial_rtt;
        let (own, other) = self.sides(from);
        window(own, other, segment, &mut found);
        if own.ack() != Some(segment.ack) {
            own.duplicates = Duplicates::default();
        }
        let saw_hole = unseen(other, segment, &mut found);
        if segment.len > 0 || segment.has(flag::SYN | flag::FIN) {
            let again = again(own, other, segment, initial_rtt, found);
            if let Some(again) = again {
                found.add(again);
            }
        }
        // A reset that answers a SYN has no number of its own (RFC 9293, 3.5.2).
        let has_numbers = own.is_heard || !segment.has(flag::RST) || segment.seq != 0;
        remember(own, segment, found);
        own.is_heard = has_numbers;
        if segment.has(flag::SYN) {
            scale(own, other, segment);
        }
        self.saw_hole = saw_hole;
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

/// Whether a segment is what most are: the next of its sender, with data or an acknowledgment of something new. Nothing is to
/// be found in it, which takes less than half of the steps that looking closer does. The idea is Van Jacobson's header prediction.
#[inline]
fn is_expected(own: &Sender, other: &Sender, segment: &Segment) -> bool {
    let is_plain = segment.flags & (NO_DATA | flag::ACK) == flag::ACK && segment.window != 0;
    let is_next = own.is_heard && own.next == segment.seq;
    let is_known = other.is_heard && !after(segment.ack, other.whole);
    if !(is_plain && is_next && is_known) {
        return false;
    }
    if segment.len == 0 {
        return segment.ack != own.ack;
    }
    let end = segment.seq.wrapping_add(segment.len);
    let is_new = after(end, segment.seq) && after(end, other.ack);
    let probes = segment.len == 1 && other.window == 0;
    let fills = |offered| end == other.ack.wrapping_add(offered);
    is_new && !probes && !other.offered().is_some_and(fills)
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
    let fills_a_hole = next != segment.end();
    if since(own.next_time) < soon && fills_a_hole {
        return Some(Finding::OutOfOrder);
    }
    Some(Finding::Retransmission)
}

#[inline]
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
        Some(shift) => own.scale = Scale::Shift(shift.min(MOST_SHIFT)),
        None if own.scale == Scale::Unknown => {
            own.scale = Scale::Unused;
            other.scale = Scale::Unused;
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is expected is taken as if it had been looked at closer, whatever came before.
    #[test]
    fn nothing_is_missed_in_what_is_expected() {
        let mut state = 1u64;
        let mut below = |count: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % count
        };
        let mut expected = 0;
        for case in 0..200_000_u64 {
            // Around where numbers start over, too.
            let base = [0, 1_000, u32::MAX - 1][(case % 3) as usize];
            let mut near = || base.wrapping_add(below(4) as u32);
            let numbers = [(); 9].map(|()| near());
            let mut sender = |next, whole, ack| Sender {
                is_heard: below(8) > 0,
                next,
                next_time: Timestamp::from_nanos(below(3) as i64),
                next_len: below(2) as u32,
                whole: [next, whole][below(2) as usize],
                ack,
                ack_time: Timestamp::from_nanos(below(3) as i64),
                window: [0, 1, 2, 3, 100][below(5) as usize],
                scale: [Scale::Unknown, Scale::Unused, Scale::Shift(1)][below(3) as usize],
                window_is_from_syn: below(2) > 0,
                duplicates: Duplicates {
                    count: below(4) as u32,
                    loss_was_told: below(2) > 0,
                },
                asked: [Asked::Nothing, Asked::Presence, Asked::Room][below(3) as usize],
            };
            let senders = [
                sender(numbers[0], numbers[1], numbers[2]),
                sender(numbers[3], numbers[4], numbers[5]),
            ];
            let tracker = Tracker {
                senders,
                syn_time: [None, Some(Timestamp::from_nanos(1))][below(2) as usize],
                initial_rtt: below(2) as i64,
                saw_hole: below(2) > 0,
            };
            let segment = Segment {
                frame: 7,
                time: Timestamp::from_nanos(3),
                flags: match below(3) {
                    0 => below(64) as u8,
                    _ => flag::ACK,
                },
                seq: numbers[6 * below(2) as usize],
                ack: numbers[7],
                len: [0, 1, 2, 0x8000_0001][below(4) as usize],
                window: [0, 1, 2, 100][below(4) as usize],
                window_scale: None,
            };
            let (mut quickly, mut closely) = (tracker, tracker);
            let found = [
                quickly.look(0, &segment, Findings::NONE),
                closely.look_closer(0, &segment, Findings::NONE),
            ];
            assert_eq!(
                format!("{quickly:?} {:?}", found[0]),
                format!("{closely:?} {:?}", found[1]),
                "{tracker:?} {segment:?}"
            );
            expected += u32::from(is_expected(&senders[0], &senders[1], &segment));
        }
        assert!(expected > 5_000, "{expected}");
    }

    /// Data that reaches up to where its sender already was; whether that segment had data makes no difference (tshark).
    #[test]
    fn what_leaves_no_hole_was_not_overtaken() {
        let segment = |seq, len, time| Segment {
            frame: 7,
            time: Timestamp::from_nanos(time),
            flags: flag::ACK,
            seq,
            ack: 50,
            len,
            window: 1_000,
            window_scale: None,
        };
        let found_behind = |last: Segment| {
            let mut tracker = Tracker::default();
            for before in [segment(100, 10, 0), last] {
                tracker.look(0, &before, Findings::NONE);
            }
            let found = tracker.look(0, &segment(110, 10, 2_000_000), Findings::NONE);
            [Finding::Retransmission, Finding::OutOfOrder].map(|finding| found.has(finding))
        };
        assert_eq!(found_behind(segment(120, 0, 1_000_000)), [true, false]);
        assert_eq!(found_behind(segment(120, 10, 1_000_000)), [false, true]);
    }
}
