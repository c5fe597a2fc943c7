//! Which address is at which MAC address.

use std::net::IpAddr;
use std::sync::Arc;

use super::difference::{Difference, Kind, Shown};
use super::pair::Pair;
use super::{Seen, Side};
use crate::analysis::alerts::{Severity, mac_text, station};
use crate::analysis::neighbors::{Vlan, claim};
use crate::decode::Packet;
use crate::frame::Timestamp;

const MOST: usize = 65_536;
/// MAC addresses kept of one address; a spoofer may claim it with any number.
const MOST_MACS: usize = 8;

type Mac = [u8; 6];

/// Where an address is said to be, in the order it was said.
#[derive(Debug, Default)]
struct Claimed(Vec<(Mac, Seen)>);

pub(super) struct Bindings {
    table: Pair<(IpAddr, Vlan), Claimed>,
    /// Captures are compared, not their interfaces.
    anywhere: Arc<str>,
}

impl Default for Bindings {
    fn default() -> Self {
        Self {
            table: Pair::new(MOST),
            anywhere: Arc::from(""),
        }
    }
}

impl Bindings {
    pub(super) fn look(&mut self, side: Side, packet: &Packet<'_>) {
        let possible =
            claim(packet).and_then(|claim| claim.sighting(&self.anywhere, Timestamp::default()));
        if let Some(sighting) = possible
            && let Some(claimed) = self.table.entry(side, &(sighting.address, sighting.vlan))
        {
            claimed.add(sighting.mac, packet.frame.number);
        }
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        for ((address, vlan), both) in self.table.each() {
            if let (Some(good), Some(bad)) = both {
                found.extend(compare(*address, *vlan, good, bad));
            }
        }
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.table.left_out()
    }
}

impl Claimed {
    fn add(&mut self, mac: Mac, frame: u64) {
        if let Some((_, seen)) = self.0.iter_mut().find(|(known, _)| *known == mac) {
            seen.add(frame);
        } else if self.0.len() < MOST_MACS {
            let mut seen = Seen::default();
            seen.add(frame);
            self.0.push((mac, seen));
        }
    }

    /// Those that `other` lacks; all of them where it lacks none.
    fn apart(&self, other: &Self) -> Vec<(Mac, Seen)> {
        let is_missing = |(mac, _): &&(Mac, Seen)| other.0.iter().all(|(known, _)| known != mac);
        let apart: Vec<_> = self.0.iter().filter(is_missing).copied().collect();
        if apart.is_empty() {
            self.0.clone()
        } else {
            apart
        }
    }

    fn has_all_of(&self, other: &Self) -> bool {
        let has = |mac: &Mac| self.0.iter().any(|(known, _)| known == mac);
        other.0.iter().all(|(mac, _)| has(mac))
    }
}

fn compare(address: IpAddr, vlan: Vlan, good: &Claimed, bad: &Claimed) -> Option<Difference> {
    let (kept, added) = (bad.has_all_of(good), !good.has_all_of(bad));
    let (before, now) = (good.apart(bad), bad.apart(good));
    let what = match (kept, added) {
        (true, false) => return None,
        (false, true) => format!("is at {}, and was at {}", names(&now), names(&before)),
        (true, true) => format!(
            "is claimed by {} too, beside {}",
            names(&now),
            names(&before)
        ),
        (false, false) => format!(
            "is no longer claimed by {}, only by {}",
            names(&before),
            names(&now)
        ),
    };
    let vlan = match vlan {
        Vlan::NONE => String::new(),
        vlan => format!(" on VLAN {vlan}"),
    };
    Some(Difference {
        kind: Kind::BindingChanged,
        severity: match added {
            true => Severity::Warning,
            false => Severity::Info,
        },
        subject: address.to_string(),
        summary: format!("{address}{vlan} {what}"),
        good: shown(&before),
        bad: shown(&now),
        filter: Some(match address {
            IpAddr::V4(_) => format!("arp.src.proto_ipv4 == {address}"),
            IpAddr::V6(_) => format!(
                "icmpv6 and (ipv6.src == {address} or icmpv6.nd.na.target_address == {address})"
            ),
        }),
    })
}

fn names(macs: &[(Mac, Seen)]) -> String {
    let names: Vec<_> = macs.iter().map(|(mac, _)| station(*mac)).collect();
    names.join(" and ")
}

fn shown(macs: &[(Mac, Seen)]) -> Shown {
    let said: Vec<_> = macs.iter().map(|(mac, _)| mac_text(*mac)).collect();
    let seen = macs
        .iter()
        .fold(Seen::default(), |all, (_, seen)| all.and(*seen));
    Shown::new(said.join(", "), seen)
}
