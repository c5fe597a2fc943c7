//! What a sentence says, once it is understood.

use std::net::IpAddr;

use super::quantity::{Comparison, Unit};
use crate::analysis::alerts::{Kind, Severity};
use crate::fields::Selection;
use crate::filter::DisplayFilter;

/// A display filter with its text.
pub(super) struct Filter {
    pub text: String,
    pub filter: DisplayFilter,
}

pub(super) enum Sentence {
    Count(Count),
    Every(Every),
    Extreme(Extreme),
    Sequence(Sequence),
    Answered(Answered),
    Binding(Binding),
    Connections(Connections),
    Measure(Measure),
    Alerts(Alerts),
}

/// `count(FILTER) >= 3`; `any` and `none` are short for two of these.
pub(super) struct Count {
    pub filter: Filter,
    pub comparison: Comparison,
}

/// `every(FILTER, FILTER)`: what matches the first matches the second.
pub(super) struct Every {
    pub of: Filter,
    pub wanted: Filter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregate {
    Min,
    Max,
    Sum,
}

/// `max(FIELD) < 1500`, `sum(FIELD, FILTER) < 10MB`.
pub(super) struct Extreme {
    pub aggregate: Aggregate,
    pub field: Selection,
    pub of: Option<Filter>,
    pub comparison: Comparison,
}

/// `sequence(FILTER, within 1s, FILTER, by FIELD)`
pub(super) struct Sequence {
    /// Each with how long after the one before it may come, in nanoseconds.
    pub steps: Vec<(Filter, Option<i64>)>,
    pub by: Option<Selection>,
}

/// `answered(FILTER, within 1s, FILTER, by FIELD)`
pub(super) struct Answered {
    pub asks: Filter,
    pub within: i64,
    pub answers: Filter,
    pub by: Option<Selection>,
}

/// `10.0.0.1 is-at 00:1b:21:00:00:02`
pub(super) struct Binding {
    pub address: IpAddr,
    pub mac: [u8; 6],
}

/// What may be said of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    CompletesHandshake,
    IsClosed,
    IsReset,
    IsRefused,
    IsUnanswered,
    StaysHalfOpen,
    Retransmits,
}

/// `every connection to port 80 completes its handshake`, `no connection is reset`
pub(super) struct Connections {
    /// Every one, or none.
    pub every: bool,
    pub address: Option<IpAddr>,
    pub port: Option<u16>,
    pub what: Trait,
}

/// What can be measured of a TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quality {
    HandshakeRtt,
    Duration,
    Bytes,
    Retransmissions,
}

impl Quality {
    pub(super) const ALL: [(&'static str, Self, Unit); 4] = [
        ("handshake_rtt", Self::HandshakeRtt, Unit::Time),
        ("duration", Self::Duration, Unit::Time),
        ("bytes", Self::Bytes, Unit::Size),
        ("retransmissions", Self::Retransmissions, Unit::Number),
    ];
}

/// `max(handshake_rtt) < 50ms`
pub(super) struct Measure {
    pub aggregate: Aggregate,
    pub quality: Quality,
    pub unit: Unit,
    pub comparison: Comparison,
}

/// `no alert`, `no alert above info`, `no alert arp-spoofing`, `alert port-scan`
pub(super) struct Alerts {
    pub wanted: bool,
    pub kind: Option<Kind>,
    /// Only worse ones.
    pub above: Option<Severity>,
}
