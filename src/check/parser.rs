//! Sentences, from the words they begin with. docs/check.md has the grammar.

use std::net::IpAddr;

use super::quantity::{self, Comparison, Relation, Unit};
use super::syntax::{
    Aggregate, Alerts, Answered, Binding, Connections, Count, Every, Extreme, Filter, Measure,
    Quality, Sentence, Sequence, Trait,
};
use super::words::{Part, Words};
use crate::address::parse_mac;
use crate::analysis::alerts::{Kind, Severity};
use crate::fields::{self, Selection, Type};
use crate::filter::{DisplayFilter, Mistake, Span};

type Read<T> = Result<T, Mistake>;

const BEGINNINGS: [&str; 12] = [
    "any",
    "none",
    "count",
    "every",
    "min",
    "max",
    "sum",
    "sequence",
    "answered",
    "no",
    "alert",
    "connection",
];

pub(super) fn parse(text: &str) -> Read<Sentence> {
    let mut words = Words::new(text);
    let first = words.word();
    let sentence = match first.text {
        "any" => quick(&mut words, Relation::GreaterOrEqual, 1)?,
        "none" => quick(&mut words, Relation::Equal, 0)?,
        "count" => count(&mut words)?,
        "every" if words.takes("connection") => connections(&mut words, true)?,
        "every" => every(&mut words)?,
        "no" if words.takes("connection") => connections(&mut words, false)?,
        "no" if words.takes("alert") => no_alert(&mut words)?,
        "alert" => Sentence::Alerts(Alerts {
            wanted: true,
            kind: Some(alert_kind(words.word())?),
            above: None,
        }),
        "min" => aggregate(&mut words, Aggregate::Min)?,
        "max" => aggregate(&mut words, Aggregate::Max)?,
        "sum" => aggregate(&mut words, Aggregate::Sum)?,
        "sequence" => sequence(&mut words)?,
        "answered" => answered(&mut words)?,
        "no" => {
            return Err(
                Mistake::new(words.here(), "'connection' or 'alert' comes behind 'no'")
                    .hint("no frame that matches is written none(FILTER)"),
            );
        }
        other => match other.parse::<IpAddr>() {
            Ok(address) => binding(&mut words, address)?,
            Err(_) => return Err(unknown(text, first)),
        },
    };
    if words.is_at_end() {
        Ok(sentence)
    } else {
        Err(Mistake::new(words.here(), "nothing more is expected here")
            .hint("one sentence each; --expect can be given again"))
    }
}

fn unknown(text: &str, first: Part<'_>) -> Mistake {
    if text.trim().is_empty() {
        return Mistake::new(first.span, "there is nothing to expect").hint("such as: any(arp)");
    }
    let near = fields::nearest(first.text, BEGINNINGS.into_iter());
    let mistake = Mistake::new(
        first.span,
        format!("no sentence begins with '{}'", first_word(text, first)),
    );
    match near.first() {
        Some(near) => mistake.hint(format!("did you mean {near}?")),
        None if DisplayFilter::parse(text).is_ok() => {
            mistake.hint(format!("as a filter: any({})", text.trim()))
        }
        None => mistake.hint(format!(
            "there are {}, and ADDRESS is-at MAC",
            BEGINNINGS[..11].join(", ")
        )),
    }
}

/// The word, or the sign that stands in its place.
fn first_word<'a>(text: &'a str, first: Part<'a>) -> &'a str {
    if first.text.is_empty() {
        let len = text[first.span.start..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        &text[first.span.start..first.span.start + len]
    } else {
        first.text
    }
}

fn filter(part: Part<'_>) -> Read<Filter> {
    if part.text.is_empty() {
        return Err(Mistake::new(part.span, "a display filter is missing")
            .hint("such as: tcp.flags.syn == 1"));
    }
    let filter =
        DisplayFilter::parse(part.text).map_err(|mistake| mistake.moved(part.span.start))?;
    Ok(Filter {
        text: part.text.to_owned(),
        filter,
    })
}

/// Exactly so many parts.
fn exactly<'a, const N: usize>(parts: Vec<Part<'a>>, form: &str) -> Read<[Part<'a>; N]> {
    let behind = parts.get(N).or(parts.last()).map(|part| part.span);
    <[Part<'a>; N]>::try_from(parts).map_err(|parts| {
        let span = behind.unwrap_or(Span { start: 0, end: 0 });
        let what = if parts.len() < N {
            "something is missing here"
        } else {
            "this is too much"
        };
        Mistake::new(span, what).hint(format!("the form is {form}"))
    })
}

