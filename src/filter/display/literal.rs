//! Values as they are written in a display filter; which kind, the field they are compared with decides.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::item::{Class, Item};

/// A value that was written in the filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Number(i128),
    Address { bits: u128, mask: u128 },
    Bytes(Vec<u8>),
    Text(Vec<u8>),
}

impl Constant {
    pub(super) fn item(&self) -> Item<'_> {
        match self {
            Self::Number(n) => Item::Number(*n),
            Self::Address { bits, mask } => Item::Address {
                bits: *bits,
                mask: *mask,
            },
            Self::Bytes(bytes) => Item::Bytes(bytes),
            Self::Text(text) => Item::Text(text),
        }
    }
}

/// What a word without quotes means as a value of this class.
pub(super) fn word(word: &str, class: Class) -> Option<Constant> {
    match class {
        Class::Number => number(word).map(Constant::Number),
        Class::Bool => truth(word).map(Constant::Number),
        Class::Ipv4 => ipv4(word),
        Class::Ipv6 => ipv6(word),
        Class::Mac => bytes(word)
            .filter(|mac| mac.len() == 6)
            .map(Constant::Bytes),
        Class::Bytes => bytes(word).map(Constant::Bytes),
        Class::Text => Some(Constant::Text(word.as_bytes().to_vec())),
        Class::Time => seconds(word).map(Constant::Number),
    }
}

/// What quoted text means as a value of this class.
pub(super) fn text(text: &[u8], class: Class) -> Option<Constant> {
    match class {
        Class::Text => Some(Constant::Text(text.to_vec())),
        Class::Bytes => Some(Constant::Bytes(text.to_vec())),
        Class::Time => date(std::str::from_utf8(text).ok()?).map(Constant::Number),
        _ => None,
    }
}

/// What a byte in single quotes means as a value of this class.
pub(super) fn char(byte: u8, class: Class) -> Option<Constant> {
    match class {
        Class::Number => Some(Constant::Number(byte.into())),
        Class::Bytes => Some(Constant::Bytes(vec![byte])),
        Class::Text => Some(Constant::Text(vec![byte])),
        _ => None,
    }
}

/// How to write a value of this class.
pub(super) fn example(class: Class) -> &'static str {
    match class {
        Class::Number => "such as 80, 0x50 or 0120",
        Class::Bool => "1 or True, 0 or False",
        Class::Ipv4 => "such as 10.0.0.1 or 10.0.0.0/8, without quotes",
        Class::Ipv6 => "such as fe80::1 or fe80::/10, without quotes",
        Class::Mac => "such as 00:1b:21:00:00:02, without quotes",
        Class::Bytes => "such as 00:1b:21 or \"GET\"",
        Class::Text => "in double quotes, such as \"GET\"",
        Class::Time => "seconds since 1970, or \"2023-11-14 22:13:20\"",
    }
}

/// C's notation: `0x` hexadecimal, `0b` binary, `0` octal, else decimal.
pub(super) fn number(word: &str) -> Option<i128> {
    let (digits, radix) = match word.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&word[2..], 16),
        [b'0', b'b' | b'B', ..] => (&word[2..], 2),
        [b'0', _, ..] => (&word[1..], 8),
        _ => (word, 10),
    };
    let is_digit = |c: char| c.is_digit(radix);
    if digits.is_empty() || !digits.chars().all(is_digit) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(i128::from)
}

fn truth(word: &str) -> Option<i128> {
    match word {
        "True" | "TRUE" | "true" => Some(1),
        "False" | "FALSE" | "false" => Some(0),
        _ => number(word).map(|n| i128::from(n != 0)),
    }
}

fn ipv4(word: &str) -> Option<Constant> {
    let (address, prefix) = prefixed(word, 32)?;
    let address: Ipv4Addr = address.parse().ok()?;
    // The mask is of 128 bits, of which an IPv4 address has the last 32.
    Some(Constant::Address {
        bits: u32::from(address).into(),
        mask: u128::MAX.checked_shl(32 - prefix).unwrap_or(0),
    })
}

fn ipv6(word: &str) -> Option<Constant> {
    let (address, prefix) = prefixed(word, 128)?;
    let address: Ipv6Addr = address.parse().ok()?;
    Some(Constant::Address {
        bits: address.into(),
        mask: u128::MAX.checked_shl(128 - prefix).unwrap_or(0),
    })
}

