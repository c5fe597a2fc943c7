//! `--reassemble`: fragmented packets, put together.

use crate::support::{fixture, run};

fn replayed(name: &str, options: &[&str]) -> (String, String) {
    let path = fixture(name);
    let run = run(&[&["replay", path.as_str(), "--reassemble"], options].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    (run.text(), run.stderr)
}

/// Numbers of the frames that a display filter accepts.
fn matching(name: &str, filter: &str) -> String {
    let (text, _) = replayed(name, &["-e", "frame.number", "-Y", filter]);
    text.lines().collect::<Vec<_>>().join(",")
}

#[test]
fn the_frame_that_brings_the_last_part_shows_the_whole() {
    assert_eq!(matching("fragments.pcap", "dns"), "3,6,7,9,12");
    assert_eq!(
        matching("fragments.pcap", "udp.checksum.status == 1"),
        "3,6,7,9,12"
    );
    let (text, summary) = replayed("fragments.pcap", &["-v"]);
    let line = text.lines().nth(2).expect("three lines");
    assert!(
        line.contains("[whole: 156 bytes from 3 fragments]"),
        "{line}"
    );
    assert!(
        text.lines()
            .nth(1)
            .expect("two lines")
            .contains("[fragment of packet")
    );
    assert!(
        summary.contains("6 packets put together from fragments"),
        "{summary}"
    );
}

#[test]
fn each_part_speaks_for_itself_without_it() {
    let path = fixture("fragments.pcap");
    let run = run(&["replay", path.as_str(), "-e", "udp.dstport", "-Y", "udp"]);
    assert_eq!(run.text().lines().count(), 5, "the first parts");
}

#[test]
fn what_no_receiver_puts_together_is_dropped_and_said() {
    let (text, summary) = replayed("fragments-odd.pcap", &["-v"]);
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[1].contains("overlaps another fragment"),
        "{}",
        lines[1]
    );
    assert!(
        lines[4].contains("ends where other fragments say it does not"),
        "{}",
        lines[4]
    );
    assert!(lines[26].contains("65,535"), "{}", lines[26]);
    assert_eq!(matching("fragments-odd.pcap", "dns"), "26,29");
    assert!(
        summary.contains("1 packet put together from fragments; 2 never whole; 3 dropped"),
        "{summary}"
    );
}

#[test]
fn the_tree_and_the_bytes_show_where_the_whole_begins() {
    let (text, _) = replayed(
        "fragments.pcap",
        &["-T", "tree", "-x", "-Y", "frame.number == 3"],
    );
    assert!(
        text.contains("- put together from 3 fragments: bytes 34\u{2013}189"),
        "{text}"
    );
    assert!(
        text.contains("bytes 34\u{2013}41\n"),
        "UDP's header: {text}"
    );
    assert!(
        text.contains(
            "0\u{2013}13 Ethernet \u{b7} 14\u{2013}33 IPv4 \u{b7} 34\u{2013}61 fragment\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("34\u{2013}41 UDP \u{b7} 42\u{2013}189 DNS"),
        "{text}"
    );
}

#[test]
fn frames_are_written_as_they_came() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.pcap");
    replayed("fragments.pcap", &["-w", copy.to_str().expect("UTF-8")]);
    let frames = |path: &str| run(&["replay", path, "-T", "json"]).text();
    assert_eq!(
        frames(copy.to_str().expect("UTF-8")),
        frames(&fixture("fragments.pcap"))
    );
}
