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
const CISCO_METADATA: u16 = 0x8909;
const VN_TAG: u16 = 0x8926;
const HSR: u16 = 0x892f;
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
        CISCO_METADATA => tags::tag(walk, Kind::CiscoMetadata, span, 8),
        VN_TAG => tags::tag(walk, Kind::VnTag, span, 6),
        HSR => tags::tag(walk, Kind::Hsr, span, 6),
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

/// What is met under a number; of some only the name is known here.
pub const fn name(number: u16) -> Option<&'static str> {
    Some(match number {
        IPV4 => "IPv4",
        ARP => "ARP",
        IPV6 => "IPv6",
        0x0842 => "Wake-on-LAN",
        0x2000 => "CDP",
        0x22f0 => "AVTP (audio and video)",
        0x22f3 => "TRILL",
        ERSPAN_2 | ERSPAN_3 => "ERSPAN",
        0x6002 | 0x6004..=0x6007 => "DEC",
        0x6003 => "DECnet",
        TRANSPARENT_ETHERNET => "an Ethernet frame",
        RARP => "RARP",
        0x809b => "AppleTalk",
        0x80f3 => "AppleTalk ARP",
        VLAN => "802.1Q VLAN tag",
        0x8137 | 0x8138 => "IPX",
        0x8808 => "Ethernet flow control (PAUSE)",
        SLOW => "slow protocols (LACP)",
        PPP => "PPP",
        WCCP => "WCCP",
        MPLS_UNICAST => "MPLS",
        MPLS_MULTICAST => "MPLS multicast",
        PPPOE_DISCOVERY => "PPPoE discovery",
        PPPOE_SESSION => "PPPoE session",
        0x887b => "HomePlug",
        EAPOL => "802.1X authentication",
        0x8892 => "PROFINET",
        0x88a2 => "ATA over Ethernet",
        0x88a4 => "EtherCAT",
        SERVICE_TAG => "802.1ad service tag",
        0x88ab => "Powerlink",
        0x88b5 | 0x88b6 => "local experiment",
        0x88b8 => "GOOSE",
        0x88ba => "sampled values",
        LLDP => "LLDP",
        0x88e1 => "HomePlug AV",
        MACSEC => "MACsec",
        BACKBONE => "provider backbone bridging",
        0x88f7 => "PTP: precise time",
        0x8902 => "link fault management (CFM)",
        0x8903 => "FabricPath",
        0x8906 => "Fibre Channel over Ethernet",
        CISCO_METADATA => "Cisco metadata (security group)",
        0x8914 => "FCoE initialization",
        0x8915 => "RoCE",
        0x891d => "TTEthernet",
        VN_TAG => "VN-Tag",
        HSR => "HSR",
        0x893a => "IEEE 1905.1",
        E_TAG => "802.1BR E-Tag",
        NSH => "network service header",
        LOOP => "loopback test",
        QINQ_OLD => "VLAN tag, from before 802.1ad",
        0xcafe => "Veritas low latency transport",
        ARISTA => "Arista vendor header",
        _ => return None,
    })
}
