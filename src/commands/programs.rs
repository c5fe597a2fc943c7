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

type Key = (Protocol, Endpoint, Endpoint);

/// The programs of the conversations that were seen so far.
pub struct Programs {
    sockets: Sockets,
    looked: Option<Instant>,
    known: HashMap<Key, Option<String>>,
    /// Those that nobody was known for when they were seen: to be looked for once there was a pause.
    waiting: Vec<Key>,
}

impl Programs {
    /// Looks once, while there are the rights to see other users' processes.
    pub fn new() -> Self {
        Self {
            sockets: Sockets::look(),
            looked: None,
            known: HashMap::new(),
            waiting: Vec::new(),
        }
    }

    /// Looks who holds the sockets of a conversation, if nobody is known yet. To be called while it lives.
    pub fn see(&mut self, conversation: &Conversation) {
        let key = key(conversation);
        let known = self.known.get(&key);
        if transport(conversation.protocol).is_none() || known.is_some_and(Option::is_some) {
            return;
        }
        let is_new = known.is_none();
        let rested = self.looked.is_none_or(|looked| looked.elapsed() > PAUSE);
        if !rested && !is_new || is_new && self.known.len() >= MOST {
            return;
        }
        let owner = owner(&self.sockets, key);
        if owner.is_none() {
            self.waiting.push(key);
        }
        self.known.insert(key, owner);
        if rested {
            self.look_again();
        }
    }

    /// Looks once more who holds the sockets of those that were seen since the last look.
    pub fn look_again(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        // With rights given up nothing is seen any more: what was known at the start holds.
        let now = Sockets::look();
        if !now.is_empty() {
            self.sockets = now;
        }
        self.looked = Some(Instant::now());
        for key in self.waiting.drain(..) {
            self.known.insert(key, owner(&self.sockets, key));
        }
    }
}

impl Owners for RefCell<Programs> {
    fn of(&self, conversation: &Conversation) -> Option<String> {
        self.borrow().known.get(&key(conversation))?.clone()
    }
}

fn key(conversation: &Conversation) -> Key {
    let [client, server] = conversation.ends();
    (conversation.protocol, client, server)
}

fn transport(protocol: Protocol) -> Option<Transport> {
    match protocol {
        Protocol::Tcp => Some(Transport::Tcp),
        Protocol::Udp => Some(Transport::Udp),
        _ => None,
    }
}

/// Either end may be this machine; both, where it talks to itself: then the one that asks is named.
fn owner(sockets: &Sockets, (protocol, client, server): Key) -> Option<String> {
    let transport = transport(protocol)?;
    let [client, server] = [client, server].map(|end| SocketAddr::new(end.address, end.port));
    let found = sockets.owner(transport, client, server);
    found
        .or_else(|| sockets.owner(transport, server, client))
        .map(str::to_owned)
}
