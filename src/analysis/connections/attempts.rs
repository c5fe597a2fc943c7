//! Attempts that came to nothing and are all alike: a flood, a scan. Few are worth a row of their own each.

use std::collections::HashMap;
use std::net::IpAddr;

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
    met: HashMap<Kind, Met, RandomState>,
    groups: Vec<Group>,
    alike: u32,
}

type Kind = (Protocol, Outcome, Common);

/// How many of a kind, and where their group is once they are too many.
type Met = (u32, Option<u32>);

/// Kinds that are counted; of those beyond, each has its own row.
const MOST: usize = 65_536;

impl Attempts {
    /// Up to `alike` of a kind have a row of their own.
    pub fn new(alike: u32) -> Self {
        Self {
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
            let key = (protocol, outcome, common);
            let is_full = self.met.len() >= MOST;
            let (met, group) = match self.met.get_mut(&key) {
                Some(known) => known,
                None if is_full => continue,
                None => self.met.entry(key).or_default(),
            };
            *met = met.saturating_add(1);
            if *met <= self.alike {
                continue;
            }
            let place = *group.get_or_insert_with(|| {
                self.groups.push(Group {
                    protocol,
                    common,
                    outcome,
                    attempts: 0,
                    bytes: 0,
                    start: None,
                    last: None,
                });
                (self.groups.len() - 1) as u32
            });
            let group = &mut self.groups[place as usize];
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
        (None, Protocol::Udp | Protocol::Icmp | Protocol::Arp) => {
            (conversation.sent[1].frames == 0).then_some(Outcome::Unanswered)
        }
        (None, _) => None,
    }
}
