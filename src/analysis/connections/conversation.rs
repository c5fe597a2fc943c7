//! What is known of one conversation.

use std::net::IpAddr;
use std::num::NonZeroU32;

use super::pieces::Share;
use super::tcp::Tcp;
use crate::decode::flow::{Key, Protocol};
use crate::decode::{Flow, Kind, Parts, ip_protocol};
use crate::frame::Timestamp;

const NANOS_PER_MICRO: i64 = 1_000;

/// An address and, where the protocol has them, a port. For ICMP the message's type and what answers it, or its code,
/// stand for ports; for other protocols without these their number in an IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Endpoint {
    pub address: IpAddr,
    pub port: u16,
}

/// What one end sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    pub frames: u64,
    /// On the wire, headers of the link included.
    pub bytes: u64,
    /// Of these, IP packets with their headers.
    pub ip_bytes: u64,
    /// What TCP, UDP or ICMP carried, what was sent again counted again.
    pub data: u64,
}

impl Sent {
    pub(super) fn join(&mut self, other: &Self) {
        let Self {
            frames,
            bytes,
            ip_bytes,
            data,
        } = other;
        self.frames += frames;
        self.bytes += bytes;
        self.ip_bytes += ip_bytes;
        self.data += data;
    }
}

#[derive(Debug, Clone)]
pub struct Conversation {
    /// Among those of its protocol, from 0: `tcp.stream` and `udp.stream` for these.
    pub number: u32,
    pub protocol: Protocol,
    /// What it is kept under.
    pub(super) key: Key,
    /// Which end of the key is the one that asked.
    asker: u8,
    pub sent: [Sent; 2],
    /// Which end sent the first frame.
    pub first_from: u8,
    /// Which end sent the last one, where nothing but the frames tells what is asked and what answered.
    last_from: u8,
    /// Each as microseconds from 1, so that none takes no room: there are many conversations.
    longest_wait: Option<NonZeroU32>,
    /// The earliest and the latest time of a frame: a file need not have them in order.
    pub start: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Number of the first frame; 0 where it has none.
    pub first_frame: u64,
    /// Number of the last frame, to tell who was idle longest.
    pub last_frame: u64,
    /// The protocol that was recognised inside.
    pub application: Option<Kind>,
    /// FTP's control connection announced it.
    pub is_ftp_data: bool,
    /// The server's name, as the client asked for it; off the wire.
    pub server_name: Option<Box<[u8]>>,
    /// An ICMP error said that the packets don't arrive.
    pub unreachable: bool,
    pub tcp: Option<Tcp>,
    /// It was handed out when it was over, and stays only for what still comes.
    pub(super) is_told: bool,
}

impl Conversation {
    /// One that begins with a frame; whoever sent that asks.
    pub fn new(number: u32, flow: &Flow, start: Option<Timestamp>) -> Self {
        Self {
            number,
            protocol: flow.protocol,
            key: flow.key,
            asker: flow.from,
            sent: [Sent::default(); 2],
            first_from: 0,
            last_from: 0,
            longest_wait: None,
            start,
            last: start,
            first_frame: 0,
            last_frame: 0,
            application: None,
            is_ftp_data: false,
            server_name: None,
            unreachable: false,
            tcp: None,
            is_told: false,
        }
    }

    /// Who asked, as far as that can be told, and who was asked.
    pub fn ends(&self) -> [Endpoint; 2] {
        let asker = usize::from(self.asker);
        let both = self.key.ends();
        [both[asker], both[1 - asker]].map(|end| Endpoint {
            address: self.key.address(end),
            port: end.port,
        })
    }

    /// From the earliest frame to the latest, in nanoseconds; 0 where their times are not known.
    pub fn duration(&self) -> i64 {
        match (self.start, self.last) {
            (Some(start), Some(last)) => last.since(start),
            _ => 0,
        }
    }

    /// The longest that who asked waited for an answer, in nanoseconds, rounded to microseconds and no more than 71 minutes: from
    /// its last data, or the FIN that ends it, to the first that came back behind that. None where nothing was answered.
    pub fn longest_wait(&self) -> Option<i64> {
        let micros = self.longest_wait?.get() - 1;
        Some(i64::from(micros) * NANOS_PER_MICRO)
    }

    /// Takes a wait for an answer, in nanoseconds.
    #[inline]
    pub(super) fn note_wait(&mut self, nanos: i64) {
        let micros = nanos.max(0).saturating_add(NANOS_PER_MICRO / 2) / NANOS_PER_MICRO;
        let micros = u32::try_from(micros).unwrap_or(u32::MAX);
        let wait = NonZeroU32::MIN.saturating_add(micros);
        self.longest_wait = self.longest_wait.max(Some(wait));
    }

