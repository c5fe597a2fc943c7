//! Who talked with whom: TCP connections with how they went, and the exchanges of UDP, SCTP, ICMP, ARP
//! and whatever else IP carries.
//!
//! [`Connections`] looks at frames in order and hands out each [`Conversation`] when it is over, and the rest at the end.
//! It remembers a bounded number at a time; [`Connections::new`] tells which it gives up first.

mod account;
mod at_hand;
mod attempts;
mod community_id;
mod conversation;
mod course;
mod coverage;
mod history;
mod index;
mod ladder;
mod leaving;
mod lifetime;
mod pieces;
mod step;
mod table;
mod tcp;
#[cfg(test)]
mod tests;
mod zeek;

pub use crate::decode::flow::Protocol;
pub use account::Account;
pub use attempts::{Attempts, Common, Group, Outcome};
pub use community_id::community_id;
pub use conversation::{Conversation, Endpoint, Sent};
pub use history::History;
pub use ladder::{Fold, Ladder, Part, Rung};
pub use leaving::Leaving;
pub use step::Step;
pub use tcp::{Counts, Ending, Handshake, Tcp};
pub use zeek::Zeek;

use super::{ftp, socks};
use crate::address::is_many;
use crate::decode::tcp::flag;
use crate::decode::{Flow, Kind, Parts, Segment, Several, http, tls};
use crate::service;
use course::Course;
use pieces::{Pieces, Share};
use step::judge;
use table::{Slot, Table};

/// Conversations remembered at once unless told otherwise: about 33 MiB when full. Rows of a table for as many take up to 15 MiB more.
pub const MOST: usize = 65_536;

/// Follows the conversations of a capture.
pub struct Connections {
    table: Table,
    at_once: bool,
    accounts: bool,
    lifetimes: bool,
    numbers: Numbers,
    pieces: Pieces,
    unplaced: u64,
    copies: u64,
    ftp: ftp::Expected,
}

/// The next conversation's, of each protocol that counts its own.
#[derive(Default)]
struct Numbers {
    tcp: u32,
    udp: u32,
    other: u32,
}

impl Numbers {
    fn take(&mut self, protocol: Protocol) -> u32 {
        let next = match protocol {
            Protocol::Tcp => &mut self.tcp,
            Protocol::Udp => &mut self.udp,
            _ => &mut self.other,
        };
        let number = *next;
        *next = next.wrapping_add(1);
        number
    }
}

impl Connections {
    /// Remembers up to `most` conversations, at least one. Where one more comes, the one that was idle longest is handed
    /// out as it is, and counted as forgotten: if it goes on, it counts as another.
    pub fn new(most: usize) -> Self {
        Self {
            table: Table::new(most),
            at_once: false,
            accounts: false,
            lifetimes: false,
            numbers: Numbers::default(),
            pieces: Pieces::new(),
            unplaced: 0,
            copies: 0,
            ftp: ftp::Expected::new(),
        }
    }

    /// Hands out a connection as soon as it is over. What still comes of it, such as a FIN sent again, is not counted any
    /// more. Otherwise it waits for that, as long as there is room.
    pub fn tell_at_once(self) -> Self {
        Self {
            at_once: true,
            ..self
        }
    }

    /// Asks for memory for many at once, which makes following these faster. Not where there are many like this one.
    pub fn with_room(mut self) -> Self {
        self.table.reserve();
        self
    }

    /// Accounts for every byte of a TCP connection, too: [`Tcp::account`].
    pub fn with_accounts(self) -> Self {
        Self {
            accounts: true,
            ..self
        }
    }

    /// As [`Self::with_accounts`], and takes conversations for over when Zeek does: what comes later begins another. Who sent
    /// the first of ICMP's asks, whatever it is.
    pub fn with_lifetimes(self) -> Self {
        Self {
            lifetimes: true,
            ..self.with_accounts()
        }
    }

