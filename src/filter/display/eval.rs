//! A filter that was checked, and what it says of a frame.

use memchr::memmem::Finder;
use regex::bytes::Regex;

use super::item::{Item, Scratch};
use super::operand::Operand;
use super::syntax::{Quantifier, Relation};
use crate::decode::Packet;

#[derive(Debug)]
pub(super) enum Test {
    Or(Vec<Test>),
    Xor(Vec<Test>),
    And(Vec<Test>),
    Not(Box<Test>),
    Exists(Operand),
    /// Of a slice: it is there.
    NotEmpty(Operand),
    /// Of a calculation.
    NotZero(Operand),
    Compare(Quantifier, Operand, Relation, Operand),
    Contains(Quantifier, Operand, Box<Finder<'static>>),
    Matches(Quantifier, Operand, Box<Regex>),
    In(Quantifier, Operand, Vec<Element>),
}

/// A member of a set: one value, or all from the first to the last.
#[derive(Debug)]
pub(super) enum Element {
    One(Operand),
    Range(Operand, Operand),
}

impl Test {
    pub(super) fn accepts(&self, packet: &Packet<'_>, scratch: &Scratch) -> bool {
        match self {
            Self::Or(parts) => parts.iter().any(|part| part.accepts(packet, scratch)),
            Self::And(parts) => parts.iter().all(|part| part.accepts(packet, scratch)),
            Self::Xor(parts) => {
                let true_ones = parts.iter().filter(|part| part.accepts(packet, scratch));
                true_ones.count() % 2 == 1
            }
            Self::Not(part) => !part.accepts(packet, scratch),
            Self::Exists(operand) => {
                let mut exists = false;
                operand.each(packet, scratch, &mut |_| exists = true);
                exists
            }
            Self::NotEmpty(operand) => {
                Quantifier::Any.over(operand, packet, scratch, |item| !item.bytes().is_empty())
            }
            Self::NotZero(operand) => {
                Quantifier::Any.over(operand, packet, scratch, |item| !item.is_zero())
            }
            Self::Compare(quantifier, left, relation, Operand::Constant(right)) => {
                let right = right.item();
                quantifier.over(left, packet, scratch, |item| relation.holds(item, right))
            }
            Self::Compare(quantifier, left, relation, right) => {
                let mut tally = Tally::default();
                left.each(packet, scratch, &mut |a| {
                    right.each(packet, scratch, &mut |b| tally.note(relation.holds(a, b)));
                });
                tally.result(*quantifier)
            }
            Self::Contains(quantifier, left, finder) => {
                quantifier.over(left, packet, scratch, |item| {
                    !finder.needle().is_empty() && finder.find(item.bytes()).is_some()
                })
            }
            Self::Matches(quantifier, left, regex) => {
                quantifier.over(left, packet, scratch, |item| {
                    !item.bytes().is_empty() && regex.is_match(item.bytes())
                })
            }
            // Wireshark asks one member after the other: `all` means that one of them holds all occurrences.
            Self::In(quantifier, left, set) => set.iter().any(|element| {
                quantifier.over(left, packet, scratch, |item| {
                    element.holds(item, packet, scratch)
                })
            }),
        }
    }
}

impl Element {
    fn holds(&self, item: Item<'_>, packet: &Packet<'_>, scratch: &Scratch) -> bool {
        let compares = |relation: Relation, operand: &Operand| match operand {
            Operand::Constant(constant) => relation.holds(item, constant.item()),
            _ => {
                let mut found = false;
                operand.each(packet, scratch, &mut |other| {
                    found |= relation.holds(item, other);
                });
                found
            }
        };
        match self {
            Self::One(value) => compares(Relation::Equal, value),
            Self::Range(low, high) => {
                compares(Relation::GreaterOrEqual, low) && compares(Relation::LessOrEqual, high)
            }
        }
    }
}

impl Quantifier {
    /// Whether `holds` is true of any or of all values; where there are none, it is not.
    fn over(
        self,
        operand: &Operand,
        packet: &Packet<'_>,
        scratch: &Scratch,
        mut holds: impl FnMut(Item<'_>) -> bool,
    ) -> bool {
        let mut tally = Tally::default();
        operand.each(packet, scratch, &mut |item| tally.note(holds(item)));
        tally.result(self)
    }
}

#[derive(Default)]
struct Tally {
    holds: bool,
    fails: bool,
}

impl Tally {
    fn note(&mut self, holds: bool) {
        self.holds |= holds;
        self.fails |= !holds;
    }

    fn result(&self, quantifier: Quantifier) -> bool {
        match quantifier {
            Quantifier::Any => self.holds,
            Quantifier::All => self.holds && !self.fails,
        }
    }
}
