//! One row of the register, and the short ways to write one.

use std::ops::Range;

use super::value::Value;
use crate::bytes::{be16, be32};
use crate::decode::{Kind, Layer, Packet};

/// What kind of value a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A number, shown in decimal.
    Uint,
    /// A number, shown in hexadecimal with this many digits.
    Hex(u8),
    Bool,
    Mac,
    Ipv4,
    Ipv6,
    Bytes,
    Text,
    /// Seconds since 1970 with nine decimals.
    Time,
    /// A length of time, in seconds with nine decimals.
    Seconds,
}

/// How much of what came before in the capture has to be known, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Past {
    #[default]
    Nothing,
    /// Conversations, and where their numbers start.
    Streams,
    /// And what is out of the ordinary about a segment.
    Findings,
    /// And which segments are still on their way.
    Everything,
}

impl Type {
    pub fn name(self) -> &'static str {
        match self {
            Self::Uint => "number",
            Self::Hex(_) => "number (hex)",
            Self::Bool => "0 or 1",
            Self::Mac => "MAC address",
            Self::Ipv4 => "IPv4 address",
            Self::Ipv6 => "IPv6 address",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Time => "time",
            Self::Seconds => "seconds",
        }
    }
}

type Derive = fn(u64) -> Option<Value<'static>>;
type ReadOne = for<'a> fn(&Packet<'a>, &Layer) -> Option<Value<'a>>;
type ReadMany = for<'a> fn(&Packet<'a>, &Layer, &mut dyn FnMut(Value<'a>));

/// How a value gets out of a layer's header.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    /// `size` bytes at `at` as a number, `mask` applied, shifted down to the mask's lowest bit.
    Number {
        at: u16,
        size: u8,
        mask: u32,
    },
    /// The same, as a truth value.
    Bit {
        at: u16,
        size: u8,
        mask: u32,
    },
    Mac {
        at: u16,
    },
    Ipv4 {
        at: u16,
    },
    Ipv6 {
        at: u16,
    },
    /// Worked out from the number in `size` bytes at `at`, and from nothing else.
    Derived {
        at: u16,
        size: u8,
        derive: Derive,
    },
    One(ReadOne),
    Many(ReadMany),
}

/// A named field of one layer.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub layer: Kind,
    pub kind: Type,
    /// One line for people.
    pub meaning: &'static str,
    /// Another name for what other rows show (`ip.addr`): not shown where all fields are.
    pub alias: bool,
    /// What reading it needs to know of the frames before.
    pub past: Past,
    pub(super) read: Read,
}

impl Field {
    /// Calls `visit` with each value the layer has for this field: none where its bytes are not there.
    #[inline]
    pub fn each<'a>(&self, packet: &Packet<'a>, layer: &Layer, mut visit: impl FnMut(Value<'a>)) {
        // All but a few rows have one value at most: no call through a pointer for these.
        if let Read::Many(read) = self.read {
            read(packet, layer, &mut visit);
        } else if let Some(value) = self.only(packet, layer) {
            visit(value);
        }
    }

    /// The value of a field that a layer has once at most; none of others ([`Self::repeats`]).
    #[inline(always)]
    pub fn only<'a>(&self, packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
        let number = |at, size| number(packet.header(layer), at, size);
        match self.read {
            Read::Number { at, size, mask } => {
                number(at, size).map(|n| Value::Uint(masked(n, mask)))
            }
            Read::Bit { at, size, mask } => {
                number(at, size).map(|n| Value::Bool(n & u64::from(mask) != 0))
            }
            Read::Mac { at } => packet.chunk(layer, at.into()).map(Value::Mac),
            Read::Ipv4 { at } => packet.chunk(layer, at.into()).map(Value::Ipv4),
            Read::Ipv6 { at } => packet.chunk(layer, at.into()).map(Value::Ipv6),
            Read::Derived { at, size, derive } => number(at, size).and_then(derive),
            Read::One(read) => read(packet, layer),
            Read::Many(_) => None,
        }
    }

    /// The bytes of its header that alone decide on the value, where there are such.
    pub fn decided_by(&self) -> Option<Range<usize>> {
        let (at, size) = match self.read {
            Read::Number { at, size, .. }
            | Read::Bit { at, size, .. }
            | Read::Derived { at, size, .. } => (at, size),
            Read::Mac { at } => (at, 6),
            Read::Ipv4 { at } => (at, 4),
            Read::Ipv6 { at } => (at, 16),
            Read::One(_) | Read::Many(_) => return None,
        };
        let at = usize::from(at);
        Some(at..at + usize::from(size))
    }

    /// Marks a row whose value depends on earlier frames.
    pub(super) const fn needs(mut self, past: Past) -> Self {
        self.past = past;
        self
    }

    /// Marks a row that repeats others under a name for either.
    pub(super) const fn alias(mut self) -> Self {
        self.alias = true;
        self
    }
}

