//! What asks, what answers, and what belongs together.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::analysis::differences::hosts::is_one_host;
use crate::analysis::ends::{addresses, enclosing_network};
use crate::decode::dns::{self, Message};
use crate::decode::{Kind, Layer, Packet, arp, dhcp, icmp};

/// What is asked, whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Question {
    /// Who has this address?
    Arp(Ipv4Addr),
    Neighbor(Ipv6Addr),
    Echo(IpAddr),
    /// A name in lower case, and the type of record.
    Dns(Box<str>, u16),
    /// Who gives me an address?
    DhcpDiscover,
    /// May I have it?
    DhcpRequest,
}

/// What one frame has to do with a question.
pub(super) struct Exchange {
    pub question: Question,
    /// Who asks, and what tells one of its questions from the next.
    pub by: (Option<IpAddr>, u64),
    pub part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Asks,
    Answers,
    /// Answers with an error.
    Refuses(&'static str),
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arp(address) => write!(f, "ARP for {address}"),
            Self::Neighbor(address) => write!(f, "neighbor solicitation for {address}"),
            Self::Echo(address) => write!(f, "ping of {address}"),
            Self::Dns(name, kind) => match dns::type_name(*kind) {
                Some(kind) => write!(f, "DNS query for {name} ({kind})"),
                None => write!(f, "DNS query for {name} (type {kind})"),
            },
            Self::DhcpDiscover => f.write_str("DHCP DISCOVER"),
            Self::DhcpRequest => f.write_str("DHCP REQUEST"),
        }
    }
}

impl Question {
    /// A display filter for questions and answers; none for a name that can't stand in one.
    pub(super) fn filter(&self) -> Option<String> {
        Some(match self {
            Self::Arp(address) => {
                format!("arp.dst.proto_ipv4 == {address} or arp.src.proto_ipv4 == {address}")
            }
            Self::Neighbor(address) => format!(
                "icmpv6.nd.ns.target_address == {address} or icmpv6.nd.na.target_address == {address}"
            ),
            Self::Echo(address @ IpAddr::V4(_)) => format!("icmp and ip.addr == {address}"),
            Self::Echo(address @ IpAddr::V6(_)) => format!("icmpv6 and ipv6.addr == {address}"),
            Self::Dns(name, kind) => {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                if !name.chars().all(is_plain) {
                    return None;
                }
                format!("lower(dns.qry.name) == \"{name}\" and dns.qry.type == {kind}")
            }
            Self::DhcpDiscover | Self::DhcpRequest => "dhcp".to_owned(),
        })
    }
}

pub(super) fn read(packet: &Packet<'_>, layer: &Layer) -> Option<Exchange> {
    match layer.kind {
        Kind::Arp => of_arp(packet, layer),
        Kind::Icmp | Kind::Icmpv6 if !layer.in_fragment() => of_icmp(packet, layer),
        Kind::Dns => of_dns(packet, layer),
        Kind::Dhcp => of_dhcp(packet, layer),
        _ => None,
    }
}

fn of_arp(packet: &Packet<'_>, layer: &Layer) -> Option<Exchange> {
    let said = arp::addresses(packet, layer)?;
    // Nobody is to answer these (RFC 5227, 2.1.1 and 2.3).
    if said.is_probe() || said.is_gratuitous() {
        return None;
    }
    let (part, about, by) = match said.opcode {
        arp::REQUEST => (Part::Asks, said.target_ip, said.sender_ip),
        arp::REPLY => (Part::Answers, said.sender_ip, said.target_ip),
        _ => return None,
    };
    Some(Exchange {
        question: Question::Arp(about.into()),
        by: (Some(IpAddr::from(by)), 0),
        part,
    })
}

