//! Fields of applications: DNS and its relatives, DHCP, HTTP, TLS.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::dns::{self, Message};
use crate::decode::{Kind, Layer, Packet, dhcp, http, tls};

/// DNS, multicast DNS and LLMNR have one format, and Wireshark one set of names for them.
#[rustfmt::skip]
const fn dns_rows(kind: Kind) -> [Field; 11] {
    let d = Layout(kind);
    [
        d.hex("dns.id", 0, 2, "Identifier: the answer has that of its query"),
        d.bit("dns.flags.response", 2, 2, 0x8000, "An answer (1) or a query (0)"),
        d.part("dns.flags.opcode", 2, 2, 0x7800, "Kind of query; 0 is the usual one"),
        d.one("dns.flags.rcode", Type::Uint, |p, l| {
            let message = Message(p.header(l));
            message.code().filter(|_| message.is_response() == Some(true)).map(|n| Value::Uint(n.into()))
        }, "What came of it: 0 no error, 3 no such name"),
        d.dec("dns.count.queries", 4, 2, "How many questions"),
        d.dec("dns.count.answers", 6, 2, "How many answers"),
        d.many("dns.qry.name", Type::Text, |p, l, visit| Message(p.header(l)).questions().for_each(|q| visit(Value::Name(q.name))), "Name that is asked about"),
        d.many("dns.qry.type", Type::Uint, |p, l, visit| Message(p.header(l)).questions().for_each(|q| visit(Value::Uint(q.kind.into()))), "What is asked about it: 1 IPv4 address, 28 IPv6 address"),
        d.many("dns.a", Type::Ipv4, |p, l, visit| records(p, l, dns::record::A, |data| data.try_into().ok().map(Value::Ipv4), visit), "IPv4 addresses in the answer"),
        d.many("dns.aaaa", Type::Ipv6, |p, l, visit| records(p, l, dns::record::AAAA, |data| data.try_into().ok().map(Value::Ipv6), visit), "IPv6 addresses in the answer"),
        d.many("dns.cname", Type::Text, |p, l, visit| {
            let cnames = Message(p.header(l)).records().filter(|r| r.kind == dns::record::CNAME);
            cnames.for_each(|r| visit(Value::Name(r.target())));
        }, "Name that another one stands for"),
    ]
}

pub(super) static DNS: &[Field] = &dns_rows(Kind::Dns);
pub(super) static MDNS: &[Field] = &dns_rows(Kind::Mdns);
pub(super) static LLMNR: &[Field] = &dns_rows(Kind::Llmnr);

fn records<'a>(
    packet: &Packet<'a>,
    layer: &Layer,
    kind: u16,
    read: impl Fn(&'a [u8]) -> Option<Value<'a>>,
    visit: &mut dyn FnMut(Value<'a>),
) {
    let records = Message(packet.header(layer)).records();
    let of_kind = records.filter(|record| record.kind == kind);
    of_kind
        .filter_map(|record| read(record.data))
        .for_each(visit);
}

const D: Layout = Layout(Kind::Dhcp);

#[rustfmt::skip]
pub(super) static DHCP: &[Field] = &[
    D.dec("dhcp.type", 0, 1, "From a client (1) or a server (2)"),
    D.hex("dhcp.id", 4, 4, "Transaction it belongs to"),
    D.ipv4("dhcp.ip.client", 12, "Address the client has already"),
    D.ipv4("dhcp.ip.your", 16, "Address the client gets"),
    D.ipv4("dhcp.ip.server", 20, "Next server to boot from"),
    D.ipv4("dhcp.ip.relay", 24, "Relay that passed it on"),
    D.mac("dhcp.hw.mac_addr", 28, "The client's MAC address"),
    D.one("dhcp.option.dhcp", Type::Uint, |p, l| message(p, l).message_type().map(|n| Value::Uint(n.into())), "Kind of message: 1 discover, 2 offer, 3 request, 5 acknowledge"),
    D.one("dhcp.option.hostname", Type::Text, |p, l| message(p, l).option(dhcp::option::HOST_NAME).map(Value::Text), "The client's name"),
    D.one("dhcp.option.requested_ip_address", Type::Ipv4, |p, l| message(p, l).address(dhcp::option::REQUESTED_ADDRESS).map(Value::Ipv4), "Address the client would like"),
    D.one("dhcp.option.ip_address_lease_time", Type::Uint, |p, l| {
        let seconds = message(p, l).address(dhcp::option::LEASE_TIME)?;
        Some(Value::Uint(u32::from_be_bytes(seconds).into()))
    }, "How long it may be used, in seconds"),
    D.one("dhcp.option.dhcp_server_id", Type::Ipv4, |p, l| message(p, l).address(dhcp::option::SERVER).map(Value::Ipv4), "Server that it is about"),
];

fn message<'a>(packet: &Packet<'a>, layer: &Layer) -> dhcp::Message<'a> {
    dhcp::Message(packet.header(layer))
}

const H: Layout = Layout(Kind::Http);

#[rustfmt::skip]
pub(super) static HTTP: &[Field] = &[
    H.one("http.request.method", Type::Text, |p, l| http::request(p.header(l)).map(|(method, _)| Value::Text(method)), "What is asked for: GET, POST, …"),
    H.one("http.request.uri", Type::Text, |p, l| http::request(p.header(l)).map(|(_, target)| Value::Text(target)), "Of which resource"),
    H.one("http.host", Type::Text, |p, l| http::header(p.header(l), "Host").map(Value::Text), "Of which server"),
    H.one("http.user_agent", Type::Text, |p, l| http::header(p.header(l), "User-Agent").map(Value::Text), "Program that asks"),
    H.one("http.response.code", Type::Uint, |p, l| http::status(p.header(l)).map(|n| Value::Uint(n.into())), "What came of it: 200 done, 404 not found"),
    H.one("http.content_type", Type::Text, |p, l| http::header(p.header(l), "Content-Type").map(Value::Text), "Kind of content"),
];

const T: Layout = Layout(Kind::Tls);

#[rustfmt::skip]
pub(super) static TLS: &[Field] = &[
    T.one("tls.record.content_type", Type::Uint, |p, l| tls::content_type(p.header(l)).map(|n| Value::Uint(n.into())), "Kind of the first record: 22 handshake, 23 data, 21 alert"),
    T.hex("tls.record.version", 1, 2, "Version as the record states it"),
    T.one("tls.handshake.type", Type::Uint, |p, l| tls::handshake_type(p.header(l)).map(|n| Value::Uint(n.into())), "First handshake message: 1 client hello, 2 server hello"),
    T.one("tls.handshake.extensions_server_name", Type::Text, |p, l| tls::server_name(p.header(l)).map(Value::Text), "Server that the client asks for"),
];
