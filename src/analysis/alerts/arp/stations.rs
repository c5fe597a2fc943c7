//! What each MAC address was seen to do: when it last sent, and whether it forwards for others, as a gateway does.

use std::net::IpAddr;

use crate::analysis::alerts::sight::{Ip, Mac, Moment, Segment, Sight, To};
use crate::analysis::memory::Bounded;

const LIMIT: usize = 16_384;
/// Different networks that packets come from before their sender counts as a router.
const NETWORKS: usize = 3;

pub(super) struct Stations {
    table: Bounded<(Segment, Mac), Station>,
}

struct Station {
    /// /24 (or /64) networks whose packets it sent or was sent.
    networks: [Option<u64>; NETWORKS],
    /// The last packet it sent whose source is not the first address seen of it.
    forwarded: Option<Moment>,
    /// Addresses it claimed that were another's, and when.
    taken: Vec<([u8; 4], Moment)>,
}

impl Default for Stations {
    fn default() -> Self {
        Self {
            table: Bounded::new(LIMIT),
        }
    }
}

impl Stations {
    pub(super) fn look(&mut self, sight: &Sight<'_>) {
        let (Some(ends), Some(ip)) = (sight.ends, sight.carried) else {
            return;
        };
        if let Some(network) = network(ip.source) {
            let station = self.station(sight.segment, ends.source);
            station.add(network);
            if station.is_router() && is_beyond(&ip) {
                station.forwarded = Some(sight.at);
            }
        }
        if let To::Station(receiver) = ends.to
            && let Some(network) = network(ip.destination)
        {
            self.station(sight.segment, receiver).add(network);
        }
    }

    fn station(&mut self, segment: Segment, mac: Mac) -> &mut Station {
        self.table.get_or_insert_with((segment, mac), || Station {
            networks: [None; NETWORKS],
            forwarded: None,
            taken: Vec::new(),
        })
    }

    /// Whether packets of several networks go through it.
    pub(super) fn is_router(&mut self, segment: Segment, mac: Mac) -> bool {
        self.table
            .get_mut(&(segment, mac))
            .is_some_and(|station| station.is_router())
    }

    /// When it last forwarded a packet of somebody else's.
    pub(super) fn forwarded(&mut self, segment: Segment, mac: Mac) -> Option<Moment> {
        self.table.get_mut(&(segment, mac))?.forwarded
    }

    /// Notes that `mac` claims what was another's; how many such addresses there were in the last `within` nanoseconds.
    pub(super) fn took(
        &mut self,
        segment: Segment,
        mac: Mac,
        ip: [u8; 4],
        at: Moment,
        within: i64,
    ) -> usize {
        const MOST: usize = 8;
        let taken = &mut self.station(segment, mac).taken;
        taken.retain(|(other, when)| *other != ip && at.is_within(within, *when));
        if taken.len() < MOST {
            taken.push((ip, at));
        }
        taken.len()
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.table.forgotten()
    }
}

impl Station {
    fn add(&mut self, network: u64) {
        for known in &mut self.networks {
            match known {
                Some(known) if *known == network => return,
                Some(_) => {}
                None => return *known = Some(network),
            }
        }
    }

    fn is_router(&self) -> bool {
        self.networks.iter().all(Option::is_some)
    }
}

/// The /24 or /64 that an address of one host lies in.
fn network(address: IpAddr) -> Option<u64> {
    match address {
        IpAddr::V4(address)
            if address.is_multicast() || address.is_broadcast() || address.is_unspecified() =>
        {
            None
        }
        IpAddr::V4(address) => Some(u64::from(address.to_bits() >> 8)),
        // Every host has several of these of its own.
        IpAddr::V6(_) => None,
    }
}

/// Whether a packet comes from where no neighbor is: from another network than it goes to.
fn is_beyond(ip: &Ip<'_>) -> bool {
    network(ip.source) != network(ip.destination)
}
