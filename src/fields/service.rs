//! Fields of services: SNMP, MQTT, databases, NTP, and protocols of lines of text.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::sql::{self, Mysql, Postgres};
use crate::decode::{Kind, Layer, Packet, http, mqtt, snmp};

const S: Layout = Layout(Kind::Snmp);

#[rustfmt::skip]
pub(super) static SNMP: &[Field] = &[
    S.one("snmp.version", Type::Uint, |p, l| snmp(p, l).version().filter(|n| *n != snmp::VERSION_3).map(Value::Uint), "0 is version 1, 1 is version 2c"),
    S.one("snmp.msgVersion", Type::Uint, |p, l| snmp(p, l).version().filter(|n| *n == snmp::VERSION_3).map(Value::Uint), "Version 3"),
    S.one("snmp.community", Type::Text, |p, l| snmp(p, l).community().map(Value::Text), "The password, for everybody on the way to read"),
    S.one("snmp.data", Type::Uint, |p, l| snmp(p, l).request().map(|(kind, _)| Value::Uint(kind.into())), "What is asked: 0 a value, 1 the next one, 2 is an answer"),
];

fn snmp<'a>(packet: &Packet<'a>, layer: &Layer) -> snmp::Message<'a> {
    snmp::Message(packet.header(layer))
}

const M: Layout = Layout(Kind::Mqtt);

#[rustfmt::skip]
pub(super) static MQTT: &[Field] = &[
    M.many("mqtt.msgtype", Type::Uint, |p, l, visit| mqtt::packets(p.header(l)).for_each(|packet| visit(Value::Uint(packet.kind.into()))), "Kind of packet: 1 connect, 3 publish, 8 subscribe"),
    M.many("mqtt.topic", Type::Text, |p, l, visit| mqtt::packets(p.header(l)).flat_map(mqtt::ControlPacket::topics).for_each(|topic| visit(Value::Text(topic))), "What it is about"),
    M.many("mqtt.clientid", Type::Text, |p, l, visit| mqtt::packets(p.header(l)).filter_map(mqtt::ControlPacket::client).for_each(|name| visit(Value::Text(name))), "The name that the client gives itself"),
];

const Y: Layout = Layout(Kind::Mysql);

#[rustfmt::skip]
pub(super) static MYSQL: &[Field] = &[
    Y.one("mysql.version", Type::Text, |p, l| match mysql(p, l)? { Mysql::Greeting(version) => Some(Value::Text(version)), _ => None }, "The server's version"),
    Y.one("mysql.user", Type::Text, |p, l| match mysql(p, l)? { Mysql::Login(user) => Some(Value::Text(user)), _ => None }, "Who logs in"),
    Y.one("mysql.command", Type::Uint, |p, l| match mysql(p, l)? { Mysql::Command(number, _) => Some(Value::Uint(number.into())), _ => None }, "What the client wants: 3 a query"),
    Y.one("mysql.query", Type::Text, |p, l| match mysql(p, l)? { Mysql::Command(3 | 22, text) => Some(Value::Text(text)), _ => None }, "The query, in SQL"),
    Y.one("mysql.error_code", Type::Uint, |p, l| match mysql(p, l)? { Mysql::Failed(code, _) => Some(Value::Uint(code.into())), _ => None }, "Number of the error"),
];

fn mysql<'a>(packet: &Packet<'a>, layer: &Layer) -> Option<Mysql<'a>> {
    Mysql::read(packet.header(layer), sql::to_server(packet, layer))
}

const P: Layout = Layout(Kind::Postgres);

#[rustfmt::skip]
pub(super) static POSTGRES: &[Field] = &[
    P.one("pgsql.query", Type::Text, |p, l| Postgres::read(p.header(l), sql::to_server(p, l))?.query().map(Value::Text), "The query, in SQL"),
];

const N: Layout = Layout(Kind::Ntp);

#[rustfmt::skip]
pub(super) static NTP: &[Field] = &[
    N.part("ntp.flags.vn", 0, 1, 0x38, "Version"),
    N.part("ntp.flags.mode", 0, 1, 0x07, "Who speaks: 3 a client, 4 a server"),
    N.dec("ntp.stratum", 1, 1, "How many clocks away from a reference clock; 1 is next to it"),
];

const H: Layout = Layout(Kind::Ssh);

#[rustfmt::skip]
pub(super) static SSH: &[Field] = &[
    H.one("ssh.protocol", Type::Text, |p, l| Some(http::first_line(p.header(l))).filter(|line| line.starts_with(b"SSH-")).map(|line| Value::Text(line.split(|octet| *octet == 0).next().unwrap_or(line))), "Version and program, which each side says first"),
];
