//! Fields of the link layer: Ethernet and its tags, LLC, and what stands in their place on other links.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::bytes;
use crate::decode::{Kind, Layer, Packet};
use crate::vendor;

/// The two flags in the first octet of a MAC address (IEEE 802, 8.2).
const GROUP: u32 = 0x01;
const LOCAL: u32 = 0x02;
const DESTINATION: usize = 0;
const SOURCE: usize = 6;
/// Cisco's organisation code.
const CISCO: u64 = 0x00_000c;

/// Ethernet II and 802.3 differ in what the last two octets are.
#[rustfmt::skip]
const fn ethernet(kind: Kind, last: Field) -> [Field; 10] {
    let e = Layout(kind);
    [
        e.mac("eth.dst", 0, "Destination MAC address"),
        e.bit("eth.dst.lg", 0, 1, LOCAL, "Destination was given by software (1), not by its maker (0)"),
        e.bit("eth.dst.ig", 0, 1, GROUP, "Destination is a group, multicast or broadcast (1), or one card (0)"),
        e.derived("netinspect.eth.dst.vendor", Type::Text, 0, 6, vendor_of, "Who made the destination's card, or what its address is for"),
        e.mac("eth.src", 6, "Source MAC address"),
        e.bit("eth.src.lg", 6, 1, LOCAL, "Source was given by software (1), not by its maker (0)"),
        e.bit("eth.src.ig", 6, 1, GROUP, "Source is a group address (1), which no sender may have"),
        e.derived("netinspect.eth.src.vendor", Type::Text, 6, 6, vendor_of, "Who made the source's card"),
        last,
        e.many("eth.addr", Type::Mac, either_mac, "Source or destination MAC address").alias(),
    ]
}

pub(super) static ETHERNET: &[Field] = &ethernet(
    Kind::Ethernet,
    Layout(Kind::Ethernet).hex("eth.type", 12, 2, "Protocol that follows (EtherType)"),
);

pub(super) static IEEE8023: &[Field] = &ethernet(
    Kind::Ieee8023,
    Layout(Kind::Ieee8023).dec("eth.len", 12, 2, "Bytes that follow, padding left out"),
);

const V: Layout = Layout(Kind::Vlan);

#[rustfmt::skip]
pub(super) static VLAN: &[Field] = &[
    V.part("vlan.priority", 0, 2, 0xe000, "Priority, 0 (best effort by default) to 7 (highest)"),
    V.bit("vlan.dei", 0, 2, 0x1000, "May be dropped first when the link is full"),
    V.part("vlan.id", 0, 2, 0x0fff, "Virtual LAN it belongs to, 1 to 4094; 0 for priority only"),
    V.one("vlan.etype", Type::Hex(4), |p, l| ether_type(p, l, 2), "Protocol that follows (EtherType)"),
];

const S: Layout = Layout(Kind::ServiceTag);

#[rustfmt::skip]
pub(super) static SERVICE_TAG: &[Field] = &[
    S.part("ieee8021ad.priority", 0, 2, 0xe000, "Priority in the provider's network, 0 to 7"),
    S.part("ieee8021ad.dei", 0, 2, 0x1000, "May be dropped first when the link is full"),
    S.part("ieee8021ad.id", 0, 2, 0x0fff, "The provider's virtual LAN"),
];

const B: Layout = Layout(Kind::Backbone);

#[rustfmt::skip]
pub(super) static BACKBONE: &[Field] = &[
    B.hex("ieee8021ah.isid", 1, 3, "The customer's network in the provider's"),
    B.mac("ieee8021ah.cda", 4, "The customer's destination MAC address"),
    B.mac("ieee8021ah.csa", 10, "The customer's source MAC address"),
];

const L: Layout = Layout(Kind::Llc);

#[rustfmt::skip]
pub(super) static LLC: &[Field] = &[
    L.hex("llc.dsap", 0, 1, "Destination service access point: which protocol it is for"),
    L.hex("llc.ssap", 1, 1, "Source service access point"),
    L.one("llc.oui", Type::Uint, |p, l| snap_oui(p, l).map(Value::Uint), "Organisation that defines the protocol number"),
    L.one("llc.type", Type::Hex(4), |p, l| snap_oui(p, l).filter(|oui| *oui == 0).and(p.u16(l, 6)).map(|n| Value::Uint(n.into())), "Protocol that follows (EtherType)"),
    L.one("llc.cisco_pid", Type::Hex(4), |p, l| snap_oui(p, l).filter(|oui| *oui == CISCO).and(p.u16(l, 6)).map(|n| Value::Uint(n.into())), "Protocol that follows, of Cisco's own: 0x2000 CDP, 0x2004 DTP"),
];

const SLL_V1: Layout = Layout(Kind::Sll);

#[rustfmt::skip]
pub(super) static SLL: &[Field] = &[
    SLL_V1.dec("sll.pkttype", 0, 2, "To us (0), broadcast (1), multicast (2), to another host (3), sent by us (4)"),
    SLL_V1.dec("sll.hatype", 2, 2, "Kind of hardware (Linux ARPHRD_ number)"),
    SLL_V1.dec("sll.halen", 4, 2, "Length of the sender's address"),
    SLL_V1.one("sll.src.eth", Type::Mac, |p, l| (p.u16(l, 4)? == 6).then(|| p.chunk(l, 6).map(Value::Mac)).flatten(), "Sender's MAC address"),
    SLL_V1.one("sll.etype", Type::Hex(4), |p, l| ether_type(p, l, 14), "Protocol that follows"),
];

