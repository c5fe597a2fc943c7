//! What a value means, in plain words. What every reader of the field may want to know stands here; what a learner
//! asks next is in [`explain`](super::explain).

mod application;
mod control;
mod link;
mod named;
mod network;
pub(super) mod numbers;
mod transport;

use std::net::IpAddr;

use super::page::say;
use crate::address::{Scope, group};
use crate::decode::{Layer, Packet};
use crate::fields::Value;

/// A value and where it was found.
struct Known<'a> {
    packet: &'a Packet<'a>,
    layer: &'a Layer,
    field: &'static str,
}

/// Adds what is known of the value; nothing where nothing is.
pub(super) fn push(
    words: &mut String,
    packet: &Packet<'_>,
    layer: &Layer,
    field: &'static str,
    value: Value<'_>,
) {
    let known = Known {
        packet,
        layer,
        field,
    };
    let protocol = field.split('.').next().unwrap_or(field);
    match value {
        Value::Uint(n) => number(words, &known, protocol, n),
        Value::Bool(set) => words.push_str(link::flag(&known, set)),
        Value::Mac(mac) => link::mac(words, &known, mac),
        Value::Ipv4(address) => push_scope(words, address.into()),
        Value::Ipv6(address) => push_scope(words, address.into()),
        Value::Text(_) => link::vendor(words, &known),
        Value::Bytes(_) | Value::Time(_) | Value::Name(_) | Value::Protocols(_) => {}
    }
}

fn number(words: &mut String, known: &Known<'_>, protocol: &str, n: u64) {
    match protocol {
        "eth" | "vlan" | "ieee8021ad" | "llc" | "sll" | "mpls" | "pppoe" | "gre" | "geneve"
        | "arp" => link::number(words, known, n),
        "ip" | "ipv6" | "ah" => network::number(words, known, n),
        "icmp" | "icmpv6" | "igmp" => control::number(words, known, n),
        "dns" | "dhcp" | "http" | "tls" => application::number(words, known, n),
        "sctp" if known.field == "sctp.chunk_type" => named::number(words, known, n),
        "tcp" | "udp" | "sctp" => transport::number(words, known, n),
        _ => named::number(words, known, n),
    }
}

/// `private (RFC 1918)`, `link multicast, mDNS (RFC 5771)`.
fn push_scope(words: &mut String, address: IpAddr) {
    let scope = Scope::of(address);
    match group(address) {
        Some(group) => say(
            words,
            format_args!("{}, {group} ({})", scope.name, scope.rfc),
        ),
        None => say(words, format_args!("{} ({})", scope.name, scope.rfc)),
    }
}

/// A name that a number has, if it has one.
fn name(words: &mut String, name: Option<&str>) {
    words.push_str(name.unwrap_or_default());
}
