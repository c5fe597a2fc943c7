//! Files that stay readable whatever happens, and say what was lost.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::capture::{Capture, binary, run};
use crate::frames::{frame, hex, plain, read_pcapng, statistics};
use crate::lab::{Lab, find};
use crate::process::Process;

fn flood(lab: &Lab, frame: &[u8]) -> Process {
    let mut flood = lab.far.wire(&["flood", "eth0", &hex(frame)]);
    flood.expect_line("ready");
    flood
}

#[test]
fn a_time_ends_it_where_nothing_comes() {
    let Some(lab) = Lab::up() else { return };
    let since = Instant::now();
    let capture = Capture::start(&lab.near, &["eth0", "--duration", "1s"]);
    let ended = capture.end();
    ended.assert_summary();
    ended.assert_well(0);
    let took = since.elapsed();
    assert!(took > Duration::from_millis(950), "{took:?}");
}

#[test]
fn a_time_ends_it_under_a_flood() {
    let Some(lab) = Lab::up() else { return };
    let _flood = flood(&lab, &plain(1));
    let capture = Capture::start(
        &lab.near,
        &["eth0", "--duration", "500ms", "-e", "frame.len"],
    );
    let ended = capture.end();
    ended.assert_summary();
    assert_eq!(ended.count("frames captured,"), ended.lines.len() as u64);
}

/// The kernel's counts and ours, where Wireshark looks for them.
#[test]
fn a_file_ends_with_what_was_counted() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("counted.pcapng").display().to_string();
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    let arguments = ["eth0", "eth1", "-w", &path, "--comment", "a remark"];
    let capture = Capture::start(&lab.near, &arguments);
    let frames: Vec<_> = (0..30).map(plain).collect();
    let mut sender = lab.far.sender();
    sender.send("eth0", &frames);
    sender.send("eth1", &frames[..7]);
    capture.stop().assert_well(37);
    let found = statistics(&fs::read(&path).expect("a file"));
    assert_eq!(found.len(), 2);
    for (interface, expected) in [(0, 30), (1, 7)] {
        let counts = &found[interface];
        assert_eq!(counts.interface as usize, interface);
        // isb_ifrecv, isb_ifdrop, isb_filteraccept, isb_osdrop, isb_usrdeliv.
        let options = [4, 5, 6, 7, 8].map(|code| counts.number(code));
        assert_eq!(options, [expected, 0, expected, 0, expected].map(Some));
        let lasted = counts.time(3) - counts.time(2);
        assert!((0.05..60.0).contains(&lasted), "{lasted} s");
    }
    if find("capinfos").is_none() {
        return;
    }
    let told = Command::new("capinfos")
        .arg(&path)
        .output()
        .expect("capinfos");
    let told = String::from_utf8_lossy(&told.stdout);
    for part in [
        "Capture comment:     a remark",
        "Capture oper-sys:    Linux",
        "Capture application: netinspect",
        "Name = eth0",
        "Name = eth1",
        "Number of stat entries = 1",
        "Number of packets = 30",
        "Number of packets = 7",
        "Time precision = nanoseconds",
    ] {
        assert!(told.contains(part), "no '{part}': {told}");
    }
}

/// What the kernel dropped since nobody took it: the file says so as the summary does.
#[test]
fn a_file_says_what_the_kernel_dropped() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("lossy.pcapng").display().to_string();
    let arguments = ["eth0", "-w", &path, "--buffer-size", "1MiB"];
    let capture = Capture::start(&lab.near, &arguments);
    let sending = flood(&lab, &frame(1, &[], 1400));
    capture.signal(Signal::STOP);
    thread::sleep(Duration::from_millis(700));
    capture.signal(Signal::CONT);
    drop(sending);
    thread::sleep(Duration::from_millis(200));
    let ended = capture.stop();
    ended.assert_summary();
    let dropped = ended.count("dropped by the kernel,");
    assert!(dropped > 0, "{}", ended.notes);
    let file = fs::read(&path).expect("a file");
    let counts = &statistics(&file)[0];
    assert_eq!(counts.number(7), Some(dropped), "{}", ended.notes);
    assert_eq!(counts.number(5), Some(dropped), "{}", ended.notes);
    assert_eq!(counts.number(8), Some(read_pcapng(&file).len() as u64));
}

