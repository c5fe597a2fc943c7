//! Facts about frames and their MAC addresses.

use super::{Facts, addresses};
use crate::address::{Reach, Scope};
use crate::decode::{Kind, Layer, Packet};
use crate::fields::Value;
use crate::frame::LinkType;

pub(super) fn frame(facts: &mut Facts<'_>, packet: &Packet<'_>) {
    const LEAST: u32 = 60;
    /// Two addresses, type, two tags, 1500 bytes.
    const MOST: u32 = 1522;
    if packet.frame.link != LinkType::ETHERNET {
        return;
    }
    // True of every frame: once is enough.
    if packet.frame.number == 1 {
        facts.say(format_args!(
        "Layer 1 is the signal on the cable or in the air. All that a capture keeps of it is when the frame came, and \
         how long it was."
    ));
        facts.say(format_args!(
        "The card has taken off the preamble before the frame and, nearly always, the checksum behind it: a capture \
         starts with the destination's MAC address."
    ));
    }
    match packet.frame.wire_len {
        0 => {}
        len if len < LEAST => facts.say(format_args!(
            "On the wire Ethernet fills up to {LEAST} bytes (64 with its checksum). This has {len}: most likely it \
             was captured on the machine that sent it, or on a virtual link."
        )),
        len if len > MOST => facts.say(format_args!(
            "An Ethernet frame usually ends at 1514 bytes. This is a jumbo frame or, more often, a packet that the \
             card cuts up on sending or has put together on receiving (offload)."
        )),
        _ => {}
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
        ("eth.dst", Value::Mac(mac)) => destination(facts, packet, layer, mac),
        ("eth.src", Value::Mac(mac)) if mac[0] & 1 == 1 => facts.say(format_args!(
            "No sender may have a group address: this frame is broken or made up."
        )),
        ("eth.src", Value::Mac(_)) => facts.say(format_args!(
            "The card that put the frame on this link. A router puts its own here and a new destination above, and \
             leaves the IP addresses as they are."
        )),
        ("eth.type", Value::Uint(n)) if n >= 0x600 => facts.say(format_args!(
            "Tells what the rest is. From 0x0600 up it is a type; up to 1500 the same bytes are a length (802.3)."
        )),
        ("eth.len", Value::Uint(_)) => facts.say(format_args!(
            "Up to 1500 this is a length, and 802.2 says what follows; from 0x0600 up it would be an EtherType."
        )),
        ("vlan.id", Value::Uint(1..=4094)) => facts.say(format_args!(
            "Switches pass the frame on within this VLAN only. They put tags on and take them off: on the way to an \
             ordinary host there is none."
        )),
        _ => {}
    }
}

/// Whether the frame goes to the destination itself or to a router, as far as one frame can tell.
fn destination(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer, mac: [u8; 6]) {
    if mac == [0xff; 6] {
        return facts.say(format_args!(
            "Broadcast: every card on this link (or VLAN) takes it. No router passes it on."
        ));
    }
    if mac[0] & 1 == 1 {
        facts.say(format_args!(
            "A group: cards whose system joined it take the frame. A switch that doesn't know who did sends it \
             everywhere."
        ));
        return match mac {
            [0x01, 0x00, 0x5e, ..] => facts.say(format_args!(
                "Made from the IPv4 group address: 01:00:5e, then its last 23 bits (RFC 1112). So nobody has to be \
                 asked for it."
            )),
            [0x33, 0x33, ..] => facts.say(format_args!(
                "Made from the IPv6 group address: 33:33, then its last 32 bits (RFC 2464). So nobody has to be \
                 asked for it."
            )),
            _ => {}
        };
    }
    let inner = packet
        .layers
        .iter()
        .find(|inner| inner.start > layer.start && addresses(packet, inner).is_some());
    let Some((source, target)) = inner.and_then(|inner| addresses(packet, inner)) else {
        if packet.find(Kind::Arp).is_some() {
            facts.say(format_args!(
                "One card: the sender knows it already, so nobody else is disturbed."
            ));
        }
        return;
    };
    let (from, to) = (Scope::of(source), Scope::of(target));
    if to.reach == Reach::Link {
        facts.say(format_args!(
            "One card. {target} works on this link only, so this must be its own card, not a router's."
        ));
    } else if from.is_private() && to.is_public() {
        facts.say(format_args!(
            "One card, most likely a router's: {source} is private and {target} public, so they are hardly on one \
             link. The frame goes to the router, the packet in it to {target}."
        ));
    } else {
        facts.say(format_args!(
            "One card: that of {target} if it is on this link, else that of a router on the way there. One frame \
             can't tell which; the sender decides it by its subnet mask."
        ));
    }
}
