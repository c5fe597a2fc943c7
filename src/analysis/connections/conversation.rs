//! What is known of one conversation.

use std::net::IpAddr;

use super::tcp::Tcp;
use crate::decode::Kind;
use crate::frame::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    Tcp,
    Udp,
    /// ICMP questions and their answers.
    Icmp,
    /// ICMP messages that nobody answers.
    IcmpMessage,
    Arp,
}

/// An address and, where the protocol has them, a port. For ICMP the message's type and what answers it, or its code,
/// stand for ports.
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

#[derive(Debug, Clone)]
pub struct Conversation {
    /// Among those of its protocol, from 0: `tcp.stream` and `udp.stream` for these.
    pub number: u32,
    pub protocol: Protocol,
    /// Who asked, as far as that can be told, and who was asked.
    pub ends: [Endpoint; 2],
    pub sent: [Sent; 2],
    /// Which end sent the first frame.
    pub first_from: usize,
    /// The earliest and the latest time of a frame: a file need not have them in order.
    pub start: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Number of the first frame; 0 where it has none.
    pub first_frame: u64,
    /// Number of the last frame, to tell who was idle longest.
    pub last_frame: u64,
    /// The protocol that was recognised inside.
    pub application: Option<Kind>,
    /// The server's name, as the client asked for it; off the wire.
    pub server_name: Option<Box<[u8]>>,
    /// An ICMP error said that the packets don't arrive.
    pub unreachable: bool,
    pub tcp: Option<Box<Tcp>>,
    /// It was handed out when it was over, and stays only for what still comes.
    pub(super) is_told: bool,
}

impl Protocol {
    /// In lower case, as a name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Icmp | Self::IcmpMessage => "icmp",
            Self::Arp => "arp",
        }
    }
}

impl Conversation {
    pub fn new(
        number: u32,
        protocol: Protocol,
        ends: [Endpoint; 2],
        start: Option<Timestamp>,
    ) -> Self {
        Self {
            number,
            protocol,
            ends,
            sent: [Sent::default(); 2],
            first_from: 0,
            start,
            last: start,
            first_frame: 0,
            last_frame: 0,
            application: None,
            server_name: None,
            unreachable: false,
            tcp: None,
            is_told: false,
        }
    }

    /// From the earliest frame to the latest, in nanoseconds; 0 where their times are not known.
    pub fn duration(&self) -> i64 {
        match (self.start, self.last) {
            (Some(start), Some(last)) => last.since(start),
            _ => 0,
        }
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
            Protocol::Icmp | Protocol::IcmpMessage if self.ends[0].address.is_ipv4() => 1,
            Protocol::Icmp | Protocol::IcmpMessage => 58,
            Protocol::Arp => return None,
        })
    }

    /// The protocol's name as people write it.
    pub fn protocol_name(&self) -> &'static str {
        match self.protocol {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Icmp | Protocol::IcmpMessage if self.ends[0].address.is_ipv4() => "ICMP",
            Protocol::Icmp | Protocol::IcmpMessage => "ICMPv6",
            Protocol::Arp => "ARP",
        }
    }

    /// The ends as the first frame named them: its sender first.
    pub fn as_sent(&self) -> (Endpoint, Endpoint) {
        (self.ends[self.first_from], self.ends[1 - self.first_from])
    }

    pub(super) fn passed_at(&mut self, time: Option<Timestamp>) {
        self.start = self.start.min(time).or(self.start).or(time);
        self.last = self.last.max(time);
    }

    /// Makes the second end the one that asked.
    pub(super) fn turn_round(&mut self) {
        self.ends.swap(0, 1);
        self.sent.swap(0, 1);
        self.first_from = 1 - self.first_from;
    }
}
