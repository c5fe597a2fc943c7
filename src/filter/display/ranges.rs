//! The part of the lexer that reads what stands in brackets, where signs mean other things.

use super::lexer::Lexer;
use super::literal;
use super::slice::{Extent, Range};
use super::syntax::{Checked, Mistake, Span};

impl Lexer<'_> {
    /// What stands between the bracket that was read and the closing one, which is read too.
    pub(super) fn ranges(&mut self) -> Checked<Vec<Range>> {
        let mut ranges = vec![self.range()?];
        while self.accept(',') {
            ranges.push(self.range()?);
        }
        if self.accept(']') {
            return Ok(ranges);
        }
        Err(Mistake::new(self.here(), "']' is missing")
            .hint("a slice is [start:length], [first-last] or [start]"))
    }

    fn range(&mut self) -> Checked<Range> {
        self.skip_space();
        let begin = self.at;
        let start = if self.sees(':') { 0 } else { self.offset()? };
        let extent = if self.accept(':') {
            if self.sees(']') || self.sees(',') {
                Extent::Rest
            } else {
                Extent::Len(self.offset()?)
            }
        } else if self.accept('-') {
            Extent::Through(self.offset()?)
        } else {
            Extent::Len(1)
        };
        let span = Span {
            start: begin,
            end: self.at,
        };
        match extent {
            Extent::Len(len) if len <= 0 => Err(Mistake::new(span, "a slice has a length")),
            Extent::Through(last) if (last < 0) == (start < 0) && last < start => {
                Err(Mistake::new(span, "a slice ends behind its start"))
            }
            _ => Ok(Range { start, extent }),
        }
    }

    /// A number with a sign or none, in decimal, octal or hexadecimal.
    fn offset(&mut self) -> Checked<i32> {
        self.skip_space();
        let rest = &self.text[self.at..];
        let digits = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let len = digits
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(digits.len());
        let number = literal::number(&digits[..len]).and_then(|n| i32::try_from(n).ok());
        let Some(number) = number else {
            return Err(Mistake::new(self.here(), "an offset is missing")
                .hint("a slice is [start:length], [first-last] or [start]"));
        };
        self.at += rest.len() - digits.len() + len;
        Ok(if rest.starts_with('-') {
            -number
        } else {
            number
        })
    }

    fn sees(&mut self, sign: char) -> bool {
        self.skip_space();
        self.text[self.at..].starts_with(sign)
    }

    fn accept(&mut self, sign: char) -> bool {
        let seen = self.sees(sign);
        self.at += usize::from(seen) * sign.len_utf8();
        seen
    }

    fn here(&self) -> Span {
        Span {
            start: self.at,
            end: self.at,
        }
    }
}
