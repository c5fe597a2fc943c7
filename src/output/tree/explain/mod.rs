//! What there is to learn from a frame: why it goes where it goes, what it asks for, what has to come next.
//!
//! Only what holds of this frame by itself is said; what can't be known from one frame is said to be so.

mod application;
mod arp;
mod control;
mod link;
mod neighbor;
mod network;
mod purpose;
mod segment;
mod transport;

use std::net::IpAddr;

use super::page::Facts;
use crate::decode::{Kind, Layer, Packet};
use crate::fields::{self, Value};
use crate::output::colour::Paint;
use crate::text::Buffer;

/// Facts about a layer as a whole.
pub(super) fn layer(facts: &mut Facts<'_>, packet: &Packet<'_>, layer: &Layer) {
    if layer.quoted() {
        return network::quoted(facts, packet, layer);
    }
    match layer.kind {
        Kind::Frame => link::frame(facts, packet),
        Kind::Arp => arp::message(facts, packet, layer),
        Kind::Icmp => control::icmp(facts, packet, layer),
        Kind::Icmpv6 => control::icmpv6(facts, packet, layer),
        Kind::Tcp => segment::segment(facts, packet, layer),
        Kind::Udp => transport::datagram(facts, packet, layer),
        Kind::Dns | Kind::Mdns | Kind::Llmnr => application::dns(facts, packet, layer),
        Kind::Dhcp => application::dhcp(facts, packet, layer),
        Kind::Http => application::http(facts, packet, layer),
        Kind::Tls => application::tls(facts, packet, layer),
        _ => purpose::purpose(facts, packet, layer),
    }
}

/// Facts about one field.
pub(super) fn field(
    facts: &mut Facts<'_>,
    packet: &Packet<'_>,
    layer: &Layer,
    name: &str,
    value: Value<'_>,
) {
    if layer.quoted() {
        return;
    }
    match layer.kind {
        Kind::Ethernet | Kind::Ieee8023 | Kind::Vlan => {
            link::field(facts, packet, layer, name, value);
        }
        Kind::Ipv4 | Kind::Ipv6 => network::field(facts, packet, layer, name, value),
        Kind::Tcp | Kind::Udp => transport::field(facts, packet, layer, name, value),
        _ => {}
    }
}

/// Facts about what a frame is for, to stand below its line: those of the innermost protocols.
pub fn below_line(out: &mut Buffer, packet: &Packet<'_>, paint: Paint) {
    const INDENT: usize = 6;
    let mut sentence = String::new();
    let mut facts = Facts {
        out,
        paint,
        indent: INDENT,
        sentence: &mut sentence,
    };
    let own = packet.layers.iter().filter(|layer| !layer.quoted());
    for inner in own.filter(|layer| layer.kind != Kind::Frame) {
        layer(&mut facts, packet, inner);
    }
}

/// Source and destination of the IP header that a layer was carried in.
fn ends(packet: &Packet<'_>, layer: &Layer) -> Option<(IpAddr, IpAddr)> {
    let before = packet.layers.iter().rev();
    let network = before
        .skip_while(|other| !std::ptr::eq(*other, layer))
        .find(|other| matches!(other.kind, Kind::Ipv4 | Kind::Ipv6))?;
    addresses(packet, network)
}

/// Source and destination of an IP header.
fn addresses(packet: &Packet<'_>, network: &Layer) -> Option<(IpAddr, IpAddr)> {
    let v4 = |at| packet.chunk::<4>(network, at).map(IpAddr::from);
    let v6 = |at| packet.chunk::<16>(network, at).map(IpAddr::from);
    match network.kind {
        Kind::Ipv4 => Some((v4(12)?, v4(16)?)),
        Kind::Ipv6 => Some((v6(8)?, v6(24)?)),
        _ => None,
    }
}

/// A number as the register reads it.
fn number(packet: &Packet<'_>, layer: &Layer, name: &str) -> Option<u64> {
    let field = fields::of(layer.kind)
        .iter()
        .find(|field| field.name == name)?;
    match fields::first(field, packet, layer)? {
        Value::Uint(n) => Some(n),
        _ => None,
    }
}
