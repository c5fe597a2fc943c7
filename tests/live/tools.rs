//! Other programs read what is written.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::capture::Capture;
use crate::frames::{number_of, plain};
use crate::lab::{Lab, find, skipped};

/// Whether a program is there; says so where it is not.
fn installed(program: &str) -> bool {
    let found = find(program).is_some();
    if !found {
        skipped(&format!("there is no '{program}' here"));
    }
    found
}

#[test]
fn tshark_reads_along() {
    if !installed("tshark") {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let (capture, output) = Capture::start_unread(&lab.near, &["eth0", "-w", "-"]);
    let tshark = Command::new("tshark")
        .args([
            "-r",
            "-",
            "-T",
            "fields",
            "-e",
            "data.data",
            "-e",
            "frame.len",
        ])
        .args(["-e", "frame.interface_name"])
        .stdin(output)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tshark");
    let frames: Vec<_> = (0..50).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    thread::sleep(Duration::from_millis(100));
    capture.signal(Signal::INT);
    capture.end().assert_well(50);
    let read = tshark.wait_with_output().expect("tshark ends");
    let (shown, notes) = (
        String::from_utf8_lossy(&read.stdout),
        String::from_utf8_lossy(&read.stderr),
    );
    assert!(read.status.success(), "{notes}");
    assert_eq!(shown.lines().count(), 50, "{shown}{notes}");
    for (index, line) in shown.lines().enumerate() {
        let values: Vec<_> = line.split('\t').collect();
        assert_eq!(number_of(values[0]), index as u32, "{line}");
        assert_eq!(values[1..], ["60", "eth0"], "{line}");
    }
}

/// Ctrl-C in the midst of a busy capture leaves whole files, in both formats.
#[test]
fn an_interrupted_file_is_whole() {
    if !installed("capinfos") {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let mut flood = lab
        .far
        .wire(&["flood", "eth0", &crate::frames::hex(&plain(1))]);
    flood.expect_line("ready");
    for (name, kind) in [("whole.pcapng", "pcapng"), ("whole.pcap", "nsecpcap")] {
        let path = directory.path().join(name);
        let capture = Capture::start(&lab.near, &["eth0", "-w", path.to_str().expect("text")]);
        thread::sleep(Duration::from_millis(300));
        let ended = capture.stop();
        ended.assert_summary();
        let captured = ended.count("frames captured,");
        assert!(captured > 0, "{}", ended.notes);
        let read = Command::new("capinfos")
            .args(["-M", "-t", "-c"])
            .arg(&path)
            .output()
            .expect("capinfos");
        let said = String::from_utf8_lossy(&read.stdout);
        assert!(
            read.status.success(),
            "{name}: {said}{}",
            String::from_utf8_lossy(&read.stderr)
        );
        assert!(said.contains(kind), "{said}");
        let count = said
            .lines()
            .find(|line| line.starts_with("Number of packets"));
        let count = count.and_then(|line| line.split_whitespace().last());
        assert_eq!(count, Some(captured.to_string().as_str()), "{said}");
    }
}
