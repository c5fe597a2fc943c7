//! Who to whom: MAC addresses with their makers, IP addresses with ports and services.

use crate::bytes::{be16, chunk};
use crate::decode::{Kind, Layer, Packet};
use crate::service;
use crate::text::{Buffer, Short, push, push_ipv4, push_ipv6, push_mac, push_number, push_short};
use crate::vendor;

const ARROW: &str = " \u{2192} ";

/// The addresses met last with their makers, as they are written: a look-up costs more than writing the address.
pub(super) struct NamedMacs {
    slots: Vec<([u8; 6], NamedMac)>,
}

/// An address, and the twelve characters at most of its maker's short name.
type NamedMac = Short<{ "00:00:00:00:00:00 (123456789012)".len() }>;

/// A power of two; a network's hosts rarely share a slot.
const SLOTS: usize = 256;

impl Default for NamedMacs {
    fn default() -> Self {
        let (zero, mut text) = ([0; 6], Buffer::new());
        push_named_mac(&mut text, zero);
        Self {
            slots: vec![(zero, Short::new(&text)); SLOTS],
        }
    }
}

impl NamedMacs {
    fn push(&mut self, out: &mut Buffer, mac: [u8; 6]) {
        // The last octets are what differs between cards of one maker.
        let mixed = usize::from(mac[5]) ^ usize::from(mac[4]) << 3 ^ usize::from(mac[0]) << 1;
        let (known, text) = &mut self.slots[mixed % SLOTS];
        if *known == mac {
            return push_short(out, text);
        }
        let start = out.len();
        push_named_mac(out, mac);
        (*known, *text) = (mac, Short::new(&out[start..]));
    }
}

fn push_named_mac(out: &mut Buffer, mac: [u8; 6]) {
    push_mac(out, mac);
    push(out, " (");
    push(out, vendor::identify(mac).short());
    push(out, ")");
}

/// The link's ends; where a cooked header names only the sender, that one.
pub(super) fn push_link(
    out: &mut Buffer,
    packet: &Packet<'_>,
    layer: &Layer,
    macs: &mut NamedMacs,
) {
    let (source, destination) = match layer.kind {
        Kind::Ethernet | Kind::Ieee8023 => (packet.chunk(layer, 6), packet.chunk(layer, 0)),
        Kind::Sll => (cooked_mac(packet, layer, packet.u16(layer, 4), 6), None),
        Kind::Sll2 => {
            let size = packet.u8(layer, 11).map(u16::from);
            (cooked_mac(packet, layer, size, 12), None)
        }
        _ => (None, None),
    };
    match source {
        Some(mac) => macs.push(out, mac),
        None if destination.is_some() => push(out, "?"),
        None => {}
    }
    if let Some(mac) = destination {
        push(out, ARROW);
        macs.push(out, mac);
    }
    if let Some(direction) = cooked_direction(packet, layer) {
        push(out, if source.is_some() { " " } else { "" });
        push(out, direction);
    }
}

fn cooked_mac(packet: &Packet<'_>, layer: &Layer, size: Option<u16>, at: usize) -> Option<[u8; 6]> {
    let mac = packet.chunk(layer, at)?;
    (size? == 6 && mac != [0; 6]).then_some(mac)
}

/// Linux's packet type, which stands for the destination that a cooked header does not have.
fn cooked_direction(packet: &Packet<'_>, layer: &Layer) -> Option<&'static str> {
    let kind = match layer.kind {
        Kind::Sll => packet.u16(layer, 0)?,
        Kind::Sll2 => packet.u8(layer, 10)?.into(),
        _ => return None,
    };
    match kind {
        0 => Some("in"),
        1 => Some("in (broadcast)"),
        2 => Some("in (multicast)"),
        3 => Some("in (for another host)"),
        4 => Some("out"),
        _ => None,
    }
}

pub(super) fn push_network(
    out: &mut Buffer,
    packet: &Packet<'_>,
    network: &Layer,
    transport: Option<&Layer>,
) {
    let ports = transport.map_or(&[][..], |layer| packet.header(layer));
    let header = packet.header(network);
    let (source, destination) = match network.kind {
        Kind::Ipv4 => (12, 16),
        _ => (8, 24),
    };
    push_end(out, network.kind, header, source, be16(ports, 0));
    push(out, ARROW);
    push_end(out, network.kind, header, destination, be16(ports, 2));
}

/// The address at a place in the header, and a port with its service where that is known: `10.9.0.2:80(http)`,
/// `[fe80::1]:53(dns)`.
fn push_end(out: &mut Buffer, kind: Kind, header: &[u8], at: usize, port: Option<u16>) {
    if kind == Kind::Ipv4 {
        match chunk(header, at) {
            Some(address) => push_ipv4(out, address),
            None => push(out, "?"),
        }
    } else {
        if port.is_some() {
            push(out, "[");
        }
        match chunk(header, at) {
            Some(address) => push_ipv6(out, address),
            None => push(out, "?"),
        }
        if port.is_some() {
            push(out, "]");
        }
    }
    if let Some(port) = port {
        push(out, ":");
        push_number(out, port.into());
        if let Some(service) = service::name(port) {
            push(out, "(");
            push(out, service);
            push(out, ")");
        }
    }
}