    /// Looks at the next frame, of which it reads the [flows](Parts::flows). `done` is called with each conversation that is
    /// over, or had to be forgotten.
    #[inline]
    pub fn observe(&mut self, parts: &Parts<'_>, done: &mut dyn FnMut(Leaving<'_>)) {
        self.follow(parts, done, |_, _, _| {});
    }

    /// Looks at the next frames, as [`Self::observe`] does, and has what is known of their conversations at hand in time.
    pub fn observe_all(&mut self, mut frames: Several<'_>, done: &mut dyn FnMut(Leaving<'_>)) {
        /// Frames looked at ahead: what is known of so many conversations fits the first-level cache.
        const AHEAD: usize = 32;
        while frames.len() > 0 {
            let next = frames.take_off(AHEAD);
            for flow in next.flows() {
                self.table.foresee(&flow.key);
            }
            next.for_each(|parts| self.follow(&parts, done, |_, _, _| {}));
        }
    }

    /// As [`Self::observe`]; calls `seen` with each conversation that the frame belongs to, the end that sent it (0 is
    /// who asked), and, of TCP, the segment.
    #[inline]
    pub fn follow(
        &mut self,
        parts: &Parts<'_>,
        done: &mut dyn FnMut(Leaving<'_>),
        mut seen: impl FnMut(&Conversation, usize, Option<Step<'_>>),
    ) {
        for flow in parts.flows() {
            self.take(parts, flow, done, &mut seen);
        }
    }

    /// How many TCP connections there were so far, numbered from 0.
    pub fn tcp(&self) -> u32 {
        self.numbers.tcp
    }

    /// How many had to be forgotten before they were over.
    pub fn forgotten(&self) -> u64 {
        self.table.forgotten()
    }

    /// Fragments that count for no conversation: the first of their packet, which tells for which, was not there.
    pub fn unplaced(&self) -> u64 {
        self.unplaced
    }

    /// TCP segments that were captured twice.
    pub fn copies(&self) -> u64 {
        self.copies
    }

    /// Hands out all that are left, in the order they began.
    pub fn finish(&mut self, done: &mut dyn FnMut(Leaving<'_>)) {
        self.table.drain(&mut talks_only(done));
    }

    /// All that are left, in the order they began: those that [`Self::finish`] would hand out.
    pub fn left(&self) -> Vec<&Conversation> {
        let left = self.table.left();
        left.filter(|conversation| is_talk(conversation)).collect()
    }

    fn take(
        &mut self,
        parts: &Parts<'_>,
        flow: &Flow,
        done: &mut dyn FnMut(Leaving<'_>),
        seen: &mut impl FnMut(&Conversation, usize, Option<Step<'_>>),
    ) {
        if flow.protocol == Protocol::Fragment {
            return self.place(parts, flow);
        }
        let mut found = self.table.find(&flow.key);
        if self.lifetimes {
            found = found.filter(|slot| !self.outlive(*slot, parts, flow, done));
        }
        let slot = match found {
            Some(slot) => slot,
            None => self.begin(parts, flow, done),
        };
        let (conversation, course) = self.table.get(slot);
        if flow.quoted {
            conversation.unreachable |= flow.unreachable;
            return;
        }
        let mut from = conversation.end_of(flow);
        if let Some(segment) = &flow.segment
            && segment.is_opening()
            && reopens(conversation, from, segment)
        {
            let number = self.numbers.take(flow.protocol);
            let mut new = Conversation::new(number, flow, parts.time());
            new.is_ftp_data = self.ftp.take(flow, parts);
            new.tcp = Some(Tcp::new(true, self.accounts));
            let mut before = Some(std::mem::replace(conversation, new));
            Leaving::tell(&mut before, &mut talks_only(done));
            *course = Course::default();
            from = 0;
        }
        if flow.protocol != Protocol::Tcp {
            conversation.time_answer(from, parts.time());
        }
        conversation.add(from, flow, parts);
        if let Some(share) = self.pieces.settle((flow.key, flow.from), parts) {
            conversation.add_share(from, &share);
            self.unplaced -= share.fragments;
        }
        if let Some(inside) = flow.inside
            && flow.payload > 0
        {
            if conversation.may_tell_more(flow, from) {
                recognise(conversation, parts, flow, from, inside);
            }
            if inside == Kind::Ftp {
                self.ftp.look(flow, parts);
            }
        }
        let Some(segment) = &flow.segment else {
            return seen(conversation, from, None);
        };
        if conversation.tcp.is_none() {
            conversation.tcp = Some(Tcp::new(false, self.accounts));
            // Who answers did not ask; from the middle, a known service is the one that was asked.
            if segment.is_syn_ack() || !segment.has(flag::SYN) && was_asked(conversation, from) {
                turn_round(conversation, course);
                from = 1 - from;
            }
        } else if segment.is_opening() && from == 1 && joined_by_answer(conversation) {
            // The SYN comes behind its answer.
            turn_round(conversation, course);
            from = 0;
        }
        let as_zeek = self.lifetimes.then_some(parts);
        let is_over = judge(
            conversation,
            course,
            from,
            flow,
            as_zeek,
            &mut self.copies,
            seen,
        );
        let through = course.proxy.look(flow, parts);
        if is_over {
            self.end(slot, done);
        }
        if let Some(port) = through {
            // The connection inside has a number of its own, as in `tcp.stream`, and no frames.
            let inside = flow.with_port(socks::PORT, port);
            if self.table.find(&inside.key).is_none() {
                let number = self.numbers.take(inside.protocol);
                let make = || Conversation::new(number, &inside, None);
                self.table.add(inside.key, make, &mut talks_only(done));
            }
        }
    }

    /// Counts a fragment for the conversation that the first of its packet is part of.
    #[inline(never)]
    fn place(&mut self, parts: &Parts<'_>, flow: &Flow) {
        if flow.leads {
            return self.pieces.begin(flow, parts);
        }
        let share = match self.lifetimes {
            true => Share::as_zeek(flow, parts),
            false => Share::new(flow, parts),
        };
        let owner = self.pieces.owner(flow, share);
        let slot = owner
            .and_then(|(key, _)| self.table.find(&key))
            // What is only known from a quotation is none.
            .filter(|slot| self.table.get(*slot).0.frames() > 0);
        let (Some(owner), Some(slot)) = (owner, slot) else {
            self.unplaced += 1;
            return;
        };
        let (conversation, _) = self.table.get(slot);
        let end = conversation.end_at(owner.1);
        conversation.add_share(end, &share);
        // It may be the first fragment of a packet around, as in a tunnel.
        if let Some(share) = self.pieces.settle(owner, parts) {
            conversation.add_share(end, &share);
            self.unplaced -= share.fragments;
        }
    }

    /// Lets go of a conversation that is over by the time of a frame that would belong to it.
    fn outlive(
        &mut self,
        slot: Slot,
        parts: &Parts<'_>,
        flow: &Flow,
        done: &mut dyn FnMut(Leaving<'_>),
    ) -> bool {
        let (conversation, _) = self.table.get(slot);
        let is_over = !flow.quoted && lifetime::is_over(conversation, flow, parts.time());
        if is_over {
            self.table.dismiss(slot, &mut talks_only(done));
        }
        is_over
    }

    /// Follows a conversation from its first frame on. Not in place: most frames are not the first.
    #[inline(never)]
    fn begin(&mut self, parts: &Parts<'_>, flow: &Flow, done: &mut dyn FnMut(Leaving<'_>)) -> Slot {
        let number = self.numbers.take(flow.protocol);
        // ICMP's answers do, unless whoever comes first is to be the one that asked.
        let answers = flow.asks == Some(false) && !self.lifetimes;
        let is_ftp_data = flow.protocol == Protocol::Tcp && self.ftp.take(flow, parts);
        let make = || {
            let mut new = Conversation::new(number, flow, parts.time());
            new.last_frame = parts.number();
            new.is_ftp_data = is_ftp_data;
            // What is announced to many answers nobody.
            let answers = answers && !is_many(new.ends()[1].address);
            // As for TCP, a known service is the one that was asked; UDP has nothing else to tell by.
            let is_udp = flow.protocol == Protocol::Udp;
            if answers || is_udp && was_asked(&new, 0) {
                new.turn_round();
            }
            new
        };
        self.table.add(flow.key, make, &mut talks_only(done))
    }

    /// Lets go of a connection that is over, now or once others have followed it.
    #[inline(never)]
    fn end(&mut self, slot: Slot, done: &mut dyn FnMut(Leaving<'_>)) {
        let mut tell = talks_only(done);
        let (conversation, _) = self.table.get(slot);
        if self.at_once && !conversation.is_told {
            Leaving::tell(&mut Some(conversation.clone()), &mut tell);
            conversation.is_told = true;
        }
        self.table.close(slot, &mut tell);
    }
}

/// Hands on to `done` what is a conversation.
fn talks_only(done: &mut dyn FnMut(Leaving<'_>)) -> impl FnMut(Leaving<'_>) {
    |leaving| {
        if is_talk(&leaving) {
            done(leaving);
        }
    }
}

/// Makes the second end the one that asked.
fn turn_round(conversation: &mut Conversation, course: &mut Course) {
    conversation.turn_round();
    course.turn_round();
}

/// An entry that only a quotation named is none, and none is told twice.
fn is_talk(conversation: &Conversation) -> bool {
    conversation.frames() > 0 && !conversation.is_told
}

/// Whether a SYN opens another connection between the same ports.
fn reopens(conversation: &Conversation, from: usize, segment: &Segment) -> bool {
    let tcp = conversation.tcp.as_ref();
    tcp.and_then(|tcp| tcp.base(from))
        .is_some_and(|base| base != segment.seq)
}

/// Whether a known service is at this end only. From an address of many nobody asks.
fn was_asked(conversation: &Conversation, end: usize) -> bool {
    /// It has a name, too.
    const DHCP_CLIENT: u16 = 68;
    let ends = conversation.ends();
    let is_service = |end: usize| {
        let port = ends[end].port;
        port != DHCP_CLIENT && service::name(port).is_some()
    };
    is_service(end) && !is_service(1 - end) && !is_many(ends[1 - end].address)
}

fn joined_by_answer(conversation: &Conversation) -> bool {
    let tcp = conversation.tcp.as_ref();
    tcp.is_some_and(|tcp| !tcp.has_sent_syn(0) && !tcp.has_sent_syn(1))
}

/// Which protocol is spoken, and with what name the server was asked for.
fn recognise(
    conversation: &mut Conversation,
    parts: &Parts<'_>,
    flow: &Flow,
    from: usize,
    inside: Kind,
) {
    conversation.application.get_or_insert(inside);
    if from != 0 || conversation.server_name.is_some() {
        return;
    }
    /// Longer names are none (RFC 1035, 2.3.4).
    const LONGEST: usize = 253;
    let data = || {
        let packet = parts.packet();
        packet.payload(flow.layer_of(&packet))
    };
    let name = match inside {
        Kind::Tls => tls::server_name(data()),
        Kind::Http => http::header(data(), "Host"),
        _ => None,
    };
    conversation.server_name = name
        .filter(|name| !name.is_empty() && name.len() <= LONGEST)
        .map(Into::into);
}
