//! What must not happen when files are written: nothing readable, something destroyed, silence.

use std::fs;

use crate::support::{fixture, fixture_path, run};
use crate::write::folder;

#[test]
fn nothing_to_write_is_still_a_capture() {
    let folder = folder();
    for ending in ["pcapng", "pcap"] {
        let saved = folder
            .path()
            .join(format!("empty.{ending}"))
            .display()
            .to_string();
        let written = run(&[
            "replay",
            "-w",
            &saved,
            &fixture("pcapng-header-only.pcapng"),
        ]);
        assert_eq!(written.code, Some(0), "{}", written.stderr);
        let read = run(&["replay", &saved]);
        assert_eq!(
            (read.code, read.lines()),
            (Some(0), 0),
            "{ending}: {}",
            read.stderr
        );
    }
}

#[test]
fn the_file_being_read_is_not_destroyed() {
    let folder = folder();
    let path = folder.path().join("mine.pcap");
    let name = path.display().to_string();
    let original = fixture_path("demo.pcap");
    if let Err(error) = fs::copy(&original, &path) {
        panic!("{error}");
    }
    let refused = run(&["replay", "-w", &name, &name]);
    assert_ne!(refused.code, Some(0));
    assert_eq!(run(&["replay", &name]).lines(), 29, "the capture is gone");
}

#[test]
fn a_place_that_can_not_be_written_is_told() {
    let run = run(&[
        "replay",
        "-w",
        "no-such-folder/x.pcap",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(run.code, Some(5));
    assert!(
        run.stderr
            .starts_with("netinspect: cannot create no-such-folder/x.pcap: "),
        "{}",
        run.stderr
    );
}
