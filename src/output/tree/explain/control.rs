//! Facts about ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443).

use std::net::IpAddr;

use super::{Facts, addresses, ends, neighbor};
use crate::decode::{Layer, Packet, icmp as message};

pub(super) fn icmp(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let (Some(kind), Some(code), Some((source, target))) = (
        packet.u8(layer, 0),
        packet.u8(layer, 1),
        ends(packet, layer),
    ) else {
        return;
    };
    match (kind, code) {
        (message::ECHO_REQUEST, _) => echo_request(facts, target),
        (message::ECHO_REPLY, _) => echo_reply(facts, source),
        (3, 3) => closed_port(facts, packet, source),
        (3, 4) => too_big(facts, source, packet.u16(layer, 6).map(u32::from)),
        (3, 9 | 10 | 13) => forbidden(facts, source),
        (3, _) => unreachable(facts, packet, source),
        (5, _) => facts.say(format_args!(
            "{source} passes the packet on this once, and tells {target} that another router on the link is nearer. \
             Many hosts ignore this: anybody could send it."
        )),
        (11, 0) => out_of_hops(facts, source),
        (11, _) => lost_fragment(facts, source),
        _ => {}
    }
}

pub(super) fn icmpv6(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let (Some(kind), Some(code), Some((source, target))) = (
        packet.u8(layer, 0),
        packet.u8(layer, 1),
        ends(packet, layer),
    ) else {
        return;
    };
    match (kind, code) {
        (message::ECHO_REQUEST_V6, _) => echo_request(facts, target),
        (message::ECHO_REPLY_V6, _) => echo_reply(facts, source),
        (1, 4) => closed_port(facts, packet, source),
        (1, 1 | 5 | 6) => forbidden(facts, source),
        (1, _) => unreachable(facts, packet, source),
        (2, _) => too_big(facts, source, packet.u32(layer, 4)),
        (3, 0) => out_of_hops(facts, source),
        (3, _) => lost_fragment(facts, source),
        _ => neighbor::message(facts, packet, layer, (source, target)),
    }
}

fn echo_request(facts: &mut Facts<'_>, target: IpAddr) {
    facts.say(format_args!(
        "A ping: asks {target} to send the same data back."
    ));
    facts.say(format_args!(
        "Next: an echo reply with the same identifier and sequence number. The time until then is the round trip. \
         Silence proves little: many firewalls drop pings."
    ));
}

fn echo_reply(facts: &mut Facts<'_>, source: IpAddr) {
    facts.say(format_args!(
        "The answer to a ping, with the identifier, number and data of the request. It shows that packets get to \
         {source} and back, not that any service there works."
    ));
}

/// Whether an error comes from where the packet was to go.
fn from_destination(packet: &Packet<'_>, source: IpAddr) -> bool {
    let quoted = packet.layers.iter().filter(|layer| layer.quoted());
    quoted
        .filter_map(|layer| addresses(packet, layer))
        .next()
        .is_some_and(|(_, target)| target == source)
}

fn closed_port(facts: &mut Facts<'_>, packet: &Packet<'_>, source: IpAddr) {
    if from_destination(packet, source) {
        facts.say(format_args!(
            "The quoted packet did reach {source}, but no program has that port open (or a firewall there says so)."
        ));
    } else {
        facts.say(format_args!(
            "{source} says so in the destination's place: a firewall on the way refuses."
        ));
    }
    facts.say(format_args!(
        "Next: the program that sent it is told \"connection refused\". TCP would have answered with RST; UDP has \
         nothing of its own to say no with."
    ));
}

fn too_big(facts: &mut Facts<'_>, source: IpAddr, mtu: Option<u32>) {
    if let Some(mtu @ 1..) = mtu {
        facts.say(format_args!(
            "The next link of {source} takes packets of up to {mtu} bytes; the quoted one is larger, and a router may \
             not cut it up."
        ));
    }
    facts.say(format_args!(
        "Next: the sender makes its packets to that destination smaller (path MTU discovery). Where a firewall drops \
         this message, connections open and then hang with the first large packet."
    ));
}

fn forbidden(facts: &mut Facts<'_>, source: IpAddr) {
    facts.say(format_args!(
        "A rule at {source} forbids the quoted packet, and says so; many firewalls just drop it."
    ));
}

fn unreachable(facts: &mut Facts<'_>, packet: &Packet<'_>, source: IpAddr) {
    if from_destination(packet, source) {
        return facts.say(format_args!(
            "The quoted packet did reach {source}, which has no use for it."
        ));
    }
    facts.say(format_args!(
        "{source}, a router on the way, can't pass the quoted packet on: it has no route, or the destination does not \
         answer on its link. The sender's program is told \"unreachable\"."
    ));
}

fn out_of_hops(facts: &mut Facts<'_>, source: IpAddr) {
    facts.say(format_args!(
        "The quoted packet was let through so many routers and no more: {source} was one too many, and dropped it."
    ));
    facts.say(format_args!(
        "Traceroute does this on purpose, with 1, 2, 3 and so on, to learn each router's address. Otherwise packets \
         are going in a circle."
    ));
}

fn lost_fragment(facts: &mut Facts<'_>, source: IpAddr) {
    facts.say(format_args!(
        "{source} waited for the missing fragments of the quoted packet, and gave up: the whole packet is lost."
    ));
}
