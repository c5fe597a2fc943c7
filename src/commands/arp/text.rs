//! Words and numbers that the subcommands share.

use std::time::Duration;

use crate::arp::Mac;
use crate::commands::interfaces::mac_text;
use crate::vendor;

/// `00:1b:21:00:00:02 (Intel Corporate)`.
pub(super) fn named_mac(mac: Mac) -> String {
    format!("{} ({})", mac_text(mac), vendor::identify(mac))
}

/// Milliseconds, to the microsecond: `0.052`.
pub(super) fn millis(span: Duration) -> String {
    format!("{:.3}", span.as_secs_f64() * 1e3)
}

/// A span for people: `850 ms`, `2.5 s`, `3 min`.
pub(super) fn about(span: Duration) -> String {
    let seconds = span.as_secs_f64();
    match seconds {
        ..1.0 => format!("{} ms", span.as_millis()),
        ..10.0 => format!("{:.1} s", seconds).replace(".0 s", " s"),
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(millis(Duration::from_micros(52)), "0.052");
        let texts = [850, 2_500, 3_000, 39_600, 300_000, 14_400_000].map(Duration::from_millis);
        assert_eq!(
            texts.map(about),
            ["850 ms", "2.5 s", "3 s", "40 s", "5 min", "4 h"]
        );
    }
}
