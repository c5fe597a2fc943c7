//! Facts about neighbor discovery (RFC 4861, RFC 4862), which does for IPv6 what ARP does for IPv4.

use std::net::{IpAddr, Ipv6Addr};

use super::Facts;
use crate::decode::{Layer, Packet, icmp};

pub(super) fn message(
    facts: &mut Facts<'_>,
    packet: &Packet<'_>,
    layer: &Layer,
    (source, target): (IpAddr, IpAddr),
) {
    let about = packet.chunk::<16>(layer, 8).map(Ipv6Addr::from);
    match (packet.u8(layer, 0), about) {
        (Some(icmp::ROUTER_SOLICITATION), _) => facts.say(format_args!(
            "{source} has come up and asks for a router at once. Next: routers on the link advertise themselves."
        )),
        (Some(icmp::ROUTER_ADVERTISEMENT), _) => facts.say(format_args!(
            "{source} is a router. Hosts take it as their way out, and make themselves addresses from the prefixes \
             it tells (RFC 4862): no server hands them out."
        )),
        (Some(icmp::NEIGHBOR_SOLICITATION), Some(wanted)) => {
            solicitation(facts, source, target, wanted);
        }
        (Some(icmp::NEIGHBOR_ADVERTISEMENT), Some(owner)) => {
            advertisement(facts, packet, layer, target, owner);
        }
        (Some(130..=132 | icmp::LISTENER_REPORT_V2), _) => facts.say(format_args!(
            "Hosts tell the routers of their link which multicast groups they want, and switches listen, so that the \
             groups go only where they are wanted. It is IPv6's IGMP."
        )),
        (Some(icmp::REDIRECT_V6), _) => facts.say(format_args!(
            "{source} passes the packet on this once, and tells {target} of a nearer way."
        )),
        _ => {}
    }
}

fn solicitation(facts: &mut Facts<'_>, source: IpAddr, target: IpAddr, wanted: Ipv6Addr) {
    if source.is_unspecified() {
        facts.say(format_args!(
            "Before the sender uses {wanted} it asks whether anybody has it (duplicate address detection). It has no \
             address yet, so it sends from ::. Next: silence, if the address is free."
        ));
        return;
    }
    facts.say(format_args!(
        "IPv6's question in place of ARP's: who has {wanted}?"
    ));
    if target.is_multicast() {
        facts.say(format_args!(
            "It goes to a group made from the last 24 bits of {wanted}: where ARP disturbs everybody, this disturbs \
             hardly anybody else."
        ));
    }
    facts.say(format_args!(
        "Caches: {wanted} stores {source} with the MAC address given here. Next: it answers with an advertisement."
    ));
}

fn advertisement(
    facts: &mut Facts<'_>,
    packet: &Packet<'_>,
    layer: &Layer,
    target: IpAddr,
    owner: Ipv6Addr,
) {
    const SOLICITED: u8 = 0x40;
    let asked = packet
        .u8(layer, 4)
        .is_some_and(|flags| flags & SOLICITED != 0);
    if asked {
        facts.say(format_args!(
            "The answer. Caches: {target} marks {owner} as reachable, and sends what has waited for it."
        ));
    } else {
        facts.say(format_args!(
            "Nobody asked: {owner} tells where it is. Caches: whoever has it already updates it, and checks it at \
             the next use."
        ));
    }
}
