//! What ARP and its frames say: who claims which address, who asks for how many.
//!
//! Nothing in ARP is proven (RFC 826 believes every sender), so a lie shows only as a contradiction: with what was
//! said before, with the frame around it, or with what the liar itself says elsewhere. MAC addresses of redundant routers
//! (VRRP, HSRP and their like) move between machines by design: that one of them takes an address says nothing, and that
//! another one takes it from them is judged as always.

mod claims;
mod many;
mod mismatch;
mod probes;
mod requests;
mod stations;
mod targets;
mod verdict;

use super::report::Report;
use super::settings;
use super::sight::{Mac, Moment, Segment, Sight};
use crate::decode::arp::{Addresses, REPLY, REQUEST};
use crate::vendor;

/// One ARP packet, and what the frames before make of it.
struct Claim {
    at: Moment,
    segment: Segment,
    packet: Addresses,
    /// The frame is for one station only.
    to_one: bool,
    /// A reply that its target did not ask for.
    unrequested: bool,
}

impl Claim {
    fn mac(&self) -> Mac {
        self.packet.sender_mac
    }
}

/// Requests are remembered for this long; the kernel's own wait for an answer is a second.
const ANSWER_WITHIN: i64 = 5 * super::window::SECOND;
/// What is counted "in 60 seconds".
const MINUTE: i64 = 60 * super::window::SECOND;

pub(super) struct Arp {
    settings: settings::Arp,
    requests: requests::Requests,
    stations: stations::Stations,
    claims: claims::Claims,
    probes: probes::Probes,
    many: many::Many,
    targets: targets::Targets,
}

impl Arp {
    pub(super) fn new(settings: settings::Arp) -> Self {
        Self {
            settings,
            requests: requests::Requests::default(),
            stations: stations::Stations::default(),
            claims: claims::Claims::default(),
            probes: probes::Probes::default(),
            many: many::Many::default(),
            targets: targets::Targets::default(),
        }
    }

    /// Looks at any frame; true where it is part of a scan, which is then no storm.
    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) -> bool {
        self.stations.look(sight);
        self.claims
            .look_at_traffic(sight, &mut self.stations, &self.settings, report);
        let scanning = self.targets.look(sight, &self.settings, report);
        let Some(packet) = sight.arp else {
            return scanning;
        };
        let claim = Claim {
            at: sight.at,
            segment: sight.segment,
            packet,
            to_one: sight.ends.is_some_and(|ends| !ends.to_group()),
            unrequested: !self.settings.one_way
                && packet.opcode == REPLY
                && !packet.is_gratuitous()
                && !self.requests.was_asked(sight.segment, &packet, sight.at),
        };
        mismatch::look(sight, &claim, report);
        if packet.opcode == REQUEST {
            self.requests.note(&claim);
        }
        if packet.is_probe() {
            self.probes.probed(sight, &claim, report);
        } else if is_claim(&packet) {
            self.probes.claimed(&claim, report);
            if vendor::redundant_router(packet.sender_mac).is_some() {
                self.claims
                    .look_at_virtual(&claim, &mut self.stations, &self.settings, report);
                return scanning;
            }
            self.many.look(&claim, &self.settings, report);
            let probed = self.probes.has_probed(&claim);
            let spoofs =
                self.claims
                    .look(&claim, probed, &mut self.stations, &self.settings, report);
            if !spoofs {
                self.requests.look_at_reply(&claim, &self.settings, report);
            }
        }
        scanning
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.requests.forgotten()
            + self.stations.forgotten()
            + self.claims.forgotten()
            + self.probes.forgotten()
            + self.many.forgotten()
            + self.targets.forgotten()
    }
}

/// Whether it binds an address to a MAC address that can be one machine's.
fn is_claim(packet: &Addresses) -> bool {
    let mac = packet.sender_mac;
    matches!(packet.opcode, REQUEST | REPLY)
        && packet.sender_ip != [0; 4]
        && mac != [0; 6]
        && mac[0] & 1 == 0
}
