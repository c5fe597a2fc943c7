//! Damaged input: everything before the damage is shown, where it broke is said, exit code 4.

use crate::support::{fixture, run};

/// Fixture, frames before the damage, the byte where the broken record starts; from fixtures/README.md.
const DAMAGED: [(&str, usize, u64); 17] = [
    ("empty.pcap", 0, 0),
    ("not-a-capture.txt", 0, 0),
    ("gzip-of-text.gz", 0, 0),
    ("pcap-cut-in-file-header.pcap", 0, 0),
    ("pcap-cut-in-record-header.pcap", 1, 82),
    ("pcap-cut-in-record.pcap", 1, 82),
    ("pcap-absurd-length.pcap", 3, 206),
    ("gzip-cut.pcap.gz", 3, 239),
    ("gzip-bad-checksum.pcap.gz", 4, 269),
    ("pcapng-absurd-length.pcapng", 1, 124),
    ("pcapng-bad-trailer.pcapng", 1, 124),
    ("pcapng-cut-in-block-header.pcapng", 1, 124),
    ("pcapng-cut-in-block.pcapng", 1, 124),
    ("pcapng-no-such-interface.pcapng", 1, 124),
    ("pcapng-odd-length.pcapng", 1, 124),
    ("pcapng-packet-over-block.pcapng", 1, 124),
    ("pcapng-short-block.pcapng", 1, 124),
];

#[test]
fn every_frame_before_the_damage_is_shown_and_the_place_is_said() {
    for (name, frames, byte) in DAMAGED {
        let path = fixture(name);
        let run = run(&["replay", &path]);
        assert_eq!(
            (run.code, run.lines()),
            (Some(4), frames),
            "{name}: {}",
            run.stderr
        );
        let place = format!("netinspect: {path} is damaged at byte {byte}, after frame {frames}: ");
        assert!(run.stderr.starts_with(&place), "{name}: {}", run.stderr);
        assert_eq!(
            run.stderr.lines().count(),
            1,
            "{name}: one sentence: {}",
            run.stderr
        );
    }
}

/// Odd, but whole: no error.
#[test]
fn unusual_files_are_not_damaged() {
    for (name, frames) in [
        ("pcap-header-only.pcap", 0),
        ("pcapng-header-only.pcapng", 0),
        ("pcap-more-than-original.pcap", 2),
        ("pcap-more-than-snaplen.pcap", 1),
        ("pcap-time-overflow.pcap", 2),
        ("pcap-unknown-version.pcap", 4),
        ("pcap-with-fcs.pcap", 4),
        ("pcapng-mixed-order.pcapng", 2),
        ("pcapng-legacy-packet.pcapng", 2),
        ("pcapng-section-length.pcapng", 1),
        ("pcapng-simple-snaplen.pcapng", 1),
        ("pcapng-time-offset.pcapng", 1),
        ("link-type-147.pcap", 3),
    ] {
        let run = run(&["replay", &fixture(name)]);
        assert_eq!(
            (run.code, run.lines()),
            (Some(0), frames),
            "{name}: {}",
            run.stderr
        );
        assert_eq!(run.stderr, "", "{name}");
    }
}

#[test]
fn odd_resolutions_cost_times_not_frames() {
    let name = fixture("pcapng-odd-resolutions.pcapng");
    let run = run(&[
        "replay",
        "-e",
        "frame.number",
        "-e",
        "frame.time_epoch",
        &name,
    ]);
    assert_eq!((run.code, run.lines()), (Some(0), 5), "{}", run.stderr);
    assert!(
        run.text()
            .starts_with("1\t1700000000.000000000\n2\t1700000000.123000000\n")
    );
}

#[test]
fn good_files_after_a_damaged_one_are_still_read() {
    let run = run(&[
        "replay",
        "-e",
        "frame.number",
        &fixture("pcap-cut-in-record.pcap"),
        &fixture("not-a-capture.txt"),
        &fixture("pcap-le-micro.pcap"),
    ]);
    assert_eq!(
        (run.code, run.text().as_str()),
        (Some(4), "1\n2\n3\n4\n5\n")
    );
    let told: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("pcap-cut-in-record.pcap") && told[1].contains("not-a-capture.txt"),
        "{told:?}"
    );
}

#[test]
fn a_missing_file_does_not_keep_the_next_from_being_read() {
    let run = run(&[
        "replay",
        "-e",
        "frame.number",
        "no-such-file.pcap",
        &fixture("link-ipv4.pcap"),
    ]);
    assert_eq!(
        (run.code, run.text().as_str()),
        (Some(5), "1\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_was_read_before_the_damage_is_written_too() {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    };
    let saved = folder.path().join("saved.pcap").display().to_string();
    let written = run(&["replay", "-w", &saved, &fixture("pcap-absurd-length.pcap")]);
    assert_eq!(written.code, Some(4), "{}", written.stderr);
    let read = run(&["replay", "-e", "frame.number", &saved]);
    assert_eq!((read.code, read.text().as_str()), (Some(0), "1\n2\n3\n"));
}
