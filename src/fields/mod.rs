//! The register of every named field: what it is called, what it means, and how to read it.
//!
//! The only place that says what a field is called: `-e`, JSON, CSV, display filters and `netinspect fields` all
//! read it. Names are Wireshark's, values are written as `tshark -T fields` writes them; fields of our own
//! start with `netinspect.`.

mod analysis;
mod application;
mod arp;
mod control;
mod frame;
mod ipv4;
mod ipv6;
mod link;
mod neighbor;
mod routing;
mod row;
mod service;
mod span;
mod tcp;
mod tunnel;
mod udp;
mod value;
mod write;

pub use row::{Field, Past, Type};
pub use span::Span;
pub use value::Value;
pub use write::{push_name, push_value};

use crate::decode::{Kind, Layer, Packet};

/// Every row. A name that several layers share has a row for each.
pub fn all() -> impl Iterator<Item = &'static Field> {
    Kind::ALL.iter().flat_map(|kind| of(*kind))
}

/// The rows of one layer, in the order of its header.
pub fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Frame => frame::FRAME,
        Kind::Ethernet => link::ETHERNET,
        Kind::Ieee8023 => link::IEEE8023,
        Kind::Vlan => link::VLAN,
        Kind::ServiceTag => link::SERVICE_TAG,
        Kind::Llc => link::LLC,
        Kind::Backbone => link::BACKBONE,
        Kind::Sll => link::SLL,
        Kind::Sll2 => link::SLL2,
        Kind::Null => link::NULL,
        Kind::Pppoe => link::PPPOE,
        Kind::PppoeDisc => link::PPPOE_DISCOVERY,
        Kind::Mpls => link::MPLS,
        Kind::Arp => arp::ARP,
        Kind::Ipv4 => ipv4::IPV4,
        Kind::Ipv6 => ipv6::IPV6,
        Kind::HopByHop => ipv6::HOP_BY_HOP,
        Kind::Routing => ipv6::ROUTING,
        Kind::Fragment => ipv6::FRAGMENT,
        Kind::DestOpts => ipv6::DESTINATION_OPTIONS,
        Kind::Ah => ipv6::AH,
        Kind::Esp => ipv6::ESP,
        Kind::Icmp => control::ICMP,
        Kind::Icmpv6 => control::ICMPV6,
        Kind::Igmp => control::IGMP,
        Kind::Tcp => tcp::TCP,
        Kind::Udp => udp::UDP,
        Kind::Sctp => udp::SCTP,
        Kind::Gre => tunnel::GRE,
        Kind::Vxlan => tunnel::VXLAN,
        Kind::Geneve => tunnel::GENEVE,
        Kind::Gtp => tunnel::GTP,
        Kind::Data => frame::DATA,
        Kind::Stp => link::STP,
        Kind::Lldp => neighbor::LLDP,
        Kind::Cdp => neighbor::CDP,
        Kind::Eapol => neighbor::EAPOL,
        Kind::Macsec => neighbor::MACSEC,
        Kind::Slow => neighbor::SLOW,
        Kind::Wlan => neighbor::WLAN,
        Kind::Ospf => routing::OSPF,
        Kind::Vrrp => routing::VRRP,
        Kind::Pim => routing::PIM,
        Kind::Eigrp => routing::EIGRP,
        Kind::Rip => routing::RIP,
        Kind::Snmp => service::SNMP,
        Kind::Mqtt => service::MQTT,
        Kind::Mysql => service::MYSQL,
        Kind::Postgres => service::POSTGRES,
        Kind::Ntp => service::NTP,
        Kind::Ssh => service::SSH,
        Kind::Dns => application::DNS,
        Kind::Mdns => application::MDNS,
        Kind::Llmnr => application::LLMNR,
        Kind::Dhcp => application::DHCP,
        Kind::Http => application::HTTP,
        Kind::Tls => application::TLS,
        Kind::Dhcpv6
        | Kind::Ftp
        | Kind::Telnet
        | Kind::Smtp
        | Kind::Pop3
        | Kind::Imap
        | Kind::Bgp
        | Kind::Ldap
        | Kind::Smb
        | Kind::Rtsp
        | Kind::Sip
        | Kind::Redis
        | Kind::Quic
        | Kind::Isakmp
        | Kind::Syslog
        | Kind::Radius
        | Kind::Ssdp
        | Kind::Stun
        | Kind::Ppp
        | Kind::Chdlc
        | Kind::FrameRelay
        | Kind::Radiotap
        | Kind::Prism
        | Kind::Ppi
        | Kind::TokenRing
        | Kind::Fddi
        | Kind::Arcnet
        | Kind::Nflog
        | Kind::CiscoMetadata
        | Kind::VnTag
        | Kind::Hsr
        | Kind::ETag
        | Kind::Arista
        | Kind::Nsh
        | Kind::Erspan
        | Kind::Wccp
        | Kind::Teredo
        | Kind::Loop => &[],
    }
}

/// A name, resolved to the rows that carry it.
#[derive(Debug, Clone)]
pub struct Selection {
    pub name: &'static str,
    rows: Vec<&'static Field>,
}

impl Selection {
    /// The field of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        let rows: Vec<_> = all().filter(|field| field.name == name).collect();
        rows.first().map(|first| Self {
            name: first.name,
            rows: rows.clone(),
        })
    }

    /// What reading it needs to know of the frames before.
    pub fn past(&self) -> Past {
        let needs = self.rows.iter().map(|field| field.past);
        needs.max().unwrap_or_default()
    }

    /// Calls `visit` with every occurrence in the packet, outermost first.
    pub fn each<'a>(&self, packet: &Packet<'a>, mut visit: impl FnMut(&'static Field, Value<'a>)) {
        for layer in packet.layers {
            for field in &self.rows {
                if field.layer == layer.kind {
                    field.each(packet, layer, |value| visit(field, value));
                }
            }
        }
    }
}

/// Names that look like `name`, nearest first: for "did you mean".
pub fn near(name: &str) -> Vec<&'static str> {
    nearest(name, all().map(|field| field.name))
}

/// The three of `names` that look most like `name`, whatever the case, if any does.
pub fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut candidates: Vec<(usize, &'static str)> = names
        .map(|other| (distance(&name.to_lowercase(), &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= 2 + name.len() / 6)
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    candidates
        .into_iter()
        .map(|(_, name)| name)
        .take(3)
        .collect()
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.bytes().enumerate() {
            let substitution = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = substitution.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Reads a field of one layer into a value, where there is just one.
pub fn first<'a>(field: &Field, packet: &Packet<'a>, layer: &Layer) -> Option<Value<'a>> {
    let mut found = None;
    field.each(packet, layer, |value| {
        found.get_or_insert(value);
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_in_its_own_layers_table() {
        for kind in Kind::ALL {
            for field in of(*kind) {
                assert_eq!(field.layer, *kind, "{}", field.name);
            }
        }
    }

    #[test]
    fn a_layer_names_a_field_once() {
        for kind in Kind::ALL {
            let names: Vec<_> = of(*kind).iter().map(|field| field.name).collect();
            let mut unique = names.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(names.len(), unique.len(), "{kind:?}");
        }
    }

    #[test]
    fn a_typing_error_finds_its_field() {
        assert_eq!(near("tcp.srcprot").first(), Some(&"tcp.srcport"));
        assert_eq!(near("IP.SRC").first(), Some(&"ip.src"));
        assert!(near("zzzzzzzz").is_empty());
    }
}
