//! One field: where it stands, its name, its value, and what that means.

use super::meaning;
use super::page::{say, shortened};
use super::place;
use crate::decode::{Layer, Packet};
use crate::fields::push_value;
use crate::fields::{Field, Span, Type, Value};
use crate::output::colour::{Paint, Role};
use crate::output::hex::{push_range, push_short};
use crate::text::wrap::{WIDTH, push_wrapped};
use crate::text::{Buffer, push, push_number, push_spaces};

/// Columns: two blanks, the bytes, the name, the value with its meaning.
const PLACE_COLUMN: usize = 2;
pub(super) const NAME_COLUMN: usize = 10;
const VALUE_COLUMN: usize = 32;
/// Meanings start here at the earliest, and where they take another line.
const MEANING_COLUMN: usize = VALUE_COLUMN + 8;
/// Fewer columns than these aren't worth starting a long meaning in.
const WORTHWHILE: usize = 24;

/// Writes rows, with memory that is used again.
pub(super) struct RowWriter {
    paint: Paint,
    /// Say in full what a field does, on as many lines as it takes.
    whole: bool,
    value: Buffer,
    words: String,
}

impl RowWriter {
    pub(super) fn new(paint: Paint, whole: bool) -> Self {
        Self {
            paint,
            whole,
            value: Buffer::new(),
            words: String::new(),
        }
    }

    /// Appends a field's row: numbers that occur several times side by side, all else one below the other.
    pub(super) fn push(
        &mut self,
        out: &mut Buffer,
        packet: &Packet<'_>,
        layer: &Layer,
        field: &Field,
    ) {
        let together = matches!(field.kind, Type::Uint | Type::Hex(_));
        let mut last = None;
        self.clear();
        field.each(packet, layer, |value| {
            if !together && last.is_some() {
                self.push_row(out, packet, layer, field, last);
                self.clear();
            } else if last.is_some() {
                push(&mut self.value, ", ");
                self.words.push_str(", ");
            }
            self.add(packet, layer, field, value);
            last = Some(value);
        });
        if last.is_some() {
            self.push_row(out, packet, layer, field, last);
        }
    }

    fn clear(&mut self) {
        self.value.clear();
        self.words.clear();
    }

    /// Adds a value and its meaning to what the row will show.
    fn add(&mut self, packet: &Packet<'_>, layer: &Layer, field: &Field, value: Value<'_>) {
        if let Value::Bytes(bytes) = value {
            push_number(&mut self.value, bytes.len() as u64);
            push(
                &mut self.value,
                if bytes.len() == 1 { " byte" } else { " bytes" },
            );
            return;
        }
        if let Some(Span {
            bytes,
            mask: Some(mask),
        }) = field.span(packet, layer)
        {
            place::push_bits(&mut self.value, &packet.bytes[bytes], mask);
            push(&mut self.value, " = ");
        }
        push_value(&mut self.value, field, value);
        meaning::push(&mut self.words, packet, layer, field.name, value);
    }

    fn push_row(
        &mut self,
        out: &mut Buffer,
        packet: &Packet<'_>,
        layer: &Layer,
        field: &Field,
        value: Option<Value<'_>>,
    ) {
        let unset = matches!(value, Some(Value::Bool(false))) && self.words.is_empty();
        let row = if unset { Role::Quiet } else { Role::Plain };
        push_spaces(out, PLACE_COLUMN);
        let place = place::of(packet, layer, field, value);
        let column = PLACE_COLUMN + self.push_place(out, place);
        let column = pad(out, column, NAME_COLUMN);
        self.paint.on(out, row);
        push(out, field.name);
        let column = pad(out, column + field.name.len(), VALUE_COLUMN);
        let column = push_broken(out, column, &String::from_utf8_lossy(&self.value));
        self.paint.off(out);
        self.push_meaning(out, column, field, unset);
        if let Some(Value::Bytes(bytes)) = value {
            push_dump_line(out, bytes);
        }
    }

    /// Appends the range, if there is one; returns how many columns it took.
    fn push_place(&self, out: &mut Buffer, place: Option<(usize, usize)>) -> usize {
        let Some((start, end)) = place else {
            return 0;
        };
        self.paint.on(out, Role::Quiet);
        let before = out.len();
        push_range(out, start, end);
        let bytes = out.len() - before;
        self.paint.off(out);
        // The dash takes three bytes and one column.
        if end > start + 1 { bytes - 2 } else { bytes }
    }

    /// What the value means; where nothing is known of the value, what the field does.
    fn push_meaning(&mut self, out: &mut Buffer, column: usize, field: &Field, unset: bool) {
        // Several values without a meaning leave only the commas.
        let known = self.words.chars().any(|c| c != ',' && c != ' ');
        let (role, text) = match (known, unset) {
            (true, _) => (Role::Plain, self.words.as_str()),
            (false, true) => (Role::Quiet, "not set"),
            (false, false) => (Role::Quiet, field.meaning),
        };
        let start = column.max(MEANING_COLUMN - 2) + 2;
        // On a line of its own a meaning has as much room as beside a short value.
        let room = WIDTH - MEANING_COLUMN;
        let (text, rest) = if known || self.whole {
            (text, "")
        } else {
            shortened(text, room)
        };
        let width = text.chars().count() + rest.chars().count();
        let fits = start + width <= WIDTH;
        let on_its_own = !fits && (MEANING_COLUMN + width <= WIDTH || start + WORTHWHILE > WIDTH);
        let start = if on_its_own {
            out.push(b'\n');
            push_spaces(out, MEANING_COLUMN);
            MEANING_COLUMN
        } else {
            push_spaces(out, start - column);
            start
        };
        self.paint.on(out, role);
        push_wrapped(out, start, MEANING_COLUMN, text);
        push(out, rest);
        self.paint.off(out);
        out.push(b'\n');
    }
}

/// Fills up to `target`, or with one blank where that is passed; returns the column then reached.
fn pad(out: &mut Buffer, column: usize, target: usize) -> usize {
    let reached = target.max(column + 1);
    push_spaces(out, reached - column);
    reached
}

/// Appends a value, broken wherever the line ends: text off the wire may be of any length. Returns the column reached.
fn push_broken(out: &mut Buffer, mut column: usize, value: &str) -> usize {
    const MOST_LINES: usize = 4;
    let mut lines = 1;
    for character in value.chars() {
        // One column is kept for the ellipsis.
        if column + 1 >= WIDTH {
            if lines == MOST_LINES {
                push(out, "\u{2026}");
                return column + 1;
            }
            out.push(b'\n');
            push_spaces(out, VALUE_COLUMN);
            column = VALUE_COLUMN;
            lines += 1;
        }
        let mut encoded = [0; 4];
        push(out, character.encode_utf8(&mut encoded));
        column += 1;
    }
    column
}

/// The first bytes of data, in hexadecimal and as text.
pub(super) fn push_dump_line(out: &mut Buffer, bytes: &[u8]) {
    const SHOWN: usize = 16;
    if bytes.is_empty() {
        return;
    }
    push_spaces(out, NAME_COLUMN);
    push_short(out, bytes);
    out.push(b'\n');
    if bytes.len() > SHOWN {
        let mut words = String::new();
        let rest = bytes.len() - SHOWN;
        say(
            &mut words,
            format_args!("\u{2026} and {rest} more (-x shows all)"),
        );
        push_spaces(out, NAME_COLUMN);
        push(out, &words);
        out.push(b'\n');
    }
}
