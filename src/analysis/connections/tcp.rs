//! What is known of one TCP connection.

use super::account::Account;
use super::course::Course;
use crate::analysis::tcp::{Machine, Reset, State};
use crate::decode::tcp::flag;
use crate::decode::{Finding, Findings, Segment};
use crate::frame::Timestamp;

/// How a connection ended, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Both ends sent a FIN, and both were acknowledged.
    Closed,
    /// Both ends sent a FIN; the last acknowledgment was not seen.
    Closing,
    /// One end sent a FIN; the other may still send.
    HalfClosed,
    /// An end broke it off with a reset.
    Reset,
    /// A reset answered the SYN.
    Refused,
    /// Nothing answered the SYN.
    Unanswered,
    /// A SYN-ACK was sent, and never acknowledged.
    HalfOpen,
    /// One end sends the same again and again, and hears nothing.
    Silent,
    /// Neither end had closed it when the capture ended.
    Open,
    /// Only one end was heard, beyond an opening SYN; what became of it can't be told.
    OneWay,
}

impl Ending {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Closing => "closing",
            Self::HalfClosed => "half-closed",
            Self::Reset => "reset",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
            Self::HalfOpen => "half-open",
            Self::Silent => "gone silent",
            Self::Open => "open",
            Self::OneWay => "one way",
        }
    }
}

/// How much of the handshake was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handshake {
    Whole,
    /// Begun, not finished.
    Part,
    /// The capture began later.
    Unseen,
}

/// What the segments of one end showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Sent again, for whatever reason; fast and spurious ones included.
    pub retransmissions: u32,
    pub fast_retransmissions: u32,
    pub spurious_retransmissions: u32,
    /// Data in them, in bytes.
    pub sent_again: u64,
    pub out_of_order: u32,
    pub duplicate_acks: u32,
    /// Holes: segments that were not captured, however many lie in one.
    pub lost_segments: u32,
    pub zero_windows: u32,
    pub window_full: u32,
    pub keep_alives: u32,
    /// Frames that were captured twice, and judged once.
    pub copies: u32,
}

const NOTHING: [Counts; 2] = [Counts {
    retransmissions: 0,
    fast_retransmissions: 0,
    spurious_retransmissions: 0,
    sent_again: 0,
    out_of_order: 0,
    duplicate_acks: 0,
    lost_segments: 0,
    zero_windows: 0,
    window_full: 0,
    keep_alives: 0,
    copies: 0,
}; 2];

const SENT_AGAIN: &[Finding] = &[
    Finding::Retransmission,
    Finding::FastRetransmission,
    Finding::SpuriousRetransmission,
];

/// What there are counts of; everything else is no reason to ask for memory.
const COUNTED: &[Finding] = &[
    Finding::Retransmission,
    Finding::FastRetransmission,
    Finding::SpuriousRetransmission,
    Finding::OutOfOrder,
    Finding::DuplicateAck,
    Finding::LostSegment,
    Finding::ZeroWindow,
    Finding::WindowFull,
    Finding::KeepAlive,
];

/// Sent again this often, and nobody answers.
const SILENT: u8 = 3;
/// Who hears nothing waits for so long at least before it tries again, in nanoseconds: half of what is usual (RFC 6298 asks for
/// a second, Linux waits for 200 ms).
const PATIENCE: i64 = 100_000_000;

/// What is known of the way back of a handshake, from SYN-ACK to ACK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Back {
    #[default]
    Unknown,
    /// There was no SYN-ACK since this one.
    Since(Timestamp),
    /// It took so many nanoseconds.
    Took(i64),
    /// Both asked, so that what answers the one asks the other.
    Crossed,
}

#[derive(Debug, Clone, Default)]
pub struct Tcp {
    machine: Machine,
    /// Which ends were heard.
    heard: [bool; 2],
    /// Where each end's numbers start, seen or inferred.
    bases: [Option<u32>; 2],
    /// Most have nothing to count, so it takes memory only once there is.
    counts: Option<Box<[Counts; 2]>>,
    /// Where somebody wants it.
    pub account: Option<Box<Account>>,
    /// The last SYN of the end that asked before it was answered, and the first SYN-ACK.
    syn: Option<Timestamp>,
    syn_ack: Option<Timestamp>,
    back: Back,
    /// The opening SYN carried data or asked for it (RFC 7413).
    pub fast_open: bool,
    /// The connection reused addresses and ports of one before it.
    pub reused: bool,
    /// How often each end tried again since the other was heard.
    unheard: [u8; 2],
}

