//! Zeek's conn.log, tab-separated (<https://docs.zeek.org/en/master/logs/conn.html>), with the column that its Community ID
//! script adds. ARP has no place in it.

use super::local::is_local;
use super::words;
use crate::analysis::connections::{Account, Conversation, Protocol, community_id};
use crate::decode::Kind;
use crate::text::{Buffer, push, push_epoch, push_number, push_seconds};

/// Names and types of the columns.
const COLUMNS: &[(&str, &str)] = &[
    ("ts", "time"),
    ("uid", "string"),
    ("id.orig_h", "addr"),
    ("id.orig_p", "port"),
    ("id.resp_h", "addr"),
    ("id.resp_p", "port"),
    ("proto", "enum"),
    ("service", "string"),
    ("duration", "interval"),
    ("orig_bytes", "count"),
    ("resp_bytes", "count"),
    ("conn_state", "string"),
    ("local_orig", "bool"),
    ("local_resp", "bool"),
    ("missed_bytes", "count"),
    ("history", "string"),
    ("orig_pkts", "count"),
    ("orig_ip_bytes", "count"),
    ("resp_pkts", "count"),
    ("resp_ip_bytes", "count"),
    ("tunnel_parents", "set[string]"),
    ("ip_proto", "count"),
    ("community_id", "string"),
];

/// Numbers of protocols that Zeek has events for, but no connections: ESP and IPv6's mobility header.
const NOT_LISTED: [u8; 2] = [50, 135];

pub(super) fn push_header(out: &mut Buffer) {
    push(
        out,
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n",
    );
    for (word, which) in [("#fields", 0), ("#types", 1)] {
        push(out, word);
        for (name, kind) in COLUMNS {
            out.push(b'\t');
            push(out, [name, kind][which]);
        }
        out.push(b'\n');
    }
}

pub(super) fn push_record(out: &mut Buffer, conversation: &Conversation) {
    let number = conversation.ip_protocol();
    let Some(number) = number.filter(|number| !NOT_LISTED.contains(number)) else {
        return;
    };
    let id = community_id(conversation).unwrap_or_default();
    let account = account(conversation);
    let [client, server] = conversation.ends();
    let sent = &conversation.sent;
    match conversation.start {
        Some(start) => push_epoch_micros(out, start),
        None => push(out, "-"),
    }
    tab(out, &uid(conversation, &id));
    let is_known = !matches!(conversation.protocol, Protocol::Sctp | Protocol::Ip);
    for end in [client, server] {
        tab(out, &end.address.to_string());
        let port = if is_known { end.port } else { 0 };
        tab(out, &port.to_string());
    }
    tab(
        out,
        match is_known {
            true => conversation.protocol.name(),
            false => "unknown_transport",
        },
    );
    tab(out, &service(conversation));
    out.push(b'\t');
    // Where it lasted no time, Zeek leaves the bytes open too.
    match duration(conversation) {
        time @ 1.. => {
            push_seconds(out, time, 6);
            for (end, sent) in sent.iter().enumerate() {
                out.push(b'\t');
                let bytes = account.map_or(sent.data, |account| account.stream_length(end));
                push_number(out, bytes);
            }
        }
        _ => push(out, "-\t-\t-"),
    }
    tab(out, state(conversation));
    for end in [client, server] {
        tab(out, if is_local(end.address) { "T" } else { "F" });
    }
    out.push(b'\t');
    push_number(out, account.map_or(0, |account| account.zeek.missed));
    out.push(b'\t');
    match account {
        Some(account) => push(out, account.zeek.history.letters()),
        None => push(out, simple_history(conversation)),
    }
    for end in sent {
        out.push(b'\t');
        push_number(out, end.frames);
        out.push(b'\t');
        push_number(out, end.ip_bytes);
    }
    tab(out, "-");
    out.push(b'\t');
    push_number(out, number.into());
    tab(out, &id);
    out.push(b'\n');
}

