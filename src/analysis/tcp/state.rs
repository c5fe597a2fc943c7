//! Where each end of a connection stands (RFC 9293, 3.3.2), as far as somebody between them can tell: what was captured
//! is taken to have arrived.

use super::number::{after, before};
use crate::decode::Segment;
use crate::decode::tcp::flag;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    #[default]
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
}

impl State {
    /// As programs that list sockets spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::Listen => "LISTEN",
            Self::SynSent => "SYN_SENT",
            Self::SynReceived => "SYN_RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN_WAIT_1",
            Self::FinWait2 => "FIN_WAIT_2",
            Self::CloseWait => "CLOSE_WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST_ACK",
            Self::TimeWait => "TIME_WAIT",
        }
    }

    /// Nothing more is to come from this end.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::TimeWait)
    }
}

/// Both ends' states, and what is needed to follow them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine {
    pub states: [State; 2],
    /// The numbers behind each end's SYN and FIN, once sent.
    syns: [Option<u32>; 2],
    fins: [Option<u32>; 2],
    /// Who broke it off; ends take one byte here, since there are many machines.
    pub reset_by: Option<u8>,
    /// Who sent a FIN first.
    pub closed_by: Option<u8>,
    /// A reset that the receiver must have ignored, since its number was not the expected one (RFC 9293, 3.5.3).
    pub odd_resets: u32,
    /// The first segment that was seen opened nothing.
    pub joined_late: bool,
    started: bool,
}

impl Machine {
    pub fn has_sent_syn(&self, end: usize) -> bool {
        self.syns[end].is_some()
    }

    pub fn has_sent_fin(&self, end: usize) -> bool {
        self.fins[end].is_some()
    }

    /// Whether the connection is over for both.
    pub fn is_over(&self) -> bool {
        let [one, other] = self.states;
        self.started && one.is_over() && other.is_over()
    }

    /// Follows one segment, sent by the end `from` (0 or 1). `expected` is the number that the other end acknowledged
    /// last and the window it offered, where known.
    pub fn look(&mut self, from: usize, segment: &Segment, expected: Option<(u32, u32)>) {
        if !self.started {
            self.started = true;
            self.joined_late = !segment.has(flag::SYN | flag::RST);
        }
        // Most segments find both ends like this, and leave them so.
        if matches!(self.states, [State::Established, State::Established])
            && !segment.has(flag::SYN | flag::FIN | flag::RST)
        {
            return;
        }
        if segment.has(flag::RST) {
            return self.reset(from, segment, expected);
        }
        if segment.has(flag::SYN) {
            self.open(from, segment);
        } else if matches!(
            self.states[from],
            State::Closed | State::Listen | State::SynSent
        ) && self.fins[from].is_none()
        {
            // From the middle, or the answer was not captured: whoever sends anything else has a connection.
            self.settle(from);
            self.settle(1 - from);
        }
        if segment.has(flag::ACK) {
            self.acknowledge(from, segment.ack);
        }
        if segment.has(flag::FIN) {
            self.close(from, segment);
        }
    }

    /// Exchanges the two ends.
    pub fn turn_round(&mut self) {
        self.states.swap(0, 1);
        self.syns.swap(0, 1);
        self.fins.swap(0, 1);
        self.reset_by = self.reset_by.map(|end| 1 - end);
        self.closed_by = self.closed_by.map(|end| 1 - end);
    }

    fn settle(&mut self, end: usize) {
        if matches!(
            self.states[end],
            State::Closed | State::Listen | State::SynSent | State::SynReceived
        ) && self.reset_by.is_none()
        {
            self.states[end] = State::Established;
        }
    }

    fn open(&mut self, from: usize, segment: &Segment) {
        let to = 1 - from;
        self.syns[from] = Some(segment.seq.wrapping_add(1));
        let answers = segment.has(flag::ACK);
        match (self.states[from], self.states[to], answers) {
            // Both opened at once: each SYN answers the other's (RFC 9293, figure 7).
            (State::Closed | State::Listen | State::SynSent, State::SynSent, false) => {
                self.states = [State::SynReceived; 2];
            }
            (State::Closed | State::Listen, other, false) => {
                self.states[from] = State::SynSent;
                if other == State::Closed {
                    self.states[to] = State::Listen;
                }
            }
            (State::Closed | State::Listen | State::SynSent, other, true) => {
                self.states[from] = State::SynReceived;
                if matches!(other, State::Closed | State::Listen) {
                    // Its SYN was not captured.
                    self.states[to] = State::SynSent;
                }
            }
            // Sent again, or an old one.
            _ => {}
        }
    }

    fn acknowledge(&mut self, from: usize, ack: u32) {
        let to = 1 - from;
        // Nothing but an answer to a SYN-ACK gets out of SYN_SENT with a bare ACK.
        let opened = self.syns[to].is_none_or(|syn| !before(ack, syn));
        if opened && matches!(self.states[to], State::SynSent | State::SynReceived) {
            self.states[to] = State::Established;
            if self.states[from] == State::SynSent && !self.has_sent_fin(from) {
                self.settle(from);
            }
        }
        if self.fins[to].is_some_and(|fin| !before(ack, fin)) {
            self.states[to] = match self.states[to] {
                State::FinWait1 => State::FinWait2,
                State::Closing => State::TimeWait,
                State::LastAck => State::Closed,
                other => other,
            };
        }
    }

    fn close(&mut self, from: usize, segment: &Segment) {
        let to = 1 - from;
        if self.fins[from].is_some() || self.reset_by.is_some() {
            return;
        }
        self.fins[from] = Some(segment.end());
        self.closed_by.get_or_insert(from as u8);
        let crossed = self.fins[to].is_some_and(|fin| before(segment.ack, fin));
        (self.states[from], self.states[to]) = match (self.states[from], self.states[to]) {
            (_, _) if crossed => (State::Closing, State::Closing),
            (State::CloseWait, State::FinWait2) => (State::LastAck, State::TimeWait),
            (State::CloseWait, other) => (State::LastAck, other),
            (_, State::Established | State::SynReceived) => (State::FinWait1, State::CloseWait),
            (_, other) => (State::FinWait1, other),
        };
    }

    fn reset(&mut self, from: usize, segment: &Segment, expected: Option<(u32, u32)>) {
        let to = 1 - from;
        let accepted = match (self.states[to], expected) {
            // It must acknowledge the SYN (RFC 9293, 3.10.7.3).
            (State::SynSent, _) => {
                !segment.has(flag::ACK) || self.syns[to].is_none_or(|syn| !before(segment.ack, syn))
            }
            (State::Closed | State::Listen, _) | (_, None) => true,
            // Some stacks take one number more or less; so do we.
            (_, Some((ack, window))) => {
                let room = window.max(1);
                !after(ack, segment.seq.wrapping_add(1))
                    && !after(segment.seq, ack.wrapping_add(room))
            }
        };
        if !accepted {
            self.odd_resets += 1;
            return;
        }
        if self.reset_by.is_none() && !self.is_over() {
            self.reset_by = Some(from as u8);
        }
        self.states = [State::Closed; 2];
    }
}
