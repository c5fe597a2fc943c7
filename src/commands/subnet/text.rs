//! A page for people: facts, the AND bit by bit, and the sentence that it comes to.

use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};

use super::Options;
use crate::address::{
    Block, Class, Reach, Scope, Subnet, Way, is_many, multicast_mac, solicited_node,
};
use crate::commands::interfaces::mac_text;
use crate::text::wrap::push_wrapped;

const LABEL: usize = 12;

pub(super) fn page(options: &Options) -> String {
    let subnet = &options.subnet;
    let mut out = String::new();
    facts(&mut out, subnet);
    let Some(other) = &options.other else {
        out.push('\n');
        bits(&mut out, subnet, None);
        return out;
    };
    let way = other.way(subnet);
    say(
        &mut out,
        &format!("\nFrom {} to {}:\n", subnet.address(), other.address),
    );
    bits(&mut out, subnet, Some(other.address));
    out.push('\n');
    say(&mut out, headline(subnet, way));
    say(&mut out, &sentence(subnet, other.address, way));
    if let Some((from, back)) = other.back(subnet) {
        way_back(&mut out, subnet, &from, back);
        if way.is_routed() != back.is_routed() {
            say(
                &mut out,
                "\nThe two masks disagree: one way goes through the gateway, the other does not. That works at best by luck; give both hosts the same mask.",
            );
        }
    } else if let Some(remark) = remark(subnet, other.address, way) {
        say(&mut out, &remark);
    }
    out
}

/// What to know of the destination besides: that it is no host's, or not one that is reached from anywhere.
fn remark(subnet: &Subnet, other: IpAddr, way: Way) -> Option<String> {
    let is_network = subnet.network() == other && subnet.broadcast().is_some();
    if way == Way::Neighbor && is_network {
        return Some(format!(
            "But {other} is the network's own address: no host may have it, so nobody should answer."
        ));
    }
    let scope = Scope::of(other);
    let is_news = scope.name != Scope::of(subnet.address()).name;
    (way.is_routed() && is_news && !scope.is_public()).then(|| {
        format!(
            "{other} is {}: {} ({}).",
            scope.name, scope.meaning, scope.rfc
        )
    })
}

fn facts(out: &mut String, subnet: &Subnet) {
    let (first, last) = subnet.hosts();
    let scope = Scope::of(subnet.address());
    fact(out, "address", &format!("{subnet}{}", role(subnet)));
    fact(out, "network", &Block::from(*subnet).to_string());
    match subnet.address() {
        IpAddr::V4(_) => {
            fact(
                out,
                "mask",
                &format!("{}   wildcard {}", subnet.mask(), subnet.wildcard()),
            );
            fact(out, "broadcast", &broadcast(subnet));
        }
        IpAddr::V6(_) => fact(
            out,
            "prefix",
            &format!("{} bits, {} for hosts", subnet.prefix(), subnet.host_bits()),
        ),
    }
    if first == last {
        fact(out, "hosts", &format!("{first} alone"));
    } else {
        fact(out, "hosts", &format!("{first} to {last}"));
        fact(out, "", &count(subnet));
    }
    if let IpAddr::V4(address) = subnet.address() {
        fact(out, "class", &class(Class::of(address)));
    }
    fact(
        out,
        "scope",
        &format!(
            "{}: {} ({}, {})",
            scope.name, scope.meaning, scope.block, scope.rfc
        ),
    );
    if let IpAddr::V6(address) = subnet.address()
        && !address.is_multicast()
    {
        let group = solicited_node(address);
        fact(
            out,
            "asked at",
            &format!(
                "{group}{}: its solicited-node group (RFC 4291)",
                frame_to(group)
            ),
        );
    }
}

/// What the address is besides a host's.
fn role(subnet: &Subnet) -> &'static str {
    let address = subnet.address();
    if subnet.host_bits() < 2 {
        ""
    } else if subnet.broadcast() == Some(address) {
        "   (the subnet's broadcast address: no host may have it)"
    } else if subnet.network() == address && address.is_ipv4() {
        "   (the network's own address: no host may have it)"
    } else if subnet.network() == address {
        "   (the routers' anycast address, RFC 4291)"
    } else {
        ""
    }
}

fn broadcast(subnet: &Subnet) -> String {
    match (subnet.broadcast(), subnet.host_bits()) {
        (Some(address), _) => address.to_string(),
        (None, 1) => {
            "none: both addresses are hosts', the two ends of a link (RFC 3021)".to_owned()
        }
        (None, _) => "none: the network is one host".to_owned(),
    }
}

fn count(subnet: &Subnet) -> String {
    let (count, bits) = (subnet.count(), subnet.host_bits());
    if bits > 64 {
        return format!("about 2^{bits} addresses");
    }
    let count = grouped(count);
    match (bits, subnet.address().is_ipv4()) {
        (0 | 1, _) => format!("{count} addresses"),
        (_, true) => format!("{count} addresses (2^{bits} less network and broadcast)"),
        (_, false) => format!("{count} addresses (2^{bits} less the routers' anycast address)"),
    }
}

/// Digits in threes, as people read large numbers.
fn grouped(n: u128) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn class(class: Class) -> String {
    let letter = class.letter();
    match class.prefix() {
        Some(prefix) => {
            format!("{letter}: meant a /{prefix}, before prefixes had lengths (RFC 1519)")
        }
        None if class == Class::D => format!("{letter}: multicast groups"),
        None => format!("{letter}: reserved"),
    }
}

