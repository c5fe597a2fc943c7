//! Who to whom: MAC addresses with their makers, IP addresses with ports and services.

use crate::decode::{Kind, Layer, Packet};
use crate::service;
use crate::text::{Buffer, push, push_ipv4, push_ipv6, push_mac, push_number};
use crate::vendor;

const ARROW: &str = " \u{2192} ";

/// The makers of the addresses met last: a look-up costs as much as writing the rest of the address.
pub(super) struct Vendors {
    slots: Vec<([u8; 6], &'static str)>,
}

/// A power of two; a network's hosts rarely share a slot.
const SLOTS: usize = 256;

impl Default for Vendors {
    fn default() -> Self {
        let zero = [0; 6];
        Self {
            slots: vec![(zero, vendor::identify(zero).short()); SLOTS],
        }
    }
}

impl Vendors {
    fn short(&mut self, mac: [u8; 6]) -> &'static str {
        // The last octets are what differs between cards of one maker.
        let mixed = usize::from(mac[5]) ^ usize::from(mac[4]) << 3 ^ usize::from(mac[0]) << 1;
        let slot = &mut self.slots[mixed % SLOTS];
        if slot.0 != mac {
            *slot = (mac, vendor::identify(mac).short());
        }
        slot.1
    }
}

/// The link's ends; where a cooked header names only the sender, that one.
pub(super) fn push_link(
    out: &mut Buffer,
    packet: &Packet<'_>,
    layer: &Layer,
    vendors: &mut Vendors,
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
        Some(mac) => push_named_mac(out, mac, vendors),
        None if destination.is_some() => push(out, "?"),
        None => {}
    }
    if let Some(mac) = destination {
        push(out, ARROW);
        push_named_mac(out, mac, vendors);
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

fn push_named_mac(out: &mut Buffer, mac: [u8; 6], vendors: &mut Vendors) {
    push_mac(out, mac);
    push(out, " (");
    push(out, vendors.short(mac));
    push(out, ")");
}

pub(super) fn push_network(
    out: &mut Buffer,
    packet: &Packet<'_>,
    network: &Layer,
    transport: Option<&Layer>,
) {
    let ports = transport.map(|layer| (packet.u16(layer, 0), packet.u16(layer, 2)));
    let (source, destination) = ports.unwrap_or_default();
    push_end(out, packet, network, End::Source, source);
    push(out, ARROW);
    push_end(out, packet, network, End::Destination, destination);
}

#[derive(Clone, Copy)]
enum End {
    Source,
    Destination,
}

/// An address, and a port with its service where that is known: `10.9.0.2:80(http)`, `[fe80::1]:53(dns)`.
fn push_end(out: &mut Buffer, packet: &Packet<'_>, network: &Layer, end: End, port: Option<u16>) {
    if network.kind == Kind::Ipv4 {
        let at = match end {
            End::Source => 12,
            End::Destination => 16,
        };
        match packet.chunk(network, at) {
            Some(address) => push_ipv4(out, address),
            None => push(out, "?"),
        }
    } else {
        let at = match end {
            End::Source => 8,
            End::Destination => 24,
        };
        let bracket = port.is_some();
        push(out, if bracket { "[" } else { "" });
        match packet.chunk(network, at) {
            Some(address) => push_ipv6(out, address),
            None => push(out, "?"),
        }
        push(out, if bracket { "]" } else { "" });
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
