//! Attempts that came to nothing and are all alike: a flood, a scan. Few are worth a row of their own each.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr};

use foldhash::fast::RandomState;

use super::{Conversation, Ending, Protocol};
use crate::frame::Timestamp;

/// What they have in common, besides how they ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Common {
    /// Many clients ask one port.
    Server(IpAddr, u16),
    /// One client asks many ports of one server.
    Ends(IpAddr, IpAddr),
    /// One client asks for one port at many servers.
    Client(IpAddr, u16),
}

/// Attempts that have no row of their own.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    pub protocol: Protocol,
    pub common: Common,
    pub outcome: Outcome,
    pub attempts: u64,
    pub bytes: u64,
    pub start: Option<Timestamp>,
    pub last: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Unanswered,
    Unreachable,
    Refused,
    HalfOpen,
}

/// Tells what is to have a row from what goes into a group.
#[derive(Debug)]
pub struct Attempts {
    /// Apart, since most are, and take less than half of the memory.
    met_v4: HashMap<KindV4, Met, RandomState>,
    met: HashMap<Kind, Met, RandomState>,
    groups: Vec<Group>,
    alike: u32,
}

type Kind = (Protocol, Outcome, Common);

/// The same between IPv4 addresses in two numbers, which are quickly hashed: what they have in common, and all else.
type KindV4 = (u64, u32);

#[derive(Debug, Clone, Copy, Default)]
struct Met {
    /// How many of the kind.
    times: u32,
    /// Where their group is, once they are too many.
    group: u32,
}

/// Kinds that are counted; of those beyond, each has its own row.
const MOST: usize = 65_536;

impl Attempts {
    /// Up to `alike` of a kind have a row of their own.
    pub fn new(alike: u32) -> Self {
        Self {
            met_v4: HashMap::default(),
            met: HashMap::default(),
            groups: Vec::new(),
            alike,
        }
    }

    /// Takes an attempt that is one of too many alike. False for any other conversation, which is to have its row.
    pub fn take(&mut self, conversation: &Conversation) -> bool {
        let Some(outcome) = outcome(conversation) else {
            return false;
        };
        let [client, server] = conversation.ends();
        let protocol = conversation.protocol;
        let kinds = [
            Common::Server(server.address, server.port),
            Common::Ends(client.address, server.address),
            Common::Client(client.address, server.port),
        ];
        for common in kinds {
            let is_full = self.met_v4.len() + self.met.len() >= MOST;
            let kind = (protocol, outcome, common);
            let met = match short(kind) {
                Some(kind) => count(&mut self.met_v4, kind, is_full),
                None => count(&mut self.met, kind, is_full),
            };
            let Some(met) = met else { continue };
            if met.times <= self.alike {
                continue;
            }
            if met.times == self.alike + 1 {
                met.group = self.groups.len() as u32;
                self.groups.push(Group {
                    protocol,
                    common,
                    outcome,
                    attempts: 0,
                    bytes: 0,
                    start: None,
                    last: None,
                });
            }
            let group = &mut self.groups[met.group as usize];
            group.attempts += 1;
            group.bytes += conversation.bytes();
            group.start = group.start.min(conversation.start).or(conversation.start);
            group.last = group.last.max(conversation.last);
            return true;
        }
        false
    }

    /// The largest first.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups = self.groups.clone();
        groups.sort_by_key(|group| std::cmp::Reverse(group.attempts));
        groups
    }
}

/// Counts one more of a kind; none where nothing is known of that, and there is no room for it.
fn count<K: Eq + Hash>(
    met: &mut HashMap<K, Met, RandomState>,
    kind: K,
    is_full: bool,
) -> Option<&mut Met> {
    let met = match is_full {
        true => met.get_mut(&kind)?,
        false => met.entry(kind).or_default(),
    };
    met.times = met.times.saturating_add(1);
    Some(met)
}

fn short((protocol, outcome, common): Kind) -> Option<KindV4> {
    let joined =
        |address: Ipv4Addr, other: u32| u64::from(address.to_bits()) << 32 | u64::from(other);
    let (which, ends) = match common {
        Common::Server(IpAddr::V4(server), port) => (0, joined(server, port.into())),
        Common::Ends(IpAddr::V4(client), IpAddr::V4(server)) => {
            (1, joined(client, server.to_bits()))
        }
        Common::Client(IpAddr::V4(client), port) => (2, joined(client, port.into())),
        _ => return None,
    };
    let all_else = (protocol as u32) << 16 | (outcome as u32) << 8 | which;
    Some((ends, all_else))
}

/// How an attempt came to nothing; none where something came of it.
fn outcome(conversation: &Conversation) -> Option<Outcome> {
    if conversation.unreachable && conversation.sent[1].frames == 0 {
        return Some(Outcome::Unreachable);
    }
    match (&conversation.tcp, conversation.protocol) {
        (Some(tcp), _) => match tcp.ending() {
            Ending::Unanswered => Some(Outcome::Unanswered),
            Ending::Refused => Some(Outcome::Refused),
            Ending::HalfOpen => Some(Outcome::HalfOpen),
            _ => None,
        },
        (None, Protocol::IcmpMessage) => None,
        (None, _) => (conversation.sent[1].frames == 0).then_some(Outcome::Unanswered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_between_ipv4_addresses_are_one() {
        let [one, other] = [1, 2].map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        let (port, server) = (80, Common::Server(one, 80));
        // As another address, the port would be 0.0.0.80.
        let address = IpAddr::V4(Ipv4Addr::from_bits(port.into()));
        let kinds = [
            (Protocol::Tcp, Outcome::Refused, server),
            (Protocol::Udp, Outcome::Refused, server),
            (Protocol::Tcp, Outcome::HalfOpen, server),
            (Protocol::Tcp, Outcome::Refused, Common::Server(other, port)),
            (Protocol::Tcp, Outcome::Refused, Common::Server(one, 81)),
            (Protocol::Tcp, Outcome::Refused, Common::Client(one, port)),
            (Protocol::Tcp, Outcome::Refused, Common::Ends(one, address)),
            (Protocol::Tcp, Outcome::Refused, Common::Ends(address, one)),
        ];
        let short = kinds.map(|kind| short(kind).expect("between IPv4 addresses"));
        for (at, kind) in short.iter().enumerate() {
            let same = short.iter().position(|other| other == kind);
            assert_eq!(same, Some(at), "{:?}", kinds[at]);
        }
        let long = IpAddr::V6("::1".parse().expect("an address"));
        let kind = (Protocol::Tcp, Outcome::Refused, Common::Ends(one, long));
        assert_eq!(super::short(kind), None);
    }
}
