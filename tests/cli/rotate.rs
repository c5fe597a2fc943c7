//! `replay -w` into a row of files, and its stops.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{fixture, run};
use crate::write::folder;

fn row(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort_by_key(|path| {
        let name = path.to_string_lossy().into_owned();
        name.rsplit('-').next().map(str::to_owned)
    });
    paths
}

const FIELDS: [&str; 6] = ["-e", "frame.time_epoch", "-e", "frame.len", "-e", "ip.id"];

/// The fields of all frames of some files, one after the other.
fn told(paths: &[PathBuf]) -> String {
    let names: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let done = run(&[&["replay"], &names[..], &FIELDS].concat());
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    done.text()
}

#[test]
fn a_row_holds_the_frames_of_one_file_whatever_divides_it() {
    let original = told(&[PathBuf::from(fixture("demo.pcap"))]);
    for ending in ["pcap", "pcapng"] {
        for (rule, files) in [
            (&["--rotate-count", "10"][..], 3),
            (&["--rotate-count", "29"], 1),
            (&["--rotate-count", "1", "--threads", "4"], 29),
            // Nothing comes from 100 to 200 ms: there is no file for that.
            (&["--rotate-every", "100ms"], 5),
            // Less than any frame takes: each has a file of its own all the same.
            (&["--rotate-size", "100"], 29),
        ] {
            let folder = folder();
            let to = folder
                .path()
                .join(format!("row.{ending}"))
                .display()
                .to_string();
            let done = run(&[&["replay", &fixture("demo.pcap"), "-w", &to], rule].concat());
            assert_eq!(done.code, Some(0), "{}", done.stderr);
            let found = row(folder.path());
            assert_eq!(found.len(), files, "{rule:?}: {found:?}");
            assert!(told(&found) == original, "{ending} {rule:?}");
        }
    }
}

#[test]
fn names_tell_when_a_file_begins() {
    let folder = folder();
    let to = folder.path().join("row.pcapng").display().to_string();
    let done = run(&[
        "replay",
        &fixture("demo.pcap"),
        "-w",
        &to,
        "--rotate-count",
        "20",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let names: Vec<_> = row(folder.path())
        .iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let expected = [
        "row-20261122T030246.903Z-0001.pcapng",
        "row-20261122T030247.263Z-0002.pcapng",
    ];
    assert_eq!(names, expected);
}

#[test]
fn what_is_there_is_not_overwritten() {
    let folder = folder();
    let to = folder.path().join("row.pcapng").display().to_string();
    let arguments = [
        "replay",
        &fixture("demo.pcap"),
        "-w",
        &to,
        "--rotate-count",
        "20",
    ];
    assert_eq!(run(&arguments).code, Some(0));
    let before: Vec<_> = row(folder.path())
        .iter()
        .map(fs::read)
        .map(Result::ok)
        .collect();
    let again = run(&arguments);
    assert_eq!(again.code, Some(5), "{}", again.stderr);
    assert!(
        again
            .stderr
            .contains("row-20261122T030246.903Z-0001.pcapng: File exists"),
        "{}",
        again.stderr
    );
    let after: Vec<_> = row(folder.path())
        .iter()
        .map(fs::read)
        .map(Result::ok)
        .collect();
    assert!(before == after && before.len() == 2);
}

#[test]
fn only_the_newest_are_kept() {
    let folder = folder();
    let to = folder.path().join("row.pcap").display().to_string();
    let done = run(&[
        "replay",
        &fixture("demo.pcap"),
        "-w",
        &to,
        "--rotate-count",
        "5",
        "--keep",
        "2",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let all = told(&[PathBuf::from(fixture("demo.pcap"))]);
    let newest: Vec<_> = all.lines().skip(20).collect();
    assert_eq!(
        told(&row(folder.path())).lines().collect::<Vec<_>>(),
        newest
    );
}

#[test]
fn stopping_and_going_on_are_independent() {
    let folder = folder();
    let to = folder.path().join("row.pcapng").display().to_string();
    let arguments = [
        "replay",
        &fixture("demo.pcap"),
        "-w",
        &to,
        "--rotate-count",
        "5",
        "-c",
        "12",
    ];
    let done = run(&arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let all = told(&[PathBuf::from(fixture("demo.pcap"))]);
    let first: Vec<_> = all.lines().take(12).collect();
    assert_eq!(row(folder.path()).len(), 3);
    assert_eq!(told(&row(folder.path())).lines().collect::<Vec<_>>(), first);
}

#[test]
fn a_time_counts_from_the_first_frame_by_the_frames_times() {
    // 29 frames in 0.558 s; the seventh comes 0.211 s behind the first.
    for (time, frames) in [
        ("200ms", 4),
        ("203ms", 4),
        ("204ms", 6),
        ("10s", 29),
        ("0", 0),
    ] {
        for threads in ["1", "3"] {
            let arguments = [
                "replay",
                &fixture("demo.pcap"),
                "--duration",
                time,
                "--threads",
                threads,
            ];
            let done = run(&arguments);
            assert_eq!(
                (done.code, done.lines()),
                (Some(0), frames),
                "{time}: {}",
                done.stderr
            );
        }
    }
}

#[test]
fn a_size_is_not_passed() {
    let folder = folder();
    for ending in ["pcap", "pcapng"] {
        let path = folder.path().join(format!("one.{ending}"));
        let to = path.display().to_string();
        let done = run(&[
            "replay",
            &fixture("demo.pcap"),
            "-w",
            &to,
            "--stop-size",
            "1500",
        ]);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        let size = fs::metadata(&path)
            .map(|found| found.len())
            .unwrap_or_default();
        assert!((1350..=1500).contains(&size), "{ending}: {size}");
        assert_eq!(
            told(&[path]).lines().count().to_string(),
            done.stderr.split(' ').nth(1).unwrap_or_default()
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let name = fixture("demo.pcap");
    for (arguments, part) in [
        (
            &["-w", "-", "--rotate-count", "5"][..],
            "can't go on in another file",
        ),
        (
            &["-w", "/dev/null", "--rotate-count", "5"],
            "can't go on in another file",
        ),
        (&["-w", "x.pcap", "--comment", "remark"], ".pcapng"),
        (&["-w", "x.pcap", "--keep", "3"], "--rotate-size"),
        (
            &["-w", "x.pcap", "--keep", "3MB", "--rotate-count", "5"],
            "--rotate-size",
        ),
        (&["-w", "x.pcap", "--rotate-size", "0"], "more than nothing"),
        (&["--rotate-size", "5MB"], "--write"),
        (&["-w", "x.pcap", "--keep", "0"], "at least 1"),
        (&["--duration", "5 years"], "unit of time"),
    ] {
        let refused = run(&[&["replay", &name], arguments].concat());
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.stderr);
        assert!(
            refused.stderr.contains(part),
            "{arguments:?}: {}",
            refused.stderr
        );
    }
}
