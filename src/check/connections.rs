//! Sentences about TCP connections.

use super::frames::Total;
use super::quantity::Unit;
use super::syntax::{self, Quality, Trait};
use super::{By, Finding, Frames, Judge, Verdict, counted, verdict};
use crate::analysis::connections::{Conversation, Ending, Handshake, Tcp};

/// `every connection to port 80 completes its handshake`, `no connection is reset`
pub(super) struct Judged {
    sentence: syntax::Connections,
    seen: u64,
    wrong: u64,
    /// The first that is as it should not be.
    first: Option<(String, u32)>,
    frames: Frames,
    ended: bool,
}

impl Judged {
    pub(super) fn new(sentence: syntax::Connections) -> Self {
        Self {
            sentence,
            seen: 0,
            wrong: 0,
            first: None,
            frames: Frames::default(),
            ended: false,
        }
    }
}

/// With brackets where the address has colons.
fn socket(address: std::net::IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(address, port).to_string()
}

fn has(tcp: &Tcp, what: Trait) -> bool {
    match what {
        Trait::CompletesHandshake => tcp.handshake() == Handshake::Whole,
        Trait::IsClosed => tcp.ending() == Ending::Closed,
        Trait::IsReset => tcp.ending() == Ending::Reset,
        Trait::IsRefused => tcp.ending() == Ending::Refused,
        Trait::IsUnanswered => tcp.ending() == Ending::Unanswered,
        Trait::StaysHalfOpen => tcp.ending() == Ending::HalfOpen,
        Trait::Retransmits => retransmissions(tcp) > 0,
    }
}

fn retransmissions(tcp: &Tcp) -> u64 {
    let counts = tcp.counts().iter();
    counts.map(|end| u64::from(end.retransmissions)).sum()
}

impl Judge for Judged {
    fn by(&self) -> By {
        By::Conversations
    }

    fn look_back(&mut self, conversation: &Conversation) {
        let syntax::Connections {
            every,
            address,
            port,
            what,
        } = &self.sentence;
        let server = conversation.ends()[1];
        let is_meant = address.is_none_or(|address| address == server.address)
            && port.is_none_or(|port| port == server.port);
        let Some(tcp) = conversation.tcp.as_ref().filter(|_| is_meant) else {
            return;
        };
        // Of one that began before the capture nobody knows how it began.
        if *every && !tcp.has_sent_syn(0) {
            return;
        }
        self.seen += 1;
        if has(tcp, *what) != *every {
            self.wrong += 1;
            self.frames.push(conversation.last_frame);
            let client = conversation.ends()[0];
            self.first.get_or_insert_with(|| {
                let named = format!(
                    "{} → {}",
                    socket(client.address, client.port),
                    socket(server.address, server.port)
                );
                (named, conversation.number)
            });
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let none = self.sentence.every && self.seen == 0;
        let said = match &self.first {
            Some((first, _)) => {
                format!(
                    "{} of {}: {first}",
                    self.wrong,
                    counted(self.seen, "connection")
                )
            }
            None if none => "there is no such connection that is seen from its SYN on".to_owned(),
            None => format!("all of {}", counted(self.seen, "connection")),
        };
        Finding {
            verdict: match (self.wrong, self.ended) {
                (1.., _) => Verdict::Fails,
                (0, true) => verdict(!none),
                (0, false) => Verdict::Open,
            },
            said,
            frames: self.frames.0.clone(),
            filter: self
                .first
                .as_ref()
                .map(|(_, number)| format!("tcp.stream == {number}")),
        }
    }
}

/// `max(handshake_rtt) < 50ms`
pub(super) struct Measured {
    sentence: syntax::Measure,
    total: Total,
    ended: bool,
}

impl Measured {
    pub(super) fn new(sentence: syntax::Measure) -> Self {
        Self {
            total: Total::new(sentence.aggregate),
            sentence,
            ended: false,
        }
    }
}

impl Judge for Measured {
    fn by(&self) -> By {
        By::Conversations
    }

    fn look_back(&mut self, conversation: &Conversation) {
        let Some(tcp) = conversation.tcp.as_ref() else {
            return;
        };
        let nanos = |nanos: i64| u64::try_from(nanos).unwrap_or(0);
        let measured = match self.sentence.quality {
            Quality::HandshakeRtt => tcp.round_trip().map(nanos),
            Quality::Duration => Some(nanos(conversation.duration())),
            Quality::Bytes => Some(conversation.bytes()),
            Quality::Retransmissions => Some(retransmissions(tcp)),
        };
        if let Some(measured) = measured {
            self.total.add(measured, conversation.last_frame);
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let syntax::Measure {
            unit, comparison, ..
        } = self.sentence;
        let holds = self
            .total
            .value
            .is_some_and(|value| comparison.holds(value));
        let said = self.total.said(unit).unwrap_or_else(|| match unit {
            Unit::Time => "no TCP connection was measured".to_owned(),
            _ => "there is no TCP connection".to_owned(),
        });
        Finding {
            verdict: if self.ended {
                verdict(holds)
            } else {
                Verdict::Open
            },
            said: if holds {
                said
            } else {
                format!("{said}; expected {}", comparison.words(unit))
            },
            frames: Vec::new(),
            filter: None,
        }
    }
}
