//! Fields of protocols that carry whole packets of others.

use super::row::{Field, Layout};
use crate::decode::Kind;

const G: Layout = Layout(Kind::Gre);

pub(super) static GRE: &[Field] = &[
    G.hex(
        "gre.flags_and_version",
        0,
        2,
        "Which optional parts are there, and the version",
    ),
    G.hex("gre.proto", 2, 2, "Protocol that follows (EtherType)"),
];

const V: Layout = Layout(Kind::Vxlan);

pub(super) static VXLAN: &[Field] = &[
    V.hex("vxlan.flags", 0, 2, "Flags"),
    V.dec("vxlan.vni", 4, 3, "Virtual network it belongs to"),
];

const N: Layout = Layout(Kind::Geneve);

pub(super) static GENEVE: &[Field] = &[
    N.hex(
        "geneve.proto_type",
        2,
        2,
        "Protocol that follows (EtherType)",
    ),
    N.hex("geneve.vni", 4, 3, "Virtual network it belongs to"),
];

const T: Layout = Layout(Kind::Gtp);

pub(super) static GTP: &[Field] = &[
    T.hex(
        "gtp.flags",
        0,
        1,
        "Version, and which optional parts are there",
    ),
    T.hex(
        "gtp.message",
        1,
        1,
        "Kind of message; 0xff carries a packet",
    ),
    T.dec("gtp.length", 2, 2, "Bytes that follow the first eight"),
    T.hex("gtp.teid", 4, 4, "Tunnel it belongs to"),
];
