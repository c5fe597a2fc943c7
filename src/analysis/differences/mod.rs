//! What differs between two captures: one of a network that works, and one of the same network where something is wrong.
//!
//! [`Comparison`] sees the good capture, then the bad one, and keeps what each shows of hosts, bindings, requests,
//! services, protocols and alerts, a topic a file. What matters most is told first. Times are compared as spans: the
//! captures may be years apart. docs/diff.md tells what counts as a difference.
//!
//! What is kept is bounded ([`pair`]), and what is told does not depend on the order of hashes.

mod alerts;
mod bindings;
mod difference;
mod hosts;
mod pair;
mod protocols;
mod requests;
mod samples;
mod seen;
mod services;

pub use difference::{Difference, Kind, Shown};
pub use seen::Seen;

use super::Observer;
use super::alerts::Settings;
use crate::about::Interface;
use crate::decode::Parts;
use crate::text::Buffer;

/// Which of the two captures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Good,
    Bad,
}

/// Keeps what two captures show, and compares it.
pub struct Comparison {
    side: Side,
    hosts: hosts::Hosts,
    bindings: bindings::Bindings,
    requests: requests::Requests,
    services: services::Services,
    protocols: protocols::Protocols,
    alerts: alerts::Raised,
}

impl Comparison {
    /// `settings` has the thresholds of alerts.
    pub fn new(settings: &Settings) -> Self {
        Self {
            side: Side::Good,
            hosts: hosts::Hosts::default(),
            bindings: bindings::Bindings::default(),
            requests: requests::Requests::default(),
            services: services::Services::default(),
            protocols: protocols::Protocols::default(),
            alerts: alerts::Raised::new(settings),
        }
    }

    /// The good capture is over: what comes is the bad one's.
    pub fn turn_over(&mut self) {
        self.end();
        self.side = Side::Bad;
    }

    /// No more frames come; what differs, the most important first.
    pub fn finish(mut self) -> Vec<Difference> {
        self.end();
        let mut found = Vec::new();
        self.services.compare(&mut found);
        self.requests.compare(&mut found);
        self.alerts.compare(&mut found);
        self.bindings.compare(&mut found);
        self.hosts.compare(&mut found);
        services::compare_ports(&self.services, &self.hosts, &mut found);
        self.protocols.compare(&mut found);
        // Stable: what is alike stays in the order of addresses.
        found.sort_by_key(|difference| (std::cmp::Reverse(difference.severity), difference.kind));
        found
    }

    /// Frames of each capture that showed something there was no room for.
    pub fn left_out(&self) -> [u64; 2] {
        let tables = [
            self.hosts.left_out(),
            self.bindings.left_out(),
            self.requests.left_out(),
            self.services.left_out(),
            self.alerts.left_out(),
        ];
        tables
            .into_iter()
            .fold([0; 2], |sum, table| [sum[0] + table[0], sum[1] + table[1]])
    }

    fn end(&mut self) {
        self.requests.end();
        self.services.end(self.side);
        self.alerts.end(self.side);
    }
}

impl Observer for Comparison {
    fn observe(&mut self, parts: &Parts<'_>, _: &mut Buffer) {
        let packet = &parts.packet();
        self.hosts.look(self.side, packet);
        self.bindings.look(self.side, packet);
        self.requests.look(self.side, packet);
        self.services.look(self.side, parts);
        self.protocols.look(self.side, packet);
        self.alerts.look(self.side, packet);
    }

    fn add_interfaces(&mut self, new: &[Interface]) {
        self.alerts.add_interfaces(new);
    }
}
