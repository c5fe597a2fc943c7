//! Who talked with whom: TCP connections with how they went, and the exchanges of UDP, ICMP and ARP.
//!
//! [`Connections`] looks at frames in order and hands out each [`Conversation`] when it is over, and the rest at the end.
//! It remembers a bounded number at a time; docs of [`Limits`] tell which it gives up first.

mod attempts;
mod community_id;
mod conversation;
mod coverage;
mod history;
mod icmp;
mod ladder;
mod reader;
mod table;
mod tcp;
#[cfg(test)]
mod tests;
mod zeek;

pub use attempts::{Attempts, Common, Group, Outcome};
pub use community_id::community_id;
pub use conversation::{Conversation, Endpoint, Protocol, Sent};
pub use history::History;
pub use ladder::{Fold, Ladder, Part, Rung};
pub use tcp::{Counts, Ending, Handshake, Tcp};
pub use zeek::Zeek;

use super::socks;
use crate::analysis::tcp::Segment;
use crate::decode::tcp::flag;
use crate::decode::{Kind, Layer, Packet, http, tls};
use crate::service;
use reader::{End, Talk};
use table::Table;

/// Conversations remembered at once unless told otherwise: about 80 MiB when full. A list of as many takes that again.
pub const MOST: usize = 65_536;

/// Follows the conversations of a capture.
pub struct Connections {
    table: Table,
    at_once: bool,
    next_tcp: u32,
    next_udp: u32,
    next_other: u32,
}

