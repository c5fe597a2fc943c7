//! IPv6 neighbor discovery (RFC 4861) that contradicts itself: who says whose an address is.
//!
//! As with ARP nothing is proven, and a lie shows as a contradiction. An advertisement without the override flag changes
//! nobody's mind (7.2.5), so anycast addresses and proxies, which leave it out (7.2.7, 7.2.8), are no matter. MAC addresses
//! of redundant routers move by design: what one of them claims it has.

mod verdict;

use std::net::{IpAddr, Ipv6Addr};

use super::report::Report;
use super::settings;
use super::sight::{Mac, Moment, Segment, Sight};
use super::window::{Distinct, SECOND};
use crate::analysis::memory::Bounded;
use crate::analysis::neighbors::{Form, claim};
use crate::decode::{self, icmp};
use crate::vendor;

const LIMIT: usize = 16_384;
/// Solicitations are remembered for this long: three, a second apart (RFC 4861, 10), and some more.
const ANSWER_WITHIN: i64 = 5 * SECOND;
/// Who probes for an address waits for a second (RFC 4862, 5.1), twice at most by default.
const PROBED_WITHIN: i64 = 2 * SECOND;
const MINUTE: i64 = 60 * SECOND;
/// Addresses of others that one station has to claim before it is no accident.
const SEVERAL: u32 = 2;
/// Probes for different addresses that one station answers in a minute.
const DENIED: u32 = 3;

#[derive(Debug, Clone, Copy)]
struct Binding {
    holder: Mac,
    last: Moment,
    is_router: bool,
    /// Who had it before redundant routers' MAC address took it: it may have it back.
    shared_by: Option<Mac>,
    /// It had been another one's: such a holder does not share it.
    was_taken: bool,
    rival: Option<Rival>,
}

#[derive(Debug, Clone, Copy)]
struct Rival {
    mac: Mac,
    first: Moment,
    last: Moment,
}

/// What one message claims.
#[derive(Debug, Clone, Copy)]
struct Claim {
    at: Moment,
    segment: Segment,
    address: Ipv6Addr,
    mac: Mac,
    is_router: bool,
    /// It makes others forget what they knew: all but advertisements that leave out the flag for that (RFC 4861, 7.2.3, 7.2.5).
    overrides: bool,
    /// For one station that had not asked.
    unrequested: bool,
    /// Told to all unasked, as an honest station does whose card was changed (RFC 4861, 7.2.6).
    announces: bool,
}

pub(super) struct Discovery {
    settings: settings::Arp,
    bindings: Bounded<(Segment, Ipv6Addr), Binding>,
    /// When somebody asked for an address: whom the answer goes to.
    asked: Bounded<(Segment, Ipv6Addr, Ipv6Addr), Moment>,
    /// Who wants an address, and asked whether it is free.
    probed: Bounded<(Segment, Ipv6Addr), (Mac, Moment)>,
    /// Addresses that a station claims though their holder was just heard, and those that it says are taken.
    taken: Bounded<(Segment, Mac), Distinct<Ipv6Addr>>,
    denied: Bounded<(Segment, Mac), Distinct<Ipv6Addr>>,
}

impl Discovery {
    pub(super) fn new(settings: settings::Arp) -> Self {
        Self {
            settings,
            bindings: Bounded::new(LIMIT),
            asked: Bounded::new(LIMIT),
            probed: Bounded::new(LIMIT),
            taken: Bounded::new(LIMIT / 4),
            denied: Bounded::new(LIMIT / 4),
        }
    }

    pub(super) fn look(&mut self, sight: &Sight<'_>, report: &mut Report) {
        let message = sight
            .upper
            .filter(|layer| layer.kind == decode::Kind::Icmpv6)
            .and_then(|layer| sight.packet.u8(layer, 0));
        if let Some(icmp::ROUTER_SOLICITATION..=icmp::NEIGHBOR_ADVERTISEMENT) = message {
            self.note_question(sight);
            if let Some(claim) = self.read(sight) {
                self.look_at_probes(&claim, report);
                self.compare(&claim, report);
            }
        }
    }

    fn note_question(&mut self, sight: &Sight<'_>) {
        let Some((source, _, target)) = message(sight, icmp::NEIGHBOR_SOLICITATION) else {
            return;
        };
        if !source.is_unspecified() {
            let key = (sight.segment, target, source);
            *self.asked.get_or_insert_with(key, || sight.at) = sight.at;
        } else if let Some(ends) = sight.ends {
            let probe = (ends.source, sight.at);
            let key = (sight.segment, target);
            *self.probed.get_or_insert_with(key, || probe) = probe;
        }
    }

