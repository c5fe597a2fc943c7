//! Facts about IP: addresses, lifetime, fragments.

use std::net::IpAddr;

use super::{Facts, addresses};
use crate::address::Scope;
use crate::decode::{Kind, Layer, Packet};
use crate::fields::Value;

/// The packet that an ICMP error is about.
pub(super) fn quoted(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    if let Some((source, target)) = addresses(packet, layer) {
        facts.say(format_args!(
            "Quoted: this packet was sent earlier, by {source} to {target}. The error gives back its start, so that \
             {source} can tell which program sent it."
        ));
    }
}

pub(super) fn field(
    facts: &mut Facts<'_>,
    packet: &Packet<'_>,
    layer: &Layer,
    name: &str,
    value: Value<'_>,
) {
    match (name, value) {
        ("ip.id", Value::Uint(_)) => identification(facts, packet, layer),
        ("ip.flags.df", Value::Bool(true)) => facts.say(format_args!(
            "The router tells the sender so by ICMP, \"fragmentation needed\", with the size that fits: that is how the \
             MTU of a path is found (RFC 1191)."
        )),
        ("ip.ttl" | "ipv6.hlim", Value::Uint(_)) => facts.say(format_args!(
            "Each router takes 1 off, and at 0 drops the packet and tells the sender. So nothing circles for ever; \
             traceroute finds the routers that way."
        )),
        ("ip.checksum", Value::Uint(0)) => facts.say(format_args!(
            "Not worked out yet: captured on the sender, whose card does it (offload)."
        )),
        ("ip.checksum", Value::Uint(_)) => facts.say(format_args!(
            "Covers this header only. Each router works it out anew, since it changes the time to live."
        )),
        ("ipv6.nxt", Value::Uint(0 | 43 | 44 | 51 | 60)) => facts.say(format_args!(
            "An extension header: IPv6 has no options in its own header, but a chain of headers behind it."
        )),
        ("ip.src" | "ipv6.src", value) => source(facts, packet, layer, value),
        ("ip.dst" | "ipv6.dst", value) => destination(facts, packet, layer, value),
        _ => {}
    }
}

fn identification(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    const DONT_FRAGMENT: u16 = 0x4000;
    const FRAGMENT: u16 = 0x3fff;
    match packet.u16(layer, 6) {
        Some(word) if word & FRAGMENT != 0 => facts.say(format_args!(
            "All fragments with this number, from this source to this destination, make one packet. Only the \
             destination puts it together; if one is missing, all are lost."
        )),
        Some(word) if word & DONT_FRAGMENT != 0 => facts.say(format_args!(
            "Would hold fragments together. Since it may not be fragmented, it has no use here (RFC 6864)."
        )),
        _ => {}
    }
}

fn source(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer, value: Value<'_>) {
    scope(facts, value);
    if let Some((source, target)) = addresses(packet, layer)
        && layer.kind == Kind::Ipv4
        && Scope::of(source).is_private()
        && Scope::of(target).is_public()
    {
        facts.say(format_args!(
            "On the way out a router has to put a public address in place of {source}, and the other way round \
             in the answers (NAT)."
        ));
    }
}

fn destination(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer, value: Value<'_>) {
    match addresses(packet, layer) {
        Some((source, target)) if Scope::of(source) == Scope::of(target) => {
            facts.say(format_args!("{target} lies in the same block as {source}."));
        }
        _ => scope(facts, value),
    }
}

/// What block an address lies in, and what that is for.
fn scope(facts: &mut Facts<'_>, value: Value<'_>) {
    let address: IpAddr = match value {
        Value::Ipv4(address) => address.into(),
        Value::Ipv6(address) => address.into(),
        _ => return,
    };
    let Scope {
        name,
        meaning,
        block,
        ..
    } = Scope::of(address);
    if block.prefix == 0 || block.prefix == 32 && address.is_ipv4() || block.prefix == 128 {
        facts.say(format_args!("{address} is {name}: {meaning}."));
    } else {
        facts.say(format_args!(
            "{address} lies in {block}, {name}: {meaning}."
        ));
    }
}
