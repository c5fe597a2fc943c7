//! Functions of a display filter.

use super::item::{Class, Item, Scratch};
use super::operand::Operand;
use crate::decode::Packet;
use crate::text::{push_ipv4, push_ipv6, push_mac};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// Length in bytes; of an address, always this.
    Len(Option<u8>),
    Count,
    Upper,
    Lower,
    /// A value of this class, written as text.
    Written(Class),
    Max,
    Min,
    Abs,
}

/// What there is, for error messages.
pub(super) const NAMES: &str = "len, count, upper, lower, string, max, min and abs";

impl Function {
    pub(super) fn call(
        self,
        arguments: &[Operand],
        packet: &Packet<'_>,
        scratch: &Scratch,
        visit: &mut dyn FnMut(Item<'_>),
    ) {
        match self {
            Self::Count => {
                let mut count = 0;
                each(arguments, packet, scratch, &mut |_| count += 1);
                // A field that is not there is not there no times: nothing is true of it.
                if count > 0 {
                    visit(Item::Number(count));
                }
            }
            Self::Max | Self::Min => {
                let mut best: Option<i128> = None;
                each(arguments, packet, scratch, &mut |item| {
                    if let Item::Number(n) = item {
                        let so_far = best.unwrap_or(n);
                        best = Some(match self {
                            Self::Max => so_far.max(n),
                            _ => so_far.min(n),
                        });
                    }
                });
                if let Some(best) = best {
                    visit(Item::Number(best));
                }
            }
            _ => each(arguments, packet, scratch, &mut |item| {
                self.of_one(item, scratch, visit);
            }),
        }
    }

    /// Functions of one value, called for each occurrence.
    fn of_one(self, item: Item<'_>, scratch: &Scratch, visit: &mut dyn FnMut(Item<'_>)) {
        match (self, item) {
            (Self::Len(Some(fixed)), _) => visit(Item::Number(fixed.into())),
            (Self::Len(None), _) => visit(Item::Number(item.bytes().len() as i128)),
            (Self::Abs, Item::Number(n)) => visit(Item::Number(n.saturating_abs())),
            (Self::Upper | Self::Lower, _) => scratch.with(|buffer| {
                buffer.extend_from_slice(item.bytes());
                match self {
                    Self::Upper => buffer.make_ascii_uppercase(),
                    _ => buffer.make_ascii_lowercase(),
                }
                visit(Item::Text(buffer));
            }),
            (Self::Written(class), _) => scratch.with(|buffer| {
                write(buffer, class, item);
                visit(Item::Text(buffer));
            }),
            _ => {}
        }
    }
}

fn each(
    arguments: &[Operand],
    packet: &Packet<'_>,
    scratch: &Scratch,
    visit: &mut dyn FnMut(Item<'_>),
) {
    for argument in arguments {
        argument.each(packet, scratch, visit);
    }
}

/// Numbers are written in decimal, whatever form they are shown in elsewhere.
fn write(buffer: &mut Vec<u8>, class: Class, item: Item<'_>) {
    match item {
        Item::Number(n) => buffer.extend_from_slice(itoa::Buffer::new().format(n).as_bytes()),
        Item::Address { bits, .. } if class == Class::Ipv4 => {
            push_ipv4(buffer, (bits as u32).to_be_bytes());
        }
        Item::Address { bits, .. } => push_ipv6(buffer, bits.to_be_bytes()),
        Item::Bytes(bytes) | Item::Text(bytes) => match bytes.first_chunk() {
            Some(mac) if class == Class::Mac => push_mac(buffer, *mac),
            _ => buffer.extend_from_slice(bytes),
        },
    }
}
