//! IPv6 router advertisements (RFC 4861, 4.2) that should not be: whoever sends one becomes every host's gateway.
//! RFC 6104 tells how they come about.

use std::net::{IpAddr, Ipv6Addr};

use super::kind::{Kind, Severity};
use super::report::{Report, Words};
use super::settings;
use super::sight::{Mac, Moment, Segment, Sight};
use super::window::{Distinct, SECOND};
use super::{mac_text, station};
use crate::analysis::memory::Bounded;
use crate::bytes::chunk;
use crate::decode::{self, icmp};
use crate::vendor;

const SEGMENTS: usize = 1024;
const MOST_ROUTERS: usize = 64;
const MANY_WITHIN: i64 = 10 * SECOND;
/// What comes from a neighbor was not forwarded, so nobody took anything off (RFC 4861, 6.1.2).
const HOP_LIMIT: u8 = 255;
const PREFIX_INFORMATION: u8 = 3;

#[derive(Debug, Clone)]
struct Router {
    address: IpAddr,
    mac: Mac,
    /// Seconds that it is a default router for; 0 says that it no longer is.
    lifetime: u16,
    prefixes: Vec<(Ipv6Addr, u8)>,
    at: Moment,
}

#[derive(Default)]
struct Link {
    routers: Vec<Router>,
    appeared: Distinct<IpAddr>,
}

pub(super) struct RouterAdvertisement {
    settings: settings::RouterAdvertisement,
    links: Bounded<Segment, Link>,
}

impl RouterAdvertisement {
    pub(super) fn new(settings: settings::RouterAdvertisement) -> Self {
        Self {
            settings,
            links: Bounded::new(SEGMENTS),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        let Some((new, hop_limit)) = read(sight) else {
            return;
        };
        if hop_limit != HOP_LIMIT {
            return tell(sight, &new, Severity::Warning, report, || {
                (
                    "comes from beyond this link, so hosts ignore it".to_owned(),
                    vec![format!(
                        "its hop limit is {hop_limit}, not 255 (RFC 4861, 6.1.2)"
                    )],
                )
            });
        }
        if !self.settings.routers.is_empty() {
            if !self.settings.routers.contains(&new.address) {
                tell(sight, &new, Severity::Critical, report, || {
                    ("is not in the list of routers".to_owned(), Vec::new())
                });
            }
            return;
        }
        let link = self.links.get_or_insert_with(sight.segment, Link::default);
        let many = link
            .appeared
            .add(new.address, sight.at.time, MANY_WITHIN, self.settings.many);
        if let Some((_, routers)) = many {
            tell(sight, &new, Severity::Critical, report, || {
                (
                    format!("is one of {} that appear within 10 s", routers.len()),
                    vec![
                        "hosts keep a route and an address for each: this exhausts them".to_owned(),
                    ],
                )
            });
        }
        judge(sight, link, new, report);
    }
}

/// Compares a router with those that were there before.
fn judge(sight: &Sight<'_>, link: &mut Link, new: Router, report: &mut Report) {
    let known = link
        .routers
        .iter()
        .position(|router| router.address == new.address);
    if let Some(known) = known {
        let before = &mut link.routers[known];
        if before.mac != new.mac
            && vendor::redundant_router(new.mac).is_none()
            && vendor::redundant_router(before.mac).is_none()
        {
            let what = if new.lifetime == 0 && before.lifetime > 0 {
                "withdraws the router of that address, from another MAC address"
            } else {
                "comes from another MAC address than before"
            };
            tell(sight, &new, Severity::Critical, report, || {
                (what.to_owned(), vec![told_of(before), told_of(&new)])
            });
        } else {
            *before = new;
        }
        return;
    }
    let contradicted = link.routers.iter().find(|router| {
        let shares = router
            .prefixes
            .iter()
            .any(|prefix| new.prefixes.contains(prefix));
        !router.prefixes.is_empty() && !new.prefixes.is_empty() && !shares
    });
    if let Some(other) = contradicted {
        tell(sight, &new, Severity::Warning, report, || {
            (
                format!("advertises another network than {}", other.address),
                vec![told_of(other), told_of(&new)],
            )
        });
    }
    if link.routers.len() == MOST_ROUTERS {
        link.routers.remove(0);
    }
    link.routers.push(new);
}

fn tell(
    sight: &Sight<'_>,
    new: &Router,
    severity: Severity,
    report: &mut Report,
    words: impl FnOnce() -> (String, Vec<String>),
) {
    let subject = (sight.segment, new.address, new.mac);
    report.raise(
        sight.at,
        Kind::RogueRouterAdvertisement,
        severity,
        &subject,
        || {
            let (what, mut evidence) = words();
            if evidence.is_empty() {
                evidence.push(told_of(new));
            }
            Words {
                subject: new.address.to_string(),
                summary: format!(
                    "the router advertisement of {} at {} {what}{}",
                    new.address,
                    station(new.mac),
                    sight.segment
                ),
                evidence,
                filter: format!("icmpv6.type == 134 and eth.src == {}", mac_text(new.mac)),
            }
        },
    );
}

fn told_of(router: &Router) -> String {
    let prefixes: Vec<_> = router
        .prefixes
        .iter()
        .map(|(prefix, bits)| format!("{prefix}/{bits}"))
        .collect();
    format!(
        "frame {}: {} at {}, lifetime {} s, prefixes: {}",
        router.at.frame,
        router.address,
        mac_text(router.mac),
        router.lifetime,
        if prefixes.is_empty() {
            "none".to_owned()
        } else {
            prefixes.join(", ")
        }
    )
}

/// The router that a frame advertises, and the frame's hop limit.
fn read(sight: &Sight<'_>) -> Option<(Router, u8)> {
    const OPTIONS: usize = 16;
    let layer = sight
        .upper
        .filter(|layer| layer.kind == decode::Kind::Icmpv6)?;
    if sight.packet.u8(layer, 0)? != icmp::ROUTER_ADVERTISEMENT {
        return None;
    }
    let (ip, ends) = (sight.ip?, sight.ends?);
    let mut prefixes = Vec::new();
    let mut options = sight
        .packet
        .header(layer)
        .get(OPTIONS..)
        .unwrap_or_default();
    // Kind, length in units of eight bytes, content.
    while let [kind, units, ..] = *options {
        let len = 8 * usize::from(units.max(1));
        if kind == PREFIX_INFORMATION
            && let (Some(bits), Some(prefix)) = (options.get(2), chunk::<16>(options, 16))
        {
            prefixes.push((Ipv6Addr::from(prefix), *bits));
        }
        options = options.get(len..).unwrap_or_default();
    }
    let router = Router {
        address: ip.source,
        mac: ends.source,
        lifetime: sight.packet.u16(layer, 6)?,
        prefixes,
        at: sight.at,
    };
    Some((router, ip.ttl))
}