    fn read(&mut self, sight: &Sight<'_>) -> Option<Claim> {
        const ROUTER: u8 = 0x80;
        const OVERRIDE: u8 = 0x20;
        const FLAGS: usize = 4;
        let said = claim(sight.packet)?;
        let IpAddr::V6(address) = said.address else {
            return None;
        };
        let is_one = said.mac[0] & 1 == 0 && said.mac != [0; 6];
        if !is_one {
            return None;
        }
        let mut claim = Claim {
            at: sight.at,
            segment: sight.segment,
            address,
            mac: said.mac,
            is_router: said.form == Form::RouterAdvertisement,
            overrides: true,
            unrequested: false,
            announces: false,
        };
        if let Some((_, destination, _)) = message(sight, icmp::NEIGHBOR_ADVERTISEMENT) {
            let flags = sight.packet.u8(sight.upper?, FLAGS)?;
            claim.is_router = flags & ROUTER != 0;
            claim.overrides = flags & OVERRIDE != 0;
            claim.announces = destination.is_multicast();
            let asked = self.asked.get_mut(&(sight.segment, address, destination));
            let was_asked = asked.is_some_and(|asked| sight.at.is_within(ANSWER_WITHIN, *asked));
            let is_known = !self.settings.one_way && !destination.is_multicast();
            claim.unrequested = is_known && !was_asked;
        }
        Some(claim)
    }

    /// Whether somebody wants the address, and is told that it is taken (RFC 4862, 5.4.4).
    fn look_at_probes(&mut self, claim: &Claim, report: &mut Report) {
        let Some((by, when)) = self
            .probed
            .get_mut(&(claim.segment, claim.address))
            .copied()
        else {
            return;
        };
        if by == claim.mac || !claim.at.is_within(PROBED_WITHIN, when) {
            return;
        }
        let denied = self
            .denied
            .get_or_insert_with((claim.segment, claim.mac), Distinct::default);
        let all = denied.add(claim.address, claim.at.time, MINUTE, DENIED);
        match all {
            Some((_, all)) => verdict::denies(claim, by, &all, report),
            None => verdict::is_taken(claim, by, when, report),
        }
    }

    fn compare(&mut self, claim: &Claim, report: &mut Report) {
        let seconds = |seconds: u32| i64::from(seconds) * SECOND;
        let conflict = seconds(self.settings.conflict_within);
        let key = (claim.segment, claim.address);
        let binding = self.bindings.get_or_insert_with(key, || Binding {
            holder: claim.mac,
            last: claim.at,
            is_router: claim.is_router,
            shared_by: None,
            was_taken: false,
            rival: None,
        });
        if binding.holder == claim.mac {
            binding.last = claim.at;
            binding.is_router |= claim.is_router;
            match binding.rival {
                Some(rival) if claim.at.is_within(conflict, rival.last) => {
                    verdict::both(claim, binding, &rival, report);
                }
                _ => binding.rival = None,
            }
            return;
        }
        if !claim.overrides {
            return;
        }
        // These move between machines by design.
        let is_virtual = vendor::redundant_router(claim.mac).is_some();
        if is_virtual || binding.shared_by == Some(claim.mac) {
            *binding = Binding {
                holder: claim.mac,
                last: claim.at,
                is_router: claim.is_router,
                shared_by: Some(binding.holder).filter(|_| is_virtual && !binding.was_taken),
                was_taken: false,
                rival: None,
            };
            return;
        }
        let known = binding.rival.filter(|rival| rival.mac == claim.mac);
        let rival = Rival {
            last: claim.at,
            ..known.unwrap_or(Rival {
                mac: claim.mac,
                first: claim.at,
                last: claim.at,
            })
        };
        binding.rival = Some(rival);
        let before = *binding;
        let is_fresh = claim
            .at
            .is_within(seconds(self.settings.stale_after), before.last);
        if !claim.at.is_within(conflict, before.last) {
            // Nobody contradicted for so long: it is a change and no more.
            (binding.shared_by, binding.was_taken) = (None, true);
            binding.holder = claim.mac;
            binding.last = claim.at;
            binding.rival = None;
        }
        let takes_several = claim.at.is_within(ANSWER_WITHIN, before.last) && !claim.announces && {
            let key = (claim.segment, claim.mac);
            let taken = self.taken.get_or_insert_with(key, Distinct::default);
            let several = taken.add(claim.address, claim.at.time, MINUTE, SEVERAL);
            several.is_some()
        };
        let why = if is_fresh && claim.unrequested {
            "it was claimed in an advertisement to one station that had not asked"
        } else if takes_several {
            "the same station answers for other stations' addresses too, which answer themselves"
        } else {
            if known.is_none() {
                verdict::changed(claim, &before, is_fresh, report);
            }
            return;
        };
        verdict::spoofing(claim, &before, &rival, why, report);
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.bindings.forgotten()
            + self.asked.forgotten()
            + self.probed.forgotten()
            + self.taken.forgotten()
            + self.denied.forgotten()
    }
}

/// Source and destination of a message of this type, and the target it names.
fn message(sight: &Sight<'_>, kind: u8) -> Option<(Ipv6Addr, Ipv6Addr, Ipv6Addr)> {
    const TARGET: usize = 8;
    let layer = sight.upper?;
    let (IpAddr::V6(source), IpAddr::V6(destination)) = (sight.ip?.source, sight.ip?.destination)
    else {
        return None;
    };
    let target: [u8; 16] = sight.packet.chunk(layer, TARGET)?;
    (sight.packet.u8(layer, 0)? == kind).then_some((source, destination, target.into()))
}
