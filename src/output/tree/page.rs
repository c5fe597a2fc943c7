//! Phrases and sentences of a tree, shortened or wrapped to fit.

use std::fmt::{self, Write};

use crate::output::colour::{Paint, Role};
use crate::text::wrap::push_wrapped;
use crate::text::{Buffer, push, push_spaces};

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
