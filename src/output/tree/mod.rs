//! A frame as a tree for people: each layer under its OSI layer, each field with its name, value, what the value means
//! in plain words, and the bytes that hold it; on request, what there is to learn from it.

pub mod explain;
mod heading;
mod meaning;
mod page;
mod place;
mod problem;
mod row;

pub(crate) use page::Facts;

use super::colour::{Paint, Role};
use super::hex;
use super::regions::{regions, unclaimed_name};
use super::time::{Reference, TimeForm, TimeWriter};
use crate::decode::{Layer, Packet};
use crate::fields;
use crate::text::{Buffer, push};

/// Writes trees. One for each worker.
pub struct TreeWriter {
    paint: Paint,
    explain: bool,
    time: TimeWriter,
    row: row::RowWriter,
    sentence: String,
}

impl TreeWriter {
    pub fn new(paint: Paint, time: TimeForm, explain: bool) -> Self {
        Self {
            paint,
            explain,
            time: TimeWriter::new(time),
            row: row::RowWriter::new(paint, explain),
            sentence: String::new(),
        }
    }

    /// Appends one frame. The caller ends it, with [`push_end`], once it has added what it wants (a hex dump).
    pub fn push(&mut self, out: &mut Buffer, packet: &Packet<'_>, reference: Reference) {
        heading::push_frame(out, packet, &mut self.time, reference, self.paint);
        let mut joined = packet.joined;
        for (index, layer) in packet.layers.iter().enumerate() {
            if let Some(joined) = joined.take_if(|joined| layer.start >= joined.start) {
                heading::push_joined(out, *joined, self.paint);
            }
            self.paint.on(out, Role::Layer(index));
            heading::push_layer(out, packet, layer);
            self.paint.off(out);
            out.push(b'\n');
            self.push_fields(out, packet, layer);
            if problem::is_about(packet, layer, index) {
                problem::push_problem(out, packet, self.paint);
            }
        }
        self.push_unclaimed(out, packet);
    }

    fn push_fields(&mut self, out: &mut Buffer, packet: &Packet<'_>, layer: &Layer) {
        if self.explain {
            let mut facts = facts(out, self.paint, LAYER_INDENT, &mut self.sentence);
            explain::layer(&mut facts, packet, layer);
        }
        let rows = fields::of(layer.kind);
        if rows.is_empty() {
            row::push_dump_line(out, packet.header(layer));
        }
        for field in rows.iter().filter(|field| !field.alias) {
            self.row.push(out, packet, layer, field);
            if self.explain
                && let Some(value) = fields::first(field, packet, layer)
            {
                let mut facts = facts(out, self.paint, FIELD_INDENT, &mut self.sentence);
                explain::field(&mut facts, packet, layer, field.name, value);
            }
        }
    }

    /// Bytes that no layer claims, so that none goes unmentioned.
    fn push_unclaimed(&self, out: &mut Buffer, packet: &Packet<'_>) {
        for region in regions(packet) {
            if region.layer.is_some() {
                continue;
            }
            self.paint.on(out, Role::Quiet);
            push(out, "- ");
            push(out, unclaimed_name(packet));
            push(out, ", ");
            heading::push_bytes(out, region.bytes.start, region.bytes.end);
            self.paint.off(out);
            out.push(b'\n');
            row::push_dump_line(out, &packet.bytes[region.bytes]);
        }
        let (captured, len) = (packet.frame.bytes.len(), packet.frame.wire_len as usize);
        if captured < len {
            self.paint.on(out, Role::Quiet);
            push(out, "- not captured, ");
            heading::push_bytes(out, captured, len);
            self.paint.off(out);
            out.push(b'\n');
        }
    }
}

/// Ends a frame's tree, with its bytes where they are wanted.
pub fn push_end(out: &mut Buffer, packet: &Packet<'_>, dump: Option<Paint>) {
    if let Some(paint) = dump {
        push(out, "Bytes\n");
        hex::push_dump(out, packet, paint);
    }
    out.push(b'\n');
}

/// Facts about a layer stand under its heading, facts about a field under its name.
const LAYER_INDENT: usize = 2;
const FIELD_INDENT: usize = row::NAME_COLUMN;

fn facts<'a>(
    out: &'a mut Buffer,
    paint: Paint,
    indent: usize,
    sentence: &'a mut String,
) -> Facts<'a> {
    Facts {
        out,
        paint,
        indent,
        sentence,
    }
}
