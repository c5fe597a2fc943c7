//! Fields of the frame itself, as the capture describes it, and of what nobody decodes.

use super::row::{Field, Layout, Type};
use super::value::Value;
use crate::decode::Kind;

const F: Layout = Layout(Kind::Frame);
const D: Layout = Layout(Kind::Data);

#[rustfmt::skip]
pub(super) static FRAME: &[Field] = &[
    F.one("frame.number", Type::Uint, |p, _| Some(Value::Uint(p.frame.number)), "Number of the frame in the input, from 1"),
    F.one("frame.time_epoch", Type::Time, |p, _| p.frame.time.map(Value::Time), "When it was captured, in seconds since 1970-01-01 UTC"),
    F.one("frame.len", Type::Uint, |p, _| Some(Value::Uint(p.frame.wire_len.into())), "Length on the wire, in bytes"),
    F.one("frame.cap_len", Type::Uint, |p, _| Some(Value::Uint(p.frame.bytes.len() as u64)), "How many bytes of it were captured"),
    F.one("frame.interface_id", Type::Uint, |p, _| Some(Value::Uint(p.frame.interface.into())), "Which of the capture's interfaces saw it, from 0"),
    F.one("frame.interface_name", Type::Text, |p, _| p.frame.interface_name().map(|name| Value::Text(name.as_bytes())), "What that interface is called"),
    F.one("frame.protocols", Type::Text, |p, _| Some(Value::Protocols(p.layers)), "The protocols in it, outermost first"),
];

#[rustfmt::skip]
pub(super) static DATA: &[Field] = &[
    D.one("data.data", Type::Bytes, |p, l| Some(Value::Bytes(p.payload(l))), "Bytes that no protocol here reads"),
    D.one("data.len", Type::Uint, |_, l| Some(Value::Uint(l.payload_len().into())), "How many there are"),
];
