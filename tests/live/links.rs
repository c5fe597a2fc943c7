//! Links that go down, come back and disappear while a capture runs.

use std::fs;
use std::thread;
use std::time::Duration;

use crate::capture::{Capture, binary, run};
use crate::frames::{number_of, plain};
use crate::lab::{Host, Lab};

/// Processor time that a process has used, in hundredths of a second (proc(5): fields 14 and 15).
fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("a process");
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    let fields: Vec<_> = fields.split_whitespace().collect();
    let field = |number: usize| fields[number - 3].parse::<u64>().expect("a number");
    field(14) + field(15)
}

fn goes_on_after(lab: &Lab, host: &Host) {
    let mut sender = lab.far.sender();
    let capture = Capture::start(&lab.near, &["eth0", "-e", "data.data"]);
    sender.send("eth0", &[plain(1)]);
    assert_eq!(number_of(&capture.line()), 1);
    host.sh("ip link set eth0 down");
    let before = ticks(capture.id());
    thread::sleep(Duration::from_millis(600));
    let used = ticks(capture.id()) - before;
    assert!(
        used < 20,
        "it spins while the link is down: {used} of 60 ticks"
    );
    host.sh("ip link set eth0 up");
    // A new sender: a socket that saw its interface go down reports that once.
    lab.far.sender().send("eth0", &[plain(2)]);
    assert_eq!(number_of(&capture.line()), 2);
    capture.stop().assert_well(2);
}

#[test]
fn goes_on_after_its_own_interface_was_down() {
    let Some(lab) = Lab::up() else { return };
    goes_on_after(&lab, &lab.near);
}

#[test]
fn goes_on_after_the_cable_was_unplugged() {
    let Some(lab) = Lab::up() else { return };
    goes_on_after(&lab, &lab.far);
}

#[test]
fn an_interface_that_disappears_ends_a_capture_on_it_alone() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0", "-e", "data.data"]);
    lab.far.sender().send("eth0", &[plain(1)]);
    assert_eq!(number_of(&capture.line()), 1);
    lab.near.sh("ip link del eth0");
    let ended = capture.end();
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
    assert!(
        ended.notes.contains("eth0: The interface disappeared"),
        "{}",
        ended.notes
    );
    assert_eq!(ended.count("frame captured,"), 1);
    assert_eq!(ended.count("received by the filter,"), 1);
}

#[test]
fn an_interface_that_disappears_leaves_the_others() {
    let Some(lab) = Lab::up() else { return };
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    let mut sender = lab.far.sender();
    let fields = ["-e", "frame.interface_id", "-e", "data.data"];
    let mut arguments = vec!["eth0", "eth1"];
    arguments.extend(fields);
    let capture = Capture::start(&lab.near, &arguments);
    lab.near.sh("ip link del eth0");
    thread::sleep(Duration::from_millis(200));
    sender.send("eth1", &[plain(9)]);
    // It keeps its number.
    let line = capture.line();
    assert_eq!(line.split_once('\t').map(|(id, _)| id), Some("1"), "{line}");
    let ended = capture.stop();
    assert!(
        ended.notes.contains("eth0: The interface disappeared"),
        "{}",
        ended.notes
    );
    assert!(
        ended.notes.contains("eth1: 1 received by the filter"),
        "{}",
        ended.notes
    );
    // What was asked for was not done whole.
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
}

#[test]
fn an_interface_that_is_down_is_said_to_be() {
    let Some(lab) = Lab::up() else { return };
    lab.near.sh("ip link set eth0 down");
    let (code, shown, notes) = run(&mut lab.near.command(binary()), &["capture", "eth0"]);
    assert_eq!((code, shown.as_str()), (Some(5), ""), "{notes}");
    assert!(
        notes.contains("eth0") && notes.contains("not up"),
        "{notes}"
    );
}
