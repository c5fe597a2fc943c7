//! What ARP, ICMP, neighbor discovery and IGMP say, in words.

use crate::decode::arp::{self, Who};
use crate::decode::{Kind, Layer, Packet, icmp};
use crate::output::names;
use crate::text::{Buffer, push, push_hex, push_ipv4, push_ipv6, push_mac, push_number};

/// A request reads as a question, its reply as the answer.
pub(super) fn push_arp(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let opcode = packet.u16(layer, 6);
    let Some(said) = arp::addresses(packet, layer) else {
        return push_odd_arp(out, packet, layer, opcode);
    };
    match said.opcode {
        arp::REQUEST if said.is_probe() => {
            push(out, "does anybody use ");
            push_ipv4(out, said.target_ip);
            push(out, "? (probe)");
        }
        arp::REQUEST if said.is_gratuitous() => {
            push_is_at(out, said.sender_ip, said.sender_mac);
            push(out, " (announcement)");
        }
        arp::REQUEST => {
            push(out, "who has ");
            push_ipv4(out, said.target_ip);
            push(out, "? tell ");
            push_ipv4(out, said.sender_ip);
        }
        arp::REPLY => {
            push_is_at(out, said.sender_ip, said.sender_mac);
            if said.is_gratuitous() {
                push(out, " (unasked: gratuitous)");
            }
        }
        _ => push_odd_arp(out, packet, layer, opcode),
    }
}

fn push_is_at(out: &mut Buffer, ip: [u8; 4], mac: [u8; 6]) {
    push_ipv4(out, ip);
    push(out, " is at ");
    push_mac(out, mac);
}

/// Other hardware, other protocols, other operations (registry: iana.org, arp-parameters).
fn push_odd_arp(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, opcode: Option<u16>) {
    let name = match opcode {
        None => return,
        Some(arp::REQUEST) => "request",
        Some(arp::REPLY) => "reply",
        Some(3) => "reverse request",
        Some(4) => "reverse reply",
        Some(8) => "inverse request",
        Some(9) => "inverse reply",
        Some(24 | 25) => "experimental operation",
        Some(0 | 65535) => "reserved operation",
        Some(_) => "operation",
    };
    push(out, name);
    if let Some(opcode) = opcode {
        push(out, " (");
        push_number(out, opcode.into());
        push(out, ")");
    }
    for (what, who) in [(" sender ", Who::Sender), (" target ", Who::Target)] {
        if let Some(ip) = arp::ipv4(packet, layer, who) {
            push(out, what);
            push_ipv4(out, ip);
        } else if let Some(mac) = arp::mac(packet, layer, who) {
            push(out, what);
            push_mac(out, mac);
        }
    }
}

pub(super) fn push_icmp(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let (Some(kind), Some(code)) = (packet.u8(layer, 0), packet.u8(layer, 1)) else {
        return;
    };
    let name = match (kind, code) {
        (icmp::ECHO_REPLY, _) => "echo reply",
        (icmp::ECHO_REQUEST, _) => "echo request",
        (3, 0) => "destination unreachable: no route to the network",
        (3, 1) => "destination unreachable: host does not answer",
        (3, 2) => "destination unreachable: no such protocol",
        (3, 3) => "destination unreachable: port closed",
        (3, 4) => "destination unreachable: too big, and not to be fragmented",
        (3, 9 | 10 | 13) => "destination unreachable: forbidden by an administrator",
        (3, _) => "destination unreachable",
        (4, _) => "source quench",
        (5, 0 | 2) => "redirect for the network",
        (5, _) => "redirect for the host",
        (9, _) => "router advertisement",
        (10, _) => "router solicitation",
        (11, 0) => "time exceeded: too many hops",
        (11, _) => "time exceeded: fragments did not all arrive",
        (12, _) => "parameter problem",
        (13, _) => "timestamp request",
        (14, _) => "timestamp reply",
        (15, _) => "information request",
        (16, _) => "information reply",
        (17, _) => "address mask request",
        (18, _) => "address mask reply",
        _ => "",
    };
    push_name(out, name, kind, code);
    match kind {
        icmp::ECHO_REPLY | icmp::ECHO_REQUEST => push_echo(out, packet, layer),
        3 if code == 4 => push_number_at(out, packet, layer, ", largest that fits: ", 6),
        5 => {
            if let Some(gateway) = packet.chunk(layer, 4) {
                push(out, ": use ");
                push_ipv4(out, gateway);
            }
        }
        _ => {}
    }
    push_quoted(out, packet);
}

