//! The ladder in characters, 80 columns wide at most.

use super::{heading, sentence, since};
use crate::analysis::connections::{Conversation, Part, Rung};
use crate::decode::tcp::flag;
use crate::frame::Timestamp;
use crate::output::colour::{Paint, Role};
use crate::output::connections::words;
use crate::output::table;
use crate::text::{Buffer, push};

/// Columns there are at most, and the fewest that a ladder is drawn in.
const WIDTH: usize = 80;
const NARROWEST: usize = 40;
/// Columns for the time.
const TIME: usize = 10;
/// Columns that are not between the two lines.
const AROUND: usize = TIME + 4;

/// The whole ladder, as wide as the terminal if that has less than 80 columns; `parts` are those of `conversation`.
pub fn text(conversation: &Conversation, parts: &[Part], paint: Paint) -> Buffer {
    let room = table::terminal_width().map_or(WIDTH, usize::from);
    drawn(conversation, parts, paint, room)
}

fn drawn(conversation: &Conversation, parts: &[Part], paint: Paint, room: usize) -> Buffer {
    let width = room.clamp(NARROWEST, WIDTH);
    let mut drawing = Drawing {
        out: Buffer::new(),
        inside: width - AROUND,
        paint,
    };
    drawing.heading(conversation, width);
    let mut previous: Option<Timestamp> = None;
    for part in parts {
        match part {
            Part::Rung(rung) => {
                drawing.rung(rung, previous);
                previous = Some(rung.time);
            }
            Part::Fold(fold) => {
                drawing.centred(&sentence::folded(fold));
                previous = Some(fold.end);
            }
        }
    }
    drawing.out
}

struct Drawing {
    out: Buffer,
    /// Columns between the two lines.
    inside: usize,
    paint: Paint,
}

impl Drawing {
    fn heading(&mut self, conversation: &Conversation, width: usize) {
        let heading = heading(conversation).map(|line| match line.chars().count() > width {
            // Two long addresses.
            true => line.replacen(" → ", "\n→ ", 1),
            false => line,
        });
        for line in heading.iter().flat_map(|text| text.lines()) {
            for line in wrapped(line, width) {
                self.painted(Role::Heading, &line);
                push(&mut self.out, "\n");
            }
        }
        push(&mut self.out, "\n");
        let [client, server] = conversation
            .ends()
            .map(|end| words::end(end, conversation.protocol));
        let taken = client.chars().count() + server.chars().count();
        match (self.inside + 2).saturating_sub(taken) {
            gap @ 1.. => push(
                &mut self.out,
                &format!("{:TIME$}{client}{:gap$}{server}\n", "", ""),
            ),
            _ => {
                let whole = self.inside + 2;
                push(
                    &mut self.out,
                    &format!("{:TIME$}{client}\n{:TIME$}{server:>whole$}\n", "", ""),
                );
            }
        }
        self.row(" client", "server ");
    }

    fn rung(&mut self, rung: &Rung, previous: Option<Timestamp>) {
        let role = role(rung);
        let mut time = since(previous, rung.time);
        for line in wrapped(&sentence::of(rung), self.inside - 2) {
            self.words(&time, &line, rung.from, role);
            time.clear();
        }
        self.arrow(rung, role);
        if let Some(remark) = sentence::remark(rung) {
            self.centred(&format!("» {remark}"));
        }
    }

    /// The client's words stand on the left, the server's on the right.
    fn words(&mut self, time: &str, words: &str, from: usize, role: Role) {
        let width = words.chars().count();
        let space = self.inside.saturating_sub(width + 2);
        let (left, right) = if from == 0 {
            (1, space + 1)
        } else {
            (space + 1, 1)
        };
        self.time(time);
        push(&mut self.out, &format!("│{:left$}", ""));
        self.painted(role, words);
        push(&mut self.out, &format!("{:right$}│\n", ""));
    }

    fn arrow(&mut self, rung: &Rung, role: Role) {
        // Broken where it was sent before.
        let line = if rung.is_again() { "╌" } else { "─" }.repeat(self.inside - 1);
        let arrow = match rung.from {
            0 => format!("{line}▶"),
            _ => format!("◀{line}"),
        };
        self.time("");
        push(&mut self.out, "│");
        self.painted(role, &arrow);
        push(&mut self.out, "│\n");
    }

    fn centred(&mut self, text: &str) {
        for line in wrapped(text, self.inside) {
            let left = self.inside.saturating_sub(line.chars().count()) / 2;
            self.row(&format!("{:left$}{line}", ""), "");
        }
    }

    fn row(&mut self, left: &str, right: &str) {
        let taken = left.chars().count() + right.chars().count();
        let gap = self.inside.saturating_sub(taken);
        self.time("");
        push(&mut self.out, "│");
        self.painted(Role::Quiet, &format!("{left}{:gap$}{right}", ""));
        push(&mut self.out, "│\n");
    }

    fn time(&mut self, time: &str) {
        let width = TIME - 1;
        self.painted(Role::Quiet, &format!("{time:>width$} "));
    }

    fn painted(&mut self, role: Role, text: &str) {
        self.paint.on(&mut self.out, role);
        push(&mut self.out, text);
        self.paint.off(&mut self.out);
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

/// Lines of so many columns; a longer word has one of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_there_is_room_and_no_word_is_lost() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("longer than three", 3), ["longer", "than", "three"]);
        assert_eq!(wrapped("", 3), [""]);
    }
}
