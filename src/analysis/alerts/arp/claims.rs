//! Which MAC address has which IP address, and what happens when another one claims it.
//!
//! A claim that contradicts an earlier one is first only a change: machines are replaced, addresses are leased anew, a
//! standby takes over. It becomes a conflict or a spoof when the one before goes on using the address, or when it is
//! claimed as no honest station does ([`Reason`]).

use std::net::IpAddr;

use super::Claim;
use super::stations::Stations;
use super::verdict::{self, Case, Reason};
use crate::analysis::alerts::report::Report;
use crate::analysis::alerts::settings;
use crate::analysis::alerts::sight::{Mac, Moment, Segment, Sight};
use crate::analysis::alerts::window::SECOND;
use crate::analysis::memory::Bounded;

const LIMIT: usize = 65_536;
/// Packets that a router had taken are forwarded by then, though another one took its place.
const UNDER_WAY: i64 = SECOND / 10;
/// Contested addresses whose traffic is watched for the one that had it before.
const MOST_WATCHED: usize = 64;

#[derive(Clone, Copy)]
pub(super) struct Binding {
    pub holder: Mac,
    pub last: Moment,
    /// Who had it before redundant routers' MAC address took it: it may have it back.
    pub shared_by: Option<Mac>,
    /// It had been another one's: such a holder does not share it.
    pub was_taken: bool,
    pub rival: Option<Rival>,
}

impl Binding {
    fn new(holder: Mac, last: Moment) -> Self {
        Self {
            holder,
            last,
            shared_by: None,
            was_taken: false,
            rival: None,
        }
    }
}

/// Another one that claims the address.
#[derive(Clone, Copy)]
pub(super) struct Rival {
    pub mac: Mac,
    pub first: Moment,
    pub last: Moment,
    /// It announced it when it took it, as an honest standby does.
    pub announced: bool,
    /// Does it as no honest station does.
    pub suspicious: bool,
}

struct Watched {
    segment: Segment,
    ip: [u8; 4],
    holder: Mac,
    rival: Mac,
    since: Moment,
}

pub(super) struct Claims {
    bindings: Bounded<(Segment, [u8; 4]), Binding>,
    /// By whom, about which address: the MAC address it was sent to.
    addressed: Bounded<(Segment, Mac, [u8; 4]), (Mac, Moment)>,
    watched: Vec<Watched>,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            bindings: Bounded::new(LIMIT),
            addressed: Bounded::new(LIMIT / 4),
            watched: Vec::new(),
        }
    }
}

impl Claims {
    /// True where it is told as spoofing.
    pub(super) fn look(
        &mut self,
        claim: &Claim,
        probed: bool,
        stations: &mut Stations,
        settings: &settings::Arp,
        report: &mut Report,
    ) -> bool {
        let conflict = i64::from(settings.conflict_within) * SECOND;
        let contradicts = self.compare_with_itself(claim, conflict, report);
        let (mac, at) = (claim.mac(), claim.at);
        let key = (claim.segment, claim.packet.sender_ip);
        let new = Binding::new(mac, at);
        let binding = self.bindings.get_or_insert_with(key, || new);
        if binding.shared_by == Some(mac) {
            *binding = new;
        }
        if binding.holder == mac {
            binding.last = at;
            match binding.rival {
                Some(rival) if at.is_within(conflict, rival.last) => {
                    let reason = Reason::BothClaim;
                    verdict::tell(&Case::new(claim, *binding, rival, reason), stations, report);
                }
                _ => binding.rival = None,
            }
            return contradicts;
        }
        let known = binding.rival.filter(|rival| rival.mac == mac);
        let mut rival = known.unwrap_or(Rival {
            mac,
            first: at,
            last: at,
            announced: claim.packet.is_gratuitous(),
            suspicious: false,
        });
        rival.last = at;
        let fresh = at.is_within(i64::from(settings.stale_after) * SECOND, binding.last);
        let reason = fresh
            .then(|| reason_for(claim, binding, &rival, known.is_some(), conflict, stations))
            .flatten();
        rival.suspicious |= reason.is_some_and(Reason::is_suspicious);
        binding.rival = Some(rival);
        let before = *binding;
        match reason {
            Some(reason) => {
                verdict::tell(&Case::new(claim, before, rival, reason), stations, report);
            }
            None if known.is_none() => {
                verdict::changed(claim, &before, probed, fresh, stations, report);
            }
            None => {}
        }
        if at.is_within(conflict, before.last) {
            self.watch(claim, before.holder, rival.first);
        } else {
            // Nobody contradicted for so long: it is a change and no more.
            *binding = Binding {
                was_taken: true,
                ..new
            };
        }
        contradicts || rival.suspicious
    }

