//! Regular expressions over bytes, as `matches` has them.

use std::fmt::Write;

use regex::bytes::{Regex, RegexBuilder};

/// Wireshark's are PCRE2's without Unicode, and know no case. Those here take linear time whatever the frame
/// holds, and for that lack look-around and back references.
pub(super) fn compile(pattern: &[u8]) -> Result<Regex, String> {
    let mut text = String::with_capacity(pattern.len());
    for byte in pattern {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    RegexBuilder::new(&text)
        .unicode(false)
        .case_insensitive(true)
        .build()
        .map_err(|error| reason(&error))
}

/// The last line of what the regex crate says; the lines before show the pattern.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    format!(
        "the regular expression can't be used: {}",
        last.trim_start_matches("error: ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_match_whatever_their_encoding() {
        let regex = compile(b"^\xffa.").expect("a pattern");
        assert!(regex.is_match(b"\xffA\x80"));
        assert!(!regex.is_match(b"\xffA\n"));
        let any_case = compile(b"(?-i)get").expect("a pattern");
        assert!(any_case.is_match(b"get") && !any_case.is_match(b"GET"));
    }

    #[test]
    fn what_is_wrong_is_one_line() {
        let message = compile(b"a(").expect_err("a mistake");
        assert!(message.contains("unclosed group"), "{message}");
        assert!(!message.contains('\n'), "{message}");
        assert!(compile(b"(?=a)").is_err());
        assert!(compile(b"((a{999}){999}){999}").is_err());
    }
}
