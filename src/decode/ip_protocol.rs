//! Which protocol an IP header's protocol number names (registry: iana.org, protocol-numbers).

use super::tcp::TCP;
use super::udp::UDP;
use super::walk::{Next, Span, Walk};
use super::{Kind, flow, icmp, ipv4, ipv6, link, tcp, tunnel, udp};

const HOP_BY_HOP: u8 = 0;
const ICMP: u8 = 1;
const IGMP: u8 = 2;
const IPV4: u8 = 4;
const IPV6: u8 = 41;
const ROUTING: u8 = 43;
const FRAGMENT: u8 = 44;
const GRE: u8 = 47;
const ESP: u8 = 50;
const AH: u8 = 51;
const ICMPV6: u8 = 58;
const NO_NEXT_HEADER: u8 = 59;
const DESTINATION_OPTIONS: u8 = 60;
const EIGRP: u8 = 88;
const OSPF: u8 = 89;
const PIM: u8 = 103;
const VRRP: u8 = 112;
const SCTP: u8 = 132;

/// ESP shows two numbers; the rest is encrypted (RFC 4303).
const ESP_LEN: usize = 8;
const SCTP_LEN: usize = 12;

pub(super) fn dispatch(walk: &mut Walk<'_>, number: u8, span: Span) -> Next {
    match number {
        TCP => tcp::tcp(walk, span),
        UDP => udp::udp(walk, span),
        ICMP => icmp::icmp(walk, span),
        ICMPV6 => icmp::icmpv6(walk, span),
        IPV4 | IPV6 => Next::ip(span),
        HOP_BY_HOP => ipv6::extension(walk, Kind::HopByHop, span),
        ROUTING => ipv6::extension(walk, Kind::Routing, span),
        DESTINATION_OPTIONS => ipv6::extension(walk, Kind::DestOpts, span),
        FRAGMENT => ipv6::fragment(walk, span),
        AH => ipv6::authentication(walk, span),
        GRE => tunnel::gre(walk, span),
        SCTP => sctp(walk, span),
        NO_NEXT_HEADER => Next::STOP,
        _ => other(walk, number, span),
    }
}

fn sctp(walk: &mut Walk<'_>, span: Span) -> Next {
    flow::sctp(walk, walk.rest(span));
    fixed(walk, Kind::Sctp, span, SCTP_LEN)
}

/// What has no header that names ports, nor another packet inside.
fn other(walk: &mut Walk<'_>, number: u8, span: Span) -> Next {
    flow::other(walk, number);
    match kind(number) {
        Some(Kind::Esp) => fixed(walk, Kind::Esp, span, ESP_LEN),
        Some(kind) => link::whole(walk, kind, span),
        None => Next::data(span),
    }
}

/// What a number means, where it has a name here and is no part of the header.
pub const fn kind(number: u8) -> Option<Kind> {
    Some(match number {
        TCP => Kind::Tcp,
        UDP => Kind::Udp,
        ICMP => Kind::Icmp,
        ICMPV6 => Kind::Icmpv6,
        IGMP => Kind::Igmp,
        ESP => Kind::Esp,
        EIGRP => Kind::Eigrp,
        OSPF => Kind::Ospf,
        PIM => Kind::Pim,
        VRRP => Kind::Vrrp,
        SCTP => Kind::Sctp,
        _ => return None,
    })
}

/// What is met under a number: a protocol, as short as a column shows it, or a part of IPv6's header.
pub const fn name(number: u8) -> Option<&'static str> {
    if let Some(kind) = kind(number) {
        return Some(kind.short());
    }
    Some(match number {
        HOP_BY_HOP => "hop-by-hop options",
        IPV4 => "IPv4 in IP",
        8 => "EGP",
        33 => "DCCP",
        IPV6 => "IPv6 in IP",
        ROUTING => "routing header",
        FRAGMENT => "fragment header",
        46 => "RSVP",
        GRE => "GRE",
        AH => "AH",
        NO_NEXT_HEADER => "nothing follows",
        DESTINATION_OPTIONS => "destination options",
        108 => "IPComp",
        113 => "PGM",
        115 => "L2TP",
        124 => "IS-IS",
        135 => "mobility",
        136 => "UDP-Lite",
        139 => "HIP",
        _ => return None,
    })
}

fn fixed(walk: &mut Walk<'_>, kind: Kind, span: Span, len: usize) -> Next {
    if !walk.has(kind, span, len) {
        return Next::STOP;
    }
    Next::data(walk.layer(kind, span, len))
}

/// An IP packet of whichever version its first four bits name.
#[inline]
pub(super) fn by_version(walk: &mut Walk<'_>, span: Span) -> Next {
    match walk.rest(span).first() {
        Some(octet) if octet >> 4 == 4 => ipv4::ipv4(walk, span),
        Some(octet) if octet >> 4 == 6 => ipv6::ipv6(walk, span),
        Some(_) => walk.malformed(Kind::Ipv4, span, 1, "the version is neither 4 nor 6"),
        None => walk.cut(Kind::Ipv4, span, 20),
    }
}
