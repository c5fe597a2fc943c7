//! Amounts as people read them: three digits that count, and a unit. Powers of 1000, as disks and links have them.

use super::{Buffer, push, push_number, push_padded};

/// A number of bytes: `1.23 MB`, `640 B`.
pub fn push_size(out: &mut Buffer, bytes: u64) {
    const UNITS: [(u64, &str); 6] = [
        (1_000_000_000_000_000_000, " EB"),
        (1_000_000_000_000_000, " PB"),
        (1_000_000_000_000, " TB"),
        (1_000_000_000, " GB"),
        (1_000_000, " MB"),
        (1_000, " kB"),
    ];
    if !push_in_units(out, bytes, &UNITS) {
        push_number(out, bytes);
        push(out, " B");
    }
}

/// A length of time in nanoseconds: `1.23 ms`. Hours are told in seconds.
pub fn push_time(out: &mut Buffer, nanos: i64) {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, " s"), (1_000_000, " ms"), (1_000, " µs")];
    if nanos < 0 {
        out.push(b'-');
    }
    let nanos = nanos.unsigned_abs();
    if nanos == 0 {
        out.push(b'0');
    } else if !push_in_units(out, nanos, &UNITS) {
        push_three_digits(out, nanos, 1_000);
        push(out, " µs");
    }
}

/// A quantity with a prefix of the SI before its unit: `4.63 Gbit/s`. What is too small for three digits has two, wherever
/// they begin.
pub fn scaled(value: f64, unit: &str) -> String {
    const PREFIXES: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    let mut value = value;
    let mut prefix = 0;
    // What would be rounded to 1000 belongs to the next prefix.
    while value.abs() >= 999.5 && prefix + 1 < PREFIXES.len() {
        value /= 1000.0;
        prefix += 1;
    }
    let decimals = match value.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.095 || size == 0.0 => 2,
        size => (1.0 - size.log10().floor()).min(20.0) as usize,
    };
    format!("{value:.decimals$} {}{unit}", PREFIXES[prefix])
}

/// In the first of the units that leaves no zero before the point. False where none does.
fn push_in_units(out: &mut Buffer, amount: u64, units: &[(u64, &str)]) -> bool {
    // What would be rounded to 1000 belongs to the next unit.
    let large = units.iter().find(|(size, _)| amount >= size - size / 2000);
    let Some((size, name)) = large else {
        return false;
    };
    push_three_digits(out, amount, *size);
    push(out, name);
    true
}

/// How many times `size`, a power of 1000, goes into an amount: rounded to three digits, or to what is whole.
fn push_three_digits(out: &mut Buffer, amount: u64, size: u64) {
    let thousandths = amount / (size / 1000);
    match thousandths {
        0..9_995 => push_decimal::<2>(out, (thousandths + 5) / 10),
        9_995..99_950 => push_decimal::<1>(out, (thousandths + 50) / 100),
        _ => push_number(out, (thousandths + 500) / 1000),
    }
}

/// A number with its last digits behind the point. How many is known beforehand: to divide by anything takes far longer.
fn push_decimal<const DIGITS: u32>(out: &mut Buffer, number: u64) {
    let one = const { 10u64.pow(DIGITS) };
    push_number(out, number / one);
    out.push(b'.');
    push_padded(out, number % one, DIGITS as usize);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::written;

    #[test]
    fn sizes_have_three_digits_and_no_thousand() {
        let size = |bytes| written(|out| push_size(out, bytes));
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.00 kB");
        assert_eq!(size(1_234), "1.23 kB");
        assert_eq!(size(9_995), "10.0 kB");
        assert_eq!(size(999_499), "999 kB");
        assert_eq!(size(999_500), "1.00 MB");
        assert_eq!(size(1_023_062_300), "1.02 GB");
        assert_eq!(size(u64::MAX), "18.4 EB");
    }

    #[test]
    fn measures_have_three_digits_and_no_thousand() {
        assert_eq!(scaled(999.4, "bit/s"), "999 bit/s");
        assert_eq!(scaled(999.5, "bit/s"), "1.00 kbit/s");
        assert_eq!(scaled(34_352.58, "bit/s"), "34.4 kbit/s");
        assert_eq!(scaled(0.0, "bit/s"), "0.00 bit/s");
        assert_eq!(scaled(0.45, "bit/s"), "0.45 bit/s");
        assert_eq!(scaled(0.07, "bit/s"), "0.070 bit/s");
        assert_eq!(scaled(2.0 / 3_600.0, "frames/s"), "0.00056 frames/s");
    }

    #[test]
    fn times_have_three_digits_that_count() {
        let time = |nanos| written(|out| push_time(out, nanos));
        assert_eq!(time(0), "0");
        assert_eq!(time(7), "0.01 µs");
        assert_eq!(time(41_000), "41.0 µs");
        assert_eq!(time(999_700), "1.00 ms");
        assert_eq!(time(1_234_000), "1.23 ms");
        assert_eq!(time(120_000_000_000), "120 s");
        assert_eq!(time(-5_000_000), "-5.00 ms");
        assert_eq!(time(i64::MIN), "-9223372037 s");
    }
}
