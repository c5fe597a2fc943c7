//! Values as JSON (RFC 8259).

use crate::fields::{Field, Type, Value, push_value};
use crate::text::{Buffer, push, push_number};

/// Values of one name: alone as they are, several in an array.
#[derive(Default)]
pub(super) struct Values {
    pub(super) count: usize,
    start: usize,
}

impl Values {
    pub(super) fn push(&mut self, out: &mut Buffer, field: &Field, value: Value<'_>) {
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
    pub(super) fn finish(self, out: &mut Buffer) -> bool {
        if self.count > 1 {
            out.push(b']');
        }
        self.count > 0
    }
}

#[inline(always)]
pub(super) fn push_json(out: &mut Buffer, field: &Field, value: Value<'_>) {
    match value {
        Value::Uint(n) if field.kind == Type::Uint => push_number(out, n),
        Value::Bool(true) => push(out, "true"),
        Value::Bool(false) => push(out, "false"),
        Value::Text(_) | Value::Name(_) => push_quoted(out, field, value),
        // Nothing else can have a quotation mark or a backslash in it.
        _ => {
            out.push(b'"');
            push_value(out, field, value);
            out.push(b'"');
        }
    }
}

#[inline(never)]
fn push_quoted(out: &mut Buffer, field: &Field, value: Value<'_>) {
    out.push(b'"');
    let start = out.len();
    push_value(out, field, value);
    quote(out, start);
    out.push(b'"');
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