fn quick(words: &mut Words<'_>, relation: Relation, value: u64) -> Read<Sentence> {
    let [part] = exactly(words.parts()?, "any(FILTER) or none(FILTER)")?;
    Ok(Sentence::Count(Count {
        filter: filter(part)?,
        comparison: Comparison { relation, value },
    }))
}

fn count(words: &mut Words<'_>) -> Read<Sentence> {
    let [part] = exactly(words.parts()?, "count(FILTER) >= 3")?;
    Ok(Sentence::Count(Count {
        filter: filter(part)?,
        comparison: words.comparison(Unit::Number)?,
    }))
}

fn every(words: &mut Words<'_>) -> Read<Sentence> {
    let [of, wanted] = exactly(words.parts()?, "every(FILTER, FILTER)")?;
    Ok(Sentence::Every(Every {
        of: filter(of)?,
        wanted: filter(wanted)?,
    }))
}

fn aggregate(words: &mut Words<'_>, aggregate: Aggregate) -> Read<Sentence> {
    const FORM: &str = "max(FIELD) < 5, max(FIELD, FILTER) < 5 or max(handshake_rtt) < 50ms";
    let parts = words.parts()?;
    let Some(name) = parts.first().copied() else {
        return Err(Mistake::new(words.here(), "a field is missing").hint(FORM));
    };
    let quality = Quality::ALL.iter().find(|(known, ..)| *known == name.text);
    if let Some((_, quality, unit)) = quality {
        let [_] = exactly(parts, FORM)?;
        return Ok(Sentence::Measure(Measure {
            aggregate,
            quality: *quality,
            unit: *unit,
            comparison: words.comparison(*unit)?,
        }));
    }
    let field = field(name)?;
    let of = match parts.get(1) {
        Some(part) => Some(filter(*part)?),
        None => None,
    };
    if let Some(more) = parts.get(2) {
        return Err(Mistake::new(more.span, "this is too much").hint(FORM));
    }
    Ok(Sentence::Extreme(Extreme {
        aggregate,
        field,
        of,
        comparison: words.comparison(Unit::Number)?,
    }))
}

/// A field that is a number.
fn field(part: Part<'_>) -> Read<Selection> {
    let selection = any_field(part)?;
    let is_number = fields::all()
        .filter(|field| field.name == selection.name)
        .all(|field| matches!(field.kind, Type::Uint | Type::Hex(_) | Type::Bool));
    if is_number {
        Ok(selection)
    } else {
        Err(Mistake::new(
            part.span,
            format!("{} is no number", selection.name),
        ))
    }
}

fn any_field(part: Part<'_>) -> Read<Selection> {
    Selection::named(part.text).ok_or_else(|| {
        let known = Quality::ALL.iter().map(|(name, ..)| *name);
        let near = fields::nearest(
            part.text,
            fields::all().map(|field| field.name).chain(known),
        );
        let mistake = Mistake::new(part.span, format!("there is no field '{}'", part.text));
        if near.is_empty() {
            mistake.hint("'netinspect fields' lists them")
        } else {
            mistake.hint(format!("did you mean {}?", near.join(" or ")))
        }
    })
}

/// `within 1s`
fn within(part: Part<'_>) -> Option<Read<i64>> {
    let span = part.text.strip_prefix("within ")?.trim();
    let read = quantity::parse(span, Unit::Time)
        .map(|nanos| nanos.min(i64::MAX as u64) as i64)
        .map_err(|reason| {
            let start = part.span.end - span.len();
            Mistake::new(Span { start, ..part.span }, reason)
        });
    Some(read)
}

/// `by FIELD`, as the last part.
fn by(parts: &mut Vec<Part<'_>>) -> Read<Option<Selection>> {
    let Some((last, name)) = parts
        .last()
        .and_then(|last| Some((*last, last.text.strip_prefix("by ")?.trim())))
    else {
        return Ok(None);
    };
    parts.pop();
    let start = last.span.end - name.len();
    any_field(Part {
        text: name,
        span: Span { start, ..last.span },
    })
    .map(Some)
}

