//! What a scan adds up to.

use std::time::Duration;

use super::super::text::about;
use crate::arp::{Ask, Ignored};
use crate::commands::summary::counted;

#[derive(Default)]
pub(super) struct Total {
    pub asked: usize,
    pub answered: usize,
    pub sent: u64,
    pub ignored: Ignored,
    pub dropped: u64,
    pub is_stopped: bool,
}

impl Total {
    /// One more interface.
    pub fn add(&mut self, ask: &Ask) {
        self.asked += ask.targets().len();
        self.answered += ask.targets().len() - ask.silent();
        self.sent += ask.sent();
        self.ignored.add(ask.ignored());
    }

    /// In words.
    pub fn summary(&self, time: Duration) -> String {
        let mut text = format!(
            "{} of {} answered; {} sent in {}",
            self.answered,
            counted(self.asked as u64, "address"),
            counted(self.sent, "request"),
            about(time)
        );
        if self.is_stopped {
            text.push_str("; ended before all were asked and waited for");
        }
        let Ignored {
            unasked,
            other_vlan,
            impossible,
            crowd,
            ..
        } = self.ignored;
        for (count, why) in [
            (unasked, "about addresses not asked for"),
            (other_vlan, "from another VLAN"),
            (impossible, "with a MAC address that nobody can have"),
            (crowd, "from too many hosts for one address"),
        ] {
            if count > 0 {
                let replies = if count == 1 { "reply" } else { "replies" };
                text.push_str(&format!("\n{count} {replies} {why} not believed"));
            }
        }
        if self.dropped > 0 {
            text.push_str(&format!(
            "\nthe kernel had no room for {} of the frames that came: answers may be missing; a lower --rate helps",
            self.dropped
        ));
        }
        text
    }
}
