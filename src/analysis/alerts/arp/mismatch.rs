//! An ARP packet that names another sender than the frame around it.
//!
//! What forwards ARP does not change it, so both are the same (RFC 826). A redundant router sends its shared address
//! from a machine's own, which is left out.

use super::Claim;
use crate::analysis::alerts::kind::{Kind, Severity};
use crate::analysis::alerts::report::{Report, Words};
use crate::analysis::alerts::sight::Sight;
use crate::analysis::alerts::{mac_text, station};
use crate::vendor;

pub(super) fn look(sight: &Sight<'_>, claim: &Claim, report: &mut Report) {
    let Some(ends) = sight.ends else {
        return;
    };
    let (frame, packet) = (ends.source, claim.mac());
    if frame == packet
        || vendor::redundant_router(packet).is_some()
        || vendor::redundant_router(frame).is_some()
    {
        return;
    }
    let subject = (sight.segment, frame, packet);
    report.raise(
        claim.at,
        Kind::ArpSenderMismatch,
        Severity::Warning,
        &subject,
        || {
            let ip = std::net::Ipv4Addr::from(claim.packet.sender_ip);
            Words {
                subject: mac_text(frame),
                summary: format!(
                    "{} sends ARP in the name of {}, for {ip}{}",
                    station(frame),
                    station(packet),
                    sight.segment
                ),
                evidence: vec![format!(
                    "frame {}: Ethernet source {}, ARP sender {}",
                    claim.at.frame,
                    mac_text(frame),
                    mac_text(packet)
                )],
                filter: format!("arp and eth.src == {}", mac_text(frame)),
            }
        },
    );
}
