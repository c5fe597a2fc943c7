//! One JSON object a line (NDJSON), written without an intermediate tree.
//!
//! A whole frame is `{"layers":[{"protocol":"frame","frame.number":1,…},{"protocol":"eth",…},…]}`: layers stay in
//! order, and a protocol that occurs twice occurs twice. Numbers that are shown in decimal are JSON numbers,
//! truth values are `true` and `false`, all else is text as `-e` writes it. A field that a layer has several times is an array.

mod layout;
mod value;

use crate::bytes::chunk;
use crate::decode::{Kind, Layer, Packet, Why};
use crate::fields::Selection;
use crate::text::{Buffer, Memory, push, push_number, push_short};
use layout::{Alike, MOST_BYTES, Named, Names, Part};
use value::{Values, push_json};

/// Writes whole frames: every field of every layer. One for each worker: it has all names as they are written, since
/// there are some fifty in a frame, and texts that come again and again.
pub struct JsonWriter {
    /// By kind, in the order of [`Kind::ALL`].
    layers: Vec<Names>,
    memory: Memory<LONGEST>,
}

/// TCP's flags take some 260 bytes, all else that is remembered less.
const LONGEST: usize = 272;

impl Default for JsonWriter {
    fn default() -> Self {
        Self {
            layers: Kind::ALL.iter().map(|kind| Names::of(*kind)).collect(),
            memory: Memory::default(),
        }
    }
}

impl JsonWriter {
    /// Appends one frame.
    pub fn push(&mut self, out: &mut Buffer, packet: &Packet<'_>) {
        push(out, "{\"layers\":[");
        for (index, layer) in packet.layers.iter().enumerate() {
            if index > 0 {
                push(out, ",");
            }
            let names = &self.layers[layer.kind as usize];
            push_short(out, &names.start);
            let analysis = packet.analysis(layer);
            for part in &names.parts {
                match part {
                    Part::One(named) => push_one(out, packet, layer, named),
                    Part::Many(named) => push_many(out, packet, layer, named),
                    Part::Alike(alike) => push_alike(out, packet, layer, alike, &mut self.memory),
                    Part::Analysis(fields) if analysis.is_some() => {
                        push_each(out, packet, layer, fields);
                    }
                    Part::Findings(fields) if analysis.is_some_and(|a| !a.findings.is_empty()) => {
                        push_each(out, packet, layer, fields);
                    }
                    Part::Analysis(_) | Part::Findings(_) => {}
                }
            }
            if layer.quoted() {
                push(out, ",\"netinspect.quoted\":true");
            }
            push(out, "}");
        }
        push(out, "]");
        push_problem(out, packet);
        push(out, "}\n");
    }
}

/// A field that a layer has once at most.
#[inline(always)]
fn push_one(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, named: &Named) {
    if let Some(value) = named.field.only(packet, layer) {
        push_short(out, &named.key);
        push_json(out, named.field, value);
    }
}

fn push_many(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, named: &Named) {
    let mut values = Values::default();
    named.field.each(packet, layer, |value| {
        if values.count == 0 {
            push_short(out, &named.key);
        }
        values.push(out, named.field, value);
    });
    values.finish(out);
}

#[inline(never)]
fn push_each(out: &mut Buffer, packet: &Packet<'_>, layer: &Layer, fields: &[Named]) {
    for named in fields {
        push_one(out, packet, layer, named);
    }
}

fn push_alike(
    out: &mut Buffer,
    packet: &Packet<'_>,
    layer: &Layer,
    alike: &Alike,
    memory: &mut Memory<LONGEST>,
) {
    let write = |out: &mut Buffer| push_each(out, packet, layer, &alike.fields);
    let at = layer.start as usize + alike.bytes.start;
    match chunk::<MOST_BYTES>(packet.bytes, at) {
        Some(bytes) if alike.bytes.end <= layer.header_len as usize => {
            let behind = MOST_BYTES - alike.bytes.len();
            let number = u64::from_be_bytes(bytes) >> (8 * behind);
            let key = u128::from(alike.about) << 64 | u128::from(number);
            memory.push(out, key, write);
        }
        _ => write(out),
    }
}

/// Appends one frame with chosen fields only; `null` where the frame has none.
pub fn push_chosen(out: &mut Buffer, packet: &Packet<'_>, chosen: &[Selection]) {
    let mut separator = "{\"";
    for selection in chosen {
        push(out, separator);
        push(out, selection.name);
        push(out, "\":");
        let mut values = Values::default();
        selection.each(packet, |field, value| values.push(out, field, value));
        if !values.finish(out) {
            push(out, "null");
        }
        separator = ",\"";
    }
    push(out, "}\n");
}

/// Why decoding stopped early.
fn push_problem(out: &mut Buffer, packet: &Packet<'_>) {
    let Some(problem) = packet.problem else {
        return;
    };
    push(out, ",\"problem\":{\"protocol\":\"");
    push(out, problem.kind.token());
    push(out, "\",\"offset\":");
    push_number(out, problem.offset.into());
    push(out, ",\"why\":\"");
    let sizes = match problem.why {
        Why::NotCaptured { needed, had } => {
            push(out, "cut by the snapshot length");
            Some((needed, had))
        }
        Why::TooShort { needed, had } => {
            push(out, "too short");
            Some((needed, had))
        }
        Why::TooLong { claimed, room } => {
            push(out, "claims more than there is");
            Some((claimed, room))
        }
        Why::Malformed(what) => {
            push(out, what);
            None
        }
        Why::TooDeep => {
            push(out, "nested too deep");
            None
        }
    };
    push(out, "\"");
    if let Some((needed, had)) = sizes {
        push(out, ",\"needed\":");
        push_number(out, needed.into());
        push(out, ",\"had\":");
        push_number(out, had.into());
    }
    push(out, "}");
}
