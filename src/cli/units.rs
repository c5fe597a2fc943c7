//! Sizes and lengths of time with units, as people write them.

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

/// A length of time: `500ms`, `10s`, `5m`, `1h`, `1d`; a plain number counts seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number
        .parse()
        .map_err(|_| "a length of time starts with a number, such as 10s".to_owned())?;
    let millis: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" => 1,
        "" | "s" | "sec" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(format!("'{unit}' is no unit of time; try 10s, 5m or 1h")),
    };
    let millis = number.checked_mul(millis);
    millis
        .map(Duration::from_millis)
        .ok_or_else(|| "longer than anybody can wait".to_owned())
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
}
