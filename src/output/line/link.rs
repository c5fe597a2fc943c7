//! What protocols that stay on the link say, and routers to each other: the main fact of each.

use crate::bytes::{be16, be32, chunk};
use crate::decode::discovery::{self, cdp_kind, lldp_kind};
use crate::decode::{Kind, Layer, Packet, wlan};
use crate::output::names;
use crate::text::escape::push_escaped;
use crate::text::{Buffer, push, push_hex, push_ipv4, push_mac, push_number};

pub(super) fn push_link_protocol(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let data = packet.header(layer);
    match layer.kind {
        Kind::Stp => push_stp(out, data),
        Kind::Lldp => push_lldp(out, data),
        Kind::Cdp => push_cdp(out, data),
        Kind::Eapol => push_named(out, "802.1X ", data.get(1), names::eapol),
        Kind::Slow => push_named(out, "", data.first(), names::slow_protocol),
        Kind::PppoeDisc => push_named(out, "PPPoE ", data.get(1), pppoe_code),
        Kind::Ospf => push_ospf(out, data),
        Kind::Vrrp => push_vrrp(out, data),
        // The first chunk.
        Kind::Sctp => push_named(out, "", packet.payload(layer).first(), names::sctp_chunk),
        Kind::Pim => push_named(
            out,
            "",
            data.first().map(|octet| octet & 0x0f).as_ref(),
            names::pim,
        ),
        Kind::Eigrp => push_eigrp(out, data),
        Kind::Wlan => push_wlan(out, data),
        Kind::Ah => push_agreement(out, "authenticated", data, 4),
        Kind::Esp => push_agreement(out, "encrypted", data, 0),
        Kind::Macsec => {
            push(out, "protected, packet ");
            push_number(
                out,
                u32::from_be_bytes(chunk(data, 2).unwrap_or_default()).into(),
            );
        }
        kind => push(out, kind.name()),
    }
}

/// A name for the number at the place, or the number.
fn push_named(
    out: &mut Buffer,
    before: &str,
    number: Option<&u8>,
    name: impl Fn(u64) -> Option<&'static str>,
) {
    push(out, before);
    match number.map(|number| (*number, name((*number).into()))) {
        Some((_, Some(name))) => push(out, name),
        Some((number, None)) => {
            push(out, "type ");
            push_number(out, number.into());
        }
        None => push(out, "cut"),
    }
}

/// IEEE 802.1D and 802.1w: who is the root of the tree, how far it is, and who says so.
fn push_stp(out: &mut Buffer, data: &[u8]) {
    const TOPOLOGY_CHANGE: u8 = 0x80;
    let kind = data.get(3).copied();
    if kind == Some(TOPOLOGY_CHANGE) {
        return push(out, "the topology changed");
    }
    let (Some(root), Some(cost), Some(bridge)) = (
        chunk::<8>(data, 5),
        chunk::<4>(data, 13),
        chunk::<8>(data, 17),
    ) else {
        return push(out, "bridge message, cut");
    };
    push(
        out,
        if kind == Some(2) {
            "rapid, root "
        } else {
            "root "
        },
    );
    push_bridge(out, root);
    if root == bridge {
        return push(out, " (the sender)");
    }
    push(out, " at cost ");
    push_number(out, u32::from_be_bytes(cost).into());
    push(out, ", says bridge ");
    push_bridge(out, bridge);
}

/// Priority, then the address that tells bridges apart.
fn push_bridge(out: &mut Buffer, id: [u8; 8]) {
    let [high, low, mac @ ..] = id;
    push_number(out, u16::from_be_bytes([high, low]).into());
    push(out, "/");
    push_mac(out, mac);
}

