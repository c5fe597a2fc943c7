//! Quoted text in a display filter: `"…"` with escapes, `r"…"` without, and `'c'` for one byte.

use super::lexer::Token;
use super::syntax::{Checked, Mistake, Span};

/// The quoted thing that `text` starts with, and its length; none where it starts with something else.
pub(super) fn starting<'a>(text: &str) -> Option<Checked<(Token<'a>, usize)>> {
    if let Some(inside) = text.strip_prefix("r\"") {
        return Some(raw(inside).map(|(bytes, len)| (Token::Text(bytes), len + 2)));
    }
    if let Some(inside) = text.strip_prefix('"') {
        let read = escaped(inside, b'"').map_err(|mistake| behind_quote(mistake, text));
        return Some(read.map(|(bytes, len)| (Token::Text(bytes), len + 1)));
    }
    let inside = text.strip_prefix('\'')?;
    Some(
        escaped(inside, b'\'')
            .map_err(|mistake| behind_quote(mistake, text))
            .and_then(|(bytes, len)| match bytes.as_slice() {
                [byte] => Ok((Token::Char(*byte), len + 1)),
                _ => Err(Mistake::new(
                    Span {
                        start: 0,
                        end: len + 1,
                    },
                    "single quotes hold one character",
                )
                .hint("text stands in double quotes")),
            }),
    )
}

fn behind_quote(mistake: Mistake, text: &str) -> Mistake {
    let last = text.len();
    Mistake {
        span: Span {
            start: (mistake.span.start + 1).min(last),
            end: (mistake.span.end + 1).min(last),
        },
        ..mistake
    }
}

/// Up to the closing quote, every backslash kept; one before a quote keeps the text open.
fn raw(inside: &str) -> Checked<(Vec<u8>, usize)> {
    let mut backslash = false;
    for (at, byte) in inside.bytes().enumerate() {
        if byte == b'"' && !backslash {
            return Ok((inside.as_bytes()[..at].to_vec(), at + 1));
        }
        backslash = byte == b'\\' && !backslash;
    }
    Err(unfinished(inside.len() + 2))
}

fn unfinished(end: usize) -> Mistake {
    Mistake::new(Span { start: end, end }, "the closing quote is missing")
}

/// Up to the closing quote; returns what it means, and how much was read.
fn escaped(inside: &str, quote: u8) -> Checked<(Vec<u8>, usize)> {
    let bytes = inside.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        match *byte {
            b if b == quote => return Ok((out, at + 1)),
            b'\\' => {
                let Some(len) = escape(&bytes[at + 1..], &mut out) else {
                    let end = (at + 2..=inside.len()).find(|end| inside.is_char_boundary(*end));
                    let end = end.unwrap_or(inside.len());
                    let span = Span { start: at, end };
                    let what = &inside[at..end];
                    return Err(Mistake::new(span, format!("'{what}' is no escape"))
                        .hint("a backslash is written twice, or the text as r\"…\""));
                };
                at += 1 + len;
            }
            b => {
                out.push(b);
                at += 1;
            }
        }
    }
    Err(unfinished(inside.len()))
}

/// Appends what an escape means; returns its length without the backslash.
fn escape(bytes: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let (first, rest) = bytes.split_first()?;
    let plain = match first {
        b'\'' | b'"' | b'\\' => *first,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'0'..=b'7' => {
            let (number, len) = digits(bytes, 8, 3)?;
            out.push(u8::try_from(number).ok()?);
            return Some(len);
        }
        b'x' => {
            let (number, len) = digits(rest, 16, 2)?;
            out.push(u8::try_from(number).ok()?);
            return Some(1 + len);
        }
        b'u' | b'U' => {
            let wanted = if *first == b'u' { 4 } else { 8 };
            let (number, len) = digits(rest, 16, wanted)?;
            let c = char::from_u32(number).filter(|_| len == wanted)?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(1 + len);
        }
        _ => return None,
    };
    out.push(plain);
    Some(1)
}

/// The number that at most `most` digits write, and how many there are.
fn digits(bytes: &[u8], radix: u32, most: usize) -> Option<(u32, usize)> {
    let found = bytes
        .iter()
        .take(most)
        .map_while(|byte| char::from(*byte).to_digit(radix));
    let (mut number, mut len) = (0, 0);
    for digit in found {
        number = number * radix + digit;
        len += 1;
    }
    (len > 0).then_some((number, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> Option<Vec<u8>> {
        match starting(source)? {
            Ok((Token::Text(bytes), len)) if len == source.len() => Some(bytes),
            _ => None,
        }
    }

    #[test]
    fn escapes_are_c_s() {
        assert_eq!(text(r#""\x47ET""#).as_deref(), Some(&b"GET"[..]));
        assert_eq!(text(r#""\107ET""#).as_deref(), Some(&b"GET"[..]));
        assert_eq!(text(r#""a\"b\\\n""#).as_deref(), Some(&b"a\"b\\\n"[..]));
        assert_eq!(
            text(r#""\u00e9\xff""#).as_deref(),
            Some(&b"\xc3\xa9\xff"[..])
        );
        assert_eq!(text(r#""\400""#), None);
        assert_eq!(text(r#""\ud800""#), None);
        assert_eq!(text("\"\\é\""), None);
        assert_eq!(text("\"\\"), None);
    }

    #[test]
    fn raw_text_keeps_its_backslashes() {
        assert_eq!(text(r#"r"\x47\"""#).as_deref(), Some(&br#"\x47\""#[..]));
        assert_eq!(text(r#"r"a\\""#).as_deref(), Some(&br"a\\"[..]));
        assert_eq!(text(r#"r"a"#), None);
    }

    #[test]
    fn single_quotes_hold_one_byte() {
        assert_eq!(starting("'G'"), Some(Ok((Token::Char(b'G'), 3))));
        assert_eq!(starting(r"'\n'"), Some(Ok((Token::Char(b'\n'), 4))));
        assert!(matches!(starting("'GET'"), Some(Err(_))));
        assert!(matches!(starting("''"), Some(Err(_))));
    }
}
