//! Fields of the Address Resolution Protocol (RFC 826), announcements and probes (RFC 5227).
//! Wireshark has the three truth values only where they are true.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::Kind;
use crate::decode::arp;

const A: Layout = Layout(Kind::Arp);

#[rustfmt::skip]
pub(super) static ARP: &[Field] = &[
    A.dec("arp.hw.type", 0, 2, "Kind of hardware address; 1 is Ethernet"),
    A.hex("arp.proto.type", 2, 2, "Kind of protocol address; 0x0800 is IPv4"),
    A.dec("arp.hw.size", 4, 1, "Length of a hardware address, in bytes"),
    A.dec("arp.proto.size", 5, 1, "Length of a protocol address, in bytes"),
    A.dec("arp.opcode", 6, 2, "1 asks who has an address, 2 answers"),
    A.one("arp.isgratuitous", Type::Bool, |p, l| arp::addresses(p, l).filter(arp::Addresses::is_gratuitous).map(|_| Value::Bool(true)), "Says an address unasked: sender and target are the same"),
    A.one("arp.isprobe", Type::Bool, |p, l| arp::addresses(p, l).filter(arp::Addresses::is_probe).map(|_| Value::Bool(true)), "Asks whether an address is taken, naming none of its own"),
    A.one("arp.isannouncement", Type::Bool, |p, l| arp::addresses(p, l).filter(arp::Addresses::is_announcement).map(|_| Value::Bool(true)), "Claims an address after probing for it"),
    A.one("arp.src.hw_mac", Type::Mac, |p, l| arp::mac(p, l, arp::Who::Sender).map(Value::Mac), "Sender's MAC address"),
    A.one("arp.src.proto_ipv4", Type::Ipv4, |p, l| arp::ipv4(p, l, arp::Who::Sender).map(Value::Ipv4), "Sender's IPv4 address"),
    A.one("arp.dst.hw_mac", Type::Mac, |p, l| arp::mac(p, l, arp::Who::Target).map(Value::Mac), "Target's MAC address; zeros in a question"),
    A.one("arp.dst.proto_ipv4", Type::Ipv4, |p, l| arp::ipv4(p, l, arp::Who::Target).map(Value::Ipv4), "Target's IPv4 address: the one that is asked for"),
];
