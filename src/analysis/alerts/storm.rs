//! Broadcast storms: broadcasts in masses, ARP in masses, and copies of one frame that go round a loop.
//!
//! A video stream to a multicast group is neither: its frames differ, and multicast counts only by its copies.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Segment, Sight, To};
use super::window::{SECOND, Window};
use super::{rate, span, station};
use crate::analysis::memory::Bounded;

const SEGMENTS: usize = 1024;
/// Different group frames of one second that are compared with those that follow.
const MOST_COMPARED: usize = 1024;
/// This many times the threshold harms every station on the link.
const HARMFUL: u64 = 5;

pub(super) struct Storm {
    settings: settings::Storm,
    arp_rate: u32,
    links: Bounded<Segment, Link>,
    hasher: RandomState,
}

/// One second of a link.
#[derive(Default)]
struct Link {
    frames: Window,
    broadcasts: u64,
    arps: u64,
    copies: HashMap<u64, (u64, u64), RandomState>,
}

impl Storm {
    pub(super) fn new(settings: settings::Storm, arp_rate: u32) -> Self {
        Self {
            settings,
            arp_rate,
            links: Bounded::new(SEGMENTS),
            hasher: RandomState::default(),
        }
    }

    /// `scanning`: the frame belongs to a scan, which is told of as such.
    pub(super) fn look(&mut self, sight: &Sight<'_>, scanning: bool, report: &mut Report) {
        let Some(ends) = sight.ends else {
            return;
        };
        let link = self.links.get_or_insert_with(sight.segment, Link::default);
        if link.frames.add(sight.at.time, SECOND) {
            (link.broadcasts, link.arps) = (0, 0);
            link.copies.clear();
        }
        if !ends.to_group() || scanning {
            return;
        }
        link.broadcasts += u64::from(ends.to == To::Broadcast);
        link.arps += u64::from(sight.arp.is_some());
        let hash = self.hasher.hash_one(sight.packet.frame.bytes);
        let copies = if link.copies.len() < MOST_COMPARED || link.copies.contains_key(&hash) {
            let (count, _) = link.copies.entry(hash).or_insert((0, sight.at.frame));
            *count += 1;
            *count
        } else {
            0
        };
        if copies >= u64::from(self.settings.copies) {
            let first = link.copies.get(&hash).map_or(0, |(_, first)| *first);
            tell_loop(sight, link, copies, first, report);
        } else if link.broadcasts - link.arps.min(link.broadcasts)
            >= u64::from(self.settings.broadcast_rate)
            && share(link) >= self.settings.broadcast_share
        {
            tell_storm(sight, link, &self.settings, report);
        } else if link.arps >= u64::from(self.arp_rate) {
            tell_arp(sight, link, self.arp_rate, report);
        }
    }
}

fn share(link: &Link) -> f64 {
    link.broadcasts as f64 / link.frames.count as f64
}

fn a_second(count: u64, age: i64) -> String {
    match rate(count, age) {
        Some(rate) => format!("{count} in {} ({rate:.0} a second)", span(age)),
        None => format!("{count} at the same time"),
    }
}

fn tell_loop(sight: &Sight<'_>, link: &Link, copies: u64, first: u64, report: &mut Report) {
    let subject = (sight.segment, "loop");
    report.raise(sight.at, Kind::BroadcastStorm, Severity::Critical, &subject, || {
        let age = link.frames.age(sight.at.time);
        let source = sight.ends.map_or([0; 6], |ends| ends.source);
        Words {
            subject: "loop".to_owned(),
            summary: format!(
                "the same frame of {} comes again and again: it goes round a loop{}",
                station(source),
                sight.segment
            ),
            evidence: vec![
                format!("{} copies of frame {first}", a_second(copies, age)),
                format!("{} of {} frames in that time are broadcasts", link.broadcasts, link.frames.count),
                "two switch ports are joined, and no spanning tree keeps the loop open; or one host sends it".to_owned(),
            ],
            filter: format!("eth.dst.ig == 1 and eth.src == {}", super::mac_text(source)),
        }
    });
}

fn tell_storm(sight: &Sight<'_>, link: &Link, settings: &settings::Storm, report: &mut Report) {
    let age = link.frames.age(sight.at.time);
    let harmful = u64::from(settings.broadcast_rate) * HARMFUL;
    let severity = if rate(link.broadcasts, age).is_none_or(|rate| rate >= harmful as f64) {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let subject = (sight.segment, "broadcasts");
    report.raise(sight.at, Kind::BroadcastStorm, severity, &subject, || {
        Words {
            subject: "broadcasts".to_owned(),
            summary: format!("broadcasts flood the link{}", sight.segment),
            evidence: vec![
                format!("broadcasts: {}", a_second(link.broadcasts, age)),
                format!("{:.0} % of all frames in that time", 100.0 * share(link)),
            ],
            filter: "eth.dst == ff:ff:ff:ff:ff:ff".to_owned(),
        }
    });
}

fn tell_arp(sight: &Sight<'_>, link: &Link, most: u32, report: &mut Report) {
    report.raise(
        sight.at,
        Kind::ArpStorm,
        Severity::Warning,
        &sight.segment,
        || {
            let age = link.frames.age(sight.at.time);
            Words {
                subject: "ARP".to_owned(),
                summary: format!("ARP floods the link{}", sight.segment),
                evidence: vec![
                    format!("broadcast ARP packets: {}", a_second(link.arps, age)),
                    format!("more than {most} a second, scans left out"),
                ],
                filter: "arp".to_owned(),
            }
        },
    );
}
