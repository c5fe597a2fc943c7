//! The ladder in characters, 80 columns wide.

use super::{heading, sentence, since};
use crate::analysis::connections::{Conversation, Part, Rung};
use crate::decode::tcp::flag;
use crate::frame::Timestamp;
use crate::output::colour::{Paint, Role};
use crate::output::connections::words;
use crate::text::{Buffer, push};

const WIDTH: usize = 80;
/// Columns for the time, and between the two lines.
const TIME: usize = 10;
const INSIDE: usize = 66;

/// The whole ladder; `parts` are those of `conversation`.
pub fn text(conversation: &Conversation, parts: &[Part], paint: Paint) -> Buffer {
    let mut out = Buffer::new();
    let heading = heading(conversation).map(|line| match line.chars().count() > WIDTH {
        // Two long addresses.
        true => line.replacen(" → ", "\n → ", 1),
        false => line,
    });
    for line in heading.iter().flat_map(|line| line.lines()) {
        push_painted(&mut out, paint, Role::Heading, line);
        push(&mut out, "\n");
    }
    let [client, server] = conversation
        .ends()
        .map(|end| words::end(end, conversation.protocol));
    let gap = (INSIDE + 2).saturating_sub(client.chars().count() + server.chars().count());
    push(
        &mut out,
        &format!("\n{:TIME$}{client}{:gap$}{server}\n", "", ""),
    );
    push_row(&mut out, "", " client", "server ", paint);
    let mut previous: Option<Timestamp> = None;
    for part in parts {
        match part {
            Part::Rung(rung) => {
                push_rung(&mut out, rung, previous, paint);
                previous = Some(rung.time);
            }
            Part::Fold(fold) => {
                push_row(&mut out, "", &centred(&sentence::folded(fold)), "", paint);
                previous = Some(fold.end);
            }
        }
    }
    out
}

fn push_rung(out: &mut Buffer, rung: &Rung, previous: Option<Timestamp>, paint: Paint) {
    let time = since(previous, rung.time);
    let said = sentence::of(rung);
    let mut lines = wrapped(&said).into_iter();
    let role = role(rung);
    let first = lines.next().unwrap_or_default();
    push_words(out, &time, &first, rung.from, role, paint);
    for line in lines {
        push_words(out, "", &line, rung.from, role, paint);
    }
    push_arrow(out, rung, role, paint);
    if let Some(remark) = sentence::remark(rung) {
        push_row(out, "", &centred(&format!("» {remark}")), "", paint);
    }
}

fn role(rung: &Rung) -> Role {
    if rung.has(flag::RST) || rung.is_again() {
        Role::Broken
    } else if rung.has(flag::SYN) {
        Role::Open
    } else if rung.has(flag::FIN) {
        Role::Close
    } else {
        Role::Plain
    }
}

/// The client's words stand on the left, the server's on the right.
fn push_words(out: &mut Buffer, time: &str, words: &str, from: usize, role: Role, paint: Paint) {
    let width = words.chars().count();
    let space = INSIDE.saturating_sub(width + 2);
    let (left, right) = if from == 0 {
        (1, space + 1)
    } else {
        (space + 1, 1)
    };
    push_time(out, time, paint);
    push(out, &format!("│{:left$}", ""));
    push_painted(out, paint, role, words);
    push(out, &format!("{:right$}│\n", ""));
}

fn push_arrow(out: &mut Buffer, rung: &Rung, role: Role, paint: Paint) {
    // Broken where it was sent before.
    let line = if rung.is_again() { "╌" } else { "─" };
    let arrow = match rung.from {
        0 => format!("{}▶", line.repeat(INSIDE - 1)),
        _ => format!("◀{}", line.repeat(INSIDE - 1)),
    };
    push_time(out, "", paint);
    push(out, "│");
    push_painted(out, paint, role, &arrow);
    push(out, "│\n");
}

fn push_row(out: &mut Buffer, time: &str, left: &str, right: &str, paint: Paint) {
    let gap = INSIDE.saturating_sub(left.chars().count() + right.chars().count());
    push_time(out, time, paint);
    push(out, "│");
    push_painted(
        out,
        paint,
        Role::Quiet,
        &format!("{left}{:gap$}{right}", ""),
    );
    push(out, "│\n");
}

fn push_time(out: &mut Buffer, time: &str, paint: Paint) {
    let width = TIME - 1;
    push_painted(out, paint, Role::Quiet, &format!("{time:>width$} "));
}

fn push_painted(out: &mut Buffer, paint: Paint, role: Role, text: &str) {
    paint.on(out, role);
    push(out, text);
    paint.off(out);
}

fn centred(text: &str) -> String {
    let text: String = text.chars().take(INSIDE).collect();
    let left = (INSIDE - text.chars().count()) / 2;
    format!("{:left$}{text}", "")
}

/// Lines that fit inside.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= INSIDE - 2 {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
