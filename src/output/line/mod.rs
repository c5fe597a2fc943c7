//! One line a frame: number, time, protocol, length, who to whom, and what the packet says.

mod application;
mod control;
mod ends;
mod link;
mod message;
mod services;
mod tcp;

use super::colour::{Paint, Role};
use super::time::{Reference, TimeForm, TimeWriter};
use crate::decode::{Kind, Layer, Packet};
use crate::text::escape::push_escaped;
use crate::text::{Buffer, Short, push, push_right, push_short, push_spaces};
use ends::Ends;

/// Writes lines. One for each worker: it remembers what is dear to work out again.
pub struct LineWriter {
    paint: Paint,
    time: TimeWriter,
    ends: Ends,
}

impl LineWriter {
    pub fn new(paint: Paint, time: TimeForm) -> Self {
        Self {
            paint,
            time: TimeWriter::new(time),
            ends: Ends::default(),
        }
    }

    /// Appends one frame's line, newline included.
    pub fn push(&mut self, out: &mut Buffer, packet: &Packet<'_>, reference: Reference) {
        let seen = Seen::of(packet);
        self.paint.on(out, Role::Quiet);
        push_right(out, packet.frame.number, 5);
        push(out, " ");
        self.time.push(out, packet.frame.time, reference);
        self.paint.off(out);
        push(out, " ");
        if packet.frame.interfaces.differ() {
            push_interface(out, packet.frame.interface_name().unwrap_or_default());
        }
        self.paint.on(out, Role::Protocol(seen.top.kind));
        push_short(out, &PROTOCOLS[seen.top.kind as usize]);
        self.paint.off(out);
        push_right(out, packet.frame.wire_len.into(), 5);
        push(out, "  ");
        let on_the_link = self.push_ends(out, packet, &seen);
        message::push_message(out, packet, &seen, self.paint);
        if !on_the_link && let Some(link) = seen.link {
            self.paint.on(out, Role::Quiet);
            push(out, "  | ");
            self.ends.push_link(out, packet, link);
            self.paint.off(out);
        }
        if !seen.plain {
            message::push_tags(out, packet, self.paint);
        }
        message::push_problem(out, packet, self.paint);
        out.push(b'\n');
    }

    /// Who to whom, by the innermost addresses; returns whether these are the link's.
    fn push_ends(&mut self, out: &mut Buffer, packet: &Packet<'_>, seen: &Seen<'_>) -> bool {
        match seen.network {
            Some(network) => {
                self.ends.push_network(out, packet, network, seen.transport);
                false
            }
            None => {
                if let Some(link) = seen.link {
                    self.ends.push_link(out, packet, link);
                }
                true
            }
        }
    }
}

/// Every protocol as its column shows it, blanks behind where it is shorter.
static PROTOCOLS: [Short<8>; Kind::ALL.len()] = {
    const WIDTH: usize = 7;
    let mut all = [Short::new(b""); Kind::ALL.len()];
    let mut index = 0;
    while index < all.len() {
        let mut text = Short::new(Kind::ALL[index].short().as_bytes());
        while text.len() < WIDTH {
            text.append(b" ");
        }
        all[index] = text;
        index += 1;
    }
    all
};

/// Which interface, in a column as wide as most names are.
fn push_interface(out: &mut Buffer, name: &str) {
    const WIDTH: usize = 8;
    push_escaped(out, name.as_bytes());
    push_spaces(out, WIDTH.saturating_sub(name.len()).max(1));
}

/// The layers that a line is about.
pub(super) struct Seen<'a> {
    /// The innermost protocol that is not inside a quoted packet.
    pub top: &'a Layer,
    /// Where the frame's own MAC addresses are: the outermost link layer that has any.
    pub link: Option<&'a Layer>,
    /// The innermost IP header that is not quoted, and what it carries with ports.
    pub network: Option<&'a Layer>,
    pub transport: Option<&'a Layer>,
    /// No layer is a virtual network's or a tunnel's, a fragment or quoted, as most frames have none: there is no need
    /// to look for what would be said of these.
    pub plain: bool,
}

impl<'a> Seen<'a> {
    fn of(packet: &Packet<'a>) -> Self {
        let mut seen = Self {
            top: &packet.layers[0],
            link: None,
            network: None,
            transport: None,
            plain: packet.joined.is_none(),
        };
        for layer in packet.layers {
            if layer.quoted() {
                seen.plain = false;
                break;
            }
            match layer.kind {
                Kind::Ethernet | Kind::Ieee8023 | Kind::Sll | Kind::Sll2 => {
                    seen.link.get_or_insert(layer);
                }
                Kind::Ipv4 | Kind::Ipv6 => {
                    seen.network = Some(layer);
                    seen.transport = None;
                    seen.plain &= message::fragment(packet, layer).is_none();
                }
                Kind::Tcp | Kind::Udp | Kind::Sctp => seen.transport = Some(layer),
                // A frame inside a tunnel that is not IP talks for its own link.
                Kind::Arp => (seen.network, seen.transport) = (None, None),
                Kind::Fragment => seen.plain = false,
                _ => seen.plain &= message::tag(packet, layer).is_none(),
            }
            if layer.kind != Kind::Data {
                seen.top = layer;
            }
        }
        seen
    }
}
