//! Values of ICMP, ICMPv6 and IGMP.

use super::{Known, name};

pub(super) fn number(words: &mut String, known: &Known<'_>, n: u64) {
    let kind = known.packet.u8(known.layer, 0).unwrap_or(0);
    match known.field {
        "icmp.type" => name(words, icmp_type(n)),
        "icmp.code" => name(words, icmp_code(kind, n)),
        "icmpv6.type" => name(words, icmpv6_type(n)),
        "icmpv6.code" => name(words, icmpv6_code(kind, n)),
        "igmp.type" => name(words, igmp_type(n)),
        _ => {}
    }
}

/// iana.org, icmp-parameters.
fn icmp_type(n: u64) -> Option<&'static str> {
    Some(match n {
        0 => "echo reply",
        3 => "destination unreachable",
        4 => "source quench (withdrawn)",
        5 => "redirect: there is a better router",
        8 => "echo request",
        9 => "router advertisement",
        10 => "router solicitation",
        11 => "time exceeded",
        12 => "parameter problem",
        13 => "timestamp request",
        14 => "timestamp reply",
        15 => "information request (withdrawn)",
        16 => "information reply (withdrawn)",
        17 => "address mask request (withdrawn)",
        18 => "address mask reply (withdrawn)",
        42 => "extended echo request",
        43 => "extended echo reply",
        _ => return None,
    })
}

fn icmp_code(kind: u8, code: u64) -> Option<&'static str> {
    Some(match (kind, code) {
        (3, 0) => "no route to the network",
        (3, 1) => "the host does not answer",
        (3, 2) => "no such protocol there",
        (3, 3) => "nothing listens on the port",
        (3, 4) => "too big, and not to be fragmented",
        (3, 5) => "source route failed",
        (3, 6) => "network unknown",
        (3, 7) => "host unknown",
        (3, 9) => "network forbidden",
        (3, 10) => "host forbidden",
        (3, 11) => "network unreachable for this service",
        (3, 12) => "host unreachable for this service",
        (3, 13) => "forbidden by an administrator",
        (5, 0) => "for the network",
        (5, 1) => "for the host",
        (11, 0) => "the time to live ran out on the way",
        (11, 1) => "fragments did not all arrive in time",
        (12, 0) => "a value is wrong",
        (12, 1) => "an option is missing",
        (12, 2) => "the length is wrong",
        (0 | 8, 0) => "the only one",
        _ => return None,
    })
}

/// iana.org, icmpv6-parameters.
fn icmpv6_type(n: u64) -> Option<&'static str> {
    Some(match n {
        1 => "destination unreachable",
        2 => "packet too big",
        3 => "time exceeded",
        4 => "parameter problem",
        128 => "echo request",
        129 => "echo reply",
        130 => "multicast listener query",
        131 => "multicast listener report",
        132 => "multicast listener done",
        133 => "router solicitation: is there a router?",
        134 => "router advertisement: I am a router",
        135 => "neighbor solicitation: a question",
        136 => "neighbor advertisement: an answer",
        137 => "redirect: there is a better way",
        143 => "multicast listener report, v2",
        _ => return None,
    })
}

fn icmpv6_code(kind: u8, code: u64) -> Option<&'static str> {
    Some(match (kind, code) {
        (1, 0) => "no route there",
        (1, 1) => "forbidden by an administrator",
        (1, 2) => "beyond the scope of the source",
        (1, 3) => "the host does not answer",
        (1, 4) => "nothing listens on the port",
        (1, 5) => "the source address is not allowed",
        (1, 6) => "the route says to reject it",
        (3, 0) => "the hop limit ran out on the way",
        (3, 1) => "fragments did not all arrive in time",
        (4, 0) => "a header field is wrong",
        (4, 1) => "an unknown next header",
        (4, 2) => "an unknown option",
        (2 | 128..=137 | 143, 0) => "the only one",
        _ => return None,
    })
}

/// iana.org, igmp-type-numbers.
fn igmp_type(n: u64) -> Option<&'static str> {
    Some(match n {
        0x11 => "query: which groups have members?",
        0x12 => "report, v1: member of a group",
        0x16 => "report, v2: member of a group",
        0x17 => "leaves a group",
        0x22 => "report, v3: groups joined and left",
        _ => return None,
    })
}