fn of_icmp(packet: &Packet<'_>, layer: &Layer) -> Option<Exchange> {
    const ID_AND_SEQUENCE: usize = 4;
    const TARGET: usize = 8;
    let (source, destination) = ends(packet, layer)?;
    let target = || packet.chunk::<16>(layer, TARGET).map(Ipv6Addr::from);
    let (question, part, by, tag) = match (layer.kind, packet.u8(layer, 0)?) {
        (Kind::Icmp, icmp::ECHO_REQUEST) | (Kind::Icmpv6, icmp::ECHO_REQUEST_V6) => {
            let tag = packet.u32(layer, ID_AND_SEQUENCE)?;
            (Question::Echo(destination), Part::Asks, source, tag)
        }
        (Kind::Icmp, icmp::ECHO_REPLY) | (Kind::Icmpv6, icmp::ECHO_REPLY_V6) => {
            let tag = packet.u32(layer, ID_AND_SEQUENCE)?;
            (Question::Echo(source), Part::Answers, destination, tag)
        }
        // From no address, nobody is to answer (RFC 4862, 5.4.3).
        (Kind::Icmpv6, icmp::NEIGHBOR_SOLICITATION) if !source.is_unspecified() => {
            (Question::Neighbor(target()?), Part::Asks, source, 0)
        }
        (Kind::Icmpv6, icmp::NEIGHBOR_ADVERTISEMENT) => {
            (Question::Neighbor(target()?), Part::Answers, destination, 0)
        }
        _ => return None,
    };
    // Several hosts may answer a ping of a group, or none.
    if matches!(&question, Question::Echo(address) if !is_one_host(address)) {
        return None;
    }
    Some(Exchange {
        question,
        by: (Some(by), tag.into()),
        part,
    })
}

fn of_dns(packet: &Packet<'_>, layer: &Layer) -> Option<Exchange> {
    const QUERY: u16 = 0;
    const OPCODE: u16 = 0x7800;
    let message = Message(packet.header(layer));
    if message.flags()? & OPCODE != QUERY {
        return None;
    }
    let asked = message.questions().next()?;
    let name = name_of(asked.name);
    let below = packet.below(layer)?;
    let (source, destination) = ends(packet, below)?;
    let (source_port, destination_port) = (packet.u16(below, 0)?, packet.u16(below, 2)?);
    let (by, port, part) = match (message.is_response()?, message.code()?) {
        (false, _) => (source, source_port, Part::Asks),
        (true, 0) => (destination, destination_port, Part::Answers),
        (true, code) => (
            destination,
            destination_port,
            Part::Refuses(dns::code_name(code)),
        ),
    };
    let id = packet.u16(layer, 0)?;
    Some(Exchange {
        question: Question::Dns(name, asked.kind),
        by: (Some(by), u64::from(port) << 16 | u64::from(id)),
        part,
    })
}

/// In lower case, since case does not matter (RFC 4343) and some resolvers mix it on purpose.
fn name_of(name: dns::Name<'_>) -> Box<str> {
    let labels: Vec<_> = name.labels().collect();
    if labels.is_empty() {
        return "the root".into();
    }
    let whole = labels.join(&b"."[..]).to_ascii_lowercase();
    String::from_utf8_lossy(&whole).into()
}

fn of_dhcp(packet: &Packet<'_>, layer: &Layer) -> Option<Exchange> {
    const TRANSACTION: usize = 4;
    const DISCOVER: u8 = 1;
    const OFFER: u8 = 2;
    const REQUEST: u8 = 3;
    const ACK: u8 = 5;
    const NAK: u8 = 6;
    let message = dhcp::Message(packet.header(layer));
    let (question, part) = match message.message_type()? {
        DISCOVER => (Question::DhcpDiscover, Part::Asks),
        OFFER => (Question::DhcpDiscover, Part::Answers),
        REQUEST => (Question::DhcpRequest, Part::Asks),
        ACK => (Question::DhcpRequest, Part::Answers),
        NAK => (
            Question::DhcpRequest,
            Part::Refuses("the server refuses the address (NAK)"),
        ),
        _ => return None,
    };
    Some(Exchange {
        question,
        by: (None, packet.u32(layer, TRANSACTION)?.into()),
        part,
    })
}

fn ends(packet: &Packet<'_>, layer: &Layer) -> Option<(IpAddr, IpAddr)> {
    addresses(packet, enclosing_network(packet, layer)?)
}
