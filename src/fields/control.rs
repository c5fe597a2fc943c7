//! Fields of ICMP (RFC 792), ICMPv6 with neighbor discovery (RFC 4443, RFC 4861) and IGMP (RFC 2236).

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::{Kind, Layer, Packet, icmp};

const I: Layout = Layout(Kind::Icmp);

#[rustfmt::skip]
pub(super) static ICMP: &[Field] = &[
    I.dec("icmp.type", 0, 1, "Kind of message: 8 asks for an echo, 0 answers, 3 unreachable, 11 time exceeded"),
    I.dec("icmp.code", 1, 1, "The kind of message, more closely"),
    I.hex("icmp.checksum", 2, 2, "Checksum"),
    I.one("icmp.ident", Type::Uint, |p, l| echo(p, l, 4), "Which ping process asked"),
    I.one("icmp.seq", Type::Uint, |p, l| echo(p, l, 6), "Which of its requests"),
];

const V6: Layout = Layout(Kind::Icmpv6);

#[rustfmt::skip]
pub(super) static ICMPV6: &[Field] = &[
    V6.dec("icmpv6.type", 0, 1, "Kind of message: 128 asks for an echo, 135 for a neighbor, 133 for a router"),
    V6.dec("icmpv6.code", 1, 1, "The kind of message, more closely"),
    V6.hex("icmpv6.checksum", 2, 2, "Checksum"),
    V6.one("icmpv6.echo.identifier", Type::Hex(4), |p, l| echo_v6(p, l, 4), "Which ping process asked"),
    V6.one("icmpv6.echo.sequence_number", Type::Uint, |p, l| echo_v6(p, l, 6), "Which of its requests"),
    V6.one("icmpv6.nd.ns.target_address", Type::Ipv6, |p, l| target(p, l, icmp::NEIGHBOR_SOLICITATION), "Address that is asked for"),
    V6.one("icmpv6.nd.na.target_address", Type::Ipv6, |p, l| target(p, l, icmp::NEIGHBOR_ADVERTISEMENT), "Address that is told"),
    V6.one("icmpv6.nd.rd.target_address", Type::Ipv6, |p, l| target(p, l, icmp::REDIRECT_V6), "Router that is the better way"),
    V6.one("icmpv6.rd.na.destination_address", Type::Ipv6, |p, l| (p.u8(l, 0)? == icmp::REDIRECT_V6).then(|| p.chunk(l, 24))?.map(Value::Ipv6), "Address that it is the better way to"),
    V6.one("icmpv6.mld.multicast_address", Type::Ipv6, |p, l| matches!(p.u8(l, 0)?, 130..=132).then(|| p.chunk(l, 8))?.map(Value::Ipv6), "Group that it is about"),
    V6.many("icmpv6.mldr.mar.multicast_address", Type::Ipv6, |p, l, visit| {
        if p.u8(l, 0) == Some(icmp::LISTENER_REPORT_V2) {
            icmp::group_records(p.header(l)).for_each(|(_, group)| visit(Value::Ipv6(group)));
        }
    }, "Groups that it joins, leaves or is in"),
    V6.one("icmpv6.opt.linkaddr", Type::Mac, |p, l| icmp::link_address(p, l).map(Value::Mac), "MAC address that goes with it"),
];

const G: Layout = Layout(Kind::Igmp);

pub(super) static IGMP: &[Field] = &[
    G.hex(
        "igmp.type",
        0,
        1,
        "Kind of message: 0x11 query, 0x16 and 0x22 report, 0x17 leave",
    ),
    G.hex("igmp.checksum", 2, 2, "Checksum"),
    G.many("igmp.maddr", Type::Ipv4, groups, "Groups that it is about"),
];

/// One group, or in a report of version 3 as many as it has records.
fn groups<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    const REPORT_V3: u8 = 0x22;
    match packet.u8(layer, 0) {
        Some(REPORT_V3) => {
            let records = icmp::group_records(packet.header(layer));
            records.for_each(|(_, group)| visit(Value::Ipv4(group)));
        }
        Some(0x11 | 0x12 | 0x16 | 0x17) => {
            if let Some(group) = packet.chunk(layer, 4) {
                visit(Value::Ipv4(group));
            }
        }
        _ => {}
    }
}

fn echo<'a>(packet: &Packet<'a>, layer: &Layer, at: usize) -> Option<Value<'a>> {
    let is_echo = matches!(packet.u8(layer, 0)?, icmp::ECHO_REPLY | icmp::ECHO_REQUEST);
    is_echo
        .then(|| packet.u16(layer, at))?
        .map(|n| Value::Uint(n.into()))
}

fn echo_v6<'a>(packet: &Packet<'a>, layer: &Layer, at: usize) -> Option<Value<'a>> {
    let is_echo = matches!(
        packet.u8(layer, 0)?,
        icmp::ECHO_REQUEST_V6 | icmp::ECHO_REPLY_V6
    );
    is_echo
        .then(|| packet.u16(layer, at))?
        .map(|n| Value::Uint(n.into()))
}

fn target<'a>(packet: &Packet<'a>, layer: &Layer, message: u8) -> Option<Value<'a>> {
    (packet.u8(layer, 0)? == message)
        .then(|| packet.chunk(layer, 8))?
        .map(Value::Ipv6)
}
