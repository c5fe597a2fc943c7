//! One JSON object a line (NDJSON), written without an intermediate tree.
//!
//! A whole frame is `{"layers":[{"protocol":"frame","frame.number":1,…},{"protocol":"eth",…},…]}`: layers stay in
//! order, and a protocol that occurs twice occurs twice. Numbers that are shown in decimal are JSON numbers,
//! truth values are `true` and `false`, all else is text as `-e` writes it. A field that a layer has several times is an array.

use crate::decode::{Kind, Packet, Why};
use crate::fields::push_value;
use crate::fields::{self, Field, Past, Selection, Type, Value};
use crate::text::{Buffer, push, push_number};

/// Writes whole frames: every field of every layer. One for each worker: it has all names as they are written, since
/// there are some fifty in a frame.
pub struct JsonWriter {
    /// By kind, in the order of [`Kind::ALL`].
    layers: Vec<Names>,
}

/// What can stand in a layer's object.
struct Names {
    /// Up to its first field.
    start: String,
    fields: Vec<Named>,
}

struct Named {
    /// The name, and what stands around it.
    key: String,
    field: &'static Field,
}

impl Default for JsonWriter {
    fn default() -> Self {
        let names = |kind: &Kind| {
            let fields = fields::of(*kind).iter().filter(|field| !field.alias);
            Names {
                start: format!("{{\"protocol\":\"{}\"", kind.token()),
                fields: fields
                    .map(|field| Named {
                        key: format!(",\"{}\":", field.name),
                        field,
                    })
                    .collect(),
            }
        };
        Self {
            layers: Kind::ALL.iter().map(names).collect(),
        }
    }
}

impl JsonWriter {
    /// Appends one frame.
    pub fn push(&self, out: &mut Buffer, packet: &Packet<'_>) {
        let mut separator = "{\"layers\":[";
        for layer in packet.layers {
            push(out, separator);
            separator = ",";
            let names = &self.layers[layer.kind as usize];
            push(out, &names.start);
            let has_analysis = packet.analysis(layer).is_some();
            for Named { key, field } in &names.fields {
                if !has_analysis && field.past >= Past::Findings {
                    continue;
                }
                if !field.repeats() {
                    if let Some(value) = field.only(packet, layer) {
                        push(out, key);
                        push_json(out, field, value);
                    }
                    continue;
                }
                let mut values = Values::default();
                field.each(packet, layer, |value| {
                    if values.count == 0 {
                        push(out, key);
                    }
                    values.push(out, field, value);
                });
                values.finish(out);
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

/// Values of one name: alone as they are, several in an array.
#[derive(Default)]
struct Values {
    count: usize,
    start: usize,
}

impl Values {
    fn push(&mut self, out: &mut Buffer, field: &Field, value: Value<'_>) {
        match self.count {
            0 => self.start = out.len(),
            1 => {
                out.insert(self.start, b'[');
                out.push(b',');
            }
            _ => out.push(b','),
        }
        self.count += 1;
        push_json(out, field, value);
    }

    /// Ends the value; false where there was none.
    fn finish(self, out: &mut Buffer) -> bool {
        if self.count > 1 {
            out.push(b']');
        }
        self.count > 0
    }
}

fn push_json(out: &mut Buffer, field: &Field, value: Value<'_>) {
    match value {
        Value::Uint(n) if field.kind == Type::Uint => push_number(out, n),
        Value::Bool(true) => push(out, "true"),
        Value::Bool(false) => push(out, "false"),
        _ => {
            out.push(b'"');
            let start = out.len();
            push_value(out, field, value);
            // Nothing else can have a quotation mark or a backslash in it.
            if matches!(value, Value::Text(_) | Value::Name(_)) {
                quote(out, start);
            }
            out.push(b'"');
        }
    }
}

/// Escapes for JSON (RFC 8259, 7) what was appended from `start` on; control characters are escaped already.
fn quote(out: &mut Buffer, start: usize) {
    let added = memchr::memchr2_iter(b'"', b'\\', &out[start..]).count();
    if added == 0 {
        return;
    }
    // From the back, each byte to where it belongs, so that nothing is copied aside.
    let mut from = out.len();
    out.resize(from + added, 0);
    let mut to = out.len();
    while from < to {
        (from, to) = (from - 1, to - 1);
        out[to] = out[from];
        if matches!(out[from], b'"' | b'\\') {
            to -= 1;
            out[to] = b'\\';
        }
    }
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
