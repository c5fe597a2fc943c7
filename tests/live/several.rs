//! Several interfaces at once.

use std::fs;

use crate::capture::Capture;
use crate::frames::{frame, number_of, plain, read_pcapng};
use crate::lab::Lab;
use crate::process::Sender;

fn two_cables() -> Option<(Lab, Sender)> {
    let lab = Lab::up()?;
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    let sender = lab.far.sender();
    Some((lab, sender))
}

/// Even ones on eth0, odd ones on eth1.
fn alternating(count: u32) -> Vec<(&'static str, Vec<u8>)> {
    let name = |number| if number % 2 == 0 { "eth0" } else { "eth1" };
    (0..count)
        .map(|number| (name(number), plain(number)))
        .collect()
}

#[test]
fn frames_come_in_the_order_of_their_times() {
    let Some((lab, mut sender)) = two_cables() else {
        return;
    };
    let fields = [
        "-e",
        "data.data",
        "-e",
        "frame.interface_id",
        "-e",
        "frame.number",
    ];
    let mut arguments = vec!["eth0", "eth1"];
    arguments.extend(fields);
    let capture = Capture::start(&lab.near, &arguments);
    let frames = alternating(2000);
    sender.send_on(&frames);
    let lines = capture.lines(2000);
    for (index, line) in lines.iter().enumerate() {
        let values: Vec<_> = line.split('\t').collect();
        let expected = (index as u32, index % 2, index + 1);
        let found = (
            number_of(values[0]),
            values[1].parse().expect("an interface"),
            values[2].parse().expect("a number"),
        );
        assert_eq!(found, expected, "at line {index}");
    }
    let ended = capture.stop();
    ended.assert_well(2000);
    for name in ["eth0", "eth1"] {
        let count = format!("{name}: 1000 received by the filter, 0 dropped by the kernel");
        assert!(ended.notes.contains(&count), "{}", ended.notes);
    }
}

#[test]
fn a_file_knows_which_interface_saw_a_frame() {
    let Some((lab, mut sender)) = two_cables() else {
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("two.pcapng");
    let arguments = ["eth1", "eth0", "-w", path.to_str().expect("text")];
    let capture = Capture::start(&lab.near, &arguments);
    let frames = alternating(10);
    sender.send_on(&frames);
    capture.stop().assert_well(10);
    let saved = read_pcapng(&fs::read(path).expect("a file"));
    assert_eq!(saved.len(), 10);
    for ((name, bytes), saved) in frames.iter().zip(saved) {
        // Numbered as named on the command line.
        let expected = u32::from(*name == "eth0");
        assert_eq!((saved.interface, saved.bytes), (expected, bytes.clone()));
    }
}

/// A busy interface must not keep the others waiting, nor leave them out when the capture ends.
#[test]
fn a_quiet_interface_is_heard_beside_a_flooded_one() {
    let Some((lab, mut sender)) = two_cables() else {
        return;
    };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("both.pcapng");
    let file = path.to_str().expect("text");
    // The file has also what could not be shown any more.
    let arguments = ["eth0", "eth1", "-e", "frame.interface_id", "-w", file];
    let capture = Capture::start(&lab.near, &arguments);
    let big = crate::frames::hex(&frame(1, &[], 1400));
    let mut flood = lab.far.wire(&["flood", "eth0", &big]);
    flood.expect_line("ready");
    capture.lines(1000);
    for number in 0..20 {
        sender.send("eth1", &[plain(number)]);
    }
    let ended = capture.stop();
    ended.assert_summary();
    let saved = read_pcapng(&fs::read(path).expect("a file"));
    let from_quiet = saved.iter().filter(|saved| saved.interface == 1).count();
    assert_eq!(from_quiet, 20, "{}", ended.notes);
}

/// Cooked frames: no Ethernet header, the interface's number and the way instead.
#[test]
fn any_hears_every_interface() {
    let Some((lab, mut sender)) = two_cables() else {
        return;
    };
    let fields = [
        "-e",
        "frame.protocols",
        "-e",
        "frame.len",
        "-e",
        "data.data",
    ];
    let mut arguments = vec!["any"];
    arguments.extend(fields);
    let capture = Capture::start(&lab.near, &arguments);
    let frames = alternating(4);
    sender.send_on(&frames);
    for (index, line) in capture.lines(4).iter().enumerate() {
        let values: Vec<_> = line.split('\t').collect();
        assert_eq!(values[0], "sll:ethertype:data", "{line}");
        // 16 bytes of cooked header where Ethernet has 14.
        assert_eq!(values[1], "62", "{line}");
        assert_eq!(number_of(values[2]), index as u32, "{line}");
    }
    let ended = capture.stop();
    ended.assert_well(4);
    assert!(ended.notes.contains("any (Linux cooked"), "{}", ended.notes);
}

#[test]
fn lines_say_which_interface() {
    let Some((lab, mut sender)) = two_cables() else {
        return;
    };
    let capture = Capture::start(&lab.near, &["eth0", "eth1"]);
    sender.send_on(&alternating(2));
    let lines = capture.lines(2);
    capture.stop().assert_well(2);
    for (line, name) in lines.iter().zip([" eth0 ", " eth1 "]) {
        assert!(line.contains(name), "no{name}: {line}");
    }
}
