//! Names of numbers, from IANA's and IEEE's registries: those that people meet.

/// EtherTypes (iana.org, ieee-802-numbers).
pub(in crate::output::tree) fn ether_type(n: u64) -> Option<&'static str> {
    Some(match n {
        0x0800 => "IPv4",
        0x0806 => "ARP",
        0x0842 => "Wake-on-LAN",
        0x2000 => "CDP",
        0x22f0 => "AVTP (audio and video)",
        0x22f3 => "TRILL",
        0x6003 => "DECnet",
        0x6558 => "an Ethernet frame",
        0x8035 => "RARP",
        0x809b => "AppleTalk",
        0x80f3 => "AppleTalk ARP",
        0x8100 => "802.1Q VLAN tag",
        0x8137 => "IPX",
        0x86dd => "IPv6",
        0x8808 => "Ethernet flow control",
        0x8809 => "slow protocols (LACP)",
        0x880b => "PPP",
        0x8847 => "MPLS",
        0x8848 => "MPLS multicast",
        0x8863 => "PPPoE discovery",
        0x8864 => "PPPoE session",
        0x887b => "HomePlug",
        0x888e => "802.1X authentication",
        0x8892 => "PROFINET",
        0x88a4 => "EtherCAT",
        0x88a8 => "802.1ad service tag",
        0x88b5 | 0x88b6 => "local experiment",
        0x88b8 => "GOOSE",
        0x88cc => "LLDP",
        0x88e1 => "HomePlug AV",
        0x88e5 => "MACsec",
        0x88e7 => "provider backbone bridging",
        0x88f7 => "PTP",
        0x8902 => "connectivity fault management",
        0x8906 => "Fibre Channel over Ethernet",
        0x893a => "IEEE 1905.1",
        0x9000 => "loopback test",
        0x9100 => "VLAN tag, from before 802.1ad",
        0xcafe => "Veritas low latency transport",
        _ => return None,
    })
}

/// Protocol numbers (iana.org, protocol-numbers); IPv6 extension headers are among them.
pub(in crate::output::tree) fn ip_protocol(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "hop-by-hop options",
        1 => "ICMP",
        2 => "IGMP",
        4 => "IPv4 in IP",
        6 => "TCP",
        8 => "EGP",
        17 => "UDP",
        33 => "DCCP",
        41 => "IPv6 in IP",
        43 => "routing header",
        44 => "fragment header",
        46 => "RSVP",
        47 => "GRE",
        50 => "ESP (IPsec, encrypted)",
        51 => "AH (IPsec, authenticated)",
        58 => "ICMPv6",
        59 => "nothing follows",
        60 => "destination options",
        88 => "EIGRP",
        89 => "OSPF",
        103 => "PIM",
        108 => "IP compression",
        112 => "VRRP",
        115 => "L2TP",
        132 => "SCTP",
        135 => "mobility header",
        136 => "UDP-Lite",
        139 => "host identity",
        253 | 254 => "experiment",
        _ => return None,
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
