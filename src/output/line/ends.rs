//! Who to whom: MAC addresses with their makers, IP addresses with ports and services.

use crate::bytes::{be16, chunk};
use crate::decode::{Kind, Layer, Packet};
use crate::service;
use crate::text::{Buffer, Memory, push, push_ipv4, push_ipv6, push_mac, push_number};
use crate::vendor;

const ARROW: &str = " \u{2192} ";

/// Writes who to whom; remembers how that was written, since most frames are between few ends.
#[derive(Default)]
pub(super) struct Ends {
    links: Memory<{ 2 * NAMED_MAC + ARROW.len() }>,
    /// Either end of a link: looking for a maker takes longer than all else here.
    macs: Memory<NAMED_MAC>,
    /// Of IPv4, where services have names of usual length.
    networks: Memory<72>,
}

/// An address, and its maker's short name of twelve characters at most.
const NAMED_MAC: usize = "00:00:00:00:00:00 (123456789012)".len();

impl Ends {
    /// The link's ends; where a cooked header names only the sender, that one.
    pub(super) fn push_link(&mut self, out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
        let header = packet.header(layer);
        // What of the header is written.
        let decisive = match layer.kind {
            Kind::Sll => number::<14>(header, 0),
            Kind::Sll2 => number::<10>(header, 10),
            _ => number::<12>(header, 0),
        };
        match decisive {
            Some(number) => {
                let key = (layer.kind as u128) << 120 | number;
                let write = |out: &mut Buffer| push_link(out, packet, layer, &mut self.macs);
                self.links.push(out, key, write);
            }
            None => push_link(out, packet, layer, &mut self.macs),
        }
    }

    /// The addresses of an IP header, and the ports of what it carries.
    pub(super) fn push_network(
        &mut self,
        out: &mut Buffer,
        packet: &Packet<'_>,
        network: &Layer,
        transport: Option<&Layer>,
    ) {
        let header = packet.header(network);
        let ports = transport.map(|layer| packet.header(layer));
        let addresses = match network.kind {
            Kind::Ipv4 => number::<8>(header, IPV4_SOURCE),
            _ => None,
        };
        let numbers = ports.map_or(Some(NO_PORTS), |ports| number::<4>(ports, 0));
        match (addresses, numbers) {
            (Some(addresses), Some(ports)) => {
                let key = addresses << 64 | ports;
                self.networks.push(out, key, |out| {
                    push_network(out, packet, network, transport)
                });
            }
            _ => push_network(out, packet, network, transport),
        }
    }
}

const IPV4_SOURCE: usize = 12;
/// Other than any two.
const NO_PORTS: u128 = 1 << 32;

/// `N` bytes of a header as a number.
fn number<const N: usize>(header: &[u8], at: usize) -> Option<u128> {
    let bytes: [u8; N] = chunk(header, at)?;
    let mut wide = [0; 16];
    wide[..N].copy_from_slice(&bytes);
    Some(u128::from_le_bytes(wide))
}

fn push_link(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, macs: &mut Memory<NAMED_MAC>) {
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
        Some(mac) => push_named_mac(out, mac, macs),
        None if destination.is_some() => push(out, "?"),
        None => {}
    }
    if let Some(mac) = destination {
        push(out, ARROW);
        push_named_mac(out, mac, macs);
    }
    if let Some(direction) = cooked_direction(packet, layer) {
        push(out, if source.is_some() { " " } else { "" });
        push(out, direction);
    }
}

fn push_named_mac(out: &mut Buffer, mac: [u8; 6], macs: &mut Memory<NAMED_MAC>) {
    let [a, b, c, d, e, f] = mac;
    let key = u64::from_be_bytes([0, 0, a, b, c, d, e, f]).into();
    macs.push(out, key, |out| {
        push_mac(out, mac);
        push(out, " (");
        push(out, vendor::identify(mac).short());
        push(out, ")");
    });
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

/// The same, of any packet: what an error quotes is between other ends each time.
pub(super) fn push_network(
    out: &mut Buffer,
    packet: &Packet<'_>,
    network: &Layer,
    transport: Option<&Layer>,
) {
    let ports = transport.map_or(&[][..], |layer| packet.header(layer));
    let header = packet.header(network);
    let (source, destination) = match network.kind {
        Kind::Ipv4 => (IPV4_SOURCE, 16),
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
