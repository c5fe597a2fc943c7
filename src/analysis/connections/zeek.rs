//! A connection as Zeek sums it up in conn.log: what it calls each end's state, and both together (`conn_state`).
//!
//! The machine in `analysis/tcp` asks what the ends make of a segment (RFC 9293). This one takes each segment at its
//! word, as Zeek does: a reset counts whatever its number, and an end is closed once it sent a FIN.
//! <https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html> has the names and their meaning.

use super::history::History;
use crate::decode::Segment;
use crate::decode::tcp::flag;
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum End {
    /// Nothing was heard of it.
    #[default]
    Inactive,
    SynSent,
    /// It answers, though it is taken for the one that asked.
    SynAckSent,
    Established,
    /// It was there before the capture began.
    Partial,
    Closed,
    Reset,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Zeek {
    ends: [End; 2],
    /// Which ends said that they are done, with a FIN or a reset.
    done: [bool; 2],
    /// Which ends sent a FIN before their reset.
    closed_before_reset: [bool; 2],
    /// The last segment before both were done, or the one that made it so.
    last: Option<Timestamp>,
    /// When the first SYN came, where it was the first of the end that asked.
    attempt: Option<Timestamp>,
    /// When one end was done and the other was not, and when nothing more was to come.
    half_closed: Option<Timestamp>,
    over: Option<Timestamp>,
    /// Bytes of both ends that were acknowledged and not captured, while that could be told.
    pub missed: u64,
    pub history: History,
}

/// What else is known of a segment.
pub(super) struct Circumstances {
    /// It has data, all of which was sent before.
    pub is_again: bool,
    /// Bytes that it acknowledges and that were not captured.
    pub gap: u64,
}

impl Zeek {
    /// Follows a segment of the end `from`; 0 is who asked.
    pub(super) fn look(&mut self, from: usize, segment: &Segment, more: &Circumstances) {
        if self.done != [true; 2] {
            self.last = self.last.max(Some(segment.time));
        }
        let to = 1 - from;
        self.history.flags(from, segment);
        let matters = self.ends[to] != End::Closed && self.ends[from] != End::Reset;
        if segment.window == 0 && !segment.has(flag::RST) && matters {
            self.history.zero_window(from);
        }
        if more.is_again && self.ends[from] != End::Reset {
            self.history.again(from);
        }
        let (ends, done) = (self.ends, self.done);
        self.step(from, segment);
        self.note_times(from, segment.time, ends, done);
        if more.gap > 0 && self.trusts_gaps() {
            self.missed += more.gap;
            self.history.gap(to);
        }
    }

    /// Exchanges the two ends.
    pub(super) fn turn_round(&mut self) {
        self.ends.swap(0, 1);
        self.done.swap(0, 1);
        self.closed_before_reset.swap(0, 1);
        self.history.turn_round();
    }

    /// The last segment that counts for the connection's duration: what comes once both ends are done does not.
    pub fn last(&self) -> Option<Timestamp> {
        self.last
    }

    /// Whether the connection was opened before the capture's eyes, so that bytes which are not there are missing.
    fn trusts_gaps(&self) -> bool {
        let known = |end| matches!(end, End::Established | End::Closed);
        self.ends.into_iter().all(known)
    }

    /// When what decides on how long it is remembered came about; `ends` and `done` are what was before.
    fn note_times(&mut self, from: usize, time: Timestamp, ends: [End; 2], done: [bool; 2]) {
        let is_asking = |end| matches!(end, End::SynSent | End::SynAckSent);
        if ends[0] == End::Inactive && is_asking(self.ends[0]) {
            self.attempt = Some(time);
        }
        if self.done[from] && !done[from] {
            let to = 1 - from;
            let is_reset = self.ends[from] == End::Reset;
            let is_over = is_reset || self.done[to] || self.ends[to] == End::Inactive;
            let noted = match is_over {
                true => &mut self.over,
                false => &mut self.half_closed,
            };
            noted.get_or_insert(time);
        }
    }

    /// When its SYN came, as long as nothing answers that.
    pub(super) fn attempt(&self) -> Option<Timestamp> {
        let is_asking = matches!(self.ends[0], End::SynSent | End::SynAckSent);
        self.attempt
            .filter(|_| is_asking && self.ends[1] == End::Inactive)
    }

    /// When one end was done first, if the other was not heard to be.
    pub(super) fn half_closed(&self) -> Option<Timestamp> {
        self.half_closed
    }

    /// Since when nothing more is to come: both ends are done, or one broke it off or is all that was heard.
    pub(super) fn over(&self) -> Option<Timestamp> {
        self.over
    }

    /// Whether an end was done, and then broke it off.
    pub(super) fn is_broken_off(&self) -> bool {
        self.is_closed() && self.ends.contains(&End::Reset)
    }

    /// Whether any end is done.
    pub(super) fn is_closed(&self) -> bool {
        self.done != [false; 2]
    }

    pub(super) fn was_heard(&self, end: usize) -> bool {
        self.ends[end] != End::Inactive
    }

    /// Whether a SYN-ACK came first, and was taken for what the end that asked sent.
    pub(super) fn answers_itself(&self) -> bool {
        self.ends == [End::SynAckSent, End::Inactive]
    }

    fn step(&mut self, from: usize, segment: &Segment) {
        let (fin, rst) = (segment.has(flag::FIN), segment.has(flag::RST));
        match self.ends[from] {
            End::Inactive => self.appear(from, segment),
            End::SynSent | End::SynAckSent => {
                if fin {
                    self.close(from);
                }
                if rst {
                    self.reset(from);
                }
            }
            End::Established | End::Partial => {
                let is_new = self.ends == [End::Partial, End::Inactive] && from == 0;
                if segment.is_opening() && is_new {
                    self.ends[from] = End::SynSent;
                }
                if fin && !rst {
                    self.close(from);
                    let to = 1 - from;
                    if self.ends[to] == End::Reset && self.closed_before_reset[to] {
                        self.ends[to] = End::Closed;
                    }
                }
                if rst {
                    self.reset(from);
                }
            }
            End::Closed if rst && self.ends[1 - from] != End::Closed => {
                self.closed_before_reset[from] = true;
                self.reset(from);
            }
            End::Closed | End::Reset => {}
        }
    }

    /// The first that is heard of an end.
    fn appear(&mut self, from: usize, segment: &Segment) {
        let to = 1 - from;
        if segment.has(flag::SYN) {
            self.ends[from] = match (from, segment.has(flag::ACK)) {
                (0, false) => End::SynSent,
                (0, true) => End::SynAckSent,
                _ => End::Established,
            };
            if from == 1 && self.ends[to] == End::SynSent {
                self.ends[to] = End::Established;
            }
        }
        if segment.has(flag::FIN) {
            self.close(from);
        }
        if segment.has(flag::RST) {
            self.reset(from);
        }
        if self.ends[from] != End::Inactive {
            return;
        }
        if from == 1 && segment.len == 0 && self.ends[to] == End::SynSent {
            // Some acknowledge a SYN before they answer it.
            return;
        }
        self.ends[from] = match segment.has(flag::ACK) && self.ends[to] == End::Established {
            true => End::Established,
            false => End::Partial,
        };
    }

    fn close(&mut self, end: usize) {
        self.ends[end] = End::Closed;
        self.done[end] = true;
    }

    fn reset(&mut self, end: usize) {
        self.ends[end] = End::Reset;
        self.done[end] = true;
    }

    /// `conn_state`; `is_empty` where neither end sent data.
    pub fn state(&self, is_empty: bool) -> &'static str {
        let unheard = |end| matches!(end, End::Inactive | End::Partial);
        match self.ends {
            [End::SynSent | End::SynAckSent, End::Reset] => "REJ",
            [End::Reset, End::Reset] if is_empty => "REJ",
            [asked, End::Reset] if unheard(asked) => "RSTRH",
            [_, End::Reset] => "RSTR",
            [End::Reset, answered] if unheard(answered) => match self.history.is_syn_then_reset() {
                true => "RSTOS0",
                false => "OTH",
            },
            [End::Reset, _] => "RSTO",
            [End::Closed, End::Closed] => "SF",
            [End::Closed, answered] if unheard(answered) => "SH",
            [End::Closed, _] => "S2",
            [asked, End::Closed] if unheard(asked) => "SHR",
            [_, End::Closed] => "S3",
            [End::SynSent, End::Inactive] => "S0",
            [End::Established, End::Established] => "S1",
            _ => "OTH",
        }
    }
}
