//! How sizes, times and ends of conversations are written for people.

use std::net::IpAddr;

use crate::analysis::connections::{Conversation, Ending, Endpoint, Protocol};
use crate::decode::{Kind, ip_protocol};
use crate::service;
use crate::text::amount::{push_size, push_time, scaled};
use crate::text::escape::push_escaped;
use crate::text::{Buffer, push, push_ipv4, push_ipv6, push_number, written};

/// A length of time with three digits that count: `1.23 ms`.
pub(super) fn time(nanos: i64) -> String {
    written(|out| push_time(out, nanos))
}

/// A number of bytes with three digits that count: `1.23 MB`.
pub(super) fn size(bytes: u64) -> String {
    written(|out| push_size(out, bytes))
}

/// Bits a second, from bytes in nanoseconds.
pub(super) fn rate(bytes: u64, nanos: i64) -> String {
    if nanos <= 0 {
        return String::new();
    }
    scaled(bytes as f64 * 8.0 * 1e9 / nanos as f64, "bit/s")
}

/// Address and port, the IPv6 address in brackets; protocols without ports have the address alone.
pub(super) fn push_end(out: &mut Buffer, end: Endpoint, protocol: Protocol) {
    let has_ports = protocol.has_ports();
    match end.address {
        IpAddr::V4(address) => push_ipv4(out, address.octets()),
        IpAddr::V6(address) if has_ports => {
            out.push(b'[');
            push_ipv6(out, address.octets());
            out.push(b']');
        }
        IpAddr::V6(address) => push_ipv6(out, address.octets()),
    }
    if has_ports {
        out.push(b':');
        push_number(out, end.port.into());
    }
}

/// The protocol's name as people write it, or its number: `UDP`, `ICMPv6`, `IP 253`.
pub(super) fn push_protocol(out: &mut Buffer, conversation: &Conversation) {
    match conversation.ip_protocol() {
        Some(number) => push_ip_protocol(out, number),
        None => push(out, Kind::Arp.short()),
    }
}

/// The same by its number in an IP header.
pub(super) fn push_ip_protocol(out: &mut Buffer, number: u8) {
    match ip_protocol::name(number) {
        Some(name) => push(out, name),
        None => {
            push(out, "IP ");
            push_number(out, number.into());
        }
    }
}

/// The same for programs: both versions of ICMP have one name, and so have all that are known by their number only.
pub(super) fn protocol(conversation: &Conversation) -> &'static str {
    match (conversation.protocol, conversation.kind()) {
        (Protocol::Ip, Some(kind)) => kind.token(),
        (protocol, _) => protocol.name(),
    }
}

pub(super) fn end(end: Endpoint, protocol: Protocol) -> String {
    written(|out| push_end(out, end, protocol))
}

/// What is spoken: the protocol that was recognised, or the one that usually is on the port that was asked.
pub(super) fn push_service(out: &mut Buffer, conversation: &Conversation) {
    match conversation.application {
        Some(kind) => {
            let start = out.len();
            push(out, kind.short());
            out[start..].make_ascii_lowercase();
        }
        None if conversation.is_ftp_data => push(out, "ftp-data"),
        None if conversation.protocol.has_ports() => {
            let name = service::name(conversation.ends()[1].port);
            push(out, name.unwrap_or_default());
        }
        None => {}
    }
}

pub(super) fn service(conversation: &Conversation) -> String {
    written(|out| push_service(out, conversation))
}

pub(super) fn server_name(conversation: &Conversation) -> String {
    let name = conversation.server_name.as_deref().unwrap_or_default();
    written(|out| push_escaped(out, name))
}

/// How it went, and who ended it.
fn how_it_ended(conversation: &Conversation) -> (&'static str, &'static str) {
    let Some(tcp) = &conversation.tcp else {
        let words = match conversation.sent.map(|sent| sent.frames) {
            // Where both ends were heard, it was an answer that came too late, or the last of many.
            [_, 0] | [0, _] if conversation.unreachable => "unreachable",
            [0, _] | [_, 0] => "one way",
            _ => "both ways",
        };
        return (words, "");
    };
    let ending = tcp.ending();
    if conversation.unreachable && ending == Ending::Unanswered {
        return ("unreachable", "");
    }
    let by = match (ending, tcp.ended_by()) {
        (Ending::Reset | Ending::HalfClosed, Some(0)) => " by client",
        (Ending::Reset | Ending::HalfClosed, Some(_)) => " by server",
        _ => "",
    };
    (ending.words(), by)
}

/// How it went, and who ended it: `reset by server`.
pub(super) fn push_ending(out: &mut Buffer, conversation: &Conversation) {
    let (words, by) = how_it_ended(conversation);
    push(out, words);
    push(out, by);
}

pub(super) fn ending(conversation: &Conversation) -> String {
    written(|out| push_ending(out, conversation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_a_unit() {
        assert_eq!(rate(1_250_000, 1_000_000_000), "10.0 Mbit/s");
        assert_eq!(rate(124_994, 1_000_000_000), "1.00 Mbit/s");
        assert_eq!(rate(1, 0), "");
    }
}
