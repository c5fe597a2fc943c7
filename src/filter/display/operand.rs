//! What stands left or right of a comparison, resolved to rows of the register: ready to be asked for its values.

use super::function::Function;
use super::item::{Item, Scratch};
use super::literal::Constant;
use super::slice::Range;
use super::syntax::Operator;
use crate::decode::{Kind, Layer, Packet};
use crate::fields::push_value;
use crate::fields::{Field, Value};

#[derive(Debug)]
pub(super) enum Operand {
    Constant(Constant),
    Field {
        rows: Vec<&'static Field>,
        layers: Layers,
    },
    /// A protocol's bytes; with `whole`, what it carries too.
    Protocol {
        kinds: Vec<Kind>,
        layers: Layers,
        whole: bool,
    },
    /// An address as so many bytes.
    Octets(Box<Operand>, usize),
    Slice(Box<Operand>, Vec<Range>),
    Arithmetic(Box<Operand>, Operator, Box<Operand>),
    Negative(Box<Operand>),
    Call(Function, Vec<Operand>),
}

/// Which of a protocol's layers, counted from 1 at the outermost; empty is all.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers(pub Vec<Range>);

impl Layers {
    fn allow(&self, packet: &Packet<'_>, layer: &Layer) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let token = layer.kind.token();
        let number = packet
            .layers
            .iter()
            .take_while(|other| !std::ptr::eq(*other, layer))
            .filter(|other| other.kind.token() == token)
            .count() as i32
            + 1;
        self.0.iter().any(|range| range.holds(number))
    }
}

impl Operand {
    /// Calls `visit` with each value in the packet.
    pub(super) fn each(
        &self,
        packet: &Packet<'_>,
        scratch: &Scratch,
        visit: &mut dyn FnMut(Item<'_>),
    ) {
        match self {
            Self::Constant(constant) => visit(constant.item()),
            Self::Field { rows, layers } => {
                for layer in packet.layers {
                    for row in rows {
                        if row.layer == layer.kind && layers.allow(packet, layer) {
                            row.each(packet, layer, |value| {
                                with_item(row, value, scratch, visit);
                            });
                        }
                    }
                }
            }
            Self::Protocol {
                kinds,
                layers,
                whole,
            } => {
                for layer in packet.layers {
                    if kinds.contains(&layer.kind) && layers.allow(packet, layer) {
                        visit(Item::Bytes(extent(packet, layer, *whole)));
                    }
                }
            }
            Self::Octets(of, len) => of.each(packet, scratch, &mut |item| {
                if let Item::Address { bits, .. } = item {
                    let octets = bits.to_be_bytes();
                    visit(Item::Bytes(&octets[octets.len() - len..]));
                }
            }),
            Self::Slice(of, ranges) => of.each(packet, scratch, &mut |item| {
                slice(item.bytes(), ranges, scratch, visit);
            }),
            Self::Arithmetic(left, operator, right) => {
                left.each(packet, scratch, &mut |a| {
                    right.each(packet, scratch, &mut |b| {
                        operator.apply(a, b, scratch, visit);
                    });
                });
            }
            Self::Negative(inside) => inside.each(packet, scratch, &mut |item| {
                if let Item::Number(n) = item {
                    visit(Item::Number(n.saturating_neg()));
                }
            }),
            Self::Call(function, arguments) => function.call(arguments, packet, scratch, visit),
        }
    }
}

fn with_item(row: &Field, value: Value<'_>, scratch: &Scratch, visit: &mut dyn FnMut(Item<'_>)) {
    visit(match value {
        Value::Uint(n) => Item::Number(n.into()),
        Value::Bool(set) => Item::Number(set.into()),
        Value::Mac(mac) => return visit(Item::Bytes(&mac)),
        Value::Ipv4(address) => Item::address(u32::from_be_bytes(address).into()),
        Value::Ipv6(address) => Item::address(u128::from_be_bytes(address)),
        Value::Bytes(bytes) => Item::Bytes(bytes),
        Value::Text(text) => Item::Text(text),
        Value::Time(time) => Item::Number(time.nanos().into()),
        Value::Protocols(_) | Value::Name(_) => {
            return scratch.with(|buffer| {
                push_value(buffer, row, value);
                visit(Item::Text(buffer));
            });
        }
    });
}

/// The bytes that a protocol's name stands for. Wireshark searches (`contains`, `matches`) all that the protocol
/// carries, but cuts slices and takes lengths from what its line in the tree marks: the header, or all of the
/// message where the protocol does not carry others.
fn extent<'a>(packet: &Packet<'a>, layer: &Layer, whole: bool) -> &'a [u8] {
    let is_message = matches!(
        layer.kind,
        Kind::Frame | Kind::Data | Kind::Icmp | Kind::Icmpv6 | Kind::Igmp
    );
    if !whole && !is_message && layer.header_len > 0 {
        return packet.header(layer);
    }
    let bytes = match layer.kind {
        Kind::Frame => packet.frame.bytes,
        _ => packet.bytes,
    };
    let captured = bytes.len();
    let start = (layer.start as usize).min(captured);
    let end = (layer.end as usize).clamp(start, captured);
    &bytes[start..end]
}

/// The pieces before the first that is not all there. So a slice of what is too short is empty, and differs from
/// whatever it is compared with, as in Wireshark.
fn slice(bytes: &[u8], ranges: &[Range], scratch: &Scratch, visit: &mut dyn FnMut(Item<'_>)) {
    if let [range] = ranges {
        return visit(Item::Bytes(range.of(bytes).unwrap_or_default()));
    }
    scratch.with(|buffer| {
        for part in ranges.iter().map_while(|range| range.of(bytes)) {
            buffer.extend_from_slice(part);
        }
        visit(Item::Bytes(buffer));
    });
}

impl Operator {
    /// Calls `visit` with the result, where there is one: not for a division by zero.
    fn apply(self, a: Item<'_>, b: Item<'_>, scratch: &Scratch, visit: &mut dyn FnMut(Item<'_>)) {
        match (a, b) {
            (Item::Number(a), Item::Number(b)) => {
                let result = match self {
                    Self::And => Some(a & b),
                    Self::Plus => a.checked_add(b),
                    Self::Minus => a.checked_sub(b),
                    Self::Times => a.checked_mul(b),
                    Self::Divide => a.checked_div(b),
                    Self::Remainder => a.checked_rem(b),
                };
                if let Some(result) = result {
                    visit(Item::Number(result));
                }
            }
            (Item::Address { bits: a, .. }, Item::Address { bits: b, .. }) => {
                visit(Item::address(a & b));
            }
            (Item::Bytes(a), Item::Bytes(b)) if a.len() == b.len() => scratch.with(|buffer| {
                buffer.extend(a.iter().zip(b).map(|(a, b)| a & b));
                visit(Item::Bytes(buffer));
            }),
            (Item::Bytes(_), _) => visit(Item::Bytes(&[])),
            _ => {}
        }
    }
}
