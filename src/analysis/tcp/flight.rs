//! Segments that were sent and not acknowledged yet: how much is on its way, and how long an acknowledgment took.

use super::number::after;
use crate::decode::tcp::flag;
use crate::decode::{Analysis, Finding, Segment};
use crate::frame::Timestamp;

/// Segments remembered at once, of all connections together: about 10 MiB. Those forgotten no longer count.
const LIMIT: u64 = 1 << 18;
/// Segments of one sender that are looked through for each acknowledgment, at most.
const LONGEST: u32 = 10_000;

#[derive(Debug, Clone, Copy)]
struct Sent {
    /// Where the one before it of the same sender is.
    older: Place,
    seq: u32,
    end: u32,
    frame: u64,
    time: Timestamp,
}

/// How manieth of all that were ever sent, from 1; 0 is none.
type Place = u64;

/// The newest unacknowledged segment of one sender, by way of which the others are found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flight {
    newest: Place,
    count: u32,
    /// Data since the last push, and whether the last data asked for one.
    pushed: u32,
    pushed_last: bool,
    /// What the other side has beyond its acknowledgment.
    selective: u32,
    /// A hole was seen and no ACK since: nobody knows what is on its way.
    uncertain: bool,
}

/// What is on its way, of all connections.
#[derive(Debug, Default)]
pub struct Flights {
    ring: Vec<Sent>,
    sent: u64,
}

impl Flights {
    fn get(&mut self, place: Place) -> Option<&mut Sent> {
        let alive = place != 0 && place + LIMIT > self.sent;
        alive.then(|| &mut self.ring[((place - 1) % LIMIT) as usize])
    }

    fn add(&mut self, flight: &mut Flight, segment: &Segment) {
        let sent = Sent {
            older: flight.newest,
            seq: segment.seq,
            end: segment.end(),
            frame: segment.frame,
            time: segment.time,
        };
        if self.ring.is_empty() {
            // All at once, so that nothing is asked for later; the system gives it as it is used.
            self.ring.reserve_exact(LIMIT as usize);
        }
        let at = (self.sent % LIMIT) as usize;
        if at == self.ring.len() {
            self.ring.push(sent);
        } else {
            self.ring[at] = sent;
        }
        self.sent += 1;
        flight.newest = self.sent;
        flight.count += 1;
    }

    /// Follows one segment, sent by `own` to `other`, and says what it tells. `selective` is how many bytes it acknowledges
    /// beyond its acknowledgment number.
    pub fn look(
        &mut self,
        own: &mut Flight,
        other: &mut Flight,
        segment: &Segment,
        selective: u32,
        told: &mut Analysis,
    ) {
        if segment.has(flag::ACK) {
            other.uncertain = false;
        }
        if told.findings.has(Finding::LostSegment) {
            own.uncertain = true;
        }
        // Ranges count until the next segment says otherwise.
        other.selective = 0;
        if told.findings.has(Finding::Retransmission) {
            self.find_lost(own, segment, told);
        }
        let numbered = segment.has(flag::SYN | flag::FIN);
        if (segment.len > 0 || numbered) && own.count < LONGEST {
            self.add(own, segment);
        }
        self.acknowledge(other, segment, told);
        other.selective = selective;
        if segment.len > 0 && own.newest != 0 && !own.uncertain {
            self.measure(own, segment, told);
        }
    }

    /// The oldest that is sent here again.
    fn find_lost(&mut self, own: &Flight, segment: &Segment, told: &mut Analysis) {
        let mut place = own.newest;
        while let Some(sent) = self.get(place) {
            if !after(segment.seq, sent.seq) {
                told.rto_frame = sent.frame;
                told.rto = segment.time.since(sent.time);
            }
            place = sent.older;
        }
    }

    /// Forgets what the segment acknowledges.
    fn acknowledge(&mut self, other: &mut Flight, segment: &Segment, told: &mut Analysis) {
        let ack = segment.ack;
        let mut newer: Place = 0;
        let mut place = other.newest;
        while let Some(sent) = self.get(place) {
            let older = sent.older;
            if ack == sent.end {
                told.acks_frame = sent.frame;
                told.ack_rtt = segment.time.since(sent.time);
            } else if after(sent.end, ack) {
                if after(ack, sent.seq) {
                    sent.seq = ack;
                }
                newer = place;
                place = older;
                continue;
            }
            match self.get(newer) {
                Some(newer) => newer.older = older,
                None => other.newest = older,
            }
            other.count -= 1;
            place = older;
        }
        // What is left was forgotten.
        match self.get(newer) {
            Some(newer) => newer.older = 0,
            None => (other.newest, other.count) = (0, 0),
        }
    }

    fn measure(&mut self, own: &mut Flight, segment: &Segment, told: &mut Analysis) {
        let (mut lowest, mut highest) = (segment.seq, segment.end());
        let mut place = own.newest;
        while let Some(sent) = self.get(place) {
            if after(lowest, sent.seq) {
                lowest = sent.seq;
            }
            if after(sent.end, highest) {
                highest = sent.end;
            }
            place = sent.older;
        }
        let in_flight = highest.wrapping_sub(lowest).wrapping_sub(own.selective);
        if (1..2_000_000_000).contains(&in_flight) {
            let numbered = u32::from(segment.has(flag::SYN | flag::FIN));
            told.bytes_in_flight = in_flight - numbered;
        }
        let pushes = segment.has(flag::PSH);
        if own.pushed_last {
            own.pushed = segment.len;
        } else {
            own.pushed = own.pushed.wrapping_add(segment.len);
        }
        own.pushed_last = pushes;
        told.push_bytes = own.pushed;
    }
}
