//! Every way to end: at once, with success, and with the summary.

use std::fs;
use std::io::Read;
use std::ops::RangeInclusive;
use std::process::ChildStdout;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::capture::{Capture, Ended};
use crate::frames::{hex, number_of, plain, read_pcapng};
use crate::lab::{Host, Lab};
use crate::process::Process;

/// Starts a sender that never rests.
fn flood(host: &Host) -> Process {
    let mut flood = host.wire(&["flood", "eth0", &hex(&plain(7))]);
    flood.expect_line("ready");
    flood
}

fn on_a_quiet_link(signal: Signal) {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0"]);
    thread::sleep(Duration::from_millis(100));
    capture.signal(signal);
    let ended = capture.end();
    ended.assert_well(0);
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
}

#[test]
fn interrupted_on_a_quiet_link() {
    on_a_quiet_link(Signal::INT);
}

#[test]
fn terminated_on_a_quiet_link() {
    on_a_quiet_link(Signal::TERM);
}

fn under_a_flood(signal: Signal) -> Option<Ended> {
    let lab = Lab::up()?;
    let capture = Capture::start(&lab.near, &["eth0", "-e", "frame.len"]);
    let _flood = flood(&lab.far);
    capture.lines(1000);
    capture.signal(signal);
    Some(capture.end())
}

#[test]
fn interrupted_under_a_flood() {
    let Some(ended) = under_a_flood(Signal::INT) else {
        return;
    };
    ended.assert_summary();
    // All that was captured was shown, the thousand read before and the rest, or said not to be.
    let (shown, captured) = (1000 + ended.lines.len() as u64, captured(&ended));
    assert!(captured.contains(&shown), "{shown} lines: {}", ended.notes);
}

/// How many frames were captured, and how many of them at least were shown.
fn captured(ended: &Ended) -> RangeInclusive<u64> {
    let captured = ended.count("frames captured,");
    // Behind the limits that lead the summary.
    let parts = ["frames not shown,", "frames captured but not looked at,"];
    let unshown = parts.iter().filter(|words| ended.notes.contains(*words));
    captured - unshown.map(|words| ended.count(words)).sum::<u64>()..=captured
}

#[test]
fn terminated_under_a_flood() {
    if let Some(ended) = under_a_flood(Signal::TERM) {
        ended.assert_summary();
    }
}

#[test]
fn a_count_is_exact_even_under_a_flood() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0", "-e", "frame.len", "-c", "777"]);
    let _flood = flood(&lab.far);
    let ended = capture.end();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    assert_eq!(ended.lines.len(), 777);
    assert_eq!(ended.count("frames captured,"), 777);
}

#[test]
fn a_count_ends_without_another_frame() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0", "-e", "data.data", "-c", "3"]);
    let frames: Vec<_> = (0..3).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    let ended = capture.end();
    ended.assert_well(3);
    let numbers: Vec<_> = ended.lines.iter().map(|line| number_of(line)).collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[test]
fn a_closed_pipe_is_noticed_on_a_quiet_link() {
    let Some(lab) = Lab::up() else { return };
    let (capture, output) = Capture::start_unread(&lab.near, &["eth0"]);
    thread::sleep(Duration::from_millis(100));
    drop(output);
    let ended = capture.end();
    ended.assert_well(0);
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
}

#[test]
fn a_closed_pipe_is_noticed_on_a_busy_link() {
    let Some(lab) = Lab::up() else { return };
    let (capture, mut output) = Capture::start_unread(&lab.near, &["eth0"]);
    let _flood = flood(&lab.far);
    output.read_exact(&mut [0; 10_000]).expect("lines");
    drop(output);
    capture.end().assert_summary();
}

/// A file being written is no business of whoever reads standard output.
#[test]
fn a_file_is_written_on_when_nobody_reads_standard_output() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("on.pcapng");
    let arguments = ["eth0", "-w", path.to_str().expect("text")];
    let (capture, output) = Capture::start_unread(&lab.near, &arguments);
    drop(output);
    thread::sleep(Duration::from_millis(100));
    lab.far.sender().send("eth0", &[plain(1)]);
    thread::sleep(Duration::from_millis(100));
    capture.stop().assert_well(1);
    assert_eq!(read_pcapng(&fs::read(path).expect("a file")).len(), 1);
}

/// Frames that came just before the signal: in the kernel's buffer, its block not handed over yet.
#[test]
fn frames_received_before_the_signal_are_shown() {
    let Some(lab) = Lab::up() else { return };
    let mut sender = lab.far.sender();
    for round in 0..5 {
        let capture = Capture::start(&lab.near, &["eth0", "-e", "data.data"]);
        let frames: Vec<_> = (0..50).map(plain).collect();
        sender.send("eth0", &frames);
        let ended = capture.stop();
        assert_eq!(ended.lines.len(), 50, "round {round}: {}", ended.notes);
        ended.assert_well(50);
    }
}

/// Reads little at a time, as a slow terminal does; the lines that there were.
fn sip(mut output: ChildStdout) -> thread::JoinHandle<u64> {
    thread::spawn(move || {
        let (mut lines, mut sip) = (0, [0; 4096]);
        loop {
            let read = output.read(&mut sip).expect("a pipe");
            lines += sip[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
            if read == 0 {
                return lines;
            }
            thread::sleep(Duration::from_millis(10));
        }
    })
}

/// More comes than can be shown, and whoever reads is slow: the end comes at once, and what was not shown is counted.
#[test]
fn ends_at_once_though_there_is_much_to_show() {
    let Some(lab) = Lab::up() else { return };
    for signal in [Signal::INT, Signal::TERM] {
        let (capture, output) = Capture::start_unread(&lab.near, &["eth0", "-T", "json"]);
        let lines = sip(output);
        let flood = flood(&lab.far);
        thread::sleep(Duration::from_secs(3));
        capture.signal(signal);
        let ended = capture.end();
        drop(flood);
        ended.assert_summary();
        let captured = captured(&ended);
        let shown = lines.join().expect("lines");
        assert!(captured.start() < captured.end(), "{}", ended.notes);
        // Frames of a part that was half written are counted by its size.
        let off = shown.abs_diff(*captured.start());
        assert!(off <= 500, "{shown} lines: {}", ended.notes);
    }
}

/// The same with a file: it has all that was captured.
#[test]
fn ends_at_once_with_a_whole_file() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("whole.pcapng");
    let file = path.to_str().expect("text");
    let (capture, output) = Capture::start_unread(&lab.near, &["eth0", "-T", "json", "-w", file]);
    let lines = sip(output);
    let flood = flood(&lab.far);
    thread::sleep(Duration::from_secs(3));
    capture.signal(Signal::INT);
    let ended = capture.end();
    drop(flood);
    ended.assert_summary();
    let saved = read_pcapng(&fs::read(&path).expect("a file"));
    assert_eq!(saved.len() as u64, ended.count("frames captured,"));
    assert!(lines.join().expect("lines") > 0);
}

/// A reader that is there but does not read.
#[test]
fn a_stuck_reader_is_not_waited_for() {
    let Some(lab) = Lab::up() else { return };
    let (capture, _unread) = Capture::start_unread(&lab.near, &["eth0"]);
    let flood = flood(&lab.far);
    thread::sleep(Duration::from_millis(500));
    drop(flood);
    let ended = capture.stop();
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
    ended.assert_summary();
    assert!(ended.count("frames not shown,") > 0, "{}", ended.notes);
}
