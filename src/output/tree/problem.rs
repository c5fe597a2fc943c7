//! What is wrong with a frame, where it shows.

use crate::decode::{Layer, Packet, Why};
use crate::output::colour::{Paint, Role};
use crate::text::wrap::push_wrapped;
use crate::text::{Buffer, push, push_number, push_spaces};

use super::page::say;

const INDENT: usize = 2;

/// Whether the packet's problem is to be told below this layer: the one it is about, or the last.
pub(super) fn is_about(packet: &Packet<'_>, layer: &Layer, index: usize) -> bool {
    let Some(problem) = packet.problem else {
        return false;
    };
    let is_it = |layer: &Layer| layer.kind == problem.kind && layer.start == problem.offset;
    let first = packet.layers.iter().position(is_it);
    index == first.unwrap_or(packet.layers.len() - 1) && (first.is_none() || is_it(layer))
}

/// Why decoding stopped early, in a sentence.
pub(super) fn push_problem(out: &mut Buffer, packet: &Packet<'_>, paint: Paint) {
    let Some(problem) = packet.problem else {
        return;
    };
    let name = problem.kind.short();
    let mut words = String::new();
    match problem.why {
        Why::NotCaptured { needed, had } => say(
            &mut words,
            format_args!(
                "cut: only {had} of at least {needed} bytes of the {name} header were captured (snapshot length); \
                 the frame itself may be fine"
            ),
        ),
        Why::TooShort { needed, had } => say(
            &mut words,
            format_args!(
                "malformed: {name} takes at least {needed} bytes, but the layer around it has room for {had}"
            ),
        ),
        Why::TooLong { claimed, room } => say(
            &mut words,
            format_args!(
                "{name} claims {claimed} bytes, but the layer around it has room for {room}; what is there was read"
            ),
        ),
        Why::Malformed(what) => say(&mut words, format_args!("malformed {name}: {what}")),
        Why::TooDeep => words.push_str("nested too deep: what is further inside is not decoded"),
    }
    push_spaces(out, INDENT);
    paint.on(out, Role::Problem);
    push(out, "! byte ");
    push_number(out, problem.offset.into());
    push(out, ", ");
    let column = INDENT + "! byte , ".len() + problem.offset.to_string().len();
    push_wrapped(out, column, INDENT + 2, &words);
    paint.off(out);
    out.push(b'\n');
}
