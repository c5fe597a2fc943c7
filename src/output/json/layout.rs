//! What can stand in a layer's object, prepared once: which fields, how their names are written, and which of them go
//! together.

use std::ops::Range;

use crate::decode::Kind;
use crate::fields::{self, Field, Past};
use crate::text::Short;

pub(super) struct Names {
    /// Up to the first field.
    pub start: Short<32>,
    pub parts: Vec<Part>,
}

/// Fields that follow each other.
pub(super) enum Part {
    One(Named),
    /// One that may be there several times.
    Many(Named),
    /// Several that the same few bytes decide on. Traffic has few different ones, so that their text is remembered.
    Alike(Alike),
    /// What is only known of segments that have an analysis.
    Analysis(Vec<Named>),
    /// What is only said of segments that are out of the ordinary.
    Findings(Vec<Named>),
}

pub(super) struct Named {
    /// The name, and what stands around it.
    pub key: Short<48>,
    pub field: &'static Field,
}

pub(super) struct Alike {
    /// Tells their text from that of others.
    pub about: u32,
    /// Where in the header the bytes are.
    pub bytes: Range<usize>,
    pub fields: Vec<Named>,
}

/// A number of so many bytes tells one text from another.
pub(super) const MOST_BYTES: usize = 8;

impl Names {
    pub(super) fn of(kind: Kind) -> Self {
        let mut start = Short::new(b"{\"protocol\":\"");
        start.append(kind.token().as_bytes());
        start.append(b"\"");
        let fields = fields::of(kind).iter().filter(|field| !field.alias);
        let fields: Vec<_> = fields.collect();
        let parts = fields.chunk_by(|one, next| go_together(one, next));
        let parts = parts.enumerate().map(|(index, fields)| {
            let about = (kind as u32) << 16 | index as u32;
            Part::of(fields, about)
        });
        Self {
            start,
            parts: parts.collect(),
        }
    }
}

/// Whether one field is written where the next one is, and not without it.
fn go_together(one: &Field, next: &Field) -> bool {
    if one.past >= Past::Findings {
        return one.past == next.past;
    }
    let (Some(one), Some(next)) = (one.decided_by(), next.decided_by()) else {
        return false;
    };
    let shared = one.start < next.end && next.start < one.end;
    // A pair of octets has few values, too.
    shared || one.len() + next.len() == 2 && one.end == next.start
}

impl Part {
    /// # Panics
    /// Where there are no fields.
    fn of(fields: &[&'static Field], about: u32) -> Self {
        let first = fields[0];
        let named = |field: &&'static Field| Named::new(field);
        let all = || fields.iter().map(named).collect();
        match first.past {
            Past::Everything => return Self::Analysis(all()),
            Past::Findings => return Self::Findings(all()),
            Past::Nothing | Past::Streams => {}
        }
        match fields {
            [_] if first.repeats() => Self::Many(Named::new(first)),
            [_] => Self::One(Named::new(first)),
            _ => {
                let bytes = fields.iter().filter_map(|field| field.decided_by());
                let all_bytes = bytes.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
                Self::Alike(Alike {
                    about,
                    bytes: all_bytes.unwrap_or_default(),
                    fields: all(),
                })
            }
        }
    }
}

impl Named {
    fn new(field: &'static Field) -> Self {
        let mut key = Short::new(b",\"");
        key.append(field.name.as_bytes());
        key.append(b"\":");
        Self { key, field }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the fields that go together, and the bytes that decide on them.
    fn alike(kind: Kind) -> Vec<(Vec<&'static str>, Range<usize>)> {
        let parts = Names::of(kind).parts;
        let alike = parts.iter().filter_map(|part| match part {
            Part::Alike(alike) => Some(alike),
            _ => None,
        });
        let names = |alike: &Alike| alike.fields.iter().map(|named| named.field.name).collect();
        alike
            .map(|alike| (names(alike), alike.bytes.clone()))
            .collect()
    }

    #[test]
    fn fields_that_the_same_bytes_decide_on_go_together() {
        assert_eq!(
            alike(Kind::Vlan),
            [(vec!["vlan.priority", "vlan.dei", "vlan.id"], 0..2)]
        );
        let ipv4 = alike(Kind::Ipv4);
        let (names, bytes) = &ipv4[1];
        assert_eq!(*bytes, 6..8);
        assert_eq!(names.first(), Some(&"ip.flags"));
        assert_eq!(names.last(), Some(&"ip.frag_offset"));
        assert_eq!(ipv4[2], (vec!["ip.ttl", "ip.proto"], 8..10));
    }

    #[test]
    fn every_field_is_in_one_part_and_no_part_needs_too_many_bytes() {
        for kind in Kind::ALL {
            let mut written = Vec::new();
            for part in Names::of(*kind).parts {
                match part {
                    Part::One(named) | Part::Many(named) => written.push(named.field.name),
                    Part::Analysis(fields) | Part::Findings(fields) => {
                        written.extend(fields.iter().map(|named| named.field.name));
                    }
                    Part::Alike(alike) => {
                        assert!(alike.bytes.len() <= MOST_BYTES, "{kind:?}");
                        written.extend(alike.fields.iter().map(|named| named.field.name));
                    }
                }
            }
            let fields = fields::of(*kind).iter().filter(|field| !field.alias);
            let names: Vec<_> = fields.map(|field| field.name).collect();
            assert_eq!(written, names, "{kind:?}");
        }
    }
}
