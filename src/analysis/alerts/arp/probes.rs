//! Address conflicts that show while somebody probes for an address (RFC 5227, 2.1.1): it is in use, or somebody else
//! wants it too.
//!
//! A switch or a scanner probes for what it does not want to have (device tracking does), so a station that probes for
//! several addresses is not believed to want any.

use std::net::Ipv4Addr;

use super::verdict::contested;
use super::{Claim, MINUTE};
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Report, Words};
use crate::analysis::alerts::sight::{Mac, Moment, Segment, Sight};
use crate::analysis::alerts::window::{Distinct, SECOND};
use crate::analysis::alerts::{span, station};
use crate::analysis::memory::Bounded;

const LIMIT: usize = 8192;
/// From the last probe, a conflict is one for this long (ANNOUNCE_WAIT).
const ANNOUNCE_WAIT: i64 = 2 * SECOND;
/// Who probed for an address and then claims it within this time took it in the right way: PROBE_WAIT, PROBE_NUM times
/// PROBE_MAX, ANNOUNCE_WAIT.
const TAKEN_WITHIN: i64 = 10 * SECOND;
/// Addresses that one station may want at once.
const WANTS: u32 = 3;

#[derive(Clone, Copy)]
struct Probe {
    by: Mac,
    at: Moment,
}

pub(super) struct Probes {
    last: Bounded<(Segment, [u8; 4]), Probe>,
    wanted: Bounded<(Segment, Mac), Distinct<[u8; 4]>>,
}

impl Default for Probes {
    fn default() -> Self {
        Self {
            last: Bounded::new(LIMIT),
            wanted: Bounded::new(LIMIT),
        }
    }
}

impl Probes {
    pub(super) fn probed(&mut self, sight: &Sight<'_>, claim: &Claim, report: &mut Report) {
        let (segment, by, at) = (claim.segment, claim.mac(), claim.at);
        let wanted = self
            .wanted
            .get_or_insert_with((segment, by), Distinct::default);
        let scans = wanted
            .add(claim.packet.target_ip, at.time, MINUTE, WANTS)
            .is_some()
            || wanted.seen.len() >= WANTS as usize;
        if scans || !sight.ends.is_some_and(|ends| ends.to_group()) {
            return;
        }
        let probe = Probe { by, at };
        let key = (segment, claim.packet.target_ip);
        let last = self.last.get_or_insert_with(key, || probe);
        let before = std::mem::replace(last, probe);
        if before.by != by && at.is_within(ANNOUNCE_WAIT, before.at) {
            tell(
                claim,
                claim.packet.target_ip,
                before,
                "wants it too",
                report,
            );
        }
    }

    pub(super) fn claimed(&mut self, claim: &Claim, report: &mut Report) {
        let key = (claim.segment, claim.packet.sender_ip);
        if let Some(probe) = self.last.get_mut(&key).copied()
            && probe.by != claim.mac()
            && claim.at.is_within(ANNOUNCE_WAIT, probe.at)
        {
            tell(claim, claim.packet.sender_ip, probe, "has it", report);
        }
    }

    /// Whether the claimant asked before whether the address is free.
    pub(super) fn has_probed(&mut self, claim: &Claim) -> bool {
        let key = (claim.segment, claim.packet.sender_ip);
        self.last.get_mut(&key).is_some_and(|probe| {
            probe.by == claim.mac() && claim.at.is_within(TAKEN_WITHIN, probe.at)
        })
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.last.forgotten() + self.wanted.forgotten()
    }
}

fn tell(claim: &Claim, ip: [u8; 4], probe: Probe, other: &str, report: &mut Report) {
    let subject = (claim.segment, ip);
    report.raise_contested(
        claim.at,
        Kind::DuplicateAddress,
        Severity::Warning,
        &subject,
        || {
            let contested = contested(claim.segment, ip, probe.by, claim.mac());
            let ip = Ipv4Addr::from(ip);
            let words = Words {
                subject: ip.to_string(),
                summary: format!(
                    "{} wants {ip}, and {} {other}{}",
                    station(probe.by),
                    station(claim.mac()),
                    claim.segment
                ),
                evidence: vec![format!(
                    "frame {}: probe; frame {}, {} later: the other one (RFC 5227, 2.1.1)",
                    probe.at.frame,
                    claim.at.frame,
                    span(claim.at.time.since(probe.at.time))
                )],
                filter: format!("arp.src.proto_ipv4 == {ip} or arp.dst.proto_ipv4 == {ip}"),
            };
            (words, contested)
        },
    );
}