fn prefixed(word: &str, most: u32) -> Option<(&str, u32)> {
    let Some((address, prefix)) = word.split_once('/') else {
        return Some((word, most));
    };
    let prefix = number(prefix).and_then(|n| u32::try_from(n).ok())?;
    (prefix <= most).then_some((address, prefix))
}

/// Pairs of hexadecimal digits joined by colons, hyphens, dots or nothing; Cisco's dotted groups of four; one
/// digit for a single byte.
fn bytes(word: &str) -> Option<Vec<u8>> {
    if let Some(digits) = word.strip_prefix("0x") {
        return (digits.len() == 2).then(|| pairs(digits)).flatten();
    }
    if word.len() == 1 {
        return Some(vec![u8::from_str_radix(word, 16).ok()?]);
    }
    let Some(separator) = word.chars().find(|c| matches!(c, ':' | '-' | '.')) else {
        return pairs(word);
    };
    let mut all = Vec::with_capacity(word.len() / 3 + 1);
    // One colon at the end says that a single pair is bytes.
    let one_byte = word.strip_suffix(':').filter(|pair| pair.len() == 2);
    for group in one_byte.unwrap_or(word).split(separator) {
        if group.len() != 2 && !(group.len() == 4 && separator == '.') {
            return None;
        }
        all.extend(pairs(group)?);
    }
    Some(all)
}

fn pairs(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|n| n as u8);
    let mut all = Vec::with_capacity(digits.len() / 2);
    let mut rest = digits.as_bytes().chunks_exact(2);
    for pair in &mut rest {
        all.push(digit(&pair[0])? << 4 | digit(&pair[1])?);
    }
    rest.remainder().is_empty().then_some(all)
}

const NANOS_PER_SECOND: i128 = 1_000_000_000;

/// Seconds since 1970 with up to nine decimals, in nanoseconds.
fn seconds(word: &str) -> Option<i128> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let nanos: u32 = format!("{fraction:0<9}").parse().ok()?;
    Some(i128::from(whole) * NANOS_PER_SECOND + i128::from(nanos))
}

/// ISO 8601; without an offset from UTC, in this machine's time zone, as lines show it.
fn date(text: &str) -> Option<i128> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_nanosecond());
    }
    let local: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = local.to_zoned(crate::text::zone::here()).ok()?;
    Some(zoned.timestamp().as_nanosecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_c_s() {
        let written = ["80", "0x50", "0120", "0b1010000"];
        assert!(written.iter().all(|word| number(word) == Some(80)));
        assert_eq!(number("0"), Some(0));
        for wrong in ["080", "0x", "", "+1", "-1", "1e3", "99999999999999999999"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn bytes_have_many_notations() {
        let mac = Some(vec![0, 0x1b, 0x21, 0, 0, 2]);
        for word in [
            "00:1b:21:00:00:02",
            "00-1b-21-00-00-02",
            "001b.2100.0002",
            "001b21000002",
            "00.1B.21.00.00.02",
        ] {
            assert_eq!(bytes(word), mac, "{word}");
        }
        assert_eq!(bytes("0x02"), Some(vec![2]));
        assert_eq!(bytes("2"), Some(vec![2]));
        assert_eq!(bytes("ff:"), Some(vec![0xff]));
        for wrong in [
            "0x0200", "2:0", "00:1b:", "00:1b-21", "123", "xy", "é", "00:é",
        ] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_prefix_leaves_the_rest_of_an_address_open() {
        let Some(Constant::Address { mask, .. }) = ipv4("10.0.0.0/8") else {
            panic!("an address");
        };
        assert_eq!(mask as u32, 0xff00_0000);
        assert!(ipv4("10.0.0.1/0").is_some() && ipv6("::/0").is_some());
        assert!(ipv4("10.0.0.1/33").is_none() && ipv6("::/129").is_none());
    }

    #[test]
    fn times_are_seconds_or_dates() {
        assert_eq!(seconds("1700000000.5"), Some(1_700_000_000_500_000_000));
        assert_eq!(seconds("1.0000000001"), None);
        assert_eq!(
            date("2023-11-14T22:13:20.5Z"),
            Some(1_700_000_000_500_000_000)
        );
        assert!(date("2023-11-14 22:13:20").is_some());
        assert_eq!(date("yesterday"), None);
    }
}
