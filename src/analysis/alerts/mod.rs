//! Alerts: what is wrong on a link, from the frames that cross it, with what shows it.
//!
//! Each frame is looked at once ([`sight`]), and each detector sees it in the capture's order. Time is the frames'
//! own, so that a file gives the same alerts every time. What the detectors remember is bounded, whatever crosses; so is
//! what they tell ([`report`]).
//!
//! A detector a file: [`arp`], [`storm`], [`syn_flood`] and [`scan`] (from [`attempts`]), [`dhcp`],
//! [`discovery`], [`router_advertisement`], [`flapping`], [`ping`], [`ttl`].

mod arp;
mod attempts;
mod dhcp;
mod discovery;
mod flapping;
mod kind;
mod links;
mod ping;
mod report;
mod router_advertisement;
mod scan;
mod settings;
mod sight;
mod storm;
mod syn_flood;
#[cfg(test)]
mod tests;
mod ttl;
mod window;

pub use kind::{Kind, Severity};
pub use report::{Alert, Contested};
pub use settings::{Settings, defaults};
pub use sight::Moment;

use std::time::Duration;

use crate::about::Interface;
use crate::decode::Packet;
use crate::frame::Timestamp;
use report::Report;
use sight::Sight;

/// Watches frames, and raises alerts.
pub struct Alerts {
    links: links::Links,
    report: Report,
    last: Option<Moment>,
    arp: arp::Arp,
    storm: storm::Storm,
    attempts: attempts::Attempts,
    syn_flood: syn_flood::SynFlood,
    scan: scan::Scan,
    dhcp: dhcp::Dhcp,
    discovery: discovery::Discovery,
    router_advertisement: router_advertisement::RouterAdvertisement,
    flapping: flapping::Flapping,
    ping: ping::Ping,
    ttl: ttl::Ttl,
}

impl Alerts {
    pub fn new(settings: &Settings) -> Self {
        Self {
            links: links::Links::default(),
            report: Report::new(settings.general.clone()),
            last: None,
            arp: arp::Arp::new(settings.arp.clone()),
            storm: storm::Storm::new(settings.storm.clone(), settings.arp.storm_rate),
            attempts: attempts::Attempts::default(),
            syn_flood: syn_flood::SynFlood::new(settings.syn_flood.clone()),
            scan: scan::Scan::new(settings.scan.clone()),
            dhcp: dhcp::Dhcp::new(settings.dhcp.clone()),
            discovery: discovery::Discovery::new(settings.arp.clone()),
            router_advertisement: router_advertisement::RouterAdvertisement::new(
                settings.router_advertisement.clone(),
            ),
            flapping: flapping::Flapping::new(settings.flapping.clone()),
            ping: ping::Ping::new(settings.ping.clone()),
            ttl: ttl::Ttl::new(settings.ttl.clone()),
        }
    }

    /// Learns of the next interfaces of the input.
    pub fn add_interfaces(&mut self, new: &[Interface]) {
        self.links.add(new);
    }

    /// Looks at the next frame; returns what is to be told now.
    pub fn observe(&mut self, packet: &Packet<'_>) -> impl Iterator<Item = Alert> {
        let before = self.last.map_or_else(Timestamp::default, |last| last.time);
        let link = self.links.of(packet.frame.interface);
        let sight = Sight::new(packet, link, packet.frame.time.unwrap_or(before));
        self.last = Some(sight.at);
        let report = &mut self.report;
        let scanning = self.arp.look(&sight, report);
        self.storm.look(&sight, scanning, report);
        self.syn_flood.pass(sight.at, report);
        self.scan.pass(sight.at, report);
        if let Some(event) = self.attempts.look(&sight) {
            self.syn_flood.look(&event);
            self.scan.look(&event, report);
        }
        self.dhcp.look(&sight, report);
        self.discovery.look(&sight, report);
        self.router_advertisement.look(&sight, report);
        self.flapping.look(&sight, report);
        self.ping.look(&sight, report);
        self.ttl.look(&sight, report);
        report.take()
    }

    /// What is to be told now that no more frames come: what was only counted, and what waited for an answer.
    pub fn finish(&mut self) -> impl Iterator<Item = Alert> {
        if let Some(last) = self.last {
            self.scan.finish(last.time, &mut self.report);
        }
        self.syn_flood.finish(&mut self.report);
        self.report.finish();
        self.report.take()
    }

    /// The worst that was raised so far.
    pub fn worst(&self) -> Option<Severity> {
        self.report.worst()
    }

    /// Entries of tables that were forgotten to bound memory.
    pub fn forgotten(&self) -> u64 {
        self.arp.forgotten()
            + self.attempts.forgotten()
            + self.discovery.forgotten()
            + self.syn_flood.forgotten()
            + self.scan.forgotten()
            + self.flapping.forgotten()
            + self.ping.forgotten()
            + self.ttl.forgotten()
    }
}

/// Nanoseconds as people say it: "2.1 s", "35 ms".
pub(super) fn span(nanos: i64) -> String {
    let nanos = nanos.max(0);
    let length = Duration::from_nanos(nanos.unsigned_abs());
    match nanos {
        0..1_000 => format!("{nanos} ns"),
        1_000..1_000_000 => format!("{} µs", length.as_micros()),
        1_000_000..1_000_000_000 => format!("{} ms", length.as_millis()),
        1_000_000_000..120_000_000_000 => format!("{:.1} s", length.as_secs_f64()),
        120_000_000_000..7_200_000_000_000 => format!("{} min", length.as_secs() / 60),
        _ => format!("{} h", length.as_secs() / 3600),
    }
}

/// Events a second over a span of nanoseconds; none where it is too short to say.
fn rate(count: u64, nanos: i64) -> Option<f64> {
    (nanos > 0).then(|| count as f64 * 1e9 / nanos as f64)
}

/// A MAC address and who made the card: "00:1b:21:00:00:02 (Intel)".
pub fn station(mac: sight::Mac) -> String {
    let mut out = crate::text::Buffer::new();
    crate::text::push_mac(&mut out, mac);
    let mut text = String::from_utf8_lossy(&out).into_owned();
    let maker = crate::vendor::identify(mac).short();
    if !maker.is_empty() {
        text = format!("{text} ({maker})");
    }
    text
}

/// A MAC address alone, as a display filter wants it.
pub(super) fn mac_text(mac: sight::Mac) -> String {
    let mut out = crate::text::Buffer::new();
    crate::text::push_mac(&mut out, mac);
    String::from_utf8_lossy(&out).into_owned()
}

/// The field that holds `address` as a source or destination: "ip.src", "ipv6.dst".
fn ip_field(address: std::net::IpAddr, what: &str) -> String {
    let protocol = if address.is_ipv4() { "ip" } else { "ipv6" };
    format!("{protocol}.{what} == {address}")
}
