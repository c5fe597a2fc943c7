//! One station that asks for many addresses: by ARP, or by IPv6 neighbor solicitations.

use std::net::{IpAddr, Ipv6Addr};

use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Report, Words};
use crate::analysis::alerts::settings;
use crate::analysis::alerts::sight::{Mac, Moment, Segment, Sight};
use crate::analysis::alerts::window::{Distinct, SECOND};
use crate::analysis::alerts::{mac_text, rate, span, station};
use crate::analysis::memory::Bounded;
use crate::decode::arp::REQUEST;
use crate::decode::{self, icmp};

const LIMIT: usize = 4096;
/// For this long after an alert the station's requests count as its scan, not as a storm.
const GOES_ON: i64 = 10 * SECOND;

#[derive(Default)]
struct Asker {
    targets: Distinct<IpAddr>,
    raised: Option<Moment>,
}

pub(super) struct Targets {
    askers: Bounded<(Segment, Mac, bool), Asker>,
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            askers: Bounded::new(LIMIT),
        }
    }
}

impl Targets {
    /// True where the frame belongs to a scan.
    pub(super) fn look(
        &mut self,
        sight: &Sight<'_>,
        settings: &settings::Arp,
        report: &mut Report,
    ) -> bool {
        let Some((asker, target)) = asked(sight) else {
            return false;
        };
        let key = (sight.segment, asker, target.is_ipv4());
        let entry = self.askers.get_or_insert_with(key, Asker::default);
        let window = i64::from(settings.scan_within) * SECOND;
        let many = entry
            .targets
            .add(target, sight.at.time, window, settings.scan_targets);
        if let Some((age, targets)) = many {
            entry.raised = Some(sight.at);
            tell(sight, asker, age, &targets, report);
        }
        // The requests that made it a scan look like a storm only once there are as many again.
        entry.targets.seen.len() >= settings.scan_targets as usize / 2
            || entry
                .raised
                .is_some_and(|raised| sight.at.is_within(GOES_ON, raised))
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.askers.forgotten()
    }
}

/// Who asks for which address.
fn asked(sight: &Sight<'_>) -> Option<(Mac, IpAddr)> {
    if let Some(packet) = sight.arp {
        let asks = packet.opcode == REQUEST && !packet.is_gratuitous();
        return asks.then(|| (packet.sender_mac, IpAddr::from(packet.target_ip)));
    }
    let layer = sight
        .upper
        .filter(|layer| layer.kind == decode::Kind::Icmpv6)?;
    if sight.packet.u8(layer, 0)? != icmp::NEIGHBOR_SOLICITATION {
        return None;
    }
    // From no address it asks whether its own is free (RFC 4862, 5.4).
    let from = sight.ip?.source;
    let target: [u8; 16] = sight.packet.chunk(layer, 8)?;
    (from != IpAddr::V6(Ipv6Addr::UNSPECIFIED)).then_some((sight.ends?.source, target.into()))
}

fn tell(sight: &Sight<'_>, asker: Mac, age: i64, targets: &[IpAddr], report: &mut Report) {
    let is_arp = sight.arp.is_some();
    let kind = if is_arp { Kind::ArpScan } else { Kind::NdScan };
    let subject = (sight.segment, asker, is_arp);
    report.raise(sight.at, kind, Severity::Warning, &subject, || {
        let count = targets.len();
        let a_second =
            rate(count as u64, age).map_or(String::new(), |rate| format!(" ({rate:.0} a second)"));
        let (first, last) = (targets.iter().min(), targets.iter().max());
        Words {
            subject: mac_text(asker),
            summary: format!(
                "{} asks for {count} different addresses{}",
                station(asker),
                sight.segment
            ),
            evidence: vec![
                format!(
                    "within {}{a_second}, the last in frame {}",
                    span(age),
                    sight.at.frame
                ),
                match (first, last) {
                    (Some(first), Some(last)) => format!("from {first} to {last}"),
                    _ => String::new(),
                },
            ],
            filter: if is_arp {
                format!("arp.opcode == 1 and arp.src.hw_mac == {}", mac_text(asker))
            } else {
                format!("icmpv6.type == 135 and eth.src == {}", mac_text(asker))
            },
        }
    });
}