pub(super) fn push_icmpv6(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let (Some(kind), Some(code)) = (packet.u8(layer, 0), packet.u8(layer, 1)) else {
        return;
    };
    match kind {
        icmp::NEIGHBOR_SOLICITATION | icmp::NEIGHBOR_ADVERTISEMENT => {
            return push_neighbor(out, packet, layer, kind);
        }
        _ => {}
    }
    let name = match (kind, code) {
        (1, 0) => "destination unreachable: no route",
        (1, 1 | 5 | 6) => "destination unreachable: forbidden",
        (1, 3) => "destination unreachable: host does not answer",
        (1, 4) => "destination unreachable: port closed",
        (1, _) => "destination unreachable",
        (2, _) => "packet too big",
        (3, 0) => "time exceeded: too many hops",
        (3, _) => "time exceeded: fragments did not all arrive",
        (4, _) => "parameter problem",
        (icmp::ECHO_REQUEST_V6, _) => "echo request",
        (icmp::ECHO_REPLY_V6, _) => "echo reply",
        (130, _) => "multicast listener query",
        (131, _) => "multicast listener report",
        (132, _) => "multicast listener done",
        (icmp::ROUTER_SOLICITATION, _) => "is there a router?",
        (icmp::ROUTER_ADVERTISEMENT, _) => "I am a router",
        (icmp::REDIRECT_V6, _) => "redirect",
        (143, _) => "multicast listener report v2",
        _ => "",
    };
    push_name(out, name, kind, code);
    match kind {
        2 => push_number_at(out, packet, layer, ", largest that fits: ", 6),
        icmp::ECHO_REQUEST_V6 | icmp::ECHO_REPLY_V6 => push_echo(out, packet, layer),
        icmp::ROUTER_ADVERTISEMENT => push_number_at(out, packet, layer, ", for seconds: ", 6),
        icmp::REDIRECT_V6 => {
            if let (Some(better), Some(target)) = (packet.chunk(layer, 8), packet.chunk(layer, 24))
            {
                push(out, " to ");
                push_ipv6(out, target);
                push(out, ": use ");
                push_ipv6(out, better);
            }
        }
        130..=132 => {
            if let Some(group) = packet.chunk(layer, 8)
                && group != [0; 16]
            {
                push(out, " ");
                push_ipv6(out, group);
            }
        }
        143 => push_groups(out, icmp::group_records(packet.header(layer)), push_ipv6),
        _ => {}
    }
    push_quoted(out, packet);
}

/// RFC 4861: the question and the answer that take ARP's place.
fn push_neighbor(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, kind: u8) {
    let link = icmp::link_address(packet, layer);
    let Some(target) = packet.chunk(layer, 8) else {
        return;
    };
    if kind == icmp::NEIGHBOR_SOLICITATION {
        push(out, "who has ");
        push_ipv6(out, target);
        match link {
            Some(mac) => {
                push(out, "? tell ");
                push_mac(out, mac);
            }
            // Sent from the unspecified address (RFC 4862, 5.4.2), or by unicast to a known neighbor.
            None => push(out, "?"),
        }
        return;
    }
    push_ipv6(out, target);
    match link {
        Some(mac) => {
            push(out, " is at ");
            push_mac(out, mac);
        }
        None => push(out, " is here"),
    }
    const ROUTER: u8 = 0x80;
    const SOLICITED: u8 = 0x40;
    let flags = packet.u8(layer, 4).unwrap_or(0);
    if flags & ROUTER != 0 {
        push(out, " (a router)");
    }
    if flags & SOLICITED == 0 {
        push(out, " (unasked)");
    }
}

pub(super) fn push_igmp(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let Some(kind) = packet.u8(layer, 0) else {
        return;
    };
    let name = match kind {
        0x11 => "which groups have members?",
        0x12 | 0x16 => "member of",
        0x17 => "leaves",
        0x22 => "membership report v3",
        _ => "",
    };
    push_name(out, name, kind, 0);
    if kind == 0x22 {
        push_groups(out, icmp::group_records(packet.header(layer)), push_ipv4);
    }
    if let Some(group) = packet.chunk(layer, 4)
        && kind != 0x22
        && group != [0; 4]
    {
        push(out, " ");
        push_ipv4(out, group);
    }
}

/// `: joins 224.0.0.251, leaves 239.1.2.3`.
fn push_groups<const N: usize>(
    out: &mut Buffer,
    records: impl Iterator<Item = (u8, [u8; N])>,
    push_address: fn(&mut Buffer, [u8; N]),
) {
    const SHOWN: usize = 4;
    let mut records = records.enumerate();
    for (index, (kind, group)) in records.by_ref().take(SHOWN) {
        push(out, if index == 0 { ": " } else { ", " });
        push(out, names::group_record(kind));
        push(out, " ");
        push_address(out, group);
    }
    let more = records.count();
    if more > 0 {
        push(out, ", and ");
        push_number(out, more as u64);
        push(out, " more");
    }
}

/// The message's name; its numbers where it has none here.
fn push_name(out: &mut Buffer, name: &str, kind: u8, code: u8) {
    push(out, name);
    if name.is_empty() {
        push(out, "type ");
        push_number(out, kind.into());
        push(out, " code ");
        push_number(out, code.into());
    }
}

fn push_echo(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    if let (Some(id), Some(sequence)) = (packet.u16(layer, 4), packet.u16(layer, 6)) {
        push(out, " id=");
        push_hex(out, id.into(), 4);
        push(out, " seq=");
        push_number(out, sequence.into());
    }
}

fn push_number_at(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, name: &str, at: usize) {
    if let Some(n) = packet.u16(layer, at) {
        push(out, name);
        push_number(out, n.into());
    }
}

/// The packet that an error is about.
fn push_quoted(out: &mut Buffer, packet: &Packet<'_>) {
    let quoted = || packet.layers.iter().filter(|layer| layer.quoted());
    let Some(network) = quoted().find(|l| matches!(l.kind, Kind::Ipv4 | Kind::Ipv6)) else {
        return;
    };
    if network.is_cut() {
        return push(out, " (about a packet that is cut)");
    }
    let transport = quoted().find(|l| matches!(l.kind, Kind::Tcp | Kind::Udp));
    push(out, " (about ");
    super::ends::push_network(out, packet, network, transport);
    if let Some(transport) = transport {
        push(out, " ");
        push(out, transport.kind.short());
    }
    push(out, ")");
}
