//! What contradictions of neighbor discovery are told as.

use std::net::Ipv6Addr;

use super::{Binding, Claim, Rival};
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Contested, Report, Words};
use crate::analysis::alerts::sight::{Mac, Moment};
use crate::analysis::alerts::{mac_text, span, station};

/// Who wants an address is told that it is taken.
pub(super) fn is_taken(claim: &Claim, by: Mac, probe: Moment, report: &mut Report) {
    let subject = (claim.segment, claim.address);
    let severity = Severity::Warning;
    report.raise_contested(claim.at, Kind::DuplicateAddress, severity, &subject, || {
        let address = claim.address;
        let words = Words {
            subject: address.to_string(),
            summary: format!(
                "{} wants {address}, and {} has it{}",
                station(by),
                station(claim.mac),
                claim.segment
            ),
            evidence: vec![format!(
                "frame {}: probe; frame {}, {} later: the other one (RFC 4862, 5.4)",
                probe.frame,
                claim.at.frame,
                span(claim.at.time.since(probe.time))
            )],
            filter: filter(address),
        };
        (words, contested(claim, by))
    });
}

/// Whatever address somebody wants, the same station has it.
pub(super) fn denies(claim: &Claim, by: Mac, all: &[Ipv6Addr], report: &mut Report) {
    let subject = (claim.segment, claim.mac, "denies");
    let severity = Severity::Critical;
    report.raise_contested(claim.at, Kind::NdSpoofing, severity, &subject, || {
        let names: Vec<_> = all.iter().map(Ipv6Addr::to_string).collect();
        let words = Words {
            subject: mac_text(claim.mac),
            summary: format!(
                "{} says of every address that somebody wants that it has it, so that nobody gets one{}",
                station(claim.mac),
                claim.segment
            ),
            evidence: vec![format!(
                "{} in a minute, the last in frame {}: {}",
                all.len(),
                claim.at.frame,
                names.join(", ")
            )],
            filter: format!("icmpv6.type == 136 and eth.src == {}", mac_text(claim.mac)),
        };
        (words, contested(claim, by))
    });
}

/// Both go on claiming it: two machines with one address, or somebody who is after a router's traffic.
pub(super) fn both(claim: &Claim, before: &Binding, rival: &Rival, report: &mut Report) {
    if before.is_router {
        let why = "it is a router's, and the router goes on claiming it";
        return spoofing(claim, before, rival, why, report);
    }
    let subject = (claim.segment, claim.address);
    let severity = Severity::Warning;
    report.raise_contested(claim.at, Kind::DuplicateAddress, severity, &subject, || {
        let summary = format!(
            "{} and {} both use {}",
            station(before.holder),
            station(rival.mac),
            claim.address
        );
        words(claim, before, rival, summary, "both claim it")
    });
}

pub(super) fn spoofing(
    claim: &Claim,
    before: &Binding,
    rival: &Rival,
    why: &str,
    report: &mut Report,
) {
    let subject = (claim.segment, rival.mac, claim.address);
    let severity = Severity::Critical;
    report.raise_contested(claim.at, Kind::NdSpoofing, severity, &subject, || {
        let summary = format!(
            "{} claims {}, which is {}'s",
            station(rival.mac),
            claim.address,
            station(before.holder)
        );
        words(claim, before, rival, summary, why)
    });
}

/// A binding that changed, and nothing more is known yet.
pub(super) fn changed(claim: &Claim, before: &Binding, is_fresh: bool, report: &mut Report) {
    let severity = match is_fresh || before.is_router {
        true => Severity::Warning,
        false => Severity::Info,
    };
    let subject = (claim.segment, claim.address, claim.mac);
    report.raise_contested(claim.at, Kind::NdBindingChanged, severity, &subject, || {
        let address = claim.address;
        let mut evidence = vec![format!(
            "frame {}: {}; frame {}, {} later: {}",
            before.last.frame,
            mac_text(before.holder),
            claim.at.frame,
            span(claim.at.time.since(before.last.time)),
            mac_text(claim.mac)
        )];
        if before.is_router {
            evidence.push("it is a router's".to_owned());
        }
        if claim.announces {
            evidence.push(
                "it was announced to all, as after a change of cards (RFC 4861, 7.2.6)".to_owned(),
            );
        }
        let words = Words {
            subject: address.to_string(),
            summary: format!(
                "{address} went from {} to {}{}",
                station(before.holder),
                station(claim.mac),
                claim.segment
            ),
            evidence,
            filter: filter(address),
        };
        (words, contested(claim, before.holder))
    });
}

fn words(
    claim: &Claim,
    before: &Binding,
    rival: &Rival,
    summary: String,
    why: &str,
) -> (Words, Option<Contested>) {
    let address = claim.address;
    let words = Words {
        subject: address.to_string(),
        summary: format!("{summary}{}", claim.segment),
        evidence: vec![
            format!(
                "before: {address} is at {}, last heard in frame {}",
                mac_text(before.holder),
                before.last.frame
            ),
            format!(
                "now: {address} is at {}, since frame {}, last in frame {}",
                mac_text(rival.mac),
                rival.first.frame,
                rival.last.frame
            ),
            why.to_owned(),
        ],
        filter: filter(address),
    };
    let contested = Contested {
        address: address.into(),
        macs: vec![before.holder, rival.mac],
        is_inside: claim.segment.is_inside(),
    };
    (words, Some(contested))
}

/// That `other` and the claimant are after the same address.
fn contested(claim: &Claim, other: Mac) -> Option<Contested> {
    Some(Contested {
        address: claim.address.into(),
        macs: vec![other, claim.mac],
        is_inside: claim.segment.is_inside(),
    })
}

/// Solicitations from and for it, advertisements of it.
fn filter(address: Ipv6Addr) -> String {
    format!(
        "icmpv6.nd.na.target_address == {address} or icmpv6.nd.ns.target_address == {address} or \
         (icmpv6.type >= 133 and icmpv6.type <= 136 and ipv6.src == {address})"
    )
}
