//! Fields of what routers say to each other: OSPF (RFC 2328, RFC 5340), VRRP (RFC 9568), PIM (RFC 7761), EIGRP (RFC 7868),
//! RIP (RFC 2453).

use super::row::{Field, Layout};
use crate::decode::Kind;

const O: Layout = Layout(Kind::Ospf);

#[rustfmt::skip]
pub(super) static OSPF: &[Field] = &[
    O.dec("ospf.version", 0, 1, "2 for IPv4, 3 for IPv6"),
    O.dec("ospf.msg", 1, 1, "Kind of message: 1 hello, 4 link state update"),
    O.ipv4("ospf.srcrouter", 4, "Number of the router that sends it, written as an address"),
    O.ipv4("ospf.area_id", 8, "Area that it is about; 0.0.0.0 is the backbone"),
];

const V: Layout = Layout(Kind::Vrrp);

#[rustfmt::skip]
pub(super) static VRRP: &[Field] = &[
    V.part("vrrp.version", 0, 1, 0xf0, "Version"),
    V.part("vrrp.type", 0, 1, 0x0f, "Kind of message: 1 is the only one"),
    V.dec("vrrp.virt_rtr_id", 1, 1, "Number of the virtual router"),
    V.dec("vrrp.prio", 2, 1, "Priority: the highest serves; 0 gives up, 255 owns the address"),
];

const P: Layout = Layout(Kind::Pim);

#[rustfmt::skip]
pub(super) static PIM: &[Field] = &[
    P.part("pim.version", 0, 1, 0xf0, "Version"),
    P.part("pim.type", 0, 1, 0x0f, "Kind of message: 0 hello, 3 join or prune"),
];

const E: Layout = Layout(Kind::Eigrp);

#[rustfmt::skip]
pub(super) static EIGRP: &[Field] = &[
    E.dec("eigrp.opcode", 1, 1, "Kind of message: 1 update, 5 hello"),
    E.dec("eigrp.as", 18, 2, "Which system of routers it is for"),
];

const R: Layout = Layout(Kind::Rip);

#[rustfmt::skip]
pub(super) static RIP: &[Field] = &[
    R.dec("rip.command", 0, 1, "1 asks for routes, 2 tells them"),
    R.dec("rip.version", 1, 1, "Version"),
];
