//! Values of the link layer and of ARP.

use std::fmt::Write;

use super::{Known, name, numbers, say};
use crate::decode::ethertype;
use crate::vendor::{self, Identity};

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    match known.field {
        "eth.type" | "vlan.etype" | "sll.etype" | "gre.proto" | "geneve.proto_type"
        | "arp.proto.type" | "llc.type" => name(words, ether_type(n)),
        "llc.dsap" | "llc.ssap" => name(words, numbers::access_point(n)),
        "arp.hw.type" => name(words, numbers::arp_hardware(n)),
        "arp.opcode" => name(words, numbers::arp_operation(n)),
        "arp.hw.size" if n == 6 => words.push_str("a MAC address"),
        "arp.proto.size" if n == 4 => words.push_str("an IPv4 address"),
        "vlan.priority" | "ieee8021ad.priority" => name(words, priority(n)),
        "vlan.id" | "ieee8021ad.id" => name(words, vlan(n)),
        "ieee8021ad.dei" if n == 0 => words.push_str("not set"),
        "sll.pkttype" => name(words, packet_type(n)),
        "sll.hatype" => name(words, linux_hardware(n)),
        "mpls.label" => name(words, label(n)),
        "mpls.bottom" => words.push_str(if n == 1 {
            "the last label"
        } else {
            "another label follows"
        }),
        "pppoe.code" => name(words, pppoe(n)),
        _ => {}
    }
}

fn ether_type(n: u64) -> Option<&'static str> {
    ethertype::name(u16::try_from(n).ok()?)
}

/// What a bit says, where "set" and "not set" would not tell.
pub(super) fn flag(known: &Known<'_>, set: bool) -> &'static str {
    let first = known.packet.header(known.layer);
    let broadcast = |at: usize| first.get(at..at + 6) == Some(&[0xff; 6]);
    match (known.field, set) {
        ("eth.dst.lg" | "eth.src.lg", false) => "U/L: given by its maker",
        ("eth.dst.lg", true) if broadcast(0) => "U/L: set, as all bits are",
        ("eth.dst.lg" | "eth.src.lg", true) => "U/L: set by software",
        ("eth.dst.ig" | "eth.src.ig", false) => "I/G: one card (unicast)",
        ("eth.dst.ig", true) if broadcast(0) => "I/G: a group (everybody)",
        ("eth.dst.ig" | "eth.src.ig", true) => "I/G: a group (multicast)",
        ("dns.flags.response", false) => "a query",
        ("dns.flags.response", true) => "an answer",
        _ => "",
    }
}

pub(super) fn mac(words: &mut String, known: &Known<'_>, mac: [u8; 6]) {
    match vendor::identify(mac) {
        Identity::Zero if known.field == "arp.dst.hw_mac" => {
            words.push_str("not known yet: the question");
        }
        identity => say(words, format_args!("{identity}")),
    }
}

/// The vendor's part of the address and the vendor's serial number; why there are none, where there are none.
pub(super) fn vendor(words: &mut String, known: &Known<'_>) {
    let at = match known.field {
        "netinspect.eth.dst.vendor" => 0,
        "netinspect.eth.src.vendor" => 6,
        _ => return,
    };
    let Some(mac) = known.packet.chunk(known.layer, at) else {
        return;
    };
    match (vendor::identify(mac), vendor::prefix_bits(mac)) {
        (Identity::Registered(_), Some(bits)) => push_parts(words, mac, bits),
        (Identity::Zero, _) => words.push_str("no address"),
        (Identity::Broadcast, _) => words.push_str("everybody: no vendor"),
        (Identity::Multicast(_), _) => words.push_str("a group: no vendor"),
        (Identity::Virtual(_) | Identity::Local, _) => {
            words.push_str("made up by software: no vendor");
        }
        _ => words.push_str("no vendor in the IEEE listing"),
    }
}

/// Which digits IEEE gave to the maker, and which the maker counts cards with.
fn push_parts(words: &mut String, mac: [u8; 6], bits: u8) {
    let digits = usize::from(bits) / 4;
    words.push_str("vendor ");
    for place in 0..12 {
        let octet = mac[place / 2];
        let digit = if place % 2 == 0 {
            octet >> 4
        } else {
            octet & 0xf
        };
        if place == digits {
            words.push_str(", serial ");
        } else if place > 0 && place % 2 == 0 {
            words.push(':');
        }
        // Writing to memory can't fail.
        let _ = write!(words, "{digit:x}");
    }
}

/// IEEE 802.1Q-2022, table I-2.
fn priority(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "best effort",
        1 => "background",
        2 => "excellent effort",
        3 => "critical applications",
        4 => "video",
        5 => "voice",
        6 => "internetwork control",
        7 => "network control",
        _ => return None,
    })
}

/// IEEE 802.1Q-2022, table 9-2.
fn vlan(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "no VLAN: the tag is for the priority only",
        1 => "the VLAN that switches start with",
        4095 => "reserved",
        _ => return None,
    })
}

/// Linux's if_packet.h.
fn packet_type(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "received, for this machine",
        1 => "received, broadcast",
        2 => "received, multicast",
        3 => "seen on its way to another host",
        4 => "sent by this machine",
        _ => return None,
    })
}

/// Linux's if_arp.h.
fn linux_hardware(n: u64) -> Option<&'static str> {
    Some(match n {
        1 => "Ethernet",
        512 => "PPP",
        768 => "IPv4 tunnel",
        769 => "IPv6 tunnel",
        772 => "loopback",
        776 => "6in4 tunnel",
        778 => "GRE tunnel",
        801 => "802.11",
        803 => "802.11 with radiotap",
        65534 => "none (such as tun)",
        _ => return None,
    })
}

/// Labels with a meaning of their own (RFC 3032, 2.1, and iana.org, mpls-label-values).
fn label(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "IPv4 explicit null",
        1 => "router alert",
        2 => "IPv6 explicit null",
        3 => "implicit null",
        7 => "entropy label indicator",
        13 => "associated channel",
        14 => "OAM alert",
        _ => return None,
    })
}

/// RFC 2516, 5.
fn pppoe(n: u64) -> Option<&'static str> {
    Some(match n {
        0x00 => "session data",
        0x07 => "PADO: an access concentrator offers itself",
        0x09 => "PADI: which access concentrators are there?",
        0x19 => "PADR: asks one for a session",
        0x65 => "PADS: confirms the session",
        0xa7 => "PADT: ends the session",
        _ => return None,
    })
}
