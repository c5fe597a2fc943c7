//! The words and signs of a display filter.

use super::quoted;
use super::syntax::{Checked, Mistake, Operator, Quantifier, Relation, Span};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Text(Vec<u8>),
    Char(u8),
    Sign(Sign),
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Or,
    Xor,
    And,
    Not,
    /// With the occurrences that have to hold it where nobody says `any` or `all`.
    Compare(Relation, Quantifier),
    Matches,
    In,
    Quantifier(Quantifier),
    Operator(Operator),
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    Comma,
    Hash,
    /// Between the ends of a range in a set.
    DotDot,
}

/// Signs, those first that begin with others.
#[rustfmt::skip]
const SIGNS: &[(&str, Sign)] = &[
    ("===", Sign::Compare(Relation::Equal, Quantifier::All)),
    ("!==", Sign::Compare(Relation::NotEqual, Quantifier::Any)),
    ("==", Sign::Compare(Relation::Equal, Quantifier::Any)),
    ("!=", Sign::Compare(Relation::NotEqual, Quantifier::All)),
    ("~=", Sign::Compare(Relation::NotEqual, Quantifier::Any)),
    (">=", Sign::Compare(Relation::GreaterOrEqual, Quantifier::Any)),
    ("<=", Sign::Compare(Relation::LessOrEqual, Quantifier::Any)),
    (">", Sign::Compare(Relation::Greater, Quantifier::Any)),
    ("<", Sign::Compare(Relation::Less, Quantifier::Any)),
    ("~", Sign::Matches),
    ("&&", Sign::And),
    ("||", Sign::Or),
    ("^^", Sign::Xor),
    ("!", Sign::Not),
    ("&", Sign::Operator(Operator::And)),
    ("+", Sign::Operator(Operator::Plus)),
    ("-", Sign::Operator(Operator::Minus)),
    ("*", Sign::Operator(Operator::Times)),
    ("/", Sign::Operator(Operator::Divide)),
    ("%", Sign::Operator(Operator::Remainder)),
    ("(", Sign::OpenParen),
    (")", Sign::CloseParen),
    ("{", Sign::OpenBrace),
    ("}", Sign::CloseBrace),
    ("[", Sign::OpenBracket),
    (",", Sign::Comma),
    ("#", Sign::Hash),
    ("..", Sign::DotDot),
];

#[rustfmt::skip]
const WORDS: &[(&str, Sign)] = &[
    ("eq", Sign::Compare(Relation::Equal, Quantifier::Any)),
    ("any_eq", Sign::Compare(Relation::Equal, Quantifier::Any)),
    ("all_eq", Sign::Compare(Relation::Equal, Quantifier::All)),
    ("ne", Sign::Compare(Relation::NotEqual, Quantifier::All)),
    ("all_ne", Sign::Compare(Relation::NotEqual, Quantifier::All)),
    ("any_ne", Sign::Compare(Relation::NotEqual, Quantifier::Any)),
    ("gt", Sign::Compare(Relation::Greater, Quantifier::Any)),
    ("lt", Sign::Compare(Relation::Less, Quantifier::Any)),
    ("ge", Sign::Compare(Relation::GreaterOrEqual, Quantifier::Any)),
    ("le", Sign::Compare(Relation::LessOrEqual, Quantifier::Any)),
    ("contains", Sign::Compare(Relation::Contains, Quantifier::Any)),
    ("matches", Sign::Matches),
    ("in", Sign::In),
    ("any", Sign::Quantifier(Quantifier::Any)),
    ("all", Sign::Quantifier(Quantifier::All)),
    ("bitwise_and", Sign::Operator(Operator::And)),
    ("or", Sign::Or),
    ("xor", Sign::Xor),
    ("and", Sign::And),
    ("not", Sign::Not),
];

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word or sign, and where it stands.
    pub(super) fn next(&mut self) -> Checked<(Token<'a>, Span)> {
        self.skip_space();
        let start = self.at;
        let rest = &self.text[start..];
        let token = if rest.is_empty() {
            Token::End
        } else if let Some(quoted) = quoted::starting(rest) {
            let (token, len) = quoted.map_err(|mistake| Mistake {
                span: Span {
                    start: start + mistake.span.start,
                    end: start + mistake.span.end,
                },
                ..mistake
            })?;
            self.at += len;
            token
        } else if let Some(len) = word_len(rest) {
            self.at += len;
            let word = &rest[..len];
            match WORDS.iter().find(|(name, _)| *name == word) {
                Some((_, sign)) => Token::Sign(*sign),
                None => Token::Word(word),
            }
        } else if let Some((sign, meaning)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))
        {
            self.at += sign.len();
            Token::Sign(*meaning)
        } else {
            return Err(self.unknown());
        };
        let span = Span {
            start,
            end: self.at,
        };
        Ok((token, span))
    }

    fn unknown(&self) -> Mistake {
        let sign = self.text[self.at..].chars().next().unwrap_or(' ');
        let span = Span {
            start: self.at,
            end: self.at + sign.len_utf8(),
        };
        let mistake = Mistake::new(span, format!("'{sign}' means nothing here"));
        match sign {
            '=' => mistake.hint("equal is written '=='"),
            '|' => mistake.hint("or is written 'or' or '||'"),
            _ => mistake,
        }
    }

    pub(super) fn skip_space(&mut self) {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
    }
}

/// Length of the word that a text starts with: a name, a number, an address, bytes.
///
/// A hyphen belongs to it (`00-11-22`), which is why Wireshark wants a space before a minus; so does a slash
/// behind what can be an address (`10.0.0.0/8`).
fn word_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_inside = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let belongs = |at: usize| match bytes[at] {
        b'.' => bytes.get(at + 1) != Some(&b'.') && (at == 0 || bytes[at - 1] != b'.'),
        b'-' => at > 0 && is_inside(at + 1),
        b'/' => at > 0 && is_inside(at + 1) && is_address(&bytes[..at]),
        b':' | b'_' => true,
        byte => byte.is_ascii_alphanumeric() || !byte.is_ascii(),
    };
    let len = (0..bytes.len())
        .find(|at| !belongs(*at))
        .unwrap_or(bytes.len());
    (len > 0).then_some(len)
}

fn is_address(word: &[u8]) -> bool {
    let all = word
        .iter()
        .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'));
    all && word.iter().any(|byte| matches!(byte, b'.' | b':'))
}
