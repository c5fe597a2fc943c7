//! The lines that a frame and each of its layers start with.

use crate::decode::{Joined, Kind, Layer, Osi, Packet};
use crate::output::colour::{Paint, Role};
use crate::output::hex::push_range;
use crate::output::regions::own_len;
use crate::output::time::{Reference, TimeWriter};
use crate::text::{Buffer, push, push_number};

const DOT: &str = " \u{b7} ";

/// Number, protocol, time, length, how much of it was captured, interface.
pub(super) fn push_frame(
    out: &mut Buffer,
    packet: &Packet<'_>,
    time: &mut TimeWriter,
    reference: Reference,
    paint: Paint,
) {
    let frame = &packet.frame;
    paint.on(out, Role::Heading);
    push(out, "Frame ");
    push_number(out, frame.number);
    push(out, DOT);
    push(out, top(packet).short());
    push(out, DOT);
    if frame.time.is_some() {
        time.push(out, frame.time, reference);
    } else {
        push(out, "no time");
    }
    push(out, DOT);
    push_number(out, frame.wire_len.into());
    push(out, " bytes, ");
    let captured = frame.bytes.len();
    if captured as u64 == u64::from(frame.wire_len) {
        push(out, "all");
    } else {
        push_number(out, captured as u64);
    }
    push(out, " captured");
    push(out, DOT);
    push(out, "interface ");
    push_number(out, frame.interface.into());
    paint.off(out);
    out.push(b'\n');
}

/// The innermost protocol of the frame's own, not of a packet that it quotes.
fn top(packet: &Packet<'_>) -> Kind {
    let own = packet.layers.iter().rev().filter(|layer| !layer.quoted());
    own.map(|layer| layer.kind)
        .find(|kind| *kind != Kind::Data)
        .unwrap_or(Kind::Frame)
}

/// `2 Data link — Ethernet II, bytes 0–13`.
pub(super) fn push_layer(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
    match osi(packet, layer) {
        Some(osi) => {
            push_number(out, osi as u64);
            push(out, " ");
            push(out, osi_name(osi));
        }
        None => push(out, "- Payload"),
    }
    push(out, " \u{2014} ");
    push(out, layer.kind.name());
    let len = own_len(packet, layer);
    if layer.kind == Kind::Frame {
        // Its fields are the capture's own notes about the frame; they are in none of its bytes.
        push(out, ", as captured");
    } else if len > 0 {
        push(out, ", ");
        push_bytes(out, layer.start as usize, layer.start as usize + len);
    }
    if layer.quoted() {
        push(out, ", quoted");
    }
    if layer.is_guessed() {
        push(out, ", a guess");
    }
}

/// Where what was put together from fragments begins.
pub(super) fn push_joined(out: &mut Buffer, joined: Joined, paint: Paint) {
    paint.on(out, Role::Quiet);
    push(out, "- put together from ");
    push_number(out, joined.fragments.into());
    push(out, " fragments: ");
    push_bytes(
        out,
        joined.start as usize,
        (joined.start + joined.len) as usize,
    );
    push(out, ", as if in one frame");
    paint.off(out);
    out.push(b'\n');
}

/// `bytes 0–13`, `byte 23`.
pub(super) fn push_bytes(out: &mut Buffer, start: usize, end: usize) {
    push(out, if end > start + 1 { "bytes " } else { "byte " });
    push_range(out, start, end);
}

/// The layer of the OSI model; none for bytes of which nobody knows what they are.
fn osi(packet: &Packet<'_>, layer: &Layer) -> Option<Osi> {
    if layer.kind != Kind::Data {
        return Some(layer.kind.osi());
    }
    let below = packet.below(layer)?;
    (below.kind.osi() == Osi::Transport && !layer.in_fragment()).then_some(Osi::Application)
}

fn osi_name(osi: Osi) -> &'static str {
    match osi {
        Osi::Physical => "Physical",
        Osi::DataLink => "Data link",
        Osi::Network => "Network",
        Osi::Transport => "Transport",
        Osi::Session => "Session",
        Osi::Presentation => "Presentation",
        Osi::Application => "Application",
    }
}
