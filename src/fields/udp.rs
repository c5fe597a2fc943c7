//! Fields of UDP (RFC 768) and SCTP (RFC 9260).

use super::row::{Field, Layout, Past, Type};
use super::value::Value;
use crate::decode::{Kind, Layer, Packet, checksum};

const U: Layout = Layout(Kind::Udp);

#[rustfmt::skip]
pub(super) static UDP: &[Field] = &[
    U.dec("udp.srcport", 0, 2, "Source port"),
    U.dec("udp.dstport", 2, 2, "Destination port"),
    U.many("udp.port", Type::Uint, either_port, "Source or destination port").alias(),
    U.dec("udp.length", 4, 2, "Length of header and data, in bytes"),
    U.hex("udp.checksum", 6, 2, "Checksum over addresses, header and data; 0 is none"),
    U.one("udp.checksum.status", Type::Uint, |p, l| Some(Value::Uint(checksum::transport(p, l).status())), "Whether it is right: 0 no, 1 yes, 2 not known, 3 there is none").alias(),
    U.one("netinspect.udp.checksum", Type::Text, |p, l| Some(Value::Text(checksum::transport(p, l).name().as_bytes())), "Whether the checksum is right, in words"),
    U.one("udp.stream", Type::Uint, |p, l| p.note(l).map(|n| Value::Uint(n.stream.into())), "Which conversation of the capture, from 0").needs(Past::Streams),
    U.one("udp.payload", Type::Bytes, |p, l| Some(p.payload(l)).filter(|b| !b.is_empty()).map(Value::Bytes), "The data").alias(),
];

const S: Layout = Layout(Kind::Sctp);

pub(super) static SCTP: &[Field] = &[
    S.dec("sctp.srcport", 0, 2, "Source port"),
    S.dec("sctp.dstport", 2, 2, "Destination port"),
    S.hex(
        "sctp.verification_tag",
        4,
        4,
        "Tag that the receiver chose for the association",
    ),
    S.hex("sctp.checksum", 8, 4, "Checksum"),
    S.many(
        "sctp.chunk_type",
        Type::Uint,
        chunk_types,
        "Kinds of the chunks: 0 data, 1 opens, 3 acknowledges",
    ),
];

/// Each chunk has its kind, flags and length first, and is padded to a multiple of four bytes (RFC 9260, 3.2).
fn chunk_types<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    const HEADER: usize = 4;
    let mut rest = packet.payload(layer);
    while let [kind, _, high, low, ..] = rest {
        visit(Value::Uint((*kind).into()));
        let length = usize::from(u16::from_be_bytes([*high, *low])).max(HEADER);
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
}

fn either_port<'a>(packet: &Packet<'a>, layer: &Layer, visit: &mut dyn FnMut(Value<'a>)) {
    for at in [0, 2] {
        if let Some(port) = packet.u16(layer, at) {
            visit(Value::Uint(port.into()));
        }
    }
}
