//! A field's value as `tshark -T fields` writes it.

use super::{Field, Type, Value};
use crate::decode::dns::Name;
use crate::decode::{Kind, Layer};
use crate::text::escape::push_escaped;
use crate::text::{
    Buffer, Short, push, push_bytes, push_epoch, push_hex, push_ipv4, push_ipv6, push_mac,
    push_number, push_short,
};

#[inline]
pub fn push_value(out: &mut Buffer, field: &Field, value: Value<'_>) {
    match value {
        Value::Uint(n) => match field.kind {
            Type::Hex(digits) => push_hex(out, n, digits),
            _ => push_number(out, n),
        },
        Value::Bool(set) => out.push(if set { b'1' } else { b'0' }),
        Value::Mac(mac) => push_mac(out, mac),
        Value::Ipv4(address) => push_ipv4(out, address),
        Value::Ipv6(address) => push_ipv6(out, address),
        Value::Bytes(bytes) => push_bytes(out, bytes),
        Value::Text(text) => push_escaped(out, text),
        Value::Time(time) => push_epoch(out, time),
        Value::Name(name) => push_name(out, name),
        Value::Protocols(layers) => push_protocols(out, layers),
    }
}

/// The layers' protocols joined by colons; where a number named the next one, Wireshark puts `ethertype` between.
#[inline(never)]
fn push_protocols(out: &mut Buffer, layers: &[Layer]) {
    for layer in layers.iter().filter(|layer| layer.kind != Kind::Frame) {
        push_short(out, &PROTOCOLS[layer.kind as usize]);
    }
    if layers.last().is_some_and(|layer| layer.kind != Kind::Frame) {
        out.pop();
    }
}

/// What a layer adds, with the colon behind it.
static PROTOCOLS: [Short<16>; Kind::ALL.len()] = {
    let mut all = [Short::new(b""); Kind::ALL.len()];
    let mut index = 0;
    while index < all.len() {
        let kind = Kind::ALL[index];
        let mut text = Short::new(kind.token().as_bytes());
        if matches!(kind, Kind::Ethernet | Kind::Vlan | Kind::Sll | Kind::Sll2) {
            text.append(b":ethertype");
        }
        text.append(b":");
        all[index] = text;
        index += 1;
    }
    all
};

/// A domain name as people write it; the root is `<Root>`, as Wireshark has it.
pub fn push_name(out: &mut Buffer, name: Name<'_>) {
    let mut separator = "";
    for label in name.labels() {
        push(out, separator);
        push_escaped(out, label);
        separator = ".";
    }
    if separator.is_empty() {
        push(out, "<Root>");
    }
}
