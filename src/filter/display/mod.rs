//! Wireshark's display filters: questions about the fields of a decoded frame.
//!
//! The language is that of Wireshark 4.0 (wireshark-filter(4)) over every field and protocol that netinspect knows:
//!
//! - `tcp`, `tcp.options.mss_val`: it is there
//! - `tcp.port == 80`, `ip.src == 10.0.0.0/8`, `ip.ttl < tcp.hdr_len`: comparison, also `eq ne gt lt ge le`. Where a
//!   field occurs several times any occurrence will do, but `!=` wants all to differ; `===` wants all to be
//!   equal and `!==` any to differ; `any` and `all` in front say it outright
//! - `tcp.port in {80, 8000..8099}`, `frame contains "GET"`, `frame matches "^get|^put"` (knows no case)
//! - `eth.src[0:3] == 00:1b:21`: slices `[start:length]`, `[first-last]`, `[at]`, `[:length]`, `[start:]`, from
//!   the end where negative, joined by commas; `ip.src#2`: the second layer's
//! - `tcp.flags & 0x12 == 0x12`, `udp.dstport == udp.srcport + 1`, grouped by braces
//! - `len(tcp.payload) > 100`, and count, upper, lower, string, max, min, abs
//! - `not`, `and`, `xor`, `or` (`!`, `&&`, `^^`, `||`), binding in this order, and parentheses
//!
//! A text goes through [`lexer`], [`parser`] and [`check`] once; then a [`eval::Test`] asks each frame, reading values
//! where they lie in it.

mod check;
mod eval;
mod expression;
mod function;
mod item;
mod lexer;
mod literal;
mod names;
mod operand;
mod parser;
mod pattern;
mod quoted;
mod ranges;
mod resolve;
mod slice;
mod syntax;
#[cfg(test)]
mod tests;

pub use item::Scratch;

use crate::decode::Packet;
use crate::error::{Error, Result};
use crate::fields::Past;
use eval::Test;
pub use syntax::{Mistake, Span};

/// A filter in Wireshark's language, as given with `-Y`.
#[derive(Debug)]
pub struct DisplayFilter {
    test: Test,
    past: Past,
}

impl DisplayFilter {
    /// # Errors
    /// [`Error::Usage`] with the mistake pointed at.
    pub fn new(text: &str) -> Result<Self> {
        Self::parse(text).map_err(|mistake| Error::Usage(explain(text, &mistake)))
    }

    /// The same, where the filter is part of a larger text.
    ///
    /// # Errors
    /// The mistake, for who has the whole text to point at.
    pub fn parse(text: &str) -> std::result::Result<Self, Mistake> {
        let clause = parser::parse(text)?;
        let (test, past) = check::check(&clause)?;
        Ok(Self { test, past })
    }

    /// What it needs to know of what came before in the capture.
    pub fn past(&self) -> Past {
        self.past
    }

    pub fn accepts(&self, packet: &Packet<'_>, scratch: &Scratch) -> bool {
        self.test.accepts(packet, scratch)
    }
}

/// Says what is wrong with a filter, and points at where it goes wrong.
fn explain(text: &str, mistake: &Mistake) -> String {
    format!(
        "the display filter can't be used: {}\n\
         The language is Wireshark's (man wireshark-filter), such as: tcp.port == 80 and ip.src == 10.0.0.0/8",
        mistake.pointed_at(text)
    )
}
