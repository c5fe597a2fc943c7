//! Words and numbers that the subcommands share.

use std::time::Duration;

use crate::arp::{Mac, Plan};
use crate::commands::interfaces::mac_text;
use crate::commands::summary::counted;
use crate::net::Link;
use crate::vendor;

/// `00:1b:21:00:00:02 (Intel Corporate)`.
pub(super) fn named_mac(mac: Mac) -> String {
    format!("{} ({})", mac_text(mac), vendor::identify(mac))
}

/// Milliseconds for programs, with no more digits than nanoseconds have.
pub(super) fn in_millis(span: Duration) -> f64 {
    span.as_nanos() as f64 / 1e6
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

/// Frames that the kernel dropped.
pub(super) fn no_room(dropped: u64) -> String {
    format!(
        "the kernel had no room for {dropped} of the frames that came; an answer may be among them"
    )
}

/// What asking for so many addresses says before it starts, where it is going to take long.
pub(super) fn before_long(
    link: &Link,
    plan: &Plan,
    is_slowed: bool,
    count: usize,
) -> Option<String> {
    const LONG: Duration = Duration::from_secs(10);
    let longest = plan.longest(count);
    if longest <= LONG {
        return None;
    }
    let times = match plan.passes {
        1 => "once".to_owned(),
        passes => format!("{passes} times"),
    };
    let slow = match is_slowed {
        true => " (slowly, since it is wireless)",
        false => "",
    };
    Some(format!(
        "asking {} on {}, up to {times} each, {} a second{slow}: this can take {}; Ctrl-C ends it and shows what was found",
        counted(count as u64, "address"),
        link.name,
        plan.rate,
        about(longest)
    ))
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
