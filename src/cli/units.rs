//! Sizes and spans of time with units, as people write them.

use std::time::Duration;

/// Bytes: `64KB`, `100MB`, `1GiB`, or a plain number. Powers of 1000 for KB, of 1024 for KiB and for K.
pub(super) fn size(text: &str) -> Result<u32, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "k" | "kib" => 1 << 10,
        "mb" => 1_000_000,
        "m" | "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "g" | "gib" => 1 << 30,
        _ => return Err(format!("'{unit}' is no unit of size; try 64MB or 1GiB")),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "a size starts with a number, such as 64MB".to_owned())?;
    let bytes = number
        .checked_mul(factor)
        .filter(|bytes| *bytes <= i32::MAX as u64);
    bytes
        .map(|bytes| bytes as u32)
        .ok_or_else(|| "at most 2 GiB".to_owned())
}

/// A span of time: `10s`, `500ms`, `1.5s`, `2min`, `1h`; a plain number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "us" => 1e-6,
        "ms" => 1e-3,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => {
            return Err(format!(
                "'{unit}' is no unit of time; try 500ms, 10s or 5min"
            ));
        }
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "a time starts with a number, such as 10s".to_owned())?;
    const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;
    let seconds = number * factor;
    if seconds > LONGEST {
        return Err("at most ten years".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_with_and_without_units() {
        assert_eq!(size("1500"), Ok(1500));
        assert_eq!(size("64MB"), Ok(64_000_000));
        assert_eq!(size("64 MiB"), Ok(64 << 20));
        assert_eq!(size("2k"), Ok(2048));
        assert!(size("MB").is_err());
        assert!(size("5 bananas").is_err());
        assert!(size("99999999999GB").is_err());
    }

    #[test]
    fn spans_of_time_with_and_without_units() {
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5 s"), Ok(Duration::from_millis(1_500)));
        assert_eq!(duration("2min"), Ok(Duration::from_secs(120)));
        for text in ["", "s", "-1s", "1.2.3s", "5 apples", "1e9h", "99999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
