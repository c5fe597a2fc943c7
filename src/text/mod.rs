//! Writing numbers and addresses as bytes: what every per-packet form is made of. Nothing here allocates
//! once the buffer is large enough; `std::fmt` was measured to take four to six times as long.

pub mod escape;
pub mod wrap;
pub mod zone;

use crate::frame::Timestamp;

pub type Buffer = Vec<u8>;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Every octet in two hexadecimal digits.
static HEX_OCTETS: [[u8; 2]; 256] = {
    let mut octets = [[0; 2]; 256];
    let mut n = 0;
    while n < 256 {
        octets[n] = [HEX[n >> 4], HEX[n & 0xf]];
        n += 1;
    }
    octets
};

pub fn push(out: &mut Buffer, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

pub fn push_number(out: &mut Buffer, n: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// `n` with at least `width` characters, spaces in front.
pub fn push_right(out: &mut Buffer, n: u64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(n);
    push_spaces(out, width.saturating_sub(digits.len()));
    push(out, digits);
}

/// `text` with at least `width` characters, spaces behind; `text` is ASCII.
pub fn push_left(out: &mut Buffer, text: &str, width: usize) {
    push(out, text);
    push_spaces(out, width.saturating_sub(text.len()));
}

pub fn push_spaces(out: &mut Buffer, count: usize) {
    const SPACES: &[u8; 16] = b"                ";
    match SPACES.get(..count) {
        Some(few) => out.extend_from_slice(few),
        None => out.resize(out.len() + count, b' '),
    }
}

/// `n` with exactly `digits` decimal digits, up to ten, zeros in front; higher digits are left out.
pub fn push_padded(out: &mut Buffer, mut n: u32, digits: usize) {
    const MOST: usize = 10;
    let mut text = [b'0'; MOST];
    for pair in text.as_chunks_mut::<2>().0.iter_mut().rev() {
        let two = (n % 100) as u8;
        *pair = [b'0' + two / 10, b'0' + two % 10];
        n /= 100;
    }
    out.extend_from_slice(&text[MOST - digits..]);
}

/// `0x` and at least `digits` hexadecimal digits.
pub fn push_hex(out: &mut Buffer, n: u64, digits: u8) {
    const MOST: usize = 16;
    let needed = (64 - n.leading_zeros()).div_ceil(4) as usize;
    let count = needed.max(digits.into()).clamp(1, MOST);
    let mut text = [b'x'; 1 + MOST];
    for (place, digit) in text[1..=count].iter_mut().rev().enumerate() {
        *digit = HEX[(n >> (4 * place) & 0xf) as usize];
    }
    out.push(b'0');
    out.extend_from_slice(&text[..=count]);
}

/// Two hexadecimal digits a byte, nothing between.
pub fn push_bytes(out: &mut Buffer, bytes: &[u8]) {
    // Some at a time: making room for each pair of digits takes longer than writing it.
    const AT_ONCE: usize = 32;
    for some in bytes.chunks(AT_ONCE) {
        let mut text = [[0; 2]; AT_ONCE];
        for (digits, octet) in text.iter_mut().zip(some) {
            *digits = HEX_OCTETS[usize::from(*octet)];
        }
        out.extend_from_slice(text[..some.len()].as_flattened());
    }
}

pub fn push_octet(out: &mut Buffer, octet: u8) {
    out.extend_from_slice(&HEX_OCTETS[usize::from(octet)]);
}

pub fn push_mac(out: &mut Buffer, mac: [u8; 6]) {
    let mut text = [b':'; 17];
    for (place, octet) in mac.into_iter().enumerate() {
        text[3 * place..3 * place + 2].copy_from_slice(&HEX_OCTETS[usize::from(octet)]);
    }
    out.extend_from_slice(&text);
}

pub fn push_ipv4(out: &mut Buffer, address: [u8; 4]) {
    // Room for the longest, and for what is copied behind the last octet without looking how long it is.
    let mut text = [0; 17];
    let mut len = 0;
    for octet in address {
        let (digits, count) = &OCTETS[usize::from(octet)];
        text[len..len + 4].copy_from_slice(digits);
        len += usize::from(*count);
    }
    // Behind each octet stands a point.
    out.extend_from_slice(&text[..len - 1]);
}

/// Every octet in decimal and a point, and how many characters that takes.
static OCTETS: [([u8; 4], u8); 256] = {
    let mut octets = [([b'.'; 4], 0); 256];
    let mut n = 0;
    while n < 256 {
        let digits = [(n / 100) as u8, (n / 10 % 10) as u8, (n % 10) as u8];
        let count = if n >= 100 {
            3
        } else if n >= 10 {
            2
        } else {
            1
        };
        let mut place = 0;
        while place < count {
            octets[n].0[place] = b'0' + digits[3 - count + place];
            place += 1;
        }
        octets[n].1 = count as u8 + 1;
        n += 1;
    }
    octets
};

/// RFC 5952, and dotted decimal where the last 32 bits are an IPv4 address, as `inet_ntop` writes it.
pub fn push_ipv6(out: &mut Buffer, address: [u8; 16]) {
    let mut groups = [0u16; 8];
    for (group, pair) in groups.iter_mut().zip(address.chunks_exact(2)) {
        *group = u16::from_be_bytes([pair[0], pair[1]]);
    }
    let (gap_start, gap_len) = longest_zeros(&groups);
    let embeds_ipv4 = gap_start == 0 && (gap_len == 6 || gap_len == 5 && groups[5] == 0xffff);
    let shown = if embeds_ipv4 { 6 } else { 8 };
    let mut place = 0;
    while place < shown {
        if place == gap_start && gap_len > 0 {
            push(out, "::");
            place += gap_len;
            continue;
        }
        if place > 0 && place != gap_start + gap_len {
            out.push(b':');
        }
        push_group(out, groups[place]);
        place += 1;
    }
    if embeds_ipv4 {
        if gap_len == 5 {
            out.push(b':');
        }
        push_ipv4(out, [address[12], address[13], address[14], address[15]]);
    }
}

fn push_group(out: &mut Buffer, group: u16) {
    let digits = (16 - group.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        out.push(HEX[usize::from(group >> (4 * digit) & 0xf)]);
    }
}

/// Start and length of the longest run of zero groups; a single one is not shortened. (8, 0) where there is none.
fn longest_zeros(groups: &[u16; 8]) -> (usize, usize) {
    let (mut best, mut start) = ((8, 1), 0);
    while start < 8 {
        let len = groups[start..]
            .iter()
            .take_while(|group| **group == 0)
            .count();
        if len > best.1 {
            best = (start, len);
        }
        start += len.max(1);
    }
    if best.0 == 8 { (8, 0) } else { best }
}

/// Seconds since 1970 with nine decimals.
pub fn push_epoch(out: &mut Buffer, time: Timestamp) {
    push_seconds(out, time.nanos(), 9);
}

/// Nanoseconds as seconds with `decimals` digits behind the point, 1 to 9; cut, not rounded.
pub fn push_seconds(out: &mut Buffer, nanos: i64, decimals: usize) {
    if nanos < 0 {
        out.push(b'-');
    }
    let nanos = nanos.unsigned_abs();
    push_number(out, nanos / 1_000_000_000);
    out.push(b'.');
    let fraction = (nanos % 1_000_000_000) as u32;
    push_padded(out, fraction / 10u32.pow(9 - decimals as u32), decimals);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn written(write: impl Fn(&mut Buffer)) -> String {
        let mut out = Buffer::new();
        write(&mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn ipv6_is_written_as_inet_ntop_does() {
        for text in [
            "::",
            "::1",
            "fe80::1",
            "2001:db8::",
            "2001:db8:0:1:1:1:1:1",
            "1:0:0:2::3",
            "1:2:3:4:5:6:7:8",
            "::ffff:10.9.0.1",
            "::10.9.0.1",
            "1:2:3:4:5:6::",
            "::2:3:4:5:6:7:8",
        ] {
            // A single zero group is not shortened.
            let text = if text == "::2:3:4:5:6:7:8" {
                "0:2:3:4:5:6:7:8"
            } else {
                text
            };
            let address: Ipv6Addr = text.parse().expect("an address");
            assert_eq!(written(|out| push_ipv6(out, address.octets())), text);
        }
    }

    #[test]
    fn hexadecimal_has_the_digits_asked_for_and_more_where_needed() {
        assert_eq!(written(|out| push_hex(out, 0, 4)), "0x0000");
        assert_eq!(written(|out| push_hex(out, 0x12345, 4)), "0x12345");
    }

    #[test]
    fn times_before_1970_keep_their_sign() {
        assert_eq!(
            written(|out| push_seconds(out, -1_500_000_000, 6)),
            "-1.500000"
        );
        assert_eq!(
            written(|out| push_seconds(out, 1_000_000_001, 9)),
            "1.000000001"
        );
    }

    proptest! {
        #[test]
        fn addresses_read_back(v4 in any::<[u8; 4]>(), v6 in any::<[u8; 16]>(), holes in any::<u8>()) {
            let mut v6 = v6;
            for (place, pair) in v6.chunks_exact_mut(2).enumerate() {
                if holes >> place & 1 == 1 {
                    pair.fill(0);
                }
            }
            prop_assert_eq!(written(|out| push_ipv4(out, v4)), Ipv4Addr::from(v4).to_string());
            let text = written(|out| push_ipv6(out, v6));
            prop_assert_eq!(text.parse::<Ipv6Addr>().expect("an address").octets(), v6);
        }
    }
}
