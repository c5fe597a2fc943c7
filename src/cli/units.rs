//! Sizes and lengths of time with units, as people write them.

use std::time::Duration;

/// Bytes: `64KB`, `100MB`, `1GiB`, or a plain number. Powers of 1000 for KB, of 1024 for KiB and for K.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text).ok_or("a size starts with a number, such as 64MB")?;
    let factor: u64 = match unit.as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "k" | "kib" => 1 << 10,
        "mb" => 1_000_000,
        "m" | "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "g" | "gib" => 1 << 30,
        "tb" => 1_000_000_000_000,
        "t" | "tib" => 1 << 40,
        _ => return Err(format!("'{unit}' is no unit of size; try 64MB or 1GiB")),
    };
    number
        .checked_mul(factor)
        .ok_or_else(|| "more bytes than there are".to_owned())
}

/// Bytes of memory for one thing: the same, up to 2 GiB.
pub(super) fn memory(text: &str) -> Result<u32, String> {
    let bytes = size(text)?;
    let bytes = i32::try_from(bytes).map_err(|_| "at most 2 GiB")?;
    Ok(bytes.unsigned_abs())
}

/// A length of time: `500ms`, `10s`, `5m`, `1h`, `1d`; a plain number counts seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text).ok_or("a length of time starts with a number, such as 10s")?;
    let millis: u64 = match unit.as_str() {
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

/// A whole number, and the unit behind it in small letters.
fn split(text: &str) -> Option<(u64, String)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim().to_ascii_lowercase()))
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
        assert_eq!(size("2TB"), Ok(2_000_000_000_000));
        assert!(size("MB").is_err());
        assert!(size("5 bananas").is_err());
        assert!(size("99999999999GB").is_err());
        assert_eq!(memory("1GiB"), Ok(1 << 30));
        assert!(memory("3GB").is_err());
    }

    #[test]
    fn lengths_of_time_with_and_without_units() {
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("5 min"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("1d"), Ok(Duration::from_secs(86_400)));
        for wrong in ["", "s", "-1s", "10 parsecs", "99999999999999999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