/// Address, mask, and what both ones leave, below each other.
pub(in crate::commands) fn bits(out: &mut String, subnet: &Subnet, other: Option<IpAddr>) {
    let mask = subnet.mask();
    for (at, address) in [Some(subnet.address()), other]
        .into_iter()
        .flatten()
        .enumerate()
    {
        if at > 0 {
            out.push('\n');
        }
        let masked = subnet.masked(address).unwrap_or(address);
        let verdict = match (at, subnet.contains(address)) {
            (0, _) => "its network",
            (_, true) => "the same network",
            (_, false) => "another network",
        };
        bit_row(out, "", address, "");
        bit_row(out, "AND", mask, "");
        bit_row(out, "=", masked, verdict);
    }
}

fn bit_row(out: &mut String, sign: &str, address: IpAddr, note: &str) {
    let line = match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("  {sign:3} {address:15}  {a:08b}.{b:08b}.{c:08b}.{d:08b}  {note}")
        }
        // 128 binary digits don't fit a line; a hexadecimal one stands for four of them.
        IpAddr::V6(address) => {
            let groups: Vec<_> = address
                .segments()
                .iter()
                .map(|group| format!("{group:04x}"))
                .collect();
            format!("  {sign:3} {}  {note}", groups.join(":"))
        }
    };
    out.push_str(line.trim_end());
    out.push('\n');
}

fn headline(subnet: &Subnet, way: Way) -> &'static str {
    match (way, subnet.address().is_ipv4()) {
        (Way::Inside, _) => "The host itself: nothing to ask.",
        (Way::Broadcast, _) => "Everybody on the link: nothing to ask.",
        (Way::Multicast(_), _) => "A group: nothing to ask.",
        (Way::Neighbor, true) => "Same subnet: ARP for it.",
        (Way::Neighbor, false) => "Same subnet: neighbor discovery for it.",
        (Way::LinkLocal, true) => "On the link, whatever the mask says: ARP for it.",
        (Way::LinkLocal, false) => {
            "On the link, whatever the prefix says: neighbor discovery for it."
        }
        (Way::Gateway, true) => "Different subnet: ARP for the gateway.",
        (Way::Gateway, false) => "Different subnet: neighbor discovery for the gateway.",
        (Way::Nowhere, _) => "No packet can go there.",
        (Way::Confined, _) => {
            "Different subnet, and no router passes on what comes from this address."
        }
    }
}

/// What is asked, and which MAC address the frame goes to.
fn sentence(from: &Subnet, to: IpAddr, way: Way) -> String {
    let host = from.address();
    match (way, to) {
        (Way::Inside, _) => format!(
            "A packet for {to} never leaves {host}: no frame is sent, so there is no MAC address."
        ),
        (Way::Broadcast, _) => {
            "The frame goes to ff:ff:ff:ff:ff:ff, and no router passes it on.".to_owned()
        }
        (Way::Multicast(mac), _) => {
            let beyond = match Scope::of(to).reach {
                Reach::Host | Reach::Link => "No router passes it on.",
                _ => "Routers pass it on only towards those who joined.",
            };
            format!(
                "The frame goes to {}, a MAC address made from the group's. {beyond}",
                mac_text(mac)
            )
        }
        (Way::Neighbor | Way::LinkLocal, IpAddr::V4(_)) => format!(
            "{host} asks everybody on the link who has {to}, and sends the frame to the MAC address that is the answer: {to}'s own."
        ),
        (Way::Neighbor | Way::LinkLocal, IpAddr::V6(address)) => {
            let group = solicited_node(address);
            let mut text = format!(
                "{host} asks the group {group}{} who has {to}, and sends the frame to the MAC address that is the answer: {to}'s own.",
                frame_to(group)
            );
            if way == Way::Neighbor && !address.is_unicast_link_local() {
                text.push_str(" That holds where the prefix was announced as on the link, as most are (RFC 5942).");
            }
            text
        }
        (Way::Gateway, _) => {
            let place = match from.host_bits() {
                0 => String::new(),
                _ if from.address().is_ipv4() => format!(", a router on {}", Block::from(*from)),
                _ => ", a router on its link".to_owned(),
            };
            format!(
                "{host} asks for the MAC address of its gateway{place}, and sends the frame there. The packet inside still says {to}: the next router reads that, and puts the packet into a new frame."
            )
        }
        (Way::Confined, _) if is_many(host) => {
            format!("{host} is an address of many: no host sends from it.")
        }
        (Way::Confined, _) => {
            let place = match Scope::of(host).reach {
                Reach::Host => "inside the host",
                _ => "on its own link",
            };
            format!(
                "{host} is good {place} only, so that the packet must not go to a gateway: to reach {to} the host needs another address, such as its router or DHCP gives."
            )
        }
        (Way::Nowhere, _) => {
            format!("{to} stands for \"no address\"; it can only be a sender that has none yet.")
        }
    }
}

fn way_back(out: &mut String, to: &Subnet, from: &Subnet, way: Way) {
    say(
        out,
        &format!("\nAnd back, from {from} to {}:\n", to.address()),
    );
    bits(out, from, Some(to.address()));
    out.push('\n');
    say(out, headline(from, way));
    say(out, &sentence(from, to.address(), way));
}

/// The MAC address that frames to a group go to, in brackets.
fn frame_to(group: Ipv6Addr) -> String {
    multicast_mac(group.into()).map_or_else(String::new, |mac| format!(" ({})", mac_text(mac)))
}

fn fact(out: &mut String, label: &str, value: &str) {
    let _ = write!(out, "{label:LABEL$}");
    wrap(out, LABEL, value);
}

fn say(out: &mut String, sentence: &str) {
    wrap(out, 0, sentence);
}

fn wrap(out: &mut String, indent: usize, text: &str) {
    let mut line = Vec::new();
    push_wrapped(&mut line, indent, indent, text);
    out.push_str(&String::from_utf8_lossy(&line));
    out.push('\n');
}
