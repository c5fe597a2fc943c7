//! IEEE 802.2 Logical Link Control, with its Subnetwork Access Protocol (RFC 1042).

use super::walk::{Next, Span, Walk};
use super::{Kind, link};

const SAP_STP: u8 = 0x42;
const SAP_SNAP: u8 = 0xaa;
const SAP_IP: u8 = 0x06;
/// Frames with both low bits of the control field set are unnumbered: one octet of control, else two.
const UNNUMBERED: u8 = 0x03;
const SNAP_LEN: usize = 8;
/// Organisation codes: 0 for EtherTypes, Cisco's, and 802.1's for bridged Ethernet (RFC 2684).
const OUI_ETHERTYPE: [u8; 3] = [0, 0, 0];
const OUI_CISCO: [u8; 3] = [0, 0, 0x0c];
const CISCO_DISCOVERY: u16 = 0x2000;
/// One tree for each VLAN (PVST+).
const CISCO_SPANNING_TREE: u16 = 0x010b;
const OUI_BRIDGE_TUNNEL: [u8; 3] = [0, 0, 0xf8];

pub(super) fn llc(walk: &mut Walk<'_>, span: Span) -> Next {
    if !walk.has(Kind::Llc, span, 3) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let (dsap, ssap, control) = (rest[0], rest[1], rest[2]);
    let len = if control & UNNUMBERED == UNNUMBERED {
        3
    } else {
        4
    };
    if !walk.has(Kind::Llc, span, len) {
        return Next::STOP;
    }
    match (dsap, ssap) {
        (SAP_SNAP, SAP_SNAP) => snap(walk, span),
        (SAP_STP, _) => {
            let payload = walk.layer(Kind::Llc, span, len);
            spanning_tree(walk, payload)
        }
        (SAP_IP, _) => Next::ip(walk.layer(Kind::Llc, span, len)),
        _ => Next::data(walk.layer(Kind::Llc, span, len)),
    }
}

fn snap(walk: &mut Walk<'_>, span: Span) -> Next {
    if !walk.has(Kind::Llc, span, SNAP_LEN) {
        return Next::STOP;
    }
    let rest = walk.rest(span);
    let oui = [rest[3], rest[4], rest[5]];
    let number = u16::from_be_bytes([rest[6], rest[7]]);
    let payload = walk.layer(Kind::Llc, span, SNAP_LEN);
    match oui {
        OUI_CISCO if number == CISCO_DISCOVERY => link::whole(walk, Kind::Cdp, payload),
        OUI_CISCO if number == CISCO_SPANNING_TREE => spanning_tree(walk, payload),
        OUI_ETHERTYPE | OUI_BRIDGE_TUNNEL => Next::ether_type(number, payload),
        _ => Next::data(payload),
    }
}

/// Protocol 0; others that go to the same address (GARP, IEEE 802.1D, 12) are not for the tree.
fn spanning_tree(walk: &mut Walk<'_>, span: Span) -> Next {
    const SPANNING_TREE: [u8; 2] = [0, 0];
    match walk.rest(span) {
        message if message.starts_with(&SPANNING_TREE) || message.len() < 2 => {
            link::whole(walk, Kind::Stp, span)
        }
        _ => Next::data(span),
    }
}