fn sequence(words: &mut Words<'_>) -> Read<Sentence> {
    const FORM: &str = "sequence(FILTER, within 1s, FILTER, by FIELD)";
    let start = words.here();
    let mut parts = words.parts()?;
    let by = by(&mut parts)?;
    let mut steps = Vec::new();
    let mut patience = None;
    for part in parts {
        match within(part) {
            Some(_) if steps.is_empty() || patience.is_some() => {
                return Err(
                    Mistake::new(part.span, "'within' stands between two filters").hint(FORM),
                );
            }
            Some(span) => patience = Some(span?),
            None => steps.push((filter(part)?, patience.take())),
        }
    }
    if steps.len() < 2 || patience.is_some() {
        return Err(Mistake::new(start, "a sequence has two filters or more").hint(FORM));
    }
    Ok(Sentence::Sequence(Sequence { steps, by }))
}

fn answered(words: &mut Words<'_>) -> Read<Sentence> {
    const FORM: &str = "answered(FILTER, within 1s, FILTER, by FIELD)";
    let mut parts = words.parts()?;
    let by = by(&mut parts)?;
    let [asks, patience, answers] = exactly(parts, FORM)?;
    let Some(within) = within(patience) else {
        return Err(Mistake::new(patience.span, "'within' and a time stand here").hint(FORM));
    };
    Ok(Sentence::Answered(Answered {
        asks: filter(asks)?,
        within: within?,
        answers: filter(answers)?,
        by,
    }))
}

fn binding(words: &mut Words<'_>, address: IpAddr) -> Read<Sentence> {
    if !words.takes("is-at") {
        return Err(
            Mistake::new(words.here(), "'is-at' comes behind an address")
                .hint(format!("such as: {address} is-at 00:1b:21:00:00:02")),
        );
    }
    let word = words.word();
    let mac = parse_mac(word.text).ok_or_else(|| {
        Mistake::new(word.span, "a MAC address is missing").hint("such as 00:1b:21:00:00:02")
    })?;
    Ok(Sentence::Binding(Binding { address, mac }))
}

/// What may be said of a connection, and how it is said.
const TRAITS: [(&str, Trait); 7] = [
    ("completes its handshake", Trait::CompletesHandshake),
    ("is closed", Trait::IsClosed),
    ("is reset", Trait::IsReset),
    ("is refused", Trait::IsRefused),
    ("is unanswered", Trait::IsUnanswered),
    ("stays half-open", Trait::StaysHalfOpen),
    ("retransmits", Trait::Retransmits),
];

fn connections(words: &mut Words<'_>, every: bool) -> Read<Sentence> {
    let (mut address, mut port) = (None, None);
    if words.takes("to") {
        if !words.takes("port") {
            let word = words.word();
            let read = word.text.parse().map_err(|_| {
                Mistake::new(word.span, "an address or 'port' comes behind 'to'")
                    .hint("such as: to 10.0.0.2 port 443")
            })?;
            address = Some(read);
        }
        if address.is_none() || words.takes("port") {
            let word = words.word();
            let read = word.text.parse().map_err(|_| {
                Mistake::new(word.span, "a port is missing").hint("a number up to 65535")
            })?;
            port = Some(read);
        }
    }
    let known = TRAITS.iter().find(|(said, _)| words.takes(said));
    let Some((_, what)) = known else {
        let all: Vec<_> = TRAITS.iter().map(|(said, _)| *said).collect();
        return Err(
            Mistake::new(words.here(), "this can't be said of a connection")
                .hint(format!("there are: {}", all.join(", "))),
        );
    };
    Ok(Sentence::Connections(Connections {
        every,
        address,
        port,
        what: *what,
    }))
}

fn no_alert(words: &mut Words<'_>) -> Read<Sentence> {
    let mut alerts = Alerts {
        wanted: false,
        kind: None,
        above: None,
    };
    if words.takes("above") {
        let word = words.word();
        let severity = Severity::named(word.text).ok_or_else(|| {
            Mistake::new(word.span, "a severity is missing").hint("info or warning")
        })?;
        if severity == Severity::Critical {
            let mistake = Mistake::new(word.span, "no alert is above critical");
            return Err(mistake.hint("'no alert above warning' means those"));
        }
        alerts.above = Some(severity);
    } else if !words.is_at_end() {
        alerts.kind = Some(alert_kind(words.word())?);
    }
    Ok(Sentence::Alerts(alerts))
}

fn alert_kind(word: Part<'_>) -> Read<Kind> {
    Kind::named(word.text).ok_or_else(|| {
        let names = Kind::ALL.iter().map(|kind| kind.name());
        let near = fields::nearest(word.text, names.clone());
        let mistake = Mistake::new(word.span, format!("no alert is called '{}'", word.text));
        mistake.hint(match near.first() {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
        })
    })
}