impl Connections {
    /// Remembers up to `most` conversations, at least one. Where one more comes, the one that was idle longest is handed
    /// out as it is, and counted as forgotten: if it goes on, it counts as another.
    pub fn new(most: usize) -> Self {
        Self {
            table: Table::new(most),
            at_once: false,
            next_tcp: 0,
            next_udp: 0,
            next_other: 0,
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

    /// Looks at the next frame. `done` is called with each conversation that is over, or had to be forgotten.
    pub fn observe(&mut self, packet: &Packet<'_>, done: &mut dyn FnMut(Conversation)) {
        self.follow(packet, done, &mut |_, _, _| {});
    }

    /// As [`Self::observe`]; calls `seen` with each conversation that the frame belongs to, the end that sent it (0 is
    /// who asked), and, of TCP, the segment.
    pub fn follow(
        &mut self,
        packet: &Packet<'_>,
        done: &mut dyn FnMut(Conversation),
        seen: &mut dyn FnMut(&Conversation, usize, Option<Step<'_>>),
    ) {
        for layer in packet.layers {
            if let Some(talk) = reader::read(packet, layer) {
                self.take(packet, layer, talk, done, seen);
            }
        }
    }

    /// How many had to be forgotten before they were over.
    pub fn forgotten(&self) -> u64 {
        self.table.forgotten()
    }

    /// Hands out all that are left, in the order they began.
    pub fn finish(&mut self, done: &mut dyn FnMut(Conversation)) {
        let mut rest = self.table.drain();
        rest.sort_by_key(|conversation| (conversation.start, conversation.number));
        rest.into_iter().filter(is_talk).for_each(done);
    }

    fn take(
        &mut self,
        packet: &Packet<'_>,
        layer: &Layer,
        talk: Talk,
        done: &mut dyn FnMut(Conversation),
        seen: &mut dyn FnMut(&Conversation, usize, Option<Step<'_>>),
    ) {
        let Talk {
            protocol,
            source,
            destination,
            asks,
            ip_len,
            ip_id,
            ..
        } = talk;
        let Self {
            table,
            at_once,
            next_tcp,
            next_udp,
            next_other,
        } = self;
        let next = match protocol {
            Protocol::Tcp => next_tcp,
            Protocol::Udp => next_udp,
            _ => next_other,
        };
        let make = || {
            let number = *next;
            *next = next.wrapping_add(1);
            let mut new = Conversation::new(number, protocol, talk.ends(), packet.frame.time);
            new.last_frame = packet.frame.number;
            // As for TCP, a known service is the one that was asked; UDP has nothing else to tell by.
            if asks == Some(false) || protocol == Protocol::Udp && was_asked(&new, 0) {
                new.turn_round();
            }
            new
        };
        let mut tell = |conversation: Conversation| {
            if is_talk(&conversation) {
                done(conversation);
            }
        };
        let slot = table.find(&talk, make, &mut tell);
        let conversation = table.get(slot);
        if layer.quoted() {
            conversation.unreachable |= reader::says_unreachable(packet, layer);
            return;
        }
        let mut from = usize::from(End::of(conversation.ends[0]) != source);
        let segment = match protocol {
            Protocol::Tcp => Segment::read(packet, layer),
            _ => None,
        };
        if let Some(segment) = &segment
            && segment.is_opening()
            && reopens(conversation, from, segment)
        {
            let number = *next;
            *next = next.wrapping_add(1);
            let mut new = Conversation::new(number, protocol, talk.ends(), packet.frame.time);
            new.tcp = Some(Box::new(Tcp::new(true)));
            tell(std::mem::replace(conversation, new));
            from = 0;
        }
        conversation.passed_at(packet.frame.time);
        conversation.last_frame = packet.frame.number;
        if conversation.first_frame == 0 {
            conversation.first_frame = packet.frame.number;
        }
        let sent = &mut conversation.sent[from];
        sent.frames += 1;
        sent.bytes += u64::from(packet.frame.wire_len);
        sent.ip_bytes += u64::from(ip_len);
        let payload = match &segment {
            Some(segment) => segment.len,
            None if protocol == Protocol::Udp => layer.payload_len(),
            None if matches!(protocol, Protocol::Icmp | Protocol::IcmpMessage) => {
                reader::message_len(layer)
            }
            None => 0,
        };
        sent.data += u64::from(payload);
        let may_tell = conversation.application.is_none() || conversation.server_name.is_none();
        if payload > 0 && may_tell && matches!(protocol, Protocol::Tcp | Protocol::Udp) {
            recognise(conversation, packet, layer, from);
        }
        let Some(segment) = segment else {
            return seen(conversation, from, None);
        };
        let print = reader::print(packet, layer, ip_id);
        let is_over = judge(conversation, from, &segment, print, seen);
        let ports = (source.port, destination.port);
        let through = proxied(conversation, packet.payload(layer), ports);
        if is_over {
            if *at_once && !conversation.is_told {
                tell(conversation.clone());
                conversation.is_told = true;
            }
            table.close(slot, &mut tell);
        }
        if let Some(port) = through {
            // The connection inside has a number of its own, as in `tcp.stream`, and no frames.
            let inside = |end: End| match end.port {
                socks::PORT => End { port, ..end },
                _ => end,
            };
            let talk = Talk {
                source: inside(source),
                destination: inside(destination),
                ..talk
            };
            let make = || {
                let number = *next;
                *next = next.wrapping_add(1);
                Conversation::new(number, protocol, talk.ends(), None)
            };
            table.find(&talk, make, &mut tell);
        }
    }
}

/// The port that a segment through a SOCKS proxy is really for.
fn proxied(conversation: &mut Conversation, data: &[u8], ports: (u16, u16)) -> Option<u16> {
    let tcp = conversation.tcp.as_mut()?;
    match ports {
        (_, socks::PORT) => tcp.proxy.segment(data, true),
        (socks::PORT, _) => tcp.proxy.segment(data, false),
        _ => None,
    }
}

/// What a segment turned out to be.
pub struct Step<'a> {
    pub segment: &'a Segment<'a>,
    pub findings: crate::decode::Findings,
    /// The same frame as the one before, captured twice.
    pub is_copy: bool,
    pub states_before: [crate::analysis::tcp::State; 2],
}

/// Lets the connection judge a segment, with what makes it one and no copy; says whether the connection is over.
fn judge(
    conversation: &mut Conversation,
    mut from: usize,
    segment: &Segment<'_>,
    print: u64,
    seen: &mut dyn FnMut(&Conversation, usize, Option<Step<'_>>),
) -> bool {
    if conversation.tcp.is_none() {
        conversation.tcp = Some(Box::new(Tcp::new(false)));
        // Who answers did not ask; from the middle, a known service is the one that was asked.
        if segment.is_syn_ack() || !segment.has(flag::SYN) && was_asked(conversation, from) {
            conversation.turn_round();
            if let Some(tcp) = &mut conversation.tcp {
                tcp.turn_round();
            }
            from = 1 - from;
        }
    } else if segment.is_opening() && from == 1 && joined_by_answer(conversation) {
        // The SYN comes behind its answer.
        conversation.turn_round();
        if let Some(tcp) = &mut conversation.tcp {
            tcp.turn_round();
        }
        from = 0;
    }
    let Some(tcp) = &mut conversation.tcp else {
        return false;
    };
    let states_before = tcp.states();
    let is_copy = tcp.is_copy(from, print);
    let findings = match is_copy {
        true => Default::default(),
        false => tcp.look(from, segment),
    };
    let is_over = tcp.is_over();
    let step = Step {
        segment,
        findings,
        is_copy,
        states_before,
    };
    seen(conversation, from, Some(step));
    is_over
}

/// An entry that only a quotation named is none, and none is told twice.
fn is_talk(conversation: &Conversation) -> bool {
    conversation.frames() > 0 && !conversation.is_told
}

/// Whether a SYN opens another connection between the same ports.
fn reopens(conversation: &Conversation, from: usize, segment: &Segment<'_>) -> bool {
    let tcp = conversation.tcp.as_ref();
    tcp.and_then(|tcp| tcp.base(from))
        .is_some_and(|base| base != segment.seq)
}

fn was_asked(conversation: &Conversation, end: usize) -> bool {
    let is_service = |end: usize| service::name(conversation.ends[end].port).is_some();
    is_service(end) && !is_service(1 - end)
}

fn joined_by_answer(conversation: &Conversation) -> bool {
    let tcp = conversation.tcp.as_ref();
    tcp.is_some_and(|tcp| !tcp.has_sent_syn(0) && !tcp.has_sent_syn(1))
}

/// Which protocol is spoken, and with what name the server was asked for.
fn recognise(conversation: &mut Conversation, packet: &Packet<'_>, layer: &Layer, from: usize) {
    let inside = packet
        .layers
        .iter()
        .find(|inside| inside.start > layer.start && !matches!(inside.kind, Kind::Data));
    let Some(inside) = inside else { return };
    conversation.application.get_or_insert(inside.kind);
    if from != 0 || conversation.server_name.is_some() {
        return;
    }
    /// Longer names are none (RFC 1035, 2.3.4).
    const LONGEST: usize = 253;
    let data = packet.payload(layer);
    let name = match inside.kind {
        Kind::Tls => tls::server_name(data),
        Kind::Http => http::header(data, "Host"),
        _ => None,
    };
    conversation.server_name = name
        .filter(|name| !name.is_empty() && name.len() <= LONGEST)
        .map(Into::into);
}
