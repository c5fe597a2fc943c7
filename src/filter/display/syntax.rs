//! What a display filter says, before anybody looked up its names.

use super::slice::Range;

/// Where something stands in the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub(super) fn to(self, last: Self) -> Self {
        Self {
            start: self.start,
            end: last.end,
        }
    }
}

/// What keeps a text from being understood, and where it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub span: Span,
    pub reason: String,
    /// What to write instead; empty where nobody knows.
    pub hint: String,
}

impl Mistake {
    pub fn new(span: Span, reason: impl Into<String>) -> Self {
        Self {
            span,
            reason: reason.into(),
            hint: String::new(),
        }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same mistake in a larger text, of which this one starts at `offset`.
    pub fn moved(mut self, offset: usize) -> Self {
        self.span.start += offset;
        self.span.end += offset;
        self
    }

    /// What is wrong, the text, and a mark under where it goes wrong: three lines.
    pub fn pointed_at(&self, text: &str) -> String {
        let column = text[..self.span.start].chars().count();
        // On one line, or the caret would stand under the wrong one.
        let line = text.replace(|c: char| c.is_whitespace() || c.is_control(), " ");
        let pointer = format!("^ {}", self.hint);
        format!(
            "{}\n    {line}\n    {:column$}{}",
            self.reason,
            "",
            pointer.trim_end()
        )
    }
}

pub(super) type Checked<T> = Result<T, Mistake>;

/// Something that is true of a frame or not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Clause<'a> {
    Or(Vec<Clause<'a>>),
    Xor(Vec<Clause<'a>>),
    And(Vec<Clause<'a>>),
    Not(Box<Clause<'a>>),
    Exists(Expr<'a>),
    /// `a < b`, or a chain of them: `a < b < c`.
    Compare {
        quantifier: Option<Quantifier>,
        first: Expr<'a>,
        rest: Vec<(Relation, Quantifier, Expr<'a>)>,
    },
    Matches {
        quantifier: Quantifier,
        left: Expr<'a>,
        pattern: Expr<'a>,
    },
    In {
        quantifier: Quantifier,
        left: Expr<'a>,
        /// One value, or the first and the last of a range.
        set: Vec<(Expr<'a>, Option<Expr<'a>>)>,
    },
}

/// How many of a field's occurrences have to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// Something that has values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr<'a> {
    pub span: Span,
    pub node: Node<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    /// A field's or protocol's name, or a value written without quotes: which one, its place decides.
    Word(&'a str),
    /// A name, in the layers of that protocol that these ranges (from 1) tell.
    Layered(&'a str, Vec<Range>),
    Text(Vec<u8>),
    Char(u8),
    Call(&'a str, Vec<Expr<'a>>),
    Slice(Box<Expr<'a>>, Vec<Range>),
    Arithmetic(Box<Expr<'a>>, Operator, Box<Expr<'a>>),
    Negative(Box<Expr<'a>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}
