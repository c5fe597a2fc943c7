//! Fragments of packets, and the conversations that these are part of: only the first names the ports.

use super::conversation::Sent;
use crate::analysis::memory::Bounded;
use crate::decode::flow::Key;
use crate::decode::{Flow, Parts};
use crate::frame::Timestamp;

/// Packets remembered at once. Fragments of one follow each other closely.
const MOST: usize = 8_192;

/// RFC 8200, 4.5: a packet that is not whole by then never will be, and its name may be another's.
const PATIENCE: i64 = 60 * 1_000_000_000;

/// Which packet, and which of its ends sent it.
type Name = (Key, u8);

/// What fragments add to what one end of a conversation sent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    pub fragments: u64,
    pub sent: Sent,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
}

/// What is known of a packet.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// The key of the conversation, and which of its ends sent it.
    Owner(Name, Option<Timestamp>),
    /// The first fragment comes behind others.
    Waits(Share),
}

/// Packets that came in fragments.
pub(super) struct Pieces {
    packets: Bounded<Name, Known>,
    /// The packets whose first fragments are in the frame with this number: what is inside comes next. Several where a tunnel's
    /// packets are fragments, too.
    begun: Vec<Name>,
    frame: u64,
}

impl Share {
    /// Of a fragment that is not the first.
    pub(super) fn new(flow: &Flow, parts: &Parts<'_>) -> Self {
        Self {
            fragments: 1,
            sent: Sent {
                frames: 1,
                bytes: parts.wire_len().into(),
                ip_bytes: flow.ip_len.into(),
                data: flow.payload.into(),
            },
            first: parts.time(),
            last: parts.time(),
        }
    }

    /// To Zeek, fragments are one packet with one header.
    pub(super) fn as_zeek(flow: &Flow, parts: &Parts<'_>) -> Self {
        let mut share = Self::new(flow, parts);
        share.sent.frames = 0;
        share.sent.ip_bytes = share.sent.data;
        share
    }

    fn join(&mut self, other: &Self) {
        self.fragments += other.fragments;
        self.sent.join(&other.sent);
        self.first = self.first.min(other.first).or(self.first).or(other.first);
        self.last = self.last.max(other.last);
    }
}

impl Known {
    /// Too old to be about the packet of a fragment that came at that time.
    fn is_old(&self, now: Option<Timestamp>) -> bool {
        let (Self::Owner(_, then) | Self::Waits(Share { first: then, .. })) = self;
        matches!((then, now), (Some(then), Some(now)) if now.since(*then) > PATIENCE)
    }
}

impl Pieces {
    pub(super) fn new() -> Self {
        Self {
            packets: Bounded::new(MOST),
            begun: Vec::new(),
            frame: 0,
        }
    }

    /// Learns of a packet's first fragment.
    pub(super) fn begin(&mut self, flow: &Flow, parts: &Parts<'_>) {
        if self.frame != parts.number() {
            self.begun.clear();
            self.frame = parts.number();
        }
        self.begun.push((flow.key, flow.from));
    }

    /// Learns which conversation the first fragments in this frame, if there are any, are part of. Returns what came of their
    /// packets before.
    #[inline]
    pub(super) fn settle(&mut self, owner: Name, parts: &Parts<'_>) -> Option<Share> {
        // Of most frames there is nothing to settle.
        match self.begun.is_empty() {
            true => None,
            false => self.set_owner(owner, parts),
        }
    }

    #[inline(never)]
    fn set_owner(&mut self, owner: Name, parts: &Parts<'_>) -> Option<Share> {
        let begun = std::mem::take(&mut self.begun);
        // What was inside before may have been nothing that has a conversation.
        if self.frame != parts.number() {
            return None;
        }
        let now = parts.time();
        let owner = Known::Owner(owner, now);
        let mut before: Option<Share> = None;
        for packet in begun {
            let known = self.packets.get_or_insert_with(packet, || owner);
            match std::mem::replace(known, owner) {
                known if known.is_old(now) => {}
                Known::Waits(share) => before.get_or_insert_default().join(&share),
                Known::Owner(..) => {}
            }
        }
        before
    }

    /// The key of the conversation that a fragment is part of, and which of its ends sent it. Where that is not known yet, the
    /// fragment's share is kept until it is.
    pub(super) fn owner(&mut self, flow: &Flow, share: Share) -> Option<Name> {
        let nothing = || Known::Waits(Share::default());
        let packet = (flow.key, flow.from);
        let known = self.packets.get_or_insert_with(packet, nothing);
        if known.is_old(share.first) {
            *known = nothing();
        }
        match known {
            Known::Owner(owner, _) => Some(*owner),
            Known::Waits(waiting) => {
                waiting.join(&share);
                None
            }
        }
    }
}
