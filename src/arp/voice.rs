//! One MAC address that answers for an address.

use std::time::Duration;

use super::Mac;
use super::heard::{Heard, How};
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// The one it says goes with the address.
    pub mac: Mac,
    /// The one that sent the frame; differs where somebody answers in another's name.
    pub ethernet_source: Mac,
    /// When it first answered.
    pub at: Timestamp,
    /// From the last request for the address to the first answer by this MAC address.
    pub rtt: Duration,
    /// Requests sent for the address by then.
    pub attempts: u32,
    /// An earlier request was not answered before: which one this answers nobody knows, and `rtt` is the least that it
    /// can have been.
    pub is_late: bool,
    /// Answers by this MAC address, the first included.
    pub answers: u32,
    /// IPv6: it said that it is a router.
    pub is_router: bool,
    /// IPv6: its answer does not override others, as that of a proxy or of one of several hosts that share an
    /// anycast address (RFC 4861, 7.2.7 and 7.2.8).
    pub is_soft: bool,
}

impl Voice {
    pub(super) fn new(
        heard: &Heard,
        at: Timestamp,
        rtt: Duration,
        attempts: u32,
        is_late: bool,
    ) -> Self {
        let (is_router, is_soft) = match heard.how {
            How::Advertisement {
                router, overrides, ..
            } => (router, !overrides),
            _ => (false, false),
        };
        Self {
            mac: heard.mac,
            ethernet_source: heard.ethernet_source,
            at,
            rtt,
            attempts,
            is_late,
            answers: 1,
            is_router,
            is_soft,
        }
    }
}