/// On a disk of its own that has hardly any room.
#[test]
fn a_full_disk_ends_it_at_once_and_leaves_a_whole_file() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    for name in ["full.pcapng", "full.pcap"] {
        // The disk is seen only in there, so what is on it is carried out.
        const SCRIPT: &str = "mkdir -p \"$1/disk\"; mount -t tmpfs -o size=64k none \"$1/disk\"; \
             \"$0\" capture eth0 -w \"$1/disk/$2\"; code=$?; cp \"$1/disk/$2\" \"$1/$2\"; exit $code";
        let mut command = lab.near.command("unshare");
        command.args(["--mount", "sh", "-c", SCRIPT]);
        command.arg(binary()).arg(folder.path()).arg(name);
        let (capture, _output) = Capture::spawn(command);
        let sending = flood(&lab, &plain(1));
        let ended = capture.end();
        drop(sending);
        assert_eq!(ended.code, Some(5), "{}", ended.notes);
        let held = ended.count("whole frames");
        assert!(ended.notes.contains("No space left"), "{}", ended.notes);
        assert_eq!(ended.count("frames captured,"), held, "{}", ended.notes);
        let path = folder.path().join(name);
        let mut replay = Command::new(binary());
        let read = ["replay", "-q", &path.display().to_string()];
        let (code, _, notes) = run(&mut replay, &read);
        assert_eq!(code, Some(0), "not whole: {notes}");
        assert!(notes.contains(&format!("{held} frames passed")), "{notes}");
    }
}

#[test]
fn a_killed_capture_leaves_what_it_wrote() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("killed.pcapng").display().to_string();
    let capture = Capture::start(&lab.near, &["eth0", "-w", &path]);
    let sending = flood(&lab, &plain(1));
    thread::sleep(Duration::from_millis(500));
    capture.signal(Signal::KILL);
    assert_eq!(capture.end().code, None);
    drop(sending);
    let mut replay = Command::new(binary());
    let (code, shown, notes) = run(&mut replay, &["replay", "-e", "frame.len", &path]);
    // The kernel may have been in the midst of a write.
    assert!(matches!(code, Some(0 | 4)), "{code:?}: {notes}");
    assert!(shown.lines().count() > 100, "{notes}");
    assert!(shown.lines().all(|line| line == "60"), "{notes}");
}

/// A reader who is there but does not read: the file goes on, and what could not be shown is counted.
#[test]
fn a_stuck_reader_holds_up_neither_file_nor_end() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("on.pcapng").display().to_string();
    // Two digits for each byte of a frame: 64 MiB are soon full.
    let arguments = ["eth0", "-w", &path, "-e", "data.data"];
    let (capture, _unread) = Capture::start_unread(&lab.near, &arguments);
    let sending = flood(&lab, &frame(1, &[], 1400));
    let since = Instant::now();
    let size = || fs::metadata(&path).expect("a file").len();
    while size() < 40_000_000 {
        let waited = since.elapsed();
        assert!(waited < Duration::from_secs(60), "the file stands still");
        thread::sleep(Duration::from_millis(50));
    }
    drop(sending);
    // A rush is worked off before it is measured how long the end takes.
    let mut last = 0;
    while size() > last {
        last = size();
        thread::sleep(Duration::from_millis(500));
    }
    let ended = capture.stop();
    ended.assert_summary();
    let captured = ended.count("frames captured,");
    let unshown = ended.count("frames not shown,");
    assert!(unshown > 0 && unshown <= captured, "{}", ended.notes);
    let saved = read_pcapng(&fs::read(&path).expect("a file"));
    assert_eq!(saved.len() as u64, captured);
}

#[test]
fn a_pcap_file_of_two_link_types_is_not_begun() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("two.pcap");
    let mut command = lab.near.command(binary());
    let arguments = ["capture", "eth0", "any", "-w", &path.display().to_string()];
    let (code, _, notes) = run(&mut command, &arguments);
    assert_eq!(code, Some(2), "{notes}");
    assert!(notes.contains(".pcapng"), "{notes}");
    assert!(!path.exists());
}

#[test]
fn each_interface_keeps_its_link_type() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("two.pcapng").display().to_string();
    let capture = Capture::start(&lab.near, &["eth0", "any", "-w", &path]);
    let frames: Vec<_> = (0..20).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    capture.stop().assert_well(40);
    let fields = [
        "-e",
        "frame.interface_id",
        "-e",
        "frame.protocols",
        "-e",
        "frame.time_epoch",
    ];
    let mut replay = Command::new(binary());
    let (code, shown, notes) = run(&mut replay, &[&["replay", &path], &fields[..]].concat());
    assert_eq!(code, Some(0), "{notes}");
    let mut last = String::new();
    let mut seen = [0, 0];
    for line in shown.lines() {
        let values: Vec<_> = line.split('\t').collect();
        let expected = ["eth:", "sll:"];
        let interface: usize = values[0].parse().expect("a number");
        assert!(values[1].starts_with(expected[interface]), "{line}");
        assert!(values[2] >= last.as_str(), "out of order: {line}");
        last = values[2].to_owned();
        seen[interface] += 1;
    }
    assert_eq!(seen, [20, 20]);
}
