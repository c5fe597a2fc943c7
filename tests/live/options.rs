//! What the options of `capture` do to what is captured.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::capture::{Capture, Ended, binary, run};
use crate::frames::{frame, hex, number_of, plain};
use crate::lab::Lab;

/// An ARP request, untagged and with a tag.
fn arp(tags: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = frame(0, tags, 4);
    bytes.truncate(12 + 4 * tags.len());
    bytes.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]);
    bytes.extend([
        2, 0, 0, 0, 9, 2, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
    ]);
    bytes
}

/// Which of some frames a filter lets through, by their lengths.
fn lengths_passing(filter: &str, sent: &[Vec<u8>]) -> Option<Vec<usize>> {
    let lab = Lab::up()?;
    let capture = Capture::start(&lab.near, &["eth0", "-f", filter, "-e", "frame.len"]);
    lab.far.sender().send("eth0", sent);
    let ended = capture.stop();
    ended.assert_well(ended.lines.len());
    // It ran in the kernel: what it left out never came up to us.
    assert_eq!(
        ended.count("received by the filter,"),
        ended.lines.len() as u64
    );
    let parse = |line: &String| line.parse().expect("a number");
    Some(ended.lines.iter().map(parse).collect())
}

fn three() -> [Vec<u8>; 3] {
    let tag = (0x8100, 7);
    [plain(1), frame(2, &[tag], 50), arp(&[])]
}

#[test]
fn the_kernel_filters() {
    if let Some(passing) = lengths_passing("arp", &three()) {
        assert_eq!(passing, [42]);
    }
}

#[test]
fn a_filter_for_tagged_frames_passes_only_those() {
    if let Some(passing) = lengths_passing("vlan", &three()) {
        assert_eq!(passing, [68]);
    }
}

#[test]
fn a_filter_for_one_virtual_lan_leaves_out_others() {
    let sent = [7, 8].map(|id| frame(1, &[(0x8100, id)], 40 + usize::from(id)));
    if let Some(passing) = lengths_passing("vlan 8", &sent) {
        assert_eq!(passing, [66]);
    }
}

/// The kernel has taken the tag off before the filter runs, so a filter that does not speak of tags looks through
/// one; over a file it would not. `vlan and arp` means the same in both.
#[test]
fn a_live_filter_looks_through_a_tag() {
    let sent = [arp(&[]), arp(&[(0x8100, 7)])];
    if let Some(passing) = lengths_passing("arp", &sent) {
        assert_eq!(passing, [42, 46]);
    }
    if let Some(passing) = lengths_passing("vlan and arp", &sent) {
        assert_eq!(passing, [46]);
    }
}

#[test]
fn a_wrong_filter_is_pointed_at() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    let filter = "tcp and prot 80";
    let (code, shown, notes) = run(&mut command, &["capture", "eth0", "-f", filter]);
    assert_eq!((code, shown.as_str()), (Some(2), ""), "{notes}");
    let lines: Vec<_> = notes.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains('^'))
        .expect("a caret");
    assert_eq!(lines[at].find('^'), lines[at - 1].find("prot"), "{notes}");
}

#[test]
fn a_filter_behind_the_interface_is_shown_as_an_option() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    let (code, _, notes) = run(&mut command, &["capture", "eth0", "tcp", "port", "80"]);
    assert_eq!(code, Some(2), "{notes}");
    assert!(notes.contains("capture eth0 -f 'tcp port 80'"), "{notes}");
}

#[test]
fn promiscuous_unless_told_otherwise() {
    let Some(lab) = Lab::up() else { return };
    for (arguments, expected) in [(&["eth0"][..], 1), (&["eth0", "-p"], 0)] {
        let capture = Capture::start(&lab.near, arguments);
        let link = lab.near.sh("ip -details link show eth0");
        let expected = format!("promiscuity {expected} ");
        assert!(
            link.contains(&expected),
            "{arguments:?}: not {expected}: {link}"
        );
        capture.stop().assert_well(0);
    }
}

#[test]
fn one_direction_only() {
    let Some(lab) = Lab::up() else { return };
    let (mut near, mut far) = (lab.near.sender(), lab.far.sender());
    for (way, expected) in [("in", &[2][..]), ("out", &[1, 3]), ("both", &[1, 2, 3])] {
        let arguments = ["eth0", "--direction", way, "-e", "data.data"];
        let capture = Capture::start(&lab.near, &arguments);
        near.send("eth0", &[plain(1)]);
        far.send("eth0", &[plain(2)]);
        near.send("eth0", &[plain(3)]);
        let ended = capture.stop();
        let numbers: Vec<_> = ended.lines.iter().map(|line| number_of(line)).collect();
        assert_eq!(numbers, expected, "{way}");
    }
}

#[test]
fn a_snapshot_length_cuts_and_keeps_the_length() {
    let Some(lab) = Lab::up() else { return };
    let fields = [
        "-e",
        "frame.cap_len",
        "-e",
        "frame.len",
        "-e",
        "vlan.id",
        "-e",
        "data.data",
    ];
    let mut arguments = vec!["eth0", "-s", "60"];
    arguments.extend(fields);
    let capture = Capture::start(&lab.near, &arguments);
    let sent = [
        frame(1, &[], 40),
        frame(2, &[], 1000),
        frame(3, &[(0x8100, 7)], 1000),
    ];
    lab.far.sender().send("eth0", &sent);
    let expected = [
        format!("54\t54\t\t{}", hex(&sent[0][14..])),
        format!("60\t1014\t\t{}", hex(&sent[1][14..60])),
        format!("60\t1018\t7\t{}", hex(&sent[2][18..60])),
    ];
    assert_eq!(capture.lines(3), expected);
    let ended = capture.stop();
    ended.assert_well(3);
    assert_eq!(ended.count("bytes on the wire"), 54 + 1014 + 1018);
}

/// Runs a quiet command until it has had what it wants of the frames that come meanwhile.
fn quietly(lab: &Lab, arguments: &[&str]) -> Ended {
    let mut command = lab.near.command(binary());
    command.args(arguments);
    let capture = Capture::begin(command);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut sender = lab.far.sender();
            while !is_over.load(Ordering::Relaxed) {
                sender.send("eth0", &[frame(1, &[], 1000)]);
                thread::sleep(Duration::from_millis(20));
            }
        });
        let ended = capture.end();
        is_over.store(true, Ordering::Relaxed);
        ended
    })
}

#[test]
fn what_is_said_quietly_is_right() {
    let Some(lab) = Lab::up() else { return };
    // Of a capture the summary is all there is.
    let ended = quietly(&lab, &["capture", "eth0", "-q", "-c", "2", "-s", "100"]);
    ended.assert_well(2);
    assert_eq!(
        ended.count("bytes on the wire"),
        2 * 1014,
        "{}",
        ended.notes
    );
    assert!(ended.notes.contains("2 frames cut"), "{}", ended.notes);
    // Where something else is shown it is left out, as the help says.
    let ended = quietly(&lab, &["stats", "-i", "eth0", "-q", "-c", "2"]);
    assert_eq!((ended.code, ended.notes.as_str()), (Some(0), ""));
    assert!(!ended.lines.is_empty());
}

#[test]
fn a_snapshot_length_of_0_is_all_there_is() {
    let Some(lab) = Lab::up() else { return };
    let arguments = ["eth0", "-s", "0", "-e", "frame.cap_len", "-e", "frame.len"];
    let capture = Capture::start(&lab.near, &arguments);
    lab.far.sender().send("eth0", &[frame(1, &[], 1000)]);
    assert_eq!(capture.lines(1), ["1014\t1014"]);
    capture.stop().assert_well(1);
}
