//! Words, numbers and what stands between parentheses, with their places.

use super::quantity::{self, Comparison, RELATIONS, Unit};
use crate::filter::{Mistake, Span};

type Read<T> = Result<T, Mistake>;

pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// One part of what stands between parentheses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub text: &'a str,
    pub span: Span,
}

impl<'a> Words<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&mut self) -> &'a str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    /// Where the next word stands.
    pub(super) fn here(&mut self) -> Span {
        let len = word_len(self.rest());
        Span {
            start: self.at,
            end: self.at + len,
        }
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.rest().is_empty()
    }

    /// The next word, as long as what belongs to names, numbers and addresses goes on; empty where another sign stands.
    pub(super) fn word(&mut self) -> Part<'a> {
        let span = self.here();
        self.at = span.end;
        Part {
            text: &self.text[span.start..span.end],
            span,
        }
    }

    /// Takes `words` where they come next, however many spaces are between them.
    pub(super) fn takes(&mut self, words: &str) -> bool {
        let start = self.at;
        for wanted in words.split(' ') {
            if self.word().text != wanted {
                self.at = start;
                return false;
            }
        }
        true
    }

    pub(super) fn comparison(&mut self, unit: Unit) -> Read<Comparison> {
        let rest = self.rest();
        let Some((sign, relation)) = RELATIONS.iter().find(|(sign, _)| rest.starts_with(sign))
        else {
            return Err(Mistake::new(self.here(), "a comparison is missing")
                .hint("one of == != < <= > >= and a number"));
        };
        self.at += sign.len();
        // A number and its unit, with or without a space.
        let first = self.word();
        let mut span = first.span;
        let is_bare = first.text.chars().all(|c| c.is_ascii_digit() || c == '.');
        if is_bare && !self.is_at_end() {
            span.end = self.word().span.end;
        }
        let text = &self.text[span.start..span.end];
        match quantity::parse(text, unit) {
            Ok(value) => Ok(Comparison {
                relation: *relation,
                value,
            }),
            Err(reason) => Err(Mistake::new(span, reason)),
        }
    }

    /// The parts between parentheses, at the commas that stand in no parentheses, braces, brackets or quotes of their own.
    pub(super) fn parts(&mut self) -> Read<Vec<Part<'a>>> {
        let rest = self.rest();
        if !rest.starts_with('(') {
            return Err(Mistake::new(self.here(), "'(' is missing"));
        }
        let open = Span {
            start: self.at,
            end: self.at + 1,
        };
        let mut parts = Vec::new();
        let mut depth = 0usize;
        let mut start = self.at + 1;
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in self
            .text
            .char_indices()
            .skip_while(|(at, _)| *at < open.start)
        {
            match (quote, c) {
                (Some(_), '\\') if !escaped => {
                    escaped = true;
                    continue;
                }
                (Some(mark), c) if c == mark && !escaped => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(' | '[' | '{') => depth += 1,
                (None, ')' | ']' | '}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        parts.push(self.part(start, at));
                        self.at = at + 1;
                        return Ok(parts);
                    }
                }
                (None, ',') if depth == 1 => {
                    parts.push(self.part(start, at));
                    start = at + 1;
                }
                _ => {}
            }
            escaped = false;
        }
        Err(Mistake::new(open, "this '(' is not closed").hint("')' is missing"))
    }

    fn part(&self, start: usize, end: usize) -> Part<'a> {
        let whole = &self.text[start..end];
        let text = whole.trim();
        let start = start + (whole.len() - whole.trim_start().len());
        Part {
            text,
            span: Span {
                start,
                end: start + text.len(),
            },
        }
    }
}

fn word_len(text: &str) -> usize {
    let belongs = |c: char| c.is_alphanumeric() || "._:-/%".contains(c);
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}
