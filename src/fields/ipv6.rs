//! Fields of IPv6 and its extension headers (RFC 8200), and of IPsec (RFC 4302, RFC 4303).

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::{Kind, Layer, Packet};

const I: Layout = Layout(Kind::Ipv6);
const SOURCE: usize = 8;
const DESTINATION: usize = 24;

#[rustfmt::skip]
pub(super) static IPV6: &[Field] = &[
    I.part("ip.version", 0, 1, 0xf0, "Version of IP: 6").alias(),
    I.part("ipv6.version", 0, 1, 0xf0, "Version of IP: 6"),
    I.hex_part("ipv6.tclass", 0, 4, 0x0ff0_0000, 8, "Traffic class"),
    I.part("ipv6.tclass.dscp", 0, 4, 0x0fc0_0000, "How routers should treat it; 0 is best effort"),
    I.part("ipv6.tclass.ecn", 0, 4, 0x0030_0000, "Congestion: 0 not capable, 1 and 2 capable, 3 met congestion"),
    I.hex_part("ipv6.flow", 0, 4, 0x000f_ffff, 6, "Flow label: the same in all packets of a flow"),
    I.dec("ipv6.plen", 4, 2, "Bytes that follow the header"),
    I.dec("ipv6.nxt", 6, 1, "Header that follows: 6 TCP, 17 UDP, 58 ICMPv6, others extensions"),
    I.dec("ipv6.hlim", 7, 1, "Hop limit: how many routers may still pass it on"),
    I.ipv6("ipv6.src", SOURCE as u16, "Source address"),
    I.ipv6("ipv6.dst", DESTINATION as u16, "Destination address"),
    I.many("ipv6.addr", Type::Ipv6, either, "Source or destination address").alias(),
];

const H: Layout = Layout(Kind::HopByHop);

pub(super) static HOP_BY_HOP: &[Field] = &[
    H.dec("ipv6.hopopts.nxt", 0, 1, "Header that follows"),
    H.dec(
        "ipv6.hopopts.len",
        1,
        1,
        "Length in units of 8 bytes, the first not counted",
    ),
];

const R: Layout = Layout(Kind::Routing);

pub(super) static ROUTING: &[Field] = &[
    R.dec("ipv6.routing.nxt", 0, 1, "Header that follows"),
    R.dec(
        "ipv6.routing.len",
        1,
        1,
        "Length in units of 8 bytes, the first not counted",
    ),
    R.dec("ipv6.routing.type", 2, 1, "Kind of routing header"),
    R.dec("ipv6.routing.segleft", 3, 1, "Nodes still to be visited"),
];

const F: Layout = Layout(Kind::Fragment);

#[rustfmt::skip]
pub(super) static FRAGMENT: &[Field] = &[
    F.dec("ipv6.fraghdr.nxt", 0, 1, "Header that follows in the whole packet"),
    F.part("ipv6.fraghdr.offset", 2, 2, 0xfff8, "Where in the whole packet this fragment starts, in units of 8 bytes"),
    F.bit("ipv6.fraghdr.more", 2, 2, 0x0001, "More fragments of this packet follow"),
    F.hex("ipv6.fraghdr.ident", 4, 4, "Identification: the same in all fragments of a packet"),
    F.one("ipv6.fragment.count", Type::Uint, |p, l| p.joined_behind(l).map(|joined| Value::Uint(joined.fragments.into())), "How many fragments the packet was put together from (--reassemble)"),
    F.one("ipv6.reassembled.length", Type::Uint, |p, l| p.joined_behind(l).map(|joined| Value::Uint(joined.len.into())), "Bytes that were put together from fragments (--reassemble)"),
];

const D: Layout = Layout(Kind::DestOpts);

pub(super) static DESTINATION_OPTIONS: &[Field] = &[
    D.dec("ipv6.dstopts.nxt", 0, 1, "Header that follows"),
    D.dec(
        "ipv6.dstopts.len",
        1,
        1,
        "Length in units of 8 bytes, the first not counted",
    ),
];

const A: Layout = Layout(Kind::Ah);

pub(super) static AH: &[Field] = &[
    A.dec("ah.next_header", 0, 1, "Header that follows"),
    A.hex(
        "ah.spi",
        4,
        4,
        "Security parameters index: which agreement protects it",
    ),
    A.dec("ah.sequence", 8, 4, "Sequence number"),
];

const E: Layout = Layout(Kind::Esp);

pub(super) static ESP: &[Field] = &[
    E.hex(
        "esp.spi",
        0,
        4,
        "Security parameters index: which agreement protects it",
    ),
    E.dec("esp.sequence", 4, 4, "Sequence number"),
];

fn either<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    for at in [SOURCE, DESTINATION] {
        if let Some(address) = packet.chunk(layer, at) {
            visit(Value::Ipv6(address));
        }
    }
}
