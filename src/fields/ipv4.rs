//! Fields of IPv4 (RFC 791; RFC 2474 and RFC 3168 for the former type of service).

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::{Kind, Layer, Packet, checksum};

const I: Layout = Layout(Kind::Ipv4);
const SOURCE: usize = 12;
const DESTINATION: usize = 16;

#[rustfmt::skip]
pub(super) static IPV4: &[Field] = &[
    I.part("ip.version", 0, 1, 0xf0, "Version of IP: 4"),
    I.derived("ip.hdr_len", Type::Uint, 0, 1, |n| (n >> 4 == 4).then_some(Value::Uint((n & 0x0f) * 4)), "Length of the header with its options, in bytes: 20 to 60"),
    I.hex("ip.dsfield", 1, 1, "Differentiated services field"),
    I.part("ip.dsfield.dscp", 1, 1, 0xfc, "How routers should treat it; 0 is best effort"),
    I.part("ip.dsfield.ecn", 1, 1, 0x03, "Congestion: 0 not capable, 1 and 2 capable, 3 met congestion"),
    I.one("ip.len", Type::Uint, total_len, "Length of the packet, header included, in bytes"),
    I.hex("ip.id", 4, 2, "Identification: the same in all fragments of a packet"),
    I.hex_part("ip.flags", 6, 1, 0xe0, 2, "Flags: reserved, don't fragment, more fragments"),
    I.bit("ip.flags.rb", 6, 1, 0x80, "Reserved; must be 0"),
    I.bit("ip.flags.df", 6, 1, 0x40, "Don't fragment: a router that can't send it whole drops it"),
    I.bit("ip.flags.mf", 6, 1, 0x20, "More fragments of this packet follow"),
    I.part("ip.frag_offset", 6, 2, 0x1fff, "Where in the whole packet this fragment's data starts, in units of 8 bytes"),
    I.dec("ip.ttl", 8, 1, "Time to live: how many routers may still pass it on"),
    I.dec("ip.proto", 9, 1, "Protocol that follows: 1 ICMP, 6 TCP, 17 UDP"),
    I.hex("ip.checksum", 10, 2, "Checksum of the header"),
    I.one("ip.checksum.status", Type::Uint, |p, l| Some(Value::Uint(checksum::ipv4(p, l).status())), "Whether it is right: 0 no, 1 yes, 2 not known"),
    I.ipv4("ip.src", SOURCE as u16, "Source address"),
    I.ipv4("ip.dst", DESTINATION as u16, "Destination address"),
    I.one("ip.fragment.count", Type::Uint, |p, l| p.joined_behind(l).map(|joined| Value::Uint(joined.fragments.into())), "How many fragments the packet was put together from (--reassemble)"),
    I.one("ip.reassembled.length", Type::Uint, |p, l| p.joined_behind(l).map(|joined| Value::Uint(joined.len.into())), "Bytes that were put together from fragments (--reassemble)"),
    I.many("ip.opt.type", Type::Uint, option_types, "Kinds of the options"),
    I.many("ip.addr", Type::Ipv4, either, "Source or destination address").alias(),
];

/// Zero stands for "as long as the frame" where the network card cuts large packets up; tshark says the same.
fn total_len<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let stored = packet.u16(layer, 2)?;
    Some(Value::Uint(if stored == 0 {
        u64::from(layer.end - layer.start)
    } else {
        stored.into()
    }))
}

fn either<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    for at in [SOURCE, DESTINATION] {
        if let Some(address) = packet.chunk(layer, at) {
            visit(Value::Ipv4(address));
        }
    }
}

/// The kinds in the header's options (RFC 791, 3.1), as far as they can be read.
fn option_types<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    const FIXED: usize = 20;
    const END: u8 = 0;
    const NO_OPERATION: u8 = 1;
    let mut rest = packet.header(layer).get(FIXED..).unwrap_or_default();
    while let [kind, behind @ ..] = rest {
        visit(Value::Uint((*kind).into()));
        rest = match (*kind, behind.first()) {
            (END, _) => return,
            (NO_OPERATION, _) => behind,
            (_, Some(len)) if *len >= 2 => rest.get(usize::from(*len)..).unwrap_or_default(),
            _ => return,
        };
    }
}
