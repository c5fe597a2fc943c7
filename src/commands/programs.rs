//! Which program of this machine is behind a conversation.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::analysis::connections::{Conversation, Endpoint, Protocol};
use crate::net::{Sockets, Transport};
use crate::output::connections::Owners;

/// /proc is read again at most this often: it takes a millisecond for a few hundred processes.
const PAUSE: Duration = Duration::from_millis(100);
/// Conversations whose programs are remembered, since a socket is gone before its connection is.
const MOST: usize = 65_536;

/// The programs of the conversations that were seen so far.
pub struct Programs {
    sockets: Sockets,
    looked: Option<Instant>,
    known: HashMap<(Protocol, Endpoint, Endpoint), Option<String>>,
}

impl Programs {
    /// Looks once, while there are the rights to see other users' processes.
    pub fn new() -> Self {
        Self {
            sockets: Sockets::look(),
            looked: None,
            known: HashMap::new(),
        }
    }

    /// Looks who holds the sockets of a conversation, if nobody is known yet. To be called while it lives.
    pub fn see(&mut self, conversation: &Conversation) {
        let Some(transport) = transport(conversation) else {
            return;
        };
        let key = key(conversation);
        if self.known.get(&key).is_some_and(Option::is_some) {
            return;
        }
        let is_new = !self.known.contains_key(&key);
        let rested = self.looked.is_none_or(|looked| looked.elapsed() > PAUSE);
        if !rested && !is_new || self.known.len() >= MOST {
            return;
        }
        let mut owner = owner(&self.sockets, transport, conversation);
        if owner.is_none() && rested {
            // With rights given up nothing is seen any more: what was known at the start holds.
            let now = Sockets::look();
            if !now.is_empty() {
                self.sockets = now;
            }
            self.looked = Some(Instant::now());
            owner = self::owner(&self.sockets, transport, conversation);
        }
        self.known.insert(key, owner);
    }
}

impl Owners for RefCell<Programs> {
    fn of(&self, conversation: &Conversation) -> Option<String> {
        self.borrow().known.get(&key(conversation))?.clone()
    }
}

fn key(conversation: &Conversation) -> (Protocol, Endpoint, Endpoint) {
    let [client, server] = conversation.ends();
    (conversation.protocol, client, server)
}

fn transport(conversation: &Conversation) -> Option<Transport> {
    match conversation.protocol {
        Protocol::Tcp => Some(Transport::Tcp),
        Protocol::Udp => Some(Transport::Udp),
        _ => None,
    }
}

/// Either end may be this machine; both, where it talks to itself: then the one that asks is named.
fn owner(sockets: &Sockets, transport: Transport, conversation: &Conversation) -> Option<String> {
    let [client, server] = conversation
        .ends()
        .map(|end| SocketAddr::new(end.address, end.port));
    let found = sockets.owner(transport, client, server);
    found
        .or_else(|| sockets.owner(transport, server, client))
        .map(str::to_owned)
}
