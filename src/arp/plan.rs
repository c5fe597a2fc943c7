//! How often to ask, how fast, and how long to wait.

use std::time::Duration;

/// How an [`Ask`](super::Ask) goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Requests a second, at least 1.
    pub rate: u32,
    /// How often an address is asked, at least 1.
    pub passes: u32,
    /// Ask again also those that have answered.
    pub repeat: bool,
    /// Between two requests for the same address, at least.
    pub spacing: Duration,
    /// How long to wait for an answer to the last request.
    pub tail: Duration,
    /// How long to wait for somebody else's answer where everything asked was answered.
    pub linger: Duration,
}

impl Plan {
    /// About 3.4 Mb/s of requests: nothing to a wire.
    pub const WIRED: u32 = 5_000;
    /// A radio sends broadcasts at its slowest rate, to everybody: half a millisecond of the channel each.
    pub const WIRELESS: u32 = 200;

    /// For many addresses: three quick passes find under 20 % loss what one slow pass would miss, and the last answer
    /// waited for may be as late as a Linux router's that answers for others (`proxy_delay`, up to 0.8 s).
    pub fn scan(rate: u32, passes: u32) -> Self {
        Self {
            rate: rate.max(1),
            passes: passes.max(1),
            repeat: false,
            spacing: Duration::from_millis(130),
            tail: Duration::from_millis(805),
            linger: Duration::from_millis(25),
        }
    }

    /// For a few addresses that somebody waits for.
    pub fn resolve(timeout: Duration) -> Self {
        Self {
            rate: 1_000,
            passes: 3,
            repeat: false,
            spacing: Duration::from_millis(250),
            tail: timeout,
            linger: Duration::from_millis(60),
        }
    }

    /// The same, asking `count` times a second apart whatever is answered.
    pub fn count(count: u32, timeout: Duration) -> Self {
        Self {
            passes: count.max(1),
            repeat: true,
            spacing: Duration::from_secs(1),
            ..Self::resolve(timeout)
        }
    }

    /// Between two requests, whoever they are for.
    pub(super) fn interval(&self) -> i64 {
        1_000_000_000 / i64::from(self.rate.max(1))
    }

    /// The longest it can take to ask `targets` addresses, about: where nobody answers.
    pub fn longest(&self, targets: usize) -> Duration {
        let pass = Duration::from_nanos((targets as u64).saturating_mul(self.interval() as u64));
        let more = self.passes.saturating_sub(1);
        (pass.max(self.spacing))
            .saturating_mul(more)
            .saturating_add(pass)
            .saturating_add(self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_scan_stays_within_its_goal_and_a_large_one_is_known_to_be_long() {
        assert!(Plan::scan(5_000, 3).longest(254) < Duration::from_millis(1_300));
        let large = Plan::scan(5_000, 3).longest(65_534);
        assert!(large > Duration::from_secs(39) && large < Duration::from_secs(42));
        assert!(Plan::scan(100_000, 3).longest(65_534) < Duration::from_secs(5));
        assert!(Plan::count(u32::MAX, Duration::MAX).longest(usize::MAX) > Duration::from_secs(1));
    }
}
