//! One MAC address that claims many addresses of one network without being asked.
//!
//! A router has one address in each network, and a proxy answers only when asked: neither is counted. A server that
//! announces its many addresses when it starts is, as a note.

use std::net::Ipv4Addr;

use super::{Claim, MINUTE};
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Report, Words};
use crate::analysis::alerts::settings;
use crate::analysis::alerts::sight::{Mac, Segment};
use crate::analysis::alerts::window::Distinct;
use crate::analysis::alerts::{mac_text, span, station};
use crate::analysis::memory::Bounded;
use crate::decode::arp::REQUEST;

const LIMIT: usize = 8192;

pub(super) struct Many {
    /// The last octets of the addresses claimed, by MAC address and /24 network.
    claimed: Bounded<(Segment, Mac, [u8; 3]), Distinct<u8>>,
}

impl Default for Many {
    fn default() -> Self {
        Self {
            claimed: Bounded::new(LIMIT),
        }
    }
}

impl Many {
    pub(super) fn look(&mut self, claim: &Claim, settings: &settings::Arp, report: &mut Report) {
        let packet = &claim.packet;
        let announces = packet.is_gratuitous();
        if !(announces || claim.unrequested || packet.opcode == REQUEST) {
            return;
        }
        let [a, b, c, host] = packet.sender_ip;
        let key = (claim.segment, claim.mac(), [a, b, c]);
        let seen = self.claimed.get_or_insert_with(key, Distinct::default);
        let Some((age, hosts)) = seen.add(host, claim.at.time, MINUTE, settings.many_addresses)
        else {
            return;
        };
        let severity = if announces {
            Severity::Info
        } else {
            Severity::Warning
        };
        report.raise(claim.at, Kind::ArpManyAddresses, severity, &key, || {
            let listed: Vec<_> = hosts
                .iter()
                .map(|host| Ipv4Addr::from([a, b, c, *host]).to_string())
                .collect();
            Words {
                subject: mac_text(claim.mac()),
                summary: format!(
                    "{} claims {} addresses of {a}.{b}.{c}.0/24 unasked{}",
                    station(claim.mac()),
                    hosts.len(),
                    claim.segment
                ),
                evidence: vec![format!("within {}: {}", span(age), listed.join(", "))],
                filter: format!("arp.src.hw_mac == {}", mac_text(claim.mac())),
            }
        });
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.claimed.forgotten()
    }
}
