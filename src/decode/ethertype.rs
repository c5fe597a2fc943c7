//! Which protocol an EtherType names (registry: IEEE 802 numbers at iana.org).

use super::walk::{Next, Span, Walk};
use super::{Kind, arp, ethernet, ipv4, ipv6, link, ppp, tunnel};

pub(super) const IPV4: u16 = 0x0800;
pub(super) const ARP: u16 = 0x0806;
/// What GRE, Geneve and others carry when it is a whole Ethernet frame.
pub(super) const TRANSPARENT_ETHERNET: u16 = 0x6558;
const RARP: u16 = 0x8035;
const VLAN: u16 = 0x8100;
const SLOW: u16 = 0x8809;
const PPP: u16 = 0x880b;
const IPV6: u16 = 0x86dd;
const MPLS_UNICAST: u16 = 0x8847;
const MPLS_MULTICAST: u16 = 0x8848;
const PPPOE_DISCOVERY: u16 = 0x8863;
const PPPOE_SESSION: u16 = 0x8864;
const EAPOL: u16 = 0x888e;
const SERVICE_TAG: u16 = 0x88a8;
const LLDP: u16 = 0x88cc;
const MACSEC: u16 = 0x88e5;
const LOOP: u16 = 0x9000;
/// Stacked tags from before 802.1ad had a number.
const QINQ_OLD: u16 = 0x9100;

pub(super) fn dispatch(walk: &mut Walk<'_>, number: u16, span: Span) -> Next {
    match number {
        IPV4 => ipv4::ipv4(walk, span),
        IPV6 => ipv6::ipv6(walk, span),
        ARP | RARP => arp::arp(walk, span),
        VLAN | QINQ_OLD => ethernet::vlan(walk, Kind::Vlan, span),
        SERVICE_TAG => ethernet::vlan(walk, Kind::ServiceTag, span),
        MPLS_UNICAST | MPLS_MULTICAST => tunnel::mpls(walk, span),
        PPPOE_DISCOVERY => ppp::pppoe(walk, Kind::PppoeDisc, span),
        PPPOE_SESSION => ppp::pppoe(walk, Kind::Pppoe, span),
        PPP => Next::Ppp(span),
        TRANSPARENT_ETHERNET => Next::Ethernet(span),
        MACSEC => link::macsec(walk, span),
        LLDP => link::whole(walk, Kind::Lldp, span),
        EAPOL => link::whole(walk, Kind::Eapol, span),
        SLOW => link::whole(walk, Kind::Slow, span),
        LOOP => link::whole(walk, Kind::Loop, span),
        _ => Next::Data(span),
    }
}
