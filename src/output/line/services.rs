//! What is said to managed devices, brokers and databases, and by protocols that begin with something else than text.

use super::application::push_text;
use crate::decode::sql::{self, Mysql, Postgres};
use crate::decode::{Kind, Layer, Packet, http, mqtt, snmp};
use crate::output::names;
use crate::text::{Buffer, push, push_number};

/// Appends what such a protocol says; false for others, and where it can't be read.
pub(super) fn push_service(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) -> bool {
    let data = packet.header(layer);
    let said = match layer.kind {
        Kind::Snmp => push_snmp(out, snmp::Message(data)),
        Kind::Mqtt => push_mqtt(out, data),
        Kind::Mysql => push_mysql(out, data, sql::to_server(packet, layer)),
        Kind::Postgres => push_postgres(out, data, sql::to_server(packet, layer)),
        Kind::Redis => push_redis(out, data),
        Kind::Ssdp => push_ssdp(out, data),
        Kind::Telnet => push_telnet(out, data),
        _ => None,
    };
    said.is_some()
}

/// `version 2c get-request 1.3.6.1.2.1.1.1.0 community public`.
fn push_snmp(out: &mut Buffer, message: snmp::Message<'_>) -> Option<()> {
    let version = message.version()?;
    push(out, "version ");
    push(
        out,
        match version {
            0 => "1",
            1 => "2c",
            snmp::VERSION_3 => "3",
            _ => "not known",
        },
    );
    match message.request() {
        Some((kind, _)) => {
            push(out, " ");
            push(out, names::snmp_request(kind.into()).unwrap_or("request"));
        }
        None if message.is_encrypted() => push(out, " encrypted"),
        None => {}
    }
    if let Some(variable) = message.variable() {
        const SHOWN: usize = 32;
        let mut separator = " ";
        for number in snmp::numbers(variable).take(SHOWN) {
            push(out, separator);
            push_number(out, number);
            separator = ".";
        }
    }
    if let Some(community) = message.community() {
        push(out, " community ");
        push_text(out, community);
    }
    Some(())
}

fn push_mqtt(out: &mut Buffer, data: &[u8]) -> Option<()> {
    let mut packets = mqtt::packets(data);
    let packet = packets.next()?;
    push(out, names::mqtt(packet.kind.into())?);
    let mut topics = packet.topics();
    if let Some(topic) = topics.next() {
        push(out, " topic ");
        push_text(out, topic);
        push_more(out, topics.count());
    }
    if let Some(client) = packet.client() {
        push(out, " client ");
        push_text(out, client);
    }
    push_more(out, packets.count());
    Some(())
}

fn push_more(out: &mut Buffer, more: usize) {
    if more > 0 {
        push(out, ", and ");
        push_number(out, more as u64);
        push(out, " more");
    }
}

fn push_mysql(out: &mut Buffer, data: &[u8], to_server: bool) -> Option<()> {
    match Mysql::read(data, to_server)? {
        Mysql::Greeting(version) => {
            push(out, "server greeting version ");
            push_text(out, version);
        }
        Mysql::Login(user) => {
            push(out, "login user ");
            push_text(out, user);
        }
        Mysql::WantsTls => push(out, "asks for TLS"),
        Mysql::Command(number, about) => {
            push(out, names::mysql_command(number.into())?);
            if !about.is_empty() && matches!(number, 2 | 3 | 22) {
                push(out, " ");
                push_text(out, about);
            }
        }
        Mysql::Done => push(out, "done"),
        Mysql::Failed(code, text) => {
            push(out, "error ");
            push_number(out, code.into());
            push(out, " ");
            push_text(out, text);
        }
        Mysql::Other => push(out, if to_server { "data" } else { "result" }),
    }
    Some(())
}

fn push_postgres(out: &mut Buffer, data: &[u8], to_server: bool) -> Option<()> {
    let message = Postgres::read(data, to_server)?;
    match message {
        Postgres::Startup(_) => {
            push(out, "startup");
            for (name, parameter) in [(" user ", &b"user"[..]), (" database ", b"database")] {
                if let Some(value) = message.parameter(parameter) {
                    push(out, name);
                    push_text(out, value);
                }
            }
        }
        Postgres::WantsTls => push(out, "asks for TLS"),
        Postgres::Tls(true) => push(out, "agrees to TLS"),
        Postgres::Tls(false) => push(out, "has no TLS"),
        Postgres::Message(letter, body) => {
            push(out, names::postgres(letter, to_server)?);
            let text = match (letter, to_server) {
                (b'T', false) => {
                    push(out, " ");
                    push_number(out, sql::columns(body)?.into());
                    None
                }
                (b'C', false) => Some(body.strip_suffix(b"\0").unwrap_or(body)),
                (b'E' | b'N', false) => message.error(),
                (_, true) => message.query(),
                _ => None,
            };
            if let Some(text) = text {
                push(out, " ");
                push_text(out, text);
            }
        }
    }
    Some(())
}

/// A command is an array of strings, each with its length on a line before it: the strings are what people type.
fn push_redis(out: &mut Buffer, data: &[u8]) -> Option<()> {
    const SHOWN: usize = 4;
    let count = data.strip_prefix(b"*")?;
    let lines = count.split(|octet| *octet == b'\n').skip(1);
    let mut words = lines.map(<[u8]>::trim_ascii_end);
    let mut separator = "";
    for _ in 0..SHOWN {
        let Some(b'$') = words.next().and_then(|length| length.first()) else {
            break;
        };
        let Some(word) = words.next() else { break };
        push(out, separator);
        push_text(out, word);
        separator = " ";
    }
    (!separator.is_empty()).then_some(())
}

/// UPnP Device Architecture 2.0, 1: who looks for what, who offers what and where it is described.
fn push_ssdp(out: &mut Buffer, data: &[u8]) -> Option<()> {
    let (what, field) = match data {
        [b'M', b'-', ..] => ("looks for ", "ST"),
        [b'N', b'O', ..] if http::header(data, "NTS") == Some(b"ssdp:byebye") => ("goes: ", "NT"),
        [b'N', b'O', ..] => ("offers ", "NT"),
        [b'H', ..] => ("answers: ", "ST"),
        _ => return None,
    };
    push(out, what);
    push_text(out, http::header(data, field)?);
    if let Some(place) = http::header(data, "LOCATION") {
        push(out, " at ");
        push_text(out, place);
    }
    Some(())
}

/// RFC 854: options are agreed on before anybody types.
fn push_telnet(out: &mut Buffer, data: &[u8]) -> Option<()> {
    const COMMAND: u8 = 255;
    const SHOWN: usize = 4;
    let commands = || {
        let mut rest = data;
        std::iter::from_fn(move || match *rest {
            [COMMAND, verb @ 251..=254, option, ref behind @ ..] => {
                rest = behind;
                Some((verb, option))
            }
            _ => None,
        })
    };
    commands().next()?;
    push(out, "negotiates");
    for (index, (verb, option)) in commands().take(SHOWN).enumerate() {
        push(out, if index == 0 { ": " } else { ", " });
        push(
            out,
            ["will ", "won't ", "do ", "don't "][usize::from(verb - 251)],
        );
        match names::telnet_option(option.into()) {
            Some(name) => push(out, name),
            None => {
                push(out, "option ");
                push_number(out, option.into());
            }
        }
    }
    push_more(out, commands().skip(SHOWN).count());
    Some(())
}
