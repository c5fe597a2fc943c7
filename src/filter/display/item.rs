//! Values while a filter looks at them, and how they compare.

use std::cell::RefCell;
use std::cmp::Ordering;

use memchr::memmem;

use super::syntax::Relation;
use crate::fields::Type;

/// What kinds of values there are; those that compare with each other share a [`Class::family`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Number,
    Bool,
    Ipv4,
    Ipv6,
    Mac,
    Bytes,
    Text,
    /// As a number: nanoseconds.
    Time,
}

impl Class {
    pub(super) fn of(kind: Type) -> Self {
        match kind {
            Type::Uint | Type::Hex(_) => Self::Number,
            Type::Bool => Self::Bool,
            Type::Mac => Self::Mac,
            Type::Ipv4 => Self::Ipv4,
            Type::Ipv6 => Self::Ipv6,
            Type::Bytes => Self::Bytes,
            Type::Text => Self::Text,
            Type::Time | Type::Seconds => Self::Time,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
            Self::Mac => "a MAC address",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Time => "a time",
        }
    }

    fn family(self) -> Self {
        match self {
            Self::Bool => Self::Number,
            Self::Mac => Self::Bytes,
            other => other,
        }
    }

    pub(super) fn compares_with(self, other: Self) -> bool {
        self.family() == other.family()
    }

    pub(super) fn is_bytes_or_text(self) -> bool {
        matches!(self, Self::Mac | Self::Bytes | Self::Text)
    }
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    Number(i128),
    /// An IPv4 or IPv6 address; only the bits of the mask compare (RFC 4632).
    Address {
        bits: u128,
        mask: u128,
    },
    Bytes(&'a [u8]),
    Text(&'a [u8]),
}

impl<'a> Item<'a> {
    pub(super) fn address(bits: u128) -> Self {
        Self::Address {
            bits,
            mask: u128::MAX,
        }
    }

    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) | Self::Text(bytes) => bytes,
            _ => &[],
        }
    }

    pub(super) fn is_zero(self) -> bool {
        match self {
            Self::Number(n) => n == 0,
            Self::Address { bits, .. } => bits == 0,
            Self::Bytes(bytes) | Self::Text(bytes) => bytes.iter().all(|byte| *byte == 0),
        }
    }

    /// Text as a dictionary has it; bytes by length first, as Wireshark does.
    fn order(self, other: Item<'_>) -> Option<Ordering> {
        match (self, other) {
            (Item::Number(a), Item::Number(b)) => Some(a.cmp(&b)),
            (Item::Address { bits, mask }, Item::Address { bits: b, mask: m }) => {
                Some((bits & mask & m).cmp(&(b & mask & m)))
            }
            (Item::Text(a), b) => Some(a.cmp(b.bytes())),
            (Item::Bytes(a), Item::Bytes(b) | Item::Text(b)) => {
                Some(a.len().cmp(&b.len()).then_with(|| a.cmp(b)))
            }
            _ => None,
        }
    }
}

impl Relation {
    pub(super) fn holds(self, left: Item<'_>, right: Item<'_>) -> bool {
        if self == Self::Contains {
            return contains(left.bytes(), right.bytes());
        }
        left.order(right).is_some_and(|order| match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual | Self::Contains => order.is_ge(),
        })
    }
}

/// Nothing is in nothing: Wireshark says that no field contains "".
fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    !wanted.is_empty() && memmem::find(bytes, wanted).is_some()
}

/// Memory for values that have to be put together (slices of several pieces, text made of numbers), kept from
/// frame to frame. One for each worker.
#[derive(Debug, Default)]
pub struct Scratch(RefCell<Vec<Vec<u8>>>);

impl Scratch {
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let mut buffer = self.0.borrow_mut().pop().unwrap_or_default();
        buffer.clear();
        let result = work(&mut buffer);
        self.0.borrow_mut().push(buffer);
        result
    }
}