/// The number in `size` bytes, up to eight.
#[inline]
fn number(header: &[u8], at: u16, size: u8) -> Option<u64> {
    let at = usize::from(at);
    match size {
        1 => header.get(at).map(|octet| u64::from(*octet)),
        2 => be16(header, at).map(u64::from),
        4 => be32(header, at).map(u64::from),
        _ => {
            let bytes = header.get(at..at + usize::from(size))?;
            Some(bytes.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
        }
    }
}

fn masked(n: u64, mask: u32) -> u64 {
    if mask == u32::MAX {
        n
    } else {
        (n & u64::from(mask)) >> mask.trailing_zeros()
    }
}

/// What rows of a table have in common, so that a row is one line.
pub(super) struct Layout(pub Kind);

impl Layout {
    const fn row(
        &self,
        name: &'static str,
        kind: Type,
        read: Read,
        meaning: &'static str,
    ) -> Field {
        Field {
            name,
            layer: self.0,
            kind,
            meaning,
            alias: false,
            past: Past::Nothing,
            read,
        }
    }

    /// A number of `size` bytes, in decimal.
    pub(super) const fn dec(
        &self,
        name: &'static str,
        at: u16,
        size: u8,
        meaning: &'static str,
    ) -> Field {
        self.row(
            name,
            Type::Uint,
            Read::Number {
                at,
                size,
                mask: u32::MAX,
            },
            meaning,
        )
    }

    /// A number of `size` bytes, in hexadecimal.
    pub(super) const fn hex(
        &self,
        name: &'static str,
        at: u16,
        size: u8,
        meaning: &'static str,
    ) -> Field {
        let read = Read::Number {
            at,
            size,
            mask: u32::MAX,
        };
        self.row(name, Type::Hex(2 * size), read, meaning)
    }

    /// The bits of `mask` in a number of `size` bytes, in decimal.
    pub(super) const fn part(
        &self,
        name: &'static str,
        at: u16,
        size: u8,
        mask: u32,
        meaning: &'static str,
    ) -> Field {
        self.row(name, Type::Uint, Read::Number { at, size, mask }, meaning)
    }

    /// As [`Self::part`], in hexadecimal with `digits` digits.
    pub(super) const fn hex_part(
        &self,
        name: &'static str,
        at: u16,
        size: u8,
        mask: u32,
        digits: u8,
        meaning: &'static str,
    ) -> Field {
        self.row(
            name,
            Type::Hex(digits),
            Read::Number { at, size, mask },
            meaning,
        )
    }

    /// Whether a bit is set.
    pub(super) const fn bit(
        &self,
        name: &'static str,
        at: u16,
        size: u8,
        mask: u32,
        meaning: &'static str,
    ) -> Field {
        self.row(name, Type::Bool, Read::Bit { at, size, mask }, meaning)
    }

    pub(super) const fn mac(&self, name: &'static str, at: u16, meaning: &'static str) -> Field {
        self.row(name, Type::Mac, Read::Mac { at }, meaning)
    }

    pub(super) const fn ipv4(&self, name: &'static str, at: u16, meaning: &'static str) -> Field {
        self.row(name, Type::Ipv4, Read::Ipv4 { at }, meaning)
    }

    pub(super) const fn ipv6(&self, name: &'static str, at: u16, meaning: &'static str) -> Field {
        self.row(name, Type::Ipv6, Read::Ipv6 { at }, meaning)
    }

    /// What `derive` makes of the number in `size` bytes.
    pub(super) const fn derived(
        &self,
        name: &'static str,
        kind: Type,
        at: u16,
        size: u8,
        derive: Derive,
        meaning: &'static str,
    ) -> Field {
        self.row(name, kind, Read::Derived { at, size, derive }, meaning)
    }

    pub(super) const fn one(
        &self,
        name: &'static str,
        kind: Type,
        read: ReadOne,
        meaning: &'static str,
    ) -> Field {
        self.row(name, kind, Read::One(read), meaning)
    }

    pub(super) const fn many(
        &self,
        name: &'static str,
        kind: Type,
        read: ReadMany,
        meaning: &'static str,
    ) -> Field {
        self.row(name, kind, Read::Many(read), meaning)
    }
}
