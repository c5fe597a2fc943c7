//! Facts about ARP (RFC 826, RFC 5227): what a question and its answer do to caches.

use std::net::Ipv4Addr;

use super::Facts;
use crate::decode::arp::{self, Addresses};
use crate::decode::{Kind, Layer, Packet};

pub(super) fn message(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    let Some(said) = arp::addresses(packet, layer) else {
        return;
    };
    let to_all = packet
        .layers
        .iter()
        .find_map(|link| asks_all(packet, link))
        .unwrap_or(true);
    facts.say(format_args!(
        "ARP finds the MAC address (layer 2) that goes with an IP address (layer 3). It stands in a frame without \
         IP, so no router passes it on."
    ));
    match said.opcode {
        arp::REQUEST if said.is_probe() => probe(facts, &said),
        arp::REQUEST if said.is_gratuitous() => announcement(facts, &said),
        arp::REQUEST => question(facts, &said, to_all),
        arp::REPLY if said.is_gratuitous() => announcement(facts, &said),
        arp::REPLY => answer(facts, &said),
        _ => {}
    }
}

/// Whether a link header goes to everybody. A cooked one says so of what was received; of what was sent, nothing.
fn asks_all(packet: &Packet<'_>, link: &Layer) -> Option<bool> {
    const FOR_US: u16 = 0;
    match link.kind {
        Kind::Ethernet => packet.u8(link, 0).map(|octet| octet & 1 == 1),
        Kind::Sll => packet.u16(link, 0).map(|kind| kind != FOR_US),
        Kind::Sll2 => packet.u8(link, 10).map(|kind| u16::from(kind) != FOR_US),
        _ => None,
    }
}

fn question(facts: &mut Facts<'_>, said: &Addresses, to_all: bool) {
    let (asker, wanted) = (ip(said.sender_ip), ip(said.target_ip));
    if to_all {
        facts.say(format_args!(
            "{asker} has a packet for {wanted}, or for a network behind it, and doesn't know its MAC address: it \
             asks everybody on the link."
        ));
    } else {
        facts.say(format_args!(
            "{asker} asks one card only: it has an entry for {wanted} and checks whether it still holds."
        ));
    }
    facts.say(format_args!(
        "Caches: {wanted} stores the asker's pair, since it is about to answer. Others that have {asker} already \
         update it; the rest add nothing."
    ));
    facts.say(format_args!(
        "Next: {wanted} replies, to {asker} alone. If nobody does, the asker tries again (Linux: 3 times, a second \
         apart) and then tells its program that the host is unreachable."
    ));
}

fn answer(facts: &mut Facts<'_>, said: &Addresses) {
    let (owner, asker) = (ip(said.sender_ip), ip(said.target_ip));
    facts.say(format_args!(
        "The answer, to {asker} alone: {owner} has the MAC address given as the sender's."
    ));
    facts.say(format_args!(
        "Caches: {asker} stores {owner} with this MAC address and sends what has waited for it. Linux trusts the \
         entry for 15 to 45 seconds, then checks it when it is used again."
    ));
    facts.say(format_args!(
        "Nothing proves that the answer is true: any host on the link could have given it. ARP spoofing is just that."
    ));
}

fn probe(facts: &mut Facts<'_>, said: &Addresses) {
    let wanted = ip(said.target_ip);
    facts.say(format_args!(
        "A probe: before the sender uses {wanted} it asks whether anybody has it. It gives 0.0.0.0 as its own \
         address, so that no cache learns from the question."
    ));
    facts.say(format_args!(
        "Next: silence after three probes, a second or two apart, means that the address is free, and the sender \
         announces it. Any answer means that it is taken, and so does somebody else's probe for it."
    ));
}

fn announcement(facts: &mut Facts<'_>, said: &Addresses) {
    let owner = ip(said.sender_ip);
    facts.say(format_args!(
        "Nobody asked: {owner} tells where it is. Hosts do so when they take an address, or when it moves to another \
         card (a standby takes over)."
    ));
    facts.say(format_args!(
        "Caches: whoever has {owner} already updates it; the rest add nothing."
    ));
    facts.say(format_args!(
        "Next: nothing. If another MAC address claims {owner} too, there is a conflict, or somebody is spoofing."
    ));
}

fn ip(address: [u8; 4]) -> Ipv4Addr {
    address.into()
}
