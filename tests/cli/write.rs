//! What `-w` writes reads back the same.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::input::run_with_input;
use crate::library::read;
use crate::support::{fixture, fixture_path, fixtures, run};

pub fn folder() -> TempDir {
    match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("no temporary folder: {error}"),
    }
}

/// Writes every fixture with `ending` and reads it again: bytes, lengths, times and link types are to be the same.
fn round_trip(ending: &str) {
    let folder = folder();
    let mut compared = 0;
    for name in fixtures() {
        let original = read(bytes_of(&fixture_path(&name)));
        // A frame without time is written with the epoch's start: neither format's usual record can leave it out.
        if original.frames.is_empty() || original.frames.iter().any(|frame| frame.time.is_none()) {
            continue;
        }
        let saved = folder.path().join(format!("{name}{ending}"));
        let written = run(&[
            "replay",
            "-w",
            &saved.display().to_string(),
            &fixture(&name),
        ]);
        let damaged = original.error.is_some();
        assert_eq!(
            written.code,
            Some(if damaged { 4 } else { 0 }),
            "{name}: {}",
            written.stderr
        );
        assert_eq!(written.stdout, b"", "{name}: -w alone shows no frames");
        let again = read(bytes_of(&saved));
        assert!(again.error.is_none(), "{name}{ending}: {:?}", again.error);
        assert_eq!(again.frames, original.frames, "{name}{ending}");
        compared += 1;
    }
    assert!(compared > 50, "only {compared} were compared");
}

fn bytes_of(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn pcapng_comes_back_the_same() {
    round_trip(".pcapng");
}

#[test]
fn pcap_comes_back_the_same() {
    round_trip(".pcap");
}

#[test]
fn lines_come_back_the_same() {
    let folder = folder();
    for (name, saved) in [
        ("demo.pcap", "a.pcapng"),
        ("demo.pcap", "a.pcap"),
        ("any-sll2.pcap", "b.pcapng"),
        ("truncated.pcap", "c.pcap"),
    ] {
        let saved = folder.path().join(saved).display().to_string();
        let written = run(&["replay", "-w", &saved, &fixture(name)]);
        assert_eq!(written.code, Some(0), "{name}: {}", written.stderr);
        for form in [&["-x"][..], &["-T", "json"]] {
            let with = |path: &str| run(&[&["replay", path], form].concat()).text();
            assert_eq!(with(&saved), with(&fixture(name)), "{name} {form:?}");
        }
    }
}

#[test]
fn frames_with_a_time_come_back_the_same_beside_one_without() {
    let folder = folder();
    let saved = folder.path().join("saved.pcapng").display().to_string();
    let name = fixture("pcapng-le.pcapng");
    assert_eq!(run(&["replay", "-w", &saved, &name]).code, Some(0));
    let without_third = |path: &str| {
        let text = run(&["replay", "-T", "json", path]).text();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        [&lines[..2], &lines[3..]].concat()
    };
    assert_eq!(without_third(&saved), without_third(&name));
}

#[test]
fn a_frame_without_time_stays_without() {
    let folder = folder();
    let saved = folder.path().join("saved.pcapng").display().to_string();
    let name = fixture("pcapng-le.pcapng");
    assert_eq!(run(&["replay", "-w", &saved, &name]).code, Some(0));
    let times = |path: &str| run(&["replay", "-e", "frame.time_epoch", path]).text();
    assert_eq!(times(&saved), times(&name));
}

#[test]
fn the_name_chooses_the_format() {
    let folder = folder();
    for (name, magic) in [
        ("a.pcap", [0x4d, 0x3c, 0xb2, 0xa1]),
        ("a.pcapng", [0x0a, 0x0d, 0x0d, 0x0a]),
        ("a", [0x0a, 0x0d, 0x0d, 0x0a]),
    ] {
        let path = folder.path().join(name);
        let written = run(&[
            "replay",
            "-w",
            &path.display().to_string(),
            &fixture("demo.pcap"),
        ]);
        assert_eq!(written.code, Some(0), "{name}: {}", written.stderr);
        match fs::read(&path) {
            Ok(bytes) => assert_eq!(bytes.get(..4), Some(&magic[..]), "{name}"),
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

#[test]
fn standard_output_feeds_another_one() {
    let written = run(&["replay", "-w", "-", "-f", "icmp", &fixture("demo.pcap")]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let read = run_with_input(&["replay", "-"], written.stdout);
    let filtered = run(&[
        "replay",
        "-f",
        "icmp",
        "-t",
        "e",
        "-e",
        "ip.src",
        "-e",
        "icmp.type",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(read.lines(), 5, "{}", read.stderr);
    assert_eq!(filtered.lines(), 5);
}

#[test]
fn count_and_filter_hold_for_what_is_written() {
    let folder = folder();
    let saved = folder.path().join("saved.pcapng").display().to_string();
    let written = run(&[
        "replay",
        "-w",
        &saved,
        "-c",
        "3",
        "-f",
        "tcp",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let flags = run(&["replay", "-e", "tcp.flags", &saved]);
    assert_eq!(flags.text(), "0x0002\n0x0012\n0x0010\n");
}

#[test]
fn frames_are_shown_beside_writing_where_asked_for() {
    let folder = folder();
    let saved = folder.path().join("saved.pcapng").display().to_string();
    let shown = run(&[
        "replay",
        "-w",
        &saved,
        "-T",
        "line",
        "-c",
        "2",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(
        (shown.code, shown.lines()),
        (Some(0), 2),
        "{}",
        shown.stderr
    );
}

#[test]
fn interfaces_keep_their_link_types_and_a_pcap_refuses_two() {
    let folder = folder();
    let saved = folder.path().join("two.pcapng").display().to_string();
    let files = [
        fixture("any-sll.pcap"),
        fixture("tun-raw-ip.pcap"),
        fixture("link-null.pcap"),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let written = run(&[&["replay", "-w", &saved][..], &files].concat());
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let apart = run(&[&["replay"][..], &files].concat());
    assert!(
        run(&["replay", &saved]).text() == apart.text(),
        "frames changed their link type"
    );

    let refused = folder.path().join("two.pcap").display().to_string();
    let refused = run(&[&["replay", "-w", &refused][..], &files].concat());
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains(".pcapng"), "{}", refused.stderr);
}