    /// Times an answer by the frames alone: the first of who was asked behind one of who asks.
    pub(super) fn time_answer(&mut self, from: usize, time: Option<Timestamp>) {
        let is_answer = from == 1 && self.last_from == 0 && self.sent[0].frames > 0;
        if let (true, Some(asked), Some(time)) = (is_answer, self.last, time) {
            self.note_wait(time.since(asked));
        }
        self.last_from = from as u8;
    }

    pub fn frames(&self) -> u64 {
        self.sent[0].frames + self.sent[1].frames
    }

    pub fn bytes(&self) -> u64 {
        self.sent[0].bytes + self.sent[1].bytes
    }

    /// The number of its protocol in an IP header (1 ICMP, 58 ICMPv6, …); ARP has none.
    pub fn ip_protocol(&self) -> Option<u8> {
        Some(match self.protocol {
            Protocol::Tcp => 6,
            Protocol::Udp => 17,
            Protocol::Icmp | Protocol::IcmpMessage if self.key.is_v4() => 1,
            Protocol::Icmp | Protocol::IcmpMessage => 58,
            Protocol::Arp | Protocol::Fragment => return None,
            Protocol::Sctp => 132,
            Protocol::Ip => self.key.ports()[0] as u8,
        })
    }

    /// The protocol, where it has a name.
    pub fn kind(&self) -> Option<Kind> {
        match self.ip_protocol() {
            Some(number) => ip_protocol::kind(number),
            None => Some(Kind::Arp),
        }
    }

    /// The ends as the first frame named them: its sender first.
    pub fn as_sent(&self) -> (Endpoint, Endpoint) {
        let (first, ends) = (usize::from(self.first_from), self.ends());
        (ends[first], ends[1 - first])
    }

    /// Which end sent what `flow` is part of: 0 is who asked.
    pub(super) fn end_of(&self, flow: &Flow) -> usize {
        self.end_at(flow.from)
    }

    /// The same of an end of the key: 0 the lower, 1 the higher.
    pub(super) fn end_at(&self, place: u8) -> usize {
        usize::from(self.asker ^ place)
    }

    /// Counts a frame that the end `from` sent.
    #[inline]
    pub(super) fn add(&mut self, from: usize, flow: &Flow, parts: &Parts<'_>) {
        let (time, number) = (parts.time(), parts.number());
        self.start = self.start.min(time).or(self.start).or(time);
        self.last = self.last.max(time);
        self.last_frame = number;
        if self.first_frame == 0 {
            self.first_frame = number;
        }
        let sent = &mut self.sent[from];
        sent.frames += 1;
        sent.bytes += u64::from(parts.wire_len());
        sent.ip_bytes += u64::from(flow.ip_len);
        sent.data += u64::from(flow.payload);
    }

    /// Counts what came of a packet that the end `from` sent, behind the fragment that was counted.
    pub(super) fn add_share(&mut self, from: usize, share: &Share) {
        self.start = self.start.min(share.first).or(self.start).or(share.first);
        self.last = self.last.max(share.last);
        // Of TCP segments say how long they are, which is not known of a part of one; of what has no ports nobody does.
        let data = match self.protocol {
            Protocol::Udp | Protocol::Icmp | Protocol::IcmpMessage => share.sent.data,
            _ => 0,
        };
        self.sent[from].join(&Sent { data, ..share.sent });
    }

    /// Whether data of the end `from` may tell which protocol is spoken, or with whom.
    pub(super) fn may_tell_more(&self, flow: &Flow, from: usize) -> bool {
        let is_open = self.application.is_none() || from == 0 && self.server_name.is_none();
        is_open && matches!(flow.protocol, Protocol::Tcp | Protocol::Udp)
    }

    /// Something of the beginning, the middle and the end, for whoever wants all of it near.
    pub(super) fn samples(&self) -> (Option<u32>, [u64; 3]) {
        let base = self.tcp.as_ref().and_then(|tcp| tcp.base(0));
        let [one, other] = &self.sent;
        (base, [one.frames, other.data, self.last_frame])
    }

    /// Makes the second end the one that asked.
    pub(super) fn turn_round(&mut self) {
        self.sent.swap(0, 1);
        self.first_from = 1 - self.first_from;
        self.last_from = 1 - self.last_from;
        self.longest_wait = None;
        self.asker = 1 - self.asker;
        if let Some(tcp) = &mut self.tcp {
            tcp.turn_round();
        }
    }
}
