//! Which protocol an EtherType names (registry: IEEE 802 numbers at iana.org).

use super::walk::{Next, Span, Walk};
use super::{Kind, arp, ethernet, link, ppp, tags, tunnel};

pub(super) const IPV4: u16 = 0x0800;
pub(super) const ARP: u16 = 0x0806;
/// What GRE, Geneve and others carry when it is a whole Ethernet frame.
pub(super) const TRANSPARENT_ETHERNET: u16 = 0x6558;
const RARP: u16 = 0x8035;
const VLAN: u16 = 0x8100;
const SLOW: u16 = 0x8809;
const PPP: u16 = 0x880b;
pub(super) const IPV6: u16 = 0x86dd;
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
const ERSPAN_2: u16 = 0x88be;
const ERSPAN_3: u16 = 0x22eb;
const WCCP: u16 = 0x883e;
const BACKBONE: u16 = 0x88e7;
const VN_TAG: u16 = 0x8926;
const E_TAG: u16 = 0x893f;
const NSH: u16 = 0x894f;
const ARISTA: u16 = 0xd28b;

pub(super) fn dispatch(walk: &mut Walk<'_>, number: u16, span: Span) -> Next {
    match number {
        ARP | RARP => arp::arp(walk, span),
        VLAN | QINQ_OLD => ethernet::vlan(walk, Kind::Vlan, span),
        SERVICE_TAG => ethernet::vlan(walk, Kind::ServiceTag, span),
        MPLS_UNICAST | MPLS_MULTICAST => tunnel::mpls(walk, span),
        PPPOE_DISCOVERY => ppp::pppoe(walk, Kind::PppoeDisc, span),
        PPPOE_SESSION => ppp::pppoe(walk, Kind::Pppoe, span),
        PPP => Next::ppp(span),
        TRANSPARENT_ETHERNET => Next::ethernet(span),
        VN_TAG => tags::tag(walk, Kind::VnTag, span, 6),
        E_TAG => tags::tag(walk, Kind::ETag, span, 8),
        BACKBONE => tags::backbone(walk, span),
        ARISTA => tags::arista(walk, span),
        NSH => tags::service_header(walk, span),
        ERSPAN_2 => tunnel::erspan_2(walk, span),
        ERSPAN_3 => tunnel::erspan_3(walk, span),
        WCCP => tunnel::wccp(walk, span),
        MACSEC => link::macsec(walk, span),
        LLDP => link::whole(walk, Kind::Lldp, span),
        EAPOL => link::whole(walk, Kind::Eapol, span),
        SLOW => link::whole(walk, Kind::Slow, span),
        LOOP => link::whole(walk, Kind::Loop, span),
        _ => Next::data(span),
    }
}
