//! What applications say, on one line: the fact a reader wants first.

use super::services;
use crate::decode::dns::{self, Message, Record};
use crate::decode::{Kind, Layer, Packet, dhcp, http, tls};
use crate::fields::push_name;
use crate::text::escape::push_escaped;
use crate::text::{Buffer, push, push_ipv4, push_ipv6, push_mac, push_number};

/// Longest piece of text off the wire that a line shows.
const MOST_TEXT: usize = 100;

pub(super) fn push_application(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    let data = packet.header(layer);
    if layer.is_guessed() {
        push(out, "looks like ");
        push(out, layer.kind.short());
        push(out, ": ");
    }
    match layer.kind {
        Kind::Dns | Kind::Mdns | Kind::Llmnr => push_dns(out, Message(data)),
        Kind::Dhcp => push_dhcp(out, dhcp::Message(data)),
        Kind::Tls => push_tls(out, data),
        Kind::Ntp => push_ntp(out, data),
        Kind::Http => {
            push_text(out, http::first_line(data));
            if let (Some(_), Some(host)) = (http::request(data), http::header(data, "Host")) {
                push(out, " host ");
                push_text(out, host);
            }
        }
        _ if services::push_service(out, packet, layer) => {}
        kind if is_text(kind) && starts_with_text(data) => push_text(out, http::first_line(data)),
        kind => push(out, kind.name()),
    }
    let (there, whole) = (data.len() as u64, u64::from(layer.end - layer.start));
    if there < whole {
        push(out, " [");
        push_number(out, there);
        push(out, " of ");
        push_number(out, whole);
        push(out, " bytes captured]");
    }
}

/// Protocols that begin with a line of text.
fn is_text(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Ssh
            | Kind::Ftp
            | Kind::Smtp
            | Kind::Pop3
            | Kind::Imap
            | Kind::Telnet
            | Kind::Rtsp
            | Kind::Sip
            | Kind::Redis
            | Kind::Syslog
            | Kind::Ssdp
    )
}

/// Encrypted or binary data of such a protocol has no first line.
fn starts_with_text(data: &[u8]) -> bool {
    let line = http::first_line(data);
    !line.is_empty()
        && line
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~' | b'\t' | 0x80..))
}

pub(super) fn push_text(out: &mut Buffer, text: &[u8]) {
    push_escaped(out, &text[..text.len().min(MOST_TEXT)]);
    if text.len() > MOST_TEXT {
        push(out, "…");
    }
}

/// `A example.com?` and `A example.com: 10.9.0.2`.
fn push_dns(out: &mut Buffer, message: Message<'_>) {
    let Some(is_response) = message.is_response() else {
        return push(out, "cut");
    };
    let mut questions = message.questions();
    match questions.next() {
        Some(question) => {
            push_type(out, question.kind);
            push(out, " ");
            push_name(out, question.name);
        }
        // Multicast DNS answers without repeating the question.
        None => {
            if let Some(record) = message.answers().next() {
                push_type(out, record.kind);
                push(out, " ");
                push_name(out, record.name);
            }
        }
    }
    if !is_response {
        return push(out, "?");
    }
    push(out, ": ");
    let code = message.code().unwrap_or(0);
    if code != 0 {
        return push(out, dns::code_name(code));
    }
    push_answers(out, message);
}

/// The first answers in full, how many more there are.
fn push_answers(out: &mut Buffer, message: Message<'_>) {
    const SHOWN: usize = 3;
    let mut separator = "";
    for record in message.answers().take(SHOWN) {
        push(out, separator);
        push_record(out, &record);
        separator = ", ";
    }
    if separator.is_empty() {
        push(out, "no such record");
    }
    let more = message.answers().skip(SHOWN).count();
    if more > 0 {
        push(out, ", and ");
        push_number(out, more as u64);
        push(out, " more");
    }
}

fn push_record(out: &mut Buffer, record: &Record<'_>) {
    match (record.kind, record.data.try_into(), record.data.try_into()) {
        (dns::record::A, Ok(address), _) => push_ipv4(out, address),
        (dns::record::AAAA, _, Ok(address)) => push_ipv6(out, address),
        (dns::record::CNAME | dns::record::PTR, ..) => {
            push_type(out, record.kind);
            push(out, " ");
            push_name(out, record.target());
        }
        _ => push_type(out, record.kind),
    }
}

fn push_type(out: &mut Buffer, kind: u16) {
    match dns::type_name(kind) {
        Some(name) => push(out, name),
        None => {
            push(out, "TYPE");
            push_number(out, kind.into());
        }
    }
}

fn push_dhcp(out: &mut Buffer, message: dhcp::Message<'_>) {
    const OFFER: u8 = 2;
    const ACK: u8 = 5;
    const NONE: [u8; 4] = [0; 4];
    let kind = message.message_type();
    push(out, kind.map_or("BOOTP message", dhcp::type_name));
    if let (Some(OFFER | ACK), Some(address)) = (kind, message.your_address())
        && address != NONE
    {
        push(out, " ");
        push_ipv4(out, address);
        if let Some(seconds) = message.address(dhcp::option::LEASE_TIME) {
            push(out, " for ");
            push_number(out, u32::from_be_bytes(seconds).into());
            push(out, " s");
        }
    }
    if let Some(address) = message.address(dhcp::option::REQUESTED_ADDRESS) {
        push(out, " wants ");
        push_ipv4(out, address);
    }
    if let Some(server) = message.address(dhcp::option::SERVER) {
        push(out, " server ");
        push_ipv4(out, server);
    }
    if let Some(mac) = message.client_mac() {
        push(out, " client ");
        push_mac(out, mac);
    }
    if let Some(name) = message.option(dhcp::option::HOST_NAME) {
        push(out, " name ");
        push_text(out, name);
    }
}

fn push_tls(out: &mut Buffer, data: &[u8]) {
    let name = match (tls::content_type(data), tls::handshake_type(data)) {
        (_, Some(tls::CLIENT_HELLO)) => "client hello",
        (_, Some(tls::SERVER_HELLO)) => "server hello",
        (_, Some(11)) => "certificate",
        (_, Some(_)) => "handshake",
        (Some(20), _) => "change cipher spec",
        (Some(21), _) => "alert",
        (Some(22), _) => "encrypted handshake",
        (Some(23), _) => "application data",
        _ => "record",
    };
    push(out, name);
    if let Some(version) = tls::version(data).and_then(tls::version_name) {
        push(out, " ");
        push(out, version);
    }
    if let Some(server) = tls::server_name(data) {
        push(out, " for ");
        push_text(out, server);
    }
}

/// RFC 5905, 7.3: version and mode share the first octet, the stratum follows.
fn push_ntp(out: &mut Buffer, data: &[u8]) {
    let [first, stratum, ..] = data else {
        return push(out, "cut");
    };
    let mode = match first & 0x07 {
        1 => "symmetric active",
        2 => "symmetric passive",
        3 => "client asks for the time",
        4 => "server tells the time",
        5 => "broadcast",
        6 => "control message",
        _ => "private message",
    };
    push(out, mode);
    push(out, " version ");
    push_number(out, (first >> 3 & 0x07).into());
    if first & 0x07 == 4 {
        push(out, " stratum ");
        push_number(out, (*stratum).into());
    }
}
