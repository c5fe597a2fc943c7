//! Numbers as people read them.

use crate::text::amount::push_size;
use crate::text::written;

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
    written(|out| push_size(out, n))
}

/// `42.1 %`.
pub fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `2 h 3 min`, `4 min 12 s`, `8.123 s`, `1.5 ms`: the two units that matter.
pub fn span(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    // What would be rounded to 1000 belongs to the next unit.
    let text = match nanos {
        0..1_000 => format!("{nanos} ns"),
        1_000..999_950 => decimal(nanos as f64 / 1e3, 1, "µs"),
        999_950..999_950_000 => decimal(nanos as f64 / 1e6, 1, "ms"),
        999_950_000..59_999_500_000 => decimal(nanos as f64 / 1e9, 3, "s"),
        // Whole seconds that passed.
        _ => in_two(nanos.max(60_000_000_000) / 1_000_000_000),
    };
    format!("{sign}{text}")
}

fn in_two(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match seconds {
        0..3600 => two(minutes, "min", seconds % 60, "s"),
        3600..86_400 => two(hours, "h", minutes, "min"),
        _ => two(days, "d", hours, "h"),
    }
}

/// With at most so many decimals, zeros at the end left out.
fn decimal(value: f64, decimals: usize, unit: &str) -> String {
    let digits = format!("{value:.decimals$}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{digits} {unit}")
}

fn two(large: u64, unit: &str, small: u64, smaller: &str) -> String {
    match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {smaller}"),
    }
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
    fn spans_have_two_units() {
        assert_eq!(span(0), "0 ns");
        assert_eq!(span(1_500_000), "1.5 ms");
        assert_eq!(span(10_000_000), "10 ms");
        assert_eq!(span(558_444_407), "558.4 ms");
        assert_eq!(span(999_949), "999.9 µs");
        assert_eq!(span(999_960), "1 ms");
        assert_eq!(span(999_960_000), "1 s");
        assert_eq!(span(59_999_600_000), "1 min");
        assert_eq!(span(1_000_000_000), "1 s");
        assert_eq!(span(120_000_000_000), "2 min");
        assert_eq!(span(8_123_000_000), "8.123 s");
        assert_eq!(span(252_000_000_000), "4 min 12 s");
        assert_eq!(span(7_380_000_000_000), "2 h 3 min");
        assert_eq!(span(i64::MAX), "106751 d 23 h");
        assert_eq!(span(-1_500), "-1.5 µs");
    }
}
