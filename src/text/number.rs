//! Numbers in decimal and hexadecimal, and times in seconds.

use super::short::push_first;
use super::{Buffer, HEX_OCTETS};
use crate::frame::Timestamp;

/// Numbers are written eight digits at a time, which lie in a word as they do in the buffer: the first in its lowest byte.
const EIGHT: usize = 8;
const BEYOND_EIGHT: u64 = 100_000_000;
const ZEROS: u64 = u64::from_le_bytes(*b"00000000");
const BLANKS: u64 = u64::from_le_bytes(*b"        ");

pub fn push_number(out: &mut Buffer, n: u64) {
    if n >= BEYOND_EIGHT {
        return push_long(out, n);
    }
    let digits = digits(n);
    push_last(out, digits | ZEROS, EIGHT - leading_zeros(digits));
}

/// More than eight digits. Apart, since most numbers have fewer.
#[inline(never)]
fn push_long(out: &mut Buffer, n: u64) {
    let (high, low) = (n / BEYOND_EIGHT, n % BEYOND_EIGHT);
    if high >= BEYOND_EIGHT {
        push_number(out, high);
        return push_padded(out, low, EIGHT);
    }
    let high = digits(high);
    let zeros = leading_zeros(high);
    let text = u128::from(high | ZEROS) | u128::from(digits(low) | ZEROS) << 64;
    push_words(out, text >> (8 * zeros), 2 * EIGHT - zeros);
}

/// `n` with at least `width` characters, up to eight; spaces in front.
pub fn push_right(out: &mut Buffer, n: u64, width: usize) {
    if n >= BEYOND_EIGHT {
        return push_number(out, n);
    }
    let digits = digits(n);
    let zeros = leading_zeros(digits);
    let shown = u64::MAX << (8 * zeros);
    let text = (digits | ZEROS) & shown | BLANKS & !shown;
    push_last(out, text, width.max(EIGHT - zeros));
}

/// `n` with exactly `count` digits, up to eight, zeros in front; higher digits are left out.
#[inline]
pub fn push_padded(out: &mut Buffer, n: u64, count: usize) {
    push_last(out, digits(n) | ZEROS, count);
}

/// Appends the last `count` of eight characters.
fn push_last(out: &mut Buffer, text: u64, count: usize) {
    push_first(out, &(text >> (8 * (EIGHT - count))).to_le_bytes(), count);
}

/// Appends the first `count` of sixteen characters. One word after the other: copied as a whole, they would have to be
/// put together in memory first, and a processor waits for that.
#[inline]
fn push_words(out: &mut Buffer, text: u128, count: usize) {
    let (first, second) = (text as u64, (text >> 64) as u64);
    push_first(out, &first.to_le_bytes(), count.min(EIGHT));
    if count > EIGHT {
        push_first(out, &second.to_le_bytes(), count - EIGHT);
    }
}

/// The last eight digits of `n`, zeros in front, a byte for each. A number is cut into two of four digits, these into
/// four of two, and these into eight of one: one multiplication divides all of them, since they lie side by side in a
/// word with room between. Going digit by digit takes three times as long.
fn digits(n: u64) -> u64 {
    let n = n % BEYOND_EIGHT;
    let high = n / 10_000;
    let fours = high | (n - high * 10_000) << 32;
    // A hundredth of what is below 10,000, a tenth of what is below 100.
    let high = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = high | (fours - high * 100) << 16;
    let high = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    high | (twos - high * 10) << 8
}

/// How many digits in front of the first that counts; the last one always does.
fn leading_zeros(digits: u64) -> usize {
    const LAST: u64 = 1 << (8 * (EIGHT - 1));
    ((digits | LAST).trailing_zeros() / 8) as usize
}

/// `0x` and at least `digits` hexadecimal digits, up to sixteen.
pub fn push_hex(out: &mut Buffer, n: u64, digits: u8) {
    const PREFIX: [u8; 2] = *b"0x";
    let needed = (u64::BITS - n.leading_zeros()).div_ceil(4) as usize;
    let count = needed.max(digits.into()).clamp(1, 2 * EIGHT);
    if count > EIGHT {
        push_hex(out, n >> 32, (count - EIGHT) as u8);
        return push_last(out, hex_digits(n as u32), EIGHT);
    }
    let shown = hex_digits(n as u32) >> (8 * (EIGHT - count));
    let text = u128::from(u16::from_le_bytes(PREFIX)) | u128::from(shown) << 16;
    push_words(out, text, PREFIX.len() + count);
}

/// All of its hexadecimal digits.
fn hex_digits(n: u32) -> u64 {
    let pair = |shift: u32| u64::from(u16::from_le_bytes(HEX_OCTETS[(n >> shift & 0xff) as usize]));
    pair(24) | pair(16) << 16 | pair(8) << 32 | pair(0) << 48
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
    let fraction = nanos % 1_000_000_000;
    let first = b'0' + (fraction / BEYOND_EIGHT) as u8;
    let others = u128::from(digits(fraction) | ZEROS);
    let text = u128::from(b'.') | u128::from(first) << 8 | others << 16;
    push_words(out, text, 1 + decimals);
}

#[cfg(test)]
mod tests {
    use super::super::written;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hexadecimal_has_the_digits_asked_for_and_more_where_needed() {
        assert_eq!(written(|out| push_hex(out, 0, 4)), "0x0000");
        assert_eq!(written(|out| push_hex(out, 0, 0)), "0x0");
        assert_eq!(written(|out| push_hex(out, 0x12345, 4)), "0x12345");
    }

    #[test]
    fn numbers_of_four_digits_are_cut_right() {
        for n in 0..10_000 {
            assert_eq!(written(|out| push_number(out, n)), n.to_string());
        }
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
        fn numbers_are_written_as_the_library_does(n in any::<u64>(), bits in 0..64u32, width in 1..=8usize) {
            let n = n >> bits;
            prop_assert_eq!(written(|out| push_number(out, n)), n.to_string());
            prop_assert_eq!(written(|out| push_right(out, n, width)), format!("{n:width$}"));
            let hex = format!("0x{n:0width$x}");
            prop_assert_eq!(written(|out| push_hex(out, n, width as u8)), hex);
            let last = n % 10u64.pow(width as u32);
            prop_assert_eq!(written(|out| push_padded(out, n, width)), format!("{last:0width$}"));
            let nanos = n >> 1;
            let text = format!("{}.{:09}", nanos / 10u64.pow(9), nanos % 10u64.pow(9));
            let cut = &text[..text.len() - 9 + width];
            prop_assert_eq!(written(|out| push_seconds(out, nanos as i64, width)), cut);
            prop_assert_eq!(written(|out| push_seconds(out, nanos as i64, 9)), text);
        }
    }
}
