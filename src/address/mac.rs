//! MAC addresses as people and programs write them.

/// Reads twelve hexadecimal digits with colons, dashes, dots or nothing between them; or six numbers of one or two
/// digits each with colons between, as arpwatch and some Unix programs write them.
pub fn parse_mac(text: &str) -> Option<[u8; 6]> {
    short(text).or_else(|| long(text))
}

fn short(text: &str) -> Option<[u8; 6]> {
    let mut parts = text.split(':');
    let mut mac = [0; 6];
    for octet in &mut mac {
        let part = parts.next()?;
        let is_hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
        *octet = u8::from_str_radix(part, 16).ok().filter(|_| is_hex)?;
    }
    parts.next().is_none().then_some(mac)
}

fn long(text: &str) -> Option<[u8; 6]> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !matches!(c, ':' | '-' | '.'))
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()?;
    let mut mac = [0; 6];
    if digits.len() != 12 {
        return None;
    }
    for (octet, pair) in mac.iter_mut().zip(digits.chunks_exact(2)) {
        *octet = pair[0] << 4 | pair[1];
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macs_in_every_spelling() {
        let expected = [0, 0x1b, 0x21, 0x3c, 0x4d, 0x5e];
        for text in [
            "00:1b:21:3c:4d:5e",
            "0:1b:21:3c:4d:5e",
            "00-1B-21-3C-4D-5E",
            "001b.213c.4d5e",
            "001B213C4D5E",
        ] {
            assert_eq!(parse_mac(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "00:1b:21:3c:4d",
            "00:1b:21:3c:4d:5e:6f",
            "00:1b:21:3c:4d:5g",
            "0:1b:21:3c:4d:+5",
        ] {
            assert_eq!(parse_mac(text), None, "{text}");
        }
    }
}
