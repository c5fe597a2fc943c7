//! Names of numbers, from IANA's and IEEE's registries: those that people meet.

use crate::decode::ip_protocol;

/// Protocol numbers of IP, those that only the tree has more words for than [`ip_protocol::name`].
pub(super) fn ip_protocol(n: u64) -> Option<&'static str> {
    Some(match n {
        50 => "ESP (IPsec, encrypted)",
        51 => "AH (IPsec, authenticated)",
        253 | 254 => "experiment",
        _ => return ip_protocol::name(u8::try_from(n).ok()?),
    })
}

/// Differentiated services code points (iana.org, dscp-registry; what for: RFC 4594).
pub(super) fn dscp(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "best effort",
        1 => "LE: lower effort",
        8 => "CS1: low priority",
        10 => "AF11",
        12 => "AF12",
        14 => "AF13",
        16 => "CS2: operations",
        18 => "AF21",
        20 => "AF22",
        22 => "AF23",
        24 => "CS3: broadcast video",
        26 => "AF31",
        28 => "AF32",
        30 => "AF33",
        32 => "CS4: interactive",
        34 => "AF41",
        36 => "AF42",
        38 => "AF43",
        40 => "CS5: call signalling",
        44 => "voice admitted",
        46 => "EF: expedited, such as calls",
        48 => "CS6: network control",
        56 => "CS7: kept for the network",
        _ => return None,
    })
}

/// Explicit congestion notification (RFC 3168, 5).
pub(super) fn ecn(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "not in use",
        1 | 2 => "routers may mark congestion",
        3 => "met congestion on the way",
        _ => return None,
    })
}

/// Service access points of 802.2, the individual or group bit left out.
pub(super) fn access_point(n: u64) -> Option<&'static str> {
    Some(match n & 0xfe {
        0x00 => "null",
        0x06 => "IP",
        0x42 => "spanning tree",
        0x98 => "ARP",
        0xaa => "SNAP: an EtherType follows",
        0xe0 => "IPX",
        0xf0 => "NetBIOS",
        0xfe => "ISO network layer",
        _ => return None,
    })
}

/// ARP's hardware types (iana.org, arp-parameters).
pub(super) fn arp_hardware(n: u64) -> Option<&'static str> {
    Some(match n {
        1 => "Ethernet",
        6 => "IEEE 802",
        7 => "ARCNET",
        15 => "Frame Relay",
        18 => "Fibre Channel",
        24 => "IEEE 1394",
        32 => "InfiniBand",
        36 | 256 => "experiment",
        0 | 65535 => "reserved",
        _ => return None,
    })
}

/// ARP's operations (the same).
pub(super) fn arp_operation(n: u64) -> Option<&'static str> {
    Some(match n {
        1 => "request: a question",
        2 => "reply: an answer",
        3 => "reverse request",
        4 => "reverse reply",
        8 => "inverse request",
        9 => "inverse reply",
        24 | 25 => "experiment",
        0 | 65535 => "reserved",
        _ => return None,
    })
}

/// TCP's options (iana.org, tcp-parameters).
pub(super) fn tcp_option(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "end",
        1 => "no operation",
        2 => "MSS",
        3 => "window scale",
        4 => "SACK permitted",
        5 => "SACK",
        8 => "timestamps",
        19 => "MD5",
        28 => "user timeout",
        29 => "authentication",
        30 => "multipath",
        34 => "fast open",
        253 | 254 => "experiment",
        _ => return None,
    })
}
