//! Sentences about single frames: how many match, whether all of some do, and the extremes of a field.

use super::quantity::{Unit, written};
use super::syntax::{self, Aggregate};
use super::{Finding, Frames, Judge, Verdict, counted, verdict};
use crate::decode::Packet;
use crate::fields::{Past, Value};
use crate::filter::Scratch;

/// `count(FILTER) >= 3`
pub(super) struct Count {
    sentence: syntax::Count,
    count: u64,
    frames: Frames,
    ended: bool,
}

impl Count {
    pub(super) fn new(sentence: syntax::Count) -> Self {
        Self {
            sentence,
            count: 0,
            frames: Frames::default(),
            ended: false,
        }
    }
}

impl Judge for Count {
    fn look(&mut self, packet: &Packet<'_>, scratch: &Scratch) {
        if self.sentence.filter.filter.accepts(packet, scratch) {
            self.count += 1;
            self.frames.push(packet.frame.number);
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let comparison = self.sentence.comparison;
        let decided = self.ended || comparison.is_settled_upwards(self.count);
        let holds = comparison.holds(self.count);
        let expected = if holds {
            String::new()
        } else {
            format!("; expected {}", comparison.words(Unit::Number))
        };
        Finding {
            verdict: if decided {
                verdict(holds)
            } else {
                Verdict::Open
            },
            said: format!(
                "{} {}{expected}",
                counted(self.count, "frame"),
                if self.count == 1 { "matches" } else { "match" }
            ),
            frames: self.frames.0.clone(),
            filter: Some(self.sentence.filter.text.clone()),
        }
    }

    fn past(&self) -> Past {
        self.sentence.filter.filter.past()
    }
}

/// `every(FILTER, FILTER)`
pub(super) struct Every {
    sentence: syntax::Every,
    matched: u64,
    wrong: u64,
    frames: Frames,
    ended: bool,
}

impl Every {
    pub(super) fn new(sentence: syntax::Every) -> Self {
        Self {
            sentence,
            matched: 0,
            wrong: 0,
            frames: Frames::default(),
            ended: false,
        }
    }
}

impl Judge for Every {
    fn look(&mut self, packet: &Packet<'_>, scratch: &Scratch) {
        let syntax::Every { of, wanted } = &self.sentence;
        if of.filter.accepts(packet, scratch) {
            self.matched += 1;
            if !wanted.filter.accepts(packet, scratch) {
                self.wrong += 1;
                self.frames.push(packet.frame.number);
            }
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let syntax::Every { of, wanted } = &self.sentence;
        let said = match (self.matched, self.wrong) {
            (0, _) => "no frame matches the first filter".to_owned(),
            (matched, 0) => format!("all {} do", counted(matched, "frame")),
            (matched, wrong) => format!("{wrong} of {} do not", counted(matched, "frame")),
        };
        Finding {
            verdict: match (self.ended, self.wrong) {
                (_, 1..) => Verdict::Fails,
                (true, 0) => verdict(self.matched > 0),
                (false, 0) => Verdict::Open,
            },
            said,
            frames: self.frames.0.clone(),
            filter: Some(format!("({}) and not ({})", of.text, wanted.text)),
        }
    }

    fn past(&self) -> Past {
        self.sentence
            .of
            .filter
            .past()
            .max(self.sentence.wanted.filter.past())
    }
}

/// The least, the greatest or the sum of numbers that come one after the other.
pub(super) struct Total {
    aggregate: Aggregate,
    pub value: Option<u64>,
    /// Where the least or greatest was.
    pub frame: u64,
}

impl Total {
    pub(super) fn new(aggregate: Aggregate) -> Self {
        Self {
            aggregate,
            value: None,
            frame: 0,
        }
    }

    pub(super) fn add(&mut self, number: u64, frame: u64) {
        let new = match (self.aggregate, self.value) {
            (Aggregate::Sum, value) => value.unwrap_or(0).saturating_add(number),
            (_, None) => number,
            (Aggregate::Min, Some(value)) => value.min(number),
            (Aggregate::Max, Some(value)) => value.max(number),
        };
        if self.value != Some(new) {
            (self.value, self.frame) = (Some(new), frame);
        }
    }

    /// "the greatest is 50 ms".
    pub(super) fn said(&self, unit: Unit) -> Option<String> {
        let name = match self.aggregate {
            Aggregate::Min => "the least",
            Aggregate::Max => "the greatest",
            Aggregate::Sum => "the sum",
        };
        self.value
            .map(|value| format!("{name} is {}", written(value, unit)))
    }
}

/// `max(FIELD, FILTER) < 1500`
pub(super) struct Extreme {
    sentence: syntax::Extreme,
    total: Total,
    ended: bool,
}

impl Extreme {
    pub(super) fn new(sentence: syntax::Extreme) -> Self {
        Self {
            total: Total::new(sentence.aggregate),
            sentence,
            ended: false,
        }
    }
}

impl Judge for Extreme {
    fn look(&mut self, packet: &Packet<'_>, scratch: &Scratch) {
        if let Some(of) = &self.sentence.of
            && !of.filter.accepts(packet, scratch)
        {
            return;
        }
        let total = &mut self.total;
        self.sentence.field.each(packet, |_, value| match value {
            Value::Uint(number) => total.add(number, packet.frame.number),
            Value::Bool(truth) => total.add(truth.into(), packet.frame.number),
            _ => {}
        });
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let comparison = self.sentence.comparison;
        let said = self.total.said(Unit::Number);
        let holds = self
            .total
            .value
            .is_some_and(|value| comparison.holds(value));
        let grows = self.sentence.aggregate != Aggregate::Min;
        let settled = grows
            && self
                .total
                .value
                .is_some_and(|value| comparison.is_settled_upwards(value));
        let name = self.sentence.field.name;
        let said = said.unwrap_or_else(|| format!("no frame has {name}"));
        Finding {
            verdict: if self.ended || settled {
                verdict(holds)
            } else {
                Verdict::Open
            },
            said: if holds {
                said
            } else {
                format!("{said}; expected {}", comparison.words(Unit::Number))
            },
            frames: match self.sentence.aggregate {
                Aggregate::Sum => Vec::new(),
                _ => self
                    .total
                    .value
                    .map(|_| self.total.frame)
                    .into_iter()
                    .collect(),
            },
            filter: Some(match &self.sentence.of {
                Some(of) => format!("{name} and ({})", of.text),
                None => name.to_owned(),
            }),
        }
    }

    fn past(&self) -> Past {
        let of = self.sentence.of.as_ref().map(|of| of.filter.past());
        self.sentence.field.past().max(of.unwrap_or_default())
    }
}
