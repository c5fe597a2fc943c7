//! Routing loops: a packet that passes again and again, each time with a smaller time to live.
//!
//! Looked for among packets that are about to run out, since in a loop all do: it costs nothing on an ordinary link.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Moment, Sight};
use super::window::SECOND;
use super::{ip_field, span};
use crate::analysis::memory::Bounded;
use crate::decode;

const LIMIT: usize = 8192;
const ABOUT_TO_END: u8 = 24;
const WITHIN: i64 = 10 * SECOND;
/// As much of a packet's payload tells it from others.
const COMPARED: usize = 64;

#[derive(Clone, Copy)]
struct Pass {
    ttl: u8,
    first_ttl: u8,
    passes: u32,
    first: Moment,
}

pub(super) struct Ttl {
    settings: settings::Ttl,
    packets: Bounded<u64, Pass>,
    hasher: RandomState,
}

impl Ttl {
    pub(super) fn new(settings: settings::Ttl) -> Self {
        Self {
            settings,
            packets: Bounded::new(LIMIT),
            hasher: RandomState::default(),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        let Some(ip) = sight.ip.filter(|ip| ip.ttl <= ABOUT_TO_END) else {
            return;
        };
        let identification = match ip.layer.kind {
            decode::Kind::Ipv4 => sight.packet.u32(ip.layer, 4),
            _ => sight.packet.u32(ip.layer, 0),
        };
        let payload = sight.packet.payload(ip.layer);
        let payload = &payload[..payload.len().min(COMPARED)];
        let hash = self
            .hasher
            .hash_one((ip.source, ip.destination, identification, payload));
        let new = Pass {
            ttl: ip.ttl,
            first_ttl: ip.ttl,
            passes: 1,
            first: sight.at,
        };
        let pass = self.packets.get_or_insert_with(hash, || new);
        if !sight.at.is_within(WITHIN, pass.first) || ip.ttl > pass.ttl {
            *pass = new;
        } else if ip.ttl < pass.ttl {
            pass.ttl = ip.ttl;
            pass.passes += 1;
        }
        let pass = *pass;
        if pass.passes < self.settings.passes || ip.ttl != pass.ttl {
            return;
        }
        let subject = (ip.source, ip.destination);
        report.raise(sight.at, Kind::RoutingLoop, Severity::Warning, &subject, || Words {
            subject: ip.destination.to_string(),
            summary: format!(
                "packets from {} to {} go round a routing loop",
                ip.source, ip.destination
            ),
            evidence: vec![format!(
                "the packet of frame {} passed {} times within {}, its time to live going from {} to {}",
                pass.first.frame,
                pass.passes,
                span(sight.at.time.since(pass.first.time)),
                pass.first_ttl,
                pass.ttl
            )],
            filter: format!(
                "{} and {}",
                ip_field(ip.source, "src"),
                ip_field(ip.destination, "dst")
            ),
        });
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.packets.forgotten()
    }
}
