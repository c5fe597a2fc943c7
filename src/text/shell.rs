//! Commands to be pasted into a shell.

/// A word as a shell wants it (POSIX.1-2017, Shell Command Language, 2.2.2).
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(word("/usr/bin/netinspect"), "/usr/bin/netinspect");
        assert_eq!(word("/a b/it's"), r"'/a b/it'\''s'");
        assert_eq!(word(r"a\b"), r"'a\b'");
        assert_eq!(word(""), "''");
    }
}
