//! Hosts: addresses that somebody sent from.

use std::net::{IpAddr, Ipv4Addr};

use super::difference::{Difference, Kind, Shown};
use super::pair::Pair;
use super::{Seen, Side};
use crate::address::is_many;
use crate::analysis::alerts::Severity;
use crate::analysis::ends::addresses;
use crate::decode::{self, Layer, Packet, arp};

const MOST: usize = 65_536;

pub(super) struct Hosts(Pair<IpAddr, Seen>);

impl Default for Hosts {
    fn default() -> Self {
        Self(Pair::new(MOST))
    }
}

impl Hosts {
    pub(super) fn look(&mut self, side: Side, packet: &Packet<'_>) {
        for layer in packet.layers.iter().filter(|layer| !layer.quoted()) {
            if let Some(host) = sender(packet, layer).filter(is_one_host)
                && let Some(seen) = self.0.entry(side, &host)
            {
                seen.add(packet.frame.number);
            }
        }
    }

    pub(super) fn is_in(&self, side: Side, host: IpAddr) -> bool {
        self.0.get(side, &host).is_some()
    }

    pub(super) fn compare(&self, found: &mut Vec<Difference>) {
        for (host, both) in self.0.each() {
            let (kind, what, good, bad) = match both {
                (Some(good), None) => (
                    Kind::HostGone,
                    "sends nothing any more",
                    sent(good),
                    Shown::nothing(),
                ),
                (None, Some(bad)) => (Kind::HostNew, "is new", Shown::nothing(), sent(bad)),
                _ => continue,
            };
            found.push(Difference {
                kind,
                severity: Severity::Info,
                subject: host.to_string(),
                summary: format!("{host} {what}"),
                good,
                bad,
                filter: Some(filter(*host)),
            });
        }
    }

    pub(super) fn left_out(&self) -> [u64; 2] {
        self.0.left_out()
    }
}

fn sent(seen: &Seen) -> Shown {
    Shown::new("sends", *seen)
}

/// Frames from or about an address.
fn filter(host: IpAddr) -> String {
    match host {
        IpAddr::V4(host) => format!("ip.addr == {host} or arp.src.proto_ipv4 == {host}"),
        IpAddr::V6(host) => format!("ipv6.addr == {host}"),
    }
}

fn sender(packet: &Packet<'_>, layer: &Layer) -> Option<IpAddr> {
    match layer.kind {
        decode::Kind::Ipv4 | decode::Kind::Ipv6 => {
            addresses(packet, layer).map(|(source, _)| source)
        }
        decode::Kind::Arp => {
            let said = arp::addresses(packet, layer)?;
            Some(Ipv4Addr::from(said.sender_ip).into())
        }
        _ => None,
    }
}

/// Whether an address can be one host's on a network.
pub(super) fn is_one_host(address: &IpAddr) -> bool {
    !address.is_unspecified() && !is_many(*address)
}
