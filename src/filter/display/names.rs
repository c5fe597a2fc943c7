//! Names of fields and protocols, and what to say of one that nobody has.

use super::syntax::{Mistake, Span};
use crate::decode::Kind;
use crate::fields::{self, Field};

/// The rows of a field: one for each layer that has it. Empty where there is no such field.
pub(super) fn field(name: &str) -> Vec<&'static Field> {
    fields::all().filter(|field| field.name == name).collect()
}

/// The layers that go by a protocol's name.
pub(super) fn protocol(name: &str) -> Vec<Kind> {
    let all = Kind::ALL.iter().copied();
    all.filter(|kind| kind.token() == name).collect()
}

/// Whether it was meant for a name rather than for a value.
pub(super) fn could_be(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

pub(super) fn unknown(word: &str, span: Span) -> Mistake {
    let mistake = Mistake::new(span, format!("there is no field or protocol '{word}'"));
    match suggestion(word) {
        Some(suggestion) => mistake.hint(suggestion),
        None => mistake.hint("'netinspect fields' lists the fields"),
    }
}

/// What the word may have been meant for.
pub(super) fn suggestion(word: &str) -> Option<String> {
    /// Longer than any name: not worth the comparison.
    const LONGEST: usize = 80;
    if !could_be(word) || word.len() > LONGEST {
        return None;
    }
    let protocols = Kind::ALL.iter().map(|kind| kind.token());
    let names = fields::all().map(|field| field.name).chain(protocols);
    let near = fields::nearest(&word.to_lowercase(), names);
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}