/// IEEE 802.1AB: who is at the other end of the cable.
fn push_lldp(out: &mut Buffer, data: &[u8]) {
    let find = |kind| discovery::lldp_value(data, kind);
    push(out, "I am ");
    match (find(lldp_kind::SYSTEM_NAME), find(lldp_kind::CHASSIS)) {
        (Some(name), _) => push_escaped(out, name),
        (None, Some(id)) => push_identifier(out, id),
        (None, None) => push(out, "here"),
    }
    if let Some(port) = find(lldp_kind::PORT) {
        push(out, ", port ");
        push_identifier(out, port);
    }
    if let Some(seconds) = find(lldp_kind::TIME_TO_LIVE).and_then(|value| be16(value, 0)) {
        push(out, ", for ");
        push_number(out, seconds.into());
        push(out, " s");
    }
}

/// A kind, then a MAC address or text.
fn push_identifier(out: &mut Buffer, id: &[u8]) {
    match *id {
        [_, a, b, c, d, e, f] if !id[1..].iter().all(u8::is_ascii_graphic) => {
            push_mac(out, [a, b, c, d, e, f]);
        }
        [_, ref text @ ..] => push_escaped(out, text),
        [] => push(out, "?"),
    }
}

/// Cisco's discovery protocol: the same, before there was a standard.
fn push_cdp(out: &mut Buffer, data: &[u8]) {
    push(out, "I am");
    for (kind, value) in discovery::cdp(data) {
        push(
            out,
            match kind {
                cdp_kind::DEVICE => " ",
                cdp_kind::PORT => ", port ",
                cdp_kind::PLATFORM => ", a ",
                _ => continue,
            },
        );
        push_escaped(out, value);
    }
}

/// RFC 7868, 6.3: version, what it is, then further on which of several systems of routers it is for.
fn push_eigrp(out: &mut Buffer, data: &[u8]) {
    push_named(out, "", data.get(1), names::eigrp);
    if let Some(system) = be16(data, 18) {
        push(out, " in system ");
        push_number(out, system.into());
    }
}

/// IEEE 802.11: what kind of frame, of which network, who to whom.
fn push_wlan(out: &mut Buffer, data: &[u8]) {
    let Some(kind) = wlan::kind(data) else {
        return push(out, "cut");
    };
    push_named(out, "", Some(&kind), names::wlan);
    if let Some(name) = wlan::network_name(data) {
        push(out, " of ");
        match name {
            [] => push(out, "a network that hides its name"),
            name => push_escaped(out, name),
        }
    }
    let ends = wlan::Addresses::of(data);
    if let Some(sender) = ends.source.or(ends.transmitter) {
        push(out, " from ");
        push_mac(out, sender);
    }
    if let Some(receiver) = ends.destination.or(ends.receiver) {
        push(out, " to ");
        push_mac(out, receiver);
    }
}

/// What is protected by an agreement (security association) shows only the agreement's number.
fn push_agreement(out: &mut Buffer, what: &str, data: &[u8], at: usize) {
    push(out, what);
    if let Some(number) = be32(data, at) {
        push(out, ", agreement ");
        push_hex(out, number.into(), 8);
    }
}

/// RFC 2516, 5.
fn pppoe_code(number: u64) -> Option<&'static str> {
    match number {
        0x09 => Some("who offers access? (PADI)"),
        0x07 => Some("I do (PADO)"),
        0x19 => Some("asks for a session (PADR)"),
        0x65 => Some("confirms the session (PADS)"),
        0xa7 => Some("ends the session (PADT)"),
        _ => None,
    }
}

/// RFC 2328, A.3.1: version, type, length, router.
fn push_ospf(out: &mut Buffer, data: &[u8]) {
    let (Some(version), Some(router)) = (data.first(), chunk(data, 4)) else {
        return push(out, "cut");
    };
    push_named(out, "", data.get(1), names::ospf);
    push(out, " version ");
    push_number(out, (*version).into());
    push(out, " from router ");
    push_ipv4(out, router);
}

/// RFC 9568: version and type, virtual router, priority.
fn push_vrrp(out: &mut Buffer, data: &[u8]) {
    let [version, router, priority, ..] = data else {
        return push(out, "cut");
    };
    push(out, "I serve virtual router ");
    push_number(out, (*router).into());
    push(out, " with priority ");
    push_number(out, (*priority).into());
    push(out, ", version ");
    push_number(out, (version >> 4).into());
}
