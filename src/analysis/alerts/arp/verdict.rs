//! What a contested address is told as: a change, a duplicate address, or spoofing.

use std::net::Ipv4Addr;

use super::Claim;
use super::claims::{Binding, Rival};
use super::stations::Stations;
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Contested, Report, Words};
use crate::analysis::alerts::sight::{Mac, Moment, Segment};
use crate::analysis::alerts::{mac_text, span, station};

/// What shows that a changed binding is more than a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Both claim it, one after the other: by itself this is two machines with one address.
    BothClaim,
    /// The one before goes on sending from it: likewise.
    StillUsed,
    /// It was claimed in a reply that its target had not asked for.
    Unrequested,
    /// The same station takes other stations' addresses too.
    TakesSeveral,
    /// The gateway that had it goes on forwarding.
    GatewayAlive,
    /// The claimant itself sends to the address at its owner's MAC address.
    ContradictsItself,
}

impl Reason {
    pub(super) fn is_suspicious(self) -> bool {
        !matches!(self, Self::BothClaim | Self::StillUsed)
    }

    fn words(self) -> &'static str {
        match self {
            Self::BothClaim => "both claim it",
            Self::StillUsed => "the one before goes on sending from it",
            Self::Unrequested => "it was claimed in a reply that its target had not asked for",
            Self::TakesSeveral => "the same station takes other stations' addresses too",
            Self::GatewayAlive => "it is the gateway's, and the gateway goes on forwarding",
            Self::ContradictsItself => {
                "the claimant itself sends to the address at its owner's MAC address"
            }
        }
    }
}

/// An address that two have.
pub(super) struct Case {
    pub at: Moment,
    pub segment: Segment,
    pub ip: [u8; 4],
    pub before: Binding,
    pub rival: Rival,
    pub reason: Reason,
}

impl Case {
    pub(super) fn new(claim: &Claim, before: Binding, rival: Rival, reason: Reason) -> Self {
        Self {
            at: claim.at,
            segment: claim.segment,
            ip: claim.packet.sender_ip,
            before,
            rival,
            reason,
        }
    }

    fn words(&self, summary: String) -> (Words, Option<Contested>) {
        let (before, rival) = (&self.before, &self.rival);
        let ip = Ipv4Addr::from(self.ip);
        let words = Words {
            subject: ip.to_string(),
            summary: format!("{summary}{}", self.segment),
            evidence: vec![
                format!(
                    "before: {ip} is at {}, last heard in frame {}",
                    mac_text(before.holder),
                    before.last.frame
                ),
                format!(
                    "now: {ip} is at {}, since frame {}, last in frame {}",
                    mac_text(rival.mac),
                    rival.first.frame,
                    rival.last.frame
                ),
                self.reason.words().to_owned(),
            ],
            filter: filter(ip, rival),
        };
        let contested = contested(self.segment, self.ip, before.holder, rival.mac);
        (words, contested)
    }
}

/// That `before` and `now` claim an address.
pub(super) fn contested(segment: Segment, ip: [u8; 4], before: Mac, now: Mac) -> Option<Contested> {
    Some(Contested {
        address: Ipv4Addr::from(ip).into(),
        macs: vec![before, now],
        is_inside: segment.is_inside(),
    })
}

fn filter(ip: Ipv4Addr, rival: &Rival) -> String {
    format!(
        "arp.src.proto_ipv4 == {ip} or arp.src.hw_mac == {}",
        mac_text(rival.mac)
    )
}

/// A duplicate address, or spoofing where the newcomer behaves like it.
pub(super) fn tell(case: &Case, stations: &mut Stations, report: &mut Report) {
    let is_gateway = stations.is_router(case.segment, case.before.holder);
    if case.reason.is_suspicious() || case.rival.suspicious || is_gateway {
        return spoofing(case, report);
    }
    let subject = (case.segment, case.ip);
    report.raise_contested(
        case.at,
        Kind::DuplicateAddress,
        Severity::Warning,
        &subject,
        || {
            case.words(format!(
                "{} and {} both use {}",
                station(case.before.holder),
                station(case.rival.mac),
                Ipv4Addr::from(case.ip)
            ))
        },
    );
}

pub(super) fn spoofing(case: &Case, report: &mut Report) {
    let subject = (case.segment, case.rival.mac, case.ip);
    report.raise_contested(
        case.at,
        Kind::ArpSpoofing,
        Severity::Critical,
        &subject,
        || {
            case.words(format!(
                "{} claims {}, which is {}'s",
                station(case.rival.mac),
                Ipv4Addr::from(case.ip),
                station(case.before.holder)
            ))
        },
    );
}

/// A binding that changed, and nothing more is known yet.
pub(super) fn changed(
    claim: &Claim,
    before: &Binding,
    probed: bool,
    fresh: bool,
    stations: &mut Stations,
    report: &mut Report,
) {
    let is_gateway = stations.is_router(claim.segment, before.holder);
    let severity = if (probed || !fresh) && !is_gateway {
        Severity::Info
    } else {
        Severity::Warning
    };
    let subject = (claim.segment, claim.packet.sender_ip, claim.mac());
    report.raise_contested(
        claim.at,
        Kind::ArpBindingChanged,
        severity,
        &subject,
        || {
            let ip = Ipv4Addr::from(claim.packet.sender_ip);
            let mut evidence = vec![format!(
                "frame {}: {}; frame {}, {} later: {}",
                before.last.frame,
                mac_text(before.holder),
                claim.at.frame,
                span(claim.at.time.since(before.last.time)),
                mac_text(claim.mac())
            )];
            if is_gateway {
                evidence.push(
                    "packets of other networks went through the one before: it is a gateway"
                        .to_owned(),
                );
            }
            if probed {
                evidence.push(
                    "the new one asked first whether the address is free (RFC 5227)".to_owned(),
                );
            }
            let words = Words {
                subject: ip.to_string(),
                summary: format!(
                    "{ip} went from {} to {}{}",
                    station(before.holder),
                    station(claim.mac()),
                    claim.segment
                ),
                evidence,
                filter: format!("arp.src.proto_ipv4 == {ip}"),
            };
            let (ip, now) = (claim.packet.sender_ip, claim.mac());
            (words, contested(claim.segment, ip, before.holder, now))
        },
    );
}
