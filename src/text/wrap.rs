//! Lines for a terminal that break between words.

use super::{Buffer, push, push_spaces};

/// The width that every terminal has; longer lines are harder to read anyway.
pub const WIDTH: usize = 80;

/// Appends words from `column` on; what does not fit goes on lines of its own, `indent` columns in.
pub fn push_wrapped(out: &mut Buffer, mut column: usize, indent: usize, text: &str) {
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