/// What Zeek calls the protocol inside, where it looks for that one.
fn service(conversation: &Conversation) -> String {
    const NONE: &str = "-";
    /// NetBIOS's name service has the messages of DNS (RFC 1002, 4.2).
    const NETBIOS_NAMES: u16 = 137;
    let is_tcp = conversation.protocol == Protocol::Tcp;
    if conversation.protocol == Protocol::Udp && conversation.ends()[1].port == NETBIOS_NAMES {
        return "dns".to_owned();
    }
    if conversation.is_ftp_data && conversation.application.is_none() {
        return words::service(conversation);
    }
    // It is sure of what is spoken over TCP once it has heard both ends.
    let spoke = conversation.sent.map(|sent| sent.data > 0);
    let Some(kind) = conversation
        .application
        .filter(|_| !is_tcp || spoke == [true; 2])
    else {
        return NONE.to_owned();
    };
    if is_from_the_middle(conversation) && WANTS_THE_BEGINNING.contains(&kind) {
        return NONE.to_owned();
    }
    let name = match kind {
        Kind::Tls => "ssl",
        Kind::Mdns | Kind::Llmnr => "dns",
        Kind::Gtp => "gtpv1",
        Kind::Ipv6 => "teredo",
        Kind::Ldap if is_tcp => "ldap_tcp",
        Kind::Ldap => "ldap_udp",
        Kind::Dhcpv6 | Kind::Telnet | Kind::Bgp | Kind::Rtsp | Kind::Isakmp => NONE,
        _ => return words::service(conversation),
    };
    name.to_owned()
}

/// What Zeek does not try to understand of a connection whose beginning it has not seen.
const WANTS_THE_BEGINNING: &[Kind] = &[
    Kind::Http,
    Kind::Imap,
    Kind::Mysql,
    Kind::Pop3,
    Kind::Sip,
    Kind::Smtp,
    Kind::Ssh,
    Kind::Tls,
];

/// Whether it is one of TCP without its answer to the SYN.
fn is_from_the_middle(conversation: &Conversation) -> bool {
    let tcp = conversation.tcp.as_ref();
    tcp.is_some_and(|tcp| !tcp.has_sent_syn(1))
}

fn tab(out: &mut Buffer, text: &str) {
    out.push(b'\t');
    push(out, text);
}

/// Zeek writes times to the microsecond.
fn push_epoch_micros(out: &mut Buffer, time: crate::frame::Timestamp) {
    let start = out.len();
    push_epoch(out, time);
    let end = out.len() - 3;
    out.truncate(end.max(start));
}

/// A name for the connection, the same at every run: `C`, and 17 letters and digits made of its Community ID, its start and
/// its number.
fn uid(conversation: &Conversation, id: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // FNV-1a, 128 bits: nothing secret, nothing that anybody profits from making collide.
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let start = conversation.start.unwrap_or_default().nanos().to_be_bytes();
    let number = conversation.number.to_be_bytes();
    for byte in id.bytes().chain(start).chain(number) {
        hash ^= u128::from(byte);
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let mut uid = String::from("C");
    for _ in 0..17 {
        uid.push(char::from(DIGITS[(hash % 62) as usize]));
        hash /= 62;
    }
    uid
}

fn account(conversation: &Conversation) -> Option<&Account> {
    conversation.tcp.as_ref()?.account.as_deref()
}

/// Up to the segment with which the second end was done: the last ACK is not part of it.
fn duration(conversation: &Conversation) -> i64 {
    let account = account(conversation);
    let last = account.and_then(|account| account.zeek.last());
    match (conversation.start, last) {
        (Some(start), Some(last)) => last.since(start),
        _ => conversation.duration(),
    }
}

/// What passed, in the letters that a connection's history has.
fn simple_history(conversation: &Conversation) -> &'static str {
    if conversation.protocol != Protocol::Udp {
        return "-";
    }
    let has_sent = conversation.sent.map(|sent| sent.frames > 0);
    match (conversation.first_from, has_sent) {
        (0, [_, true]) => "Dd",
        (0, _) => "D",
        (_, [true, _]) => "^dD",
        _ => "^d",
    }
}

/// Zeek's `conn_state`.
fn state(conversation: &Conversation) -> &'static str {
    if let Some(account) = account(conversation) {
        let is_empty = (0..2).all(|end| account.stream_length(end) == 0);
        return account.zeek.state(is_empty);
    }
    match (
        conversation.protocol,
        conversation.sent.map(|sent| sent.frames > 0),
    ) {
        (Protocol::Udp, [true, true]) => "SF",
        (Protocol::Udp, [true, false]) => "S0",
        (Protocol::Udp, _) => "SHR",
        _ => "OTH",
    }
}