impl Tcp {
    pub(super) fn new(reused: bool, accounts: bool) -> Self {
        Self {
            account: accounts.then(Box::default),
            reused,
            ..Self::default()
        }
    }

    /// The number of an end's SYN, or the one before the first that was seen of it.
    pub(super) fn base(&self, end: usize) -> Option<u32> {
        self.bases[end]
    }

    /// Both ends' states, of the one that asked first.
    pub fn states(&self) -> [State; 2] {
        self.machine.states
    }

    pub fn is_over(&self) -> bool {
        self.machine.is_over()
    }

    /// Who sent a FIN first, or broke it off: 0 is who asked.
    pub fn ended_by(&self) -> Option<usize> {
        match self.ending() {
            Ending::Reset | Ending::Refused => self.machine.reset_by.map(usize::from),
            _ => self.machine.closed_by.map(usize::from),
        }
    }

    /// What the segments of each end showed, of the one that asked first.
    pub fn counts(&self) -> &[Counts; 2] {
        self.counts.as_deref().unwrap_or(&NOTHING)
    }

    /// Takes a segment that was captured twice, for the second time.
    pub(super) fn add_copy(&mut self, from: usize) {
        self.counts.get_or_insert_default()[from].copies += 1;
    }

    /// The capture began after the connection did.
    pub fn joined_late(&self) -> bool {
        self.machine.joined_late
    }

    /// Resets that the receiver must have ignored.
    pub fn odd_resets(&self) -> u32 {
        self.machine.odd_resets
    }

    /// Follows a segment of the end `from`: 0 is the one that asked. Its data is accounted for as captured where `is_held`.
    /// Says what was found, and what becomes of it where it is a reset.
    pub(super) fn look(
        &mut self,
        from: usize,
        segment: &Segment,
        course: &mut Course,
        is_held: bool,
    ) -> (Findings, Option<Reset>) {
        self.start_numbers(from, segment);
        self.heard[from] = true;
        let before_it = match self.account {
            Some(_) => course.next(from),
            None => None,
        };
        let reset = (self.machine).look(from, segment, || course.expected(from));
        let last = course.last_time(from);
        let found = course.tracker.look(from, segment, Findings::NONE);
        self.time_handshake(from, segment);
        self.count(from, segment, found, last);
        self.account_for(from, segment, before_it, is_held);
        (found, reset)
    }

    /// Accounts for a segment, where that is wanted; `before_it` is the number behind what its sender had sent before.
    #[inline]
    pub(super) fn account_for(
        &mut self,
        from: usize,
        segment: &Segment,
        before_it: Option<u32>,
        is_held: bool,
    ) {
        if let Some(account) = &mut self.account {
            account.look(from, segment, before_it, is_held);
        }
    }

    fn start_numbers(&mut self, from: usize, segment: &Segment) {
        if segment.has(flag::SYN) {
            self.bases[from] = Some(segment.seq);
        }
        self.bases[from].get_or_insert(segment.seq.wrapping_sub(1));
        if segment.has(flag::ACK) {
            self.bases[1 - from].get_or_insert(segment.ack.wrapping_sub(1));
        }
    }

    fn time_handshake(&mut self, from: usize, segment: &Segment) {
        // What comes behind the handshake, or without one, is most of all.
        if !segment.has(flag::SYN) && !matches!(self.back, Back::Since(_)) {
            return;
        }
        if segment.is_opening() && from == 0 && self.syn_ack.is_none() {
            self.syn = Some(segment.time);
            self.fast_open |= segment.len > 0;
        } else if segment.is_syn_ack() && from == 0 {
            self.back = Back::Crossed;
        } else if segment.is_syn_ack() && matches!(self.back, Back::Unknown | Back::Since(_)) {
            self.syn_ack.get_or_insert(segment.time);
            self.back = Back::Since(segment.time);
        } else if from == 0
            && segment.flags & (flag::ACK | flag::RST | flag::SYN) == flag::ACK
            && let Back::Since(syn_ack) = self.back
        {
            self.back = Back::Took(segment.time.since(syn_ack));
        }
    }