const SLL_V2: Layout = Layout(Kind::Sll2);

#[rustfmt::skip]
pub(super) static SLL2: &[Field] = &[
    SLL_V2.one("sll.etype", Type::Hex(4), |p, l| ether_type(p, l, 0), "Protocol that follows"),
    SLL_V2.dec("sll.ifindex", 4, 4, "Number of the interface that it was seen on"),
    SLL_V2.dec("sll.hatype", 8, 2, "Kind of hardware (Linux ARPHRD_ number)"),
    SLL_V2.dec("sll.pkttype", 10, 1, "To us (0), broadcast (1), multicast (2), to another host (3), sent by us (4)"),
    SLL_V2.dec("sll.halen", 11, 1, "Length of the sender's address"),
    SLL_V2.one("sll.src.eth", Type::Mac, |p, l| (p.u8(l, 11)? == 6).then(|| p.chunk(l, 12).map(Value::Mac)).flatten(), "Sender's MAC address"),
];

const T: Layout = Layout(Kind::Stp);

#[rustfmt::skip]
pub(super) static STP: &[Field] = &[
    T.dec("stp.version", 2, 1, "0 spanning tree, 2 rapid, 3 multiple"),
    T.hex("stp.type", 3, 1, "Kind of message: 0 and 2 tell of the tree, 0x80 that it changed"),
    T.hex("stp.flags", 4, 1, "State of the sending port, and whether the tree changes"),
    T.one("stp.flags.port_role", Type::Uint, |p, l| (p.u8(l, 3)? == 2).then(|| p.u8(l, 4))?.map(|n| Value::Uint((n >> 2 & 3).into())), "What the sending port is for, in a rapid tree"),
    T.bit("stp.flags.tc", 4, 1, 0x01, "The tree is changing"),
    T.one("stp.root.prio", Type::Uint, |p, l| p.u16(l, 5).map(|n| Value::Uint((n & 0xf000).into())), "Priority of the bridge at the tree's root: the lowest becomes the root"),
    T.mac("stp.root.hw", 7, "MAC address of the bridge at the tree's root"),
    T.dec("stp.root.cost", 13, 4, "How far the root is"),
    T.one("stp.bridge.prio", Type::Uint, |p, l| p.u16(l, 17).map(|n| Value::Uint((n & 0xf000).into())), "Priority of the bridge that says so"),
    T.mac("stp.bridge.hw", 19, "MAC address of the bridge that says so"),
    T.hex("stp.port", 25, 2, "Which of its ports it was sent from"),
];

const N: Layout = Layout(Kind::Null);

#[rustfmt::skip]
pub(super) static NULL: &[Field] = &[
    N.one("null.family", Type::Uint, |p, l| p.u32(l, 0).map(|n| Value::Uint(n.min(n.swap_bytes()).into())), "Address family of what follows"),
];

const fn pppoe(kind: Kind) -> [Field; 3] {
    let p = Layout(kind);
    [
        p.hex("pppoe.code", 1, 1, "What kind of message"),
        p.hex("pppoe.session_id", 2, 2, "Session it belongs to"),
        p.dec("pppoe.payload_length", 4, 2, "Bytes that follow"),
    ]
}

pub(super) static PPPOE: &[Field] = &pppoe(Kind::Pppoe);
pub(super) static PPPOE_DISCOVERY: &[Field] = &pppoe(Kind::PppoeDisc);

const M: Layout = Layout(Kind::Mpls);

#[rustfmt::skip]
pub(super) static MPLS: &[Field] = &[
    M.part("mpls.label", 0, 4, 0xffff_f000, "Label that routers switch by"),
    M.part("mpls.exp", 0, 4, 0x0000_0e00, "Traffic class"),
    M.part("mpls.bottom", 0, 4, 0x0000_0100, "Last label of the stack"),
    M.part("mpls.ttl", 0, 4, 0x0000_00ff, "Time to live"),
];

/// The maker of a MAC address that was read as a number.
fn vendor_of(mac: u64) -> Option<Value<'static>> {
    let [_, _, mac @ ..] = mac.to_be_bytes();
    Some(Value::Text(vendor::identify(mac).short().as_bytes()))
}

fn either_mac<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    for at in [DESTINATION, SOURCE] {
        if let Some(mac) = packet.chunk(layer, at) {
            visit(Value::Mac(mac));
        }
    }
}

/// The organisation of a Subnetwork Access Protocol header.
fn snap_oui(packet: &Packet<'_>, layer: &Layer) -> Option<u64> {
    const SNAP: [u8; 2] = [0xaa, 0xaa];
    let header = packet.header(layer);
    let oui: [u8; 3] = bytes::chunk(header, 3)?;
    header
        .starts_with(&SNAP)
        .then(|| oui.iter().fold(0, |n, octet| n << 8 | u64::from(*octet)))
}

/// A number that is a type, not a length or one of the numbers that Linux has for protocols without a type.
fn ether_type<'a>(packet: &Packet<'a>, layer: &Layer, at: usize) -> Option<Value<'a>> {
    const SMALLEST: u16 = 0x0600;
    let number = packet.u16(layer, at)?;
    (number >= SMALLEST).then(|| Value::Uint(number.into()))
}