    /// What a redundant router's MAC address claims, it has.
    pub(super) fn look_at_virtual(
        &mut self,
        claim: &Claim,
        stations: &mut Stations,
        settings: &settings::Arp,
        report: &mut Report,
    ) {
        let key = (claim.segment, claim.packet.sender_ip);
        let new = Binding::new(claim.mac(), claim.at);
        let binding = self.bindings.get_or_insert_with(key, || new);
        if binding.holder == new.holder {
            self.look(claim, false, stations, settings, report);
        } else {
            let shared_by = Some(binding.holder).filter(|_| !binding.was_taken);
            *binding = Binding { shared_by, ..new };
        }
    }

    /// A station that says an address is its own, and elsewhere sends to the same address at another MAC address.
    fn compare_with_itself(&mut self, claim: &Claim, conflict: i64, report: &mut Report) -> bool {
        if !claim.unrequested || !claim.to_one {
            return false;
        }
        let (segment, mac, packet) = (claim.segment, claim.mac(), &claim.packet);
        let mut contradicts = false;
        if let Some((owner, when)) = self
            .addressed
            .get_mut(&(segment, mac, packet.sender_ip))
            .copied()
            && claim.at.is_within(conflict, when)
        {
            let (before, rival) = (
                Binding::new(owner, when),
                Rival {
                    mac,
                    first: claim.at,
                    last: claim.at,
                    announced: false,
                    suspicious: true,
                },
            );
            verdict::spoofing(
                &Case::new(claim, before, rival, Reason::ContradictsItself),
                report,
            );
            contradicts = true;
        }
        let target = packet.target_mac;
        if target != mac && target != [0; 6] && target[0] & 1 == 0 {
            let key = (segment, mac, packet.target_ip);
            *self
                .addressed
                .get_or_insert_with(key, || (target, claim.at)) = (target, claim.at);
        }
        contradicts
    }

    fn watch(&mut self, claim: &Claim, holder: Mac, since: Moment) {
        let (segment, ip) = (claim.segment, claim.packet.sender_ip);
        self.watched
            .retain(|watched| (watched.segment, watched.ip) != (segment, ip));
        if self.watched.len() == MOST_WATCHED {
            self.watched.remove(0);
        }
        self.watched.push(Watched {
            segment,
            ip,
            holder,
            rival: claim.mac(),
            since,
        });
    }

    /// Looks whether who had a contested address before goes on sending from it.
    pub(super) fn look_at_traffic(
        &mut self,
        sight: &Sight<'_>,
        stations: &mut Stations,
        settings: &settings::Arp,
        report: &mut Report,
    ) {
        if self.watched.is_empty() {
            return;
        }
        let (Some(ends), Some(ip)) = (sight.ends, sight.carried) else {
            return;
        };
        let IpAddr::V4(source) = ip.source else {
            return;
        };
        let conflict = i64::from(settings.conflict_within) * SECOND;
        let found = self.watched.iter().position(|watched| {
            watched.segment == sight.segment
                && watched.holder == ends.source
                && watched.ip == source.octets()
        });
        let Some(index) = found else {
            return;
        };
        // Seen once is enough; another claim puts it back.
        let watched = self.watched.swap_remove(index);
        let key = (watched.segment, watched.ip);
        if let Some(binding) = self.bindings.get_mut(&key).copied()
            && let Some(rival) = binding.rival.filter(|rival| rival.mac == watched.rival)
            && sight.at.is_within(conflict, watched.since)
        {
            let case = Case {
                at: sight.at,
                segment: sight.segment,
                ip: watched.ip,
                before: binding,
                rival,
                reason: Reason::StillUsed,
            };
            verdict::tell(&case, stations, report);
        }
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.bindings.forgotten() + self.addressed.forgotten()
    }
}

/// What makes a changed binding more than a change, if anything does.
fn reason_for(
    claim: &Claim,
    before: &Binding,
    rival: &Rival,
    again: bool,
    conflict: i64,
    stations: &mut Stations,
) -> Option<Reason> {
    let (segment, at, packet) = (claim.segment, claim.at, &claim.packet);
    let heard_since = before.last.frame > rival.first.frame;
    // Announcements are how an honest standby takes over, and then it answers.
    let is_honest = packet.is_gratuitous() || rival.announced && !heard_since;
    let taken = match is_honest {
        true => 0,
        false => stations.took(segment, claim.mac(), packet.sender_ip, at, conflict),
    };
    // What was under way when another router took over is none of the gateway's doing.
    let forwards = stations
        .forwarded(segment, before.holder)
        .is_some_and(|when| again && when.time.since(rival.first.time) >= UNDER_WAY);
    if claim.unrequested && claim.to_one {
        Some(Reason::Unrequested)
    } else if taken >= 2 {
        Some(Reason::TakesSeveral)
    } else if forwards && stations.is_router(segment, before.holder) {
        Some(Reason::GatewayAlive)
    } else if again && heard_since && at.is_within(conflict, before.last) {
        Some(Reason::BothClaim)
    } else {
        None
    }
}
