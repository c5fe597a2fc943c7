//! Numbers as people read them.

use std::fmt::Write;

/// `1,234,567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Powers of 1000, three digits: `1.02 GB`, `640 B`.
pub fn bytes(n: u64) -> String {
    match n {
        0..1000 => format!("{n} B"),
        _ => scaled(n as f64, "B"),
    }
}

/// A quantity with a prefix of the SI before its unit, three digits.
pub fn scaled(value: f64, unit: &str) -> String {
    const PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    let mut value = value;
    let mut prefix = 0;
    // What would be rounded to 1000 belongs to the next prefix.
    while value.abs() >= 999.5 && prefix + 1 < PREFIXES.len() {
        value /= 1000.0;
        prefix += 1;
    }
    format!("{} {}{unit}", three_digits(value), PREFIXES[prefix])
}

/// A number below 1000 with three digits, or as many as it takes.
fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

/// `42.1 %`.
pub fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `2 h 3 min`, `4 min 12 s`, `8.123 s`, `1.5 ms`: the two units that matter.
pub fn span(nanos: i64) -> String {
    let mut text = String::new();
    if nanos < 0 {
        text.push('-');
    }
    let nanos = nanos.unsigned_abs();
    let seconds = nanos / 1_000_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    // Writing to memory can't fail.
    let _ = match seconds {
        0 if nanos < 1000 => write!(text, "{nanos} ns"),
        0 if nanos < 1_000_000 => write!(text, "{:.1} µs", nanos as f64 / 1e3),
        0 => write!(text, "{:.1} ms", nanos as f64 / 1e6),
        1..60 => write!(text, "{:.3} s", nanos as f64 / 1e9),
        60..3600 => write!(text, "{minutes} min {} s", seconds % 60),
        3600..86_400 => write!(text, "{hours} h {minutes} min"),
        _ => write!(text, "{} d {hours} h", days),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn sizes_have_three_digits_and_no_thousand() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1000), "1.00 kB");
        assert_eq!(bytes(9_995), "10.0 kB");
        assert_eq!(bytes(999_499), "999 kB");
        assert_eq!(bytes(999_500), "1.00 MB");
        assert_eq!(bytes(1_023_062_300), "1.02 GB");
        assert_eq!(bytes(u64::MAX), "18.4 EB");
        assert_eq!(scaled(34_352.58, "bit/s"), "34.4 kbit/s");
        assert_eq!(scaled(0.0, "bit/s"), "0.00 bit/s");
    }

    #[test]
    fn spans_have_two_units() {
        assert_eq!(span(0), "0 ns");
        assert_eq!(span(1_500_000), "1.5 ms");
        assert_eq!(span(558_444_407), "558.4 ms");
        assert_eq!(span(8_123_000_000), "8.123 s");
        assert_eq!(span(252_000_000_000), "4 min 12 s");
        assert_eq!(span(7_380_000_000_000), "2 h 3 min");
        assert_eq!(span(i64::MAX), "106751 d 23 h");
        assert_eq!(span(-1_500), "-1.5 µs");
    }
}
