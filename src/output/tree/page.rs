//! A page of text for a terminal: columns, and lines that break between words.

use std::fmt::{self, Write};

use crate::output::colour::{Paint, Role};
use crate::text::{Buffer, push, push_spaces};

/// The width that every terminal has; longer lines are harder to read anyway.
pub(super) const WIDTH: usize = 80;

/// Appends words from `column` on; what does not fit goes on lines of its own, `indent` columns in.
pub(super) fn push_wrapped(out: &mut Buffer, mut column: usize, indent: usize, text: &str) {
    let mut separator = 0;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent && column + separator + width > WIDTH {
            out.push(b'\n');
            push_spaces(out, indent);
            column = indent;
            separator = 0;
        }
        push_spaces(out, separator);
        push(out, word);
        column += separator + width;
        separator = 1;
    }
}

/// As much of what a field does as fits in `width` columns, up to a comma, colon or semicolon, and what stands for
/// the rest.
pub(super) fn shortened(text: &str, width: usize) -> (&str, &'static str) {
    const REST: &str = " \u{2026}";
    if text.chars().count() <= width {
        return (text, "");
    }
    let breaks = text.char_indices().filter(|(_, c)| ",:;".contains(*c));
    let fitting = breaks
        .map(|(place, _)| &text[..place])
        .take_while(|part| part.chars().count() + 2 <= width);
    match fitting.last() {
        Some(part) => (part, REST),
        None => (text, ""),
    }
}

/// Adds to a phrase. Writing to memory can't fail.
pub(super) fn say(words: &mut String, what: fmt::Arguments<'_>) {
    let _ = words.write_fmt(what);
}

/// Sentences for learners, each on lines of its own.
pub(crate) struct Facts<'a> {
    pub out: &'a mut Buffer,
    pub paint: Paint,
    /// Columns before the mark.
    pub indent: usize,
    pub sentence: &'a mut String,
}

impl Facts<'_> {
    pub(super) fn say(&mut self, what: fmt::Arguments<'_>) {
        const MARK: &str = "\u{bb} ";
        self.sentence.clear();
        say(self.sentence, what);
        push_spaces(self.out, self.indent);
        self.paint.on(self.out, Role::Fact);
        push(self.out, MARK);
        let column = self.indent + MARK.chars().count();
        push_wrapped(self.out, column, column, self.sentence);
        self.paint.off(self.out);
        self.out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_long_words_stay_whole() {
        let mut out = Buffer::new();
        let long = "x".repeat(100);
        push_wrapped(
            &mut out,
            4,
            4,
            &format!("{} {long} end", "word ".repeat(20)),
        );
        let text = String::from_utf8(out).expect("ASCII");
        let widths: Vec<_> = text.lines().map(str::len).collect();
        assert!(widths[0] + 4 <= WIDTH);
        assert!(text.contains(&long) && text.ends_with("\n    end"));
    }
}
