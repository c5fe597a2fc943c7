//! What came off the wire never reaches standard output as a control character, in no form.

use crate::support::{fixture, fixtures, run};

/// Where and what, for the first character that does something other than show itself.
fn dangerous(text: &str, allowed: &[char]) -> Option<String> {
    let at = text.find(|c: char| {
        let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        (c.is_control() || bidi) && !allowed.contains(&c)
    })?;
    let line = text[..at].matches('\n').count() + 1;
    let character = text[at..].chars().next();
    let whole = text.lines().nth(line - 1).unwrap_or_default();
    Some(format!("{character:?} in line {line}: {whole:?}"))
}

/// Removes colour: ESC [ digits and semicolons m. Anything else stays, and is found.
fn without_colour(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        kept.push_str(before);
        let body = after.strip_prefix('[').unwrap_or_default();
        let end = body.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end {
            Some(end) if body[end..].starts_with('m') => rest = &body[end + 1..],
            _ => {
                kept.push('\u{1b}');
                rest = after;
            }
        }
    }
    kept + rest
}

fn every_field() -> Vec<String> {
    let listed = run(&["fields"]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let text = listed.text();
    let names = text.lines().filter_map(|line| line.split('\t').next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 100, "{names:?}");
    names
}

#[test]
fn the_check_itself_finds_them() {
    for bad in [
        "a\u{1b}[31m",
        "a\u{7f}",
        "a\u{9b}2J",
        "\u{202e}gpj",
        "a\rb",
        "\u{7}",
    ] {
        assert!(dangerous(bad, &['\n', '\t']).is_some(), "{bad:?}");
    }
    assert_eq!(dangerous("plain → \t text\n", &['\n', '\t']), None);
    assert_eq!(without_colour("\u{1b}[1;31mred\u{1b}[0m"), "red");
    assert!(without_colour("\u{1b}[2J").contains('\u{1b}'));
    assert!(without_colour("\u{1b}]0;title\u{7}").contains('\u{1b}'));
}

#[test]
fn no_form_prints_control_characters() {
    let fields: Vec<String> = every_field()
        .into_iter()
        .flat_map(|name| ["-e".to_owned(), name])
        .collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let csv = [&["-T", "csv"][..], &fields].concat();
    let json = [&["-T", "json"][..], &fields].concat();
    let forms: [(&[&str], &[char]); 8] = [
        (&[], &['\n']),
        (&["-x"], &['\n']),
        (&["-T", "json"], &['\n']),
        (&["-T", "csv"], &['\n', '\r']),
        (&fields, &['\n', '\t']),
        (&csv, &['\n', '\r']),
        (&json, &['\n']),
        (&["-t", "ud", "--threads", "1"], &['\n']),
    ];
    let paths: Vec<String> = fixtures().iter().map(|name| fixture(name)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for (form, allowed) in forms {
        let run = run(&[&["replay", "--color", "never"], form, &paths].concat());
        assert!(run.lines() > 500, "{form:?}: {}", run.stderr);
        assert_eq!(
            dangerous(&run.text(), allowed),
            None,
            "{:?}",
            &form[..form.len().min(4)]
        );
        assert_eq!(dangerous(&run.stderr, &['\n']), None, "standard error");
    }
}

#[test]
fn colour_brings_nothing_but_colour() {
    for name in [
        "escapes.pcap",
        "pcapng-escape-in-comment.pcapng",
        "malformed-app.pcap",
        "malformed-dns.pcap",
    ] {
        let run = run(&["replay", "--color", "always", &fixture(name)]);
        let plain = without_colour(&run.text());
        assert_eq!(dangerous(&plain, &['\n']), None, "{name}");
    }
}

/// One frame is one line, whatever it holds: a newline off the wire must not make two of it.
#[test]
fn a_frame_is_one_line() {
    for name in ["escapes.pcap", "malformed-app.pcap", "malformed-dns.pcap"] {
        let frames = run(&["replay", "-e", "frame.number", &fixture(name)]).lines();
        for form in [
            &[][..],
            &["-T", "json"],
            &["-e", "data.data", "-e", "frame.number"],
        ] {
            let shown = run(&[&["replay"], form, &[fixture(name).as_str()]].concat());
            assert_eq!(shown.lines(), frames, "{name} {form:?}");
        }
    }
}
