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
    /// A reset answered the SYN, and nothing else did.
    pub refused: bool,
    /// Both ends' states as if the last reset, which its receiver may not have believed, had not come.
    doubted: Option<[State; 2]>,
    odd: Option<Odd>,
    /// Who sent a FIN first.
    pub closed_by: Option<u8>,
    /// A reset that the receiver must have ignored, since its number was not the expected one (RFC 9293, 3.5.3).
    pub odd_resets: u32,
    /// The first segment that was seen opened nothing.
    pub joined_late: bool,
    started: bool,
}

/// What the end that a reset goes to knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    /// What it acknowledged last and the window it offered, where known.
    pub ack: Option<(u32, u32)>,
    /// The number behind the highest that it sent.
    pub sent: Option<u32>,
    /// The number behind the highest that it was sent: what was captured is taken to have arrived.
    pub next: Option<u32>,
}

/// A reset that was not taken. Its number is none of what its sender sent, but counts as the highest from then on.
#[derive(Debug, Clone, Copy)]
struct Odd {
    from: u8,
    end: u32,
    /// The number behind the highest before.
    next: u32,
}

/// What becomes of a reset (RFC 9293, 3.5.3 and 3.10.7.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    BreaksOff,
    /// It is all that its sender answered to a SYN.
    Refuses,
    /// Within the window, and not the next number: the receiver asks whether it is meant. But segments may be missing here.
    Doubted,
    /// Its number is none that the receiver expects.
    Ignored,
    /// The connection was over for both before.
    Late,
    /// Nothing was seen of what it ends.
    Unseen,
}

impl Expected {
    /// What becomes of a reset with this number once the connection is open.
    fn take(&self, seq: u32) -> Reset {
        let Some((ack, window)) = self.ack else {
            return Reset::BreaksOff;
        };
        let next = self.next.filter(|next| after(*next, ack)).unwrap_or(ack);
        // Some stacks take one number more or less; so do we.
        let is_behind = after(ack, seq.wrapping_add(1));
        match (is_behind, after(seq, next.wrapping_add(1))) {
            (false, false) => Reset::BreaksOff,
            (false, true) if !after(seq, ack.wrapping_add(window.max(1))) => Reset::Doubted,
            _ => Reset::Ignored,
        }
    }

    /// Whether a reset answers a SYN, behind which is the number `syn`: it must acknowledge that, and nothing that was not sent
    /// (RFC 9293, 3.10.7.3). Some come without a number.
    fn answers(&self, syn: Option<u32>, reset: &Segment) -> bool {
        let Some(syn) = syn.filter(|_| reset.has(flag::ACK)) else {
            return true;
        };
        let sent = self.sent.filter(|sent| after(*sent, syn)).unwrap_or(syn);
        !before(reset.ack, syn) && !after(reset.ack, sent)
    }
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

    /// Follows one segment, sent by the end `from` (0 or 1), and says what becomes of it where it is a reset: then what the
    /// other end expects is asked for.
    pub fn look(
        &mut self,
        from: usize,
        segment: &Segment,
        expected: impl FnOnce() -> Expected,
    ) -> Option<Reset> {
        let is_first = !self.started;
        if is_first {
            self.started = true;
            self.joined_late = !segment.has(flag::SYN | flag::RST);
        }
        // Most segments find both ends like this, and leave them so.
        if matches!(self.states, [State::Established, State::Established])
            && !segment.has(flag::SYN | flag::FIN | flag::RST)
        {
            return None;
        }
        if segment.has(flag::RST) {
            let reset = self.reset(from, segment, expected());
            return Some(if is_first { Reset::Unseen } else { reset });
        }
        match self.doubted {
            Some(doubted) => self.follow_doubted(doubted, from, segment),
            None => self.follow(from, segment),
        }
        None
    }

    /// Follows a segment behind a reset that may not have been believed.
    fn follow_doubted(&mut self, doubted: [State; 2], from: usize, segment: &Segment) {
        let (shown, reset_by, refused) = (self.states, self.reset_by, self.refused);
        self.revive();
        self.states = doubted;
        self.follow(from, segment);
        if reset_by == Some(from as u8) {
            // Who breaks off sends nothing more: it was somebody else's, or ignored.
            self.odd_resets += 1;
            return;
        }
        self.doubted = Some(self.states);
        (self.states, self.reset_by, self.refused) = (shown, reset_by, refused);
    }

    fn follow(&mut self, from: usize, segment: &Segment) {
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
        if let Some(states) = &mut self.doubted {
            states.swap(0, 1);
        }
        if let Some(odd) = &mut self.odd {
            odd.from = 1 - odd.from;
        }
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

    /// Forgets a reset that was not the end.
    fn revive(&mut self) {
        (self.reset_by, self.refused, self.doubted) = (None, false, None);
    }

    fn open(&mut self, from: usize, segment: &Segment) {
        let to = 1 - from;
        let answers = segment.has(flag::ACK);
        if answers && let Some(reset_by) = self.reset_by {
            let was_asked_again = self.states[to] == State::SynSent;
            let was_not_refused = self.refused && usize::from(reset_by) == from;
            if !was_asked_again && !was_not_refused {
                // An old one, or its sender doesn't know yet that it is over.
                return;
            }
            self.revive();
            (self.fins, self.closed_by) = ([None; 2], None);
        }
        self.syns[from] = Some(segment.seq.wrapping_add(1));
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

    fn reset(&mut self, from: usize, segment: &Segment, mut expected: Expected) -> Reset {
        let to = 1 - from;
        let was_over = self.doubted.is_none() && self.is_over();
        if let Some(odd) = self.odd.filter(|odd| usize::from(odd.from) == from)
            && expected.next == Some(odd.end)
        {
            expected.next = Some(odd.next);
        }
        let states = self.doubted.unwrap_or(self.states);
        let reset = match states[to] {
            State::SynSent if expected.answers(self.syns[to], segment) => Reset::BreaksOff,
            State::SynSent => Reset::Ignored,
            State::Closed | State::Listen => Reset::BreaksOff,
            _ => expected.take(segment.seq),
        };
        if reset != Reset::BreaksOff
            && let Some(next) = expected.next
        {
            self.odd = Some(Odd {
                from: from as u8,
                end: segment.end(),
                next,
            });
        }
        if reset == Reset::Ignored {
            self.odd_resets += 1;
            return if was_over { Reset::Late } else { reset };
        }
        let refuses =
            self.has_sent_syn(to) && matches!(states[from], State::Closed | State::Listen);
        let is_news = match self.doubted {
            None => self.reset_by.is_none() && !was_over,
            // What was doubted is settled by this one.
            Some(_) => reset == Reset::BreaksOff,
        };
        if is_news {
            self.reset_by = Some(from as u8);
            self.refused = refuses;
            self.doubted = Some(states).filter(|_| reset == Reset::Doubted);
        }
        self.states = [State::Closed; 2];
        match reset {
            _ if was_over => Reset::Late,
            Reset::BreaksOff if refuses => Reset::Refuses,
            other => other,
        }
    }
}