    /// Counts what was found in a segment, whose sender sent the one before at the time `last`.
    fn count(&mut self, from: usize, segment: &Segment, found: Findings, last: Timestamp) {
        self.unheard[1 - from] = 0;
        if !found.has_any(COUNTED) {
            return;
        }
        let counts = &mut self.counts.get_or_insert_default()[from];
        if found.has_any(SENT_AGAIN) {
            counts.retransmissions += 1;
            counts.sent_again += u64::from(segment.len);
            // What is repaired at once is one attempt.
            let attempts = u8::from(segment.time.since(last) >= PATIENCE);
            self.unheard[from] = self.unheard[from].saturating_add(attempts);
        }
        for finding in found.iter() {
            match finding {
                Finding::FastRetransmission => counts.fast_retransmissions += 1,
                Finding::SpuriousRetransmission => counts.spurious_retransmissions += 1,
                Finding::OutOfOrder => counts.out_of_order += 1,
                Finding::DuplicateAck => counts.duplicate_acks += 1,
                Finding::LostSegment => counts.lost_segments += 1,
                Finding::ZeroWindow => counts.zero_windows += 1,
                Finding::WindowFull => counts.window_full += 1,
                Finding::KeepAlive => counts.keep_alives += 1,
                _ => {}
            }
        }
    }

    pub fn handshake(&self) -> Handshake {
        match (self.syn, self.syn_ack, self.back) {
            (_, _, Back::Crossed) if self.is_open_for_both() => Handshake::Whole,
            (Some(_), Some(_), Back::Took(_)) => Handshake::Whole,
            (None, None, _) => Handshake::Unseen,
            _ => Handshake::Part,
        }
    }

    fn is_open_for_both(&self) -> bool {
        let is_asking = |state: &State| matches!(state, State::SynSent | State::SynReceived);
        !self.machine.states.iter().any(is_asking)
    }

    /// From SYN to SYN-ACK, and from there to the ACK, in nanoseconds. The first is the round-trip time between the
    /// place of capture and the server, the second that to the client. What was sent again before it was answered does not
    /// count, nor does a SYN-ACK that was sent again and not needed.
    pub fn round_trips(&self) -> (Option<i64>, Option<i64>) {
        let there = self
            .syn
            .zip(self.syn_ack)
            .map(|(syn, syn_ack)| syn_ack.since(syn));
        let back = match self.back {
            Back::Took(nanos) => Some(nanos),
            _ => None,
        };
        (there, back)
    }

    /// Both of them together, where the handshake was seen whole.
    pub fn round_trip(&self) -> Option<i64> {
        let (there, back) = self.round_trips();
        Some(there? + back?)
    }

    pub fn has_sent_syn(&self, end: usize) -> bool {
        self.machine.has_sent_syn(end)
    }

    pub fn has_sent_fin(&self, end: usize) -> bool {
        self.machine.has_sent_fin(end)
    }

    pub fn ending(&self) -> Ending {
        let machine = &self.machine;
        let answered = machine.has_sent_syn(1);
        let fins = [machine.has_sent_fin(0), machine.has_sent_fin(1)];
        if machine.reset_by.is_some() {
            return match machine.refused && machine.reset_by == Some(1) {
                true => Ending::Refused,
                false => Ending::Reset,
            };
        }
        match (fins, machine.states) {
            ([true, true], _) if machine.is_over() => Ending::Closed,
            ([true, true], _) => Ending::Closing,
            (_, [State::SynSent, _]) if !answered => Ending::Unanswered,
            _ if self.heard != [true; 2] => Ending::OneWay,
            _ if self.unheard.iter().any(|times| *times >= SILENT) && answered => Ending::Silent,
            ([true, false] | [false, true], _) => Ending::HalfClosed,
            (_, [_, State::SynReceived]) => Ending::HalfOpen,
            _ => Ending::Open,
        }
    }

    /// Makes the second end the one that asked.
    pub(super) fn turn_round(&mut self) {
        self.heard.swap(0, 1);
        self.machine.turn_round();
        self.bases.swap(0, 1);
        if let Some(counts) = &mut self.counts {
            counts.swap(0, 1);
        }
        if let Some(account) = &mut self.account {
            account.turn_round();
        }
        self.unheard.swap(0, 1);
    }
}
