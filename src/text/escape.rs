//! Text that came off the wire, made harmless. The only way such text reaches a terminal, a cell or a log.

use super::{Buffer, push_octet, written};

/// Appends `text` with every byte that is not printable ASCII or whole, printable UTF-8 written as `\xNN`
/// (and a backslash as `\\`, so that nothing can pretend to be such an escape).
pub fn push_escaped(out: &mut Buffer, text: &[u8]) {
    // Most text is plain, and then there is nothing to look at one by one.
    if is_all_plain(text) {
        return out.extend_from_slice(text);
    }
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_character(out, character);
        }
        for byte in chunk.invalid() {
            push_byte(out, *byte);
        }
    }
}

/// Looks at sixteen bytes at a time, all of them, which the compiler makes a few vector instructions of.
fn is_all_plain(text: &[u8]) -> bool {
    let (whole, rest) = text.as_chunks::<16>();
    let are_plain = |some: &[u8; 16]| some.iter().fold(true, |all, byte| all & is_plain(*byte));
    whole.iter().all(are_plain) && rest.iter().all(|byte| is_plain(*byte))
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') & (byte != b'\\')
}

fn push_character(out: &mut Buffer, character: char) {
    let mut encoded = [0; 4];
    let bytes = character.encode_utf8(&mut encoded).as_bytes();
    match character {
        '\\' => out.extend_from_slice(b"\\\\"),
        ' '..='~' => out.push(character as u8),
        _ if is_harmless(character) => out.extend_from_slice(bytes),
        _ => bytes.iter().for_each(|byte| push_byte(out, *byte)),
    }
}

/// Neither a control character nor one that changes how its neighbours are shown or hides between them.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

fn push_byte(out: &mut Buffer, byte: u8) {
    out.extend_from_slice(b"\\x");
    push_octet(out, byte);
}

/// Our own words and what the user wrote: as [`escaped`], with backslashes as they are. Commands can be pasted then.
pub fn harmless(text: &str) -> String {
    let parts: Vec<_> = text.split('\\').map(escaped).collect();
    parts.join("\\")
}

/// Text for people that may hold what came off the wire or out of a file: names, messages.
pub fn escaped(text: &str) -> String {
    written(|out| push_escaped(out, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escape(text: &[u8]) -> String {
        let mut out = Buffer::new();
        push_escaped(&mut out, text);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn control_sequences_become_visible() {
        assert_eq!(escape(b"a\x1b[31mb\r\n"), r"a\x1b[31mb\x0d\x0a");
        assert_eq!(escape("\u{9b}31m".as_bytes()), r"\xc2\x9b31m");
        assert_eq!(
            escape("safe\u{202e}txt.exe".as_bytes()),
            r"safe\xe2\x80\xaetxt.exe"
        );
        assert_eq!(escape(b"\\x1b"), r"\\x1b");
        assert_eq!(escape("größe".as_bytes()), "größe");
        assert_eq!(escape(b"\xff\xfe"), r"\xff\xfe");
    }

    #[test]
    fn what_the_user_wrote_keeps_its_backslashes() {
        assert_eq!(
            harmless(r#"http.host matches "www\\.lab""#),
            r#"http.host matches "www\\.lab""#
        );
        assert_eq!(harmless("a\\b\x1b[31m"), r"a\b\x1b[31m");
    }

    proptest! {
        #[test]
        fn nothing_but_printable_text_comes_out(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(escape(&bytes).chars().all(|c| !c.is_control()));
        }
    }
}
