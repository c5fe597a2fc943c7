//! What is worth knowing of an answer, in a word or two each.

use std::net::IpAddr;

use super::place::Place;
use crate::arp::{Finding, Mac, Voice};
use crate::commands::interfaces::mac_text;
use crate::vendor::{self, Identity};

/// Notes on one answer, the weightiest first. `others` are the other MAC addresses that answered for the address.
pub(super) fn notes(
    place: &Place,
    address: IpAddr,
    voice: &Voice,
    others: &[Mac],
    findings: &[Finding],
) -> Vec<String> {
    let mut notes = Vec::new();
    for finding in findings {
        notes.extend(about(finding, voice.mac));
    }
    if notes.is_empty() && !others.is_empty() {
        notes.push(format!("duplicate: also {}", list(others)));
    }
    if place.link.gateways.contains(&address) {
        notes.push("gateway".to_owned());
    } else if voice.is_router {
        notes.push("router".to_owned());
    }
    if let Some(name) = vendor::redundant_router(voice.mac) {
        notes.push(format!("virtual router ({})", name.short));
    }
    match vendor::identify(voice.mac) {
        Identity::Local => notes.push("random MAC".to_owned()),
        Identity::Multicast(_) => notes.push("group MAC".to_owned()),
        _ => {}
    }
    if voice.is_soft {
        notes.push("proxy or anycast".to_owned());
    }
    if voice.ethernet_source != voice.mac {
        let sender = mac_text(voice.ethernet_source);
        notes.push(format!("source \u{2260} sender: sent by {sender}"));
    }
    if voice.is_late {
        let attempts = voice.attempts;
        notes.push(format!(
            "late: after {attempts} requests, RTT from the last"
        ));
    }
    notes
}

/// What a finding means for one of its MAC addresses.
fn about(finding: &Finding, mac: Mac) -> Option<String> {
    let others = |macs: &[Mac]| {
        let rest: Vec<Mac> = macs.iter().copied().filter(|other| *other != mac).collect();
        list(&rest)
    };
    match finding {
        Finding::Conflict(macs) if macs.contains(&mac) => {
            Some(format!("duplicate: also {}", others(macs)))
        }
        Finding::SeveralCards(macs) if macs.contains(&mac) => {
            Some(format!("same host also at {}", others(macs)))
        }
        Finding::Proxied(by) if *by == mac => Some("proxy".to_owned()),
        _ => None,
    }
}

fn list(macs: &[Mac]) -> String {
    let macs: Vec<_> = macs.iter().copied().map(mac_text).collect();
    macs.join(", ")
}

/// A finding in a sentence.
pub(super) fn sentence(address: IpAddr, finding: &Finding) -> String {
    match finding {
        Finding::Conflict(macs) => format!(
            "{address} is in use twice: {} answer for it. Two hosts have the same address, or one host has two cards on this link",
            list(macs)
        ),
        Finding::SeveralCards(macs) => format!(
            "{address} is no conflict: {} are cards of one host, which answers on each for all its addresses (Linux: arp_ignore=0)",
            list(macs)
        ),
        Finding::Proxied(mac) => format!(
            "{address} is not on this link: {} answers for it, as a router does that leads there (proxy ARP)",
            mac_text(*mac)
        ),
    }
}
