//! What a capture says beside the frames: why nothing comes, what happens to links, how far it is.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::capture::{Capture, Ended, binary, run};
use crate::frames::{frame, plain};
use crate::lab::{Host, Lab};

/// Longer than a capture waits before it says why it shows nothing, and the second look after that.
const LONG_ENOUGH: Duration = Duration::from_millis(8500);
/// What is sent meanwhile: some each second.
const PAUSE: Duration = Duration::from_millis(200);

/// A capture that shows nothing for long enough, while this is sent.
fn silent(arguments: &[&str], host: fn(&Lab) -> &Host, sent: &[Vec<u8>]) -> Option<Ended> {
    let lab = Lab::up()?;
    let capture = Capture::start(&lab.near, arguments);
    let mut sender = host(&lab).sender();
    for _ in 0..(LONG_ENOUGH.as_millis() / PAUSE.as_millis()) {
        if !sent.is_empty() {
            sender.send("eth0", sent);
        }
        thread::sleep(PAUSE);
    }
    Some(capture.stop())
}

/// Said once, and nothing else of its kind.
#[track_caller]
fn assert_hint(ended: &Ended, hint: &str) {
    let hints = |line: &&str| !line.contains("capturing on") && line.starts_with("netinspect: ");
    let found: Vec<_> = ended.notes.lines().filter(hints).collect();
    // The hint and the summary.
    assert_eq!(found.len(), 2, "{}", ended.notes);
    assert!(found[0].contains(hint), "not '{hint}': {}", ended.notes);
}

fn arp(tags: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = frame(0, tags, 4);
    bytes.truncate(12 + 4 * tags.len());
    bytes.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]);
    bytes.extend([
        2, 0, 0, 0, 9, 2, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
    ]);
    bytes
}

#[test]
fn a_quiet_interface_is_said_to_be() {
    if let Some(ended) = silent(&["eth0"], |lab| &lab.far, &[]) {
        assert_hint(&ended, "no frame at all has crossed eth0 in 5 s");
    }
}

#[test]
fn without_promiscuous_mode_that_is_a_reason() {
    if let Some(ended) = silent(&["eth0", "-p"], |lab| &lab.far, &[]) {
        assert_hint(
            &ended,
            "with -p, frames that other machines send each other",
        );
    }
}

#[test]
fn a_filter_that_leaves_out_everything_is_named() {
    if let Some(ended) = silent(&["eth0", "-f", "tcp port 80"], |lab| &lab.far, &[plain(1)]) {
        assert_hint(&ended, "none matches the filter 'tcp port 80'");
        assert!(!ended.notes.contains("VLAN"), "{}", ended.notes);
    }
}

/// Two tags: the kernel takes the outer one off, the filter stumbles over the inner one.
#[test]
fn frames_in_virtual_lans_are_found_behind_the_filter() {
    let tagged = arp(&[(0x88a8, 3), (0x8100, 7)]);
    if let Some(ended) = silent(&["eth0", "-f", "arp"], |lab| &lab.far, &[tagged]) {
        assert_hint(&ended, "try -f 'vlan and vlan and (arp)'");
    }
}

/// What we send ourselves passes with its tag.
#[test]
fn a_tag_on_what_is_sent_is_found_behind_the_filter() {
    let tagged = arp(&[(0x8100, 7)]);
    if let Some(ended) = silent(&["eth0", "-f", "arp"], |lab| &lab.near, &[tagged]) {
        assert_hint(&ended, "try -f 'vlan and (arp)'");
    }
}

#[test]
fn the_other_direction_is_a_reason() {
    let arguments = ["eth0", "--direction", "in"];
    if let Some(ended) = silent(&arguments, |lab| &lab.near, &[plain(1)]) {
        assert_hint(&ended, "--direction in leaves out");
    }
}

#[test]
fn a_display_filter_that_leaves_out_everything_is_named() {
    if let Some(ended) = silent(&["eth0", "-Y", "tcp"], |lab| &lab.far, &[plain(1)]) {
        assert_hint(&ended, "none matches the display filter");
    }
}

#[test]
fn the_wrong_interface_is_told_by_the_default_route() {
    let Some(lab) = Lab::up() else { return };
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    lab.near
        .sh("ip addr add 10.8.0.1/24 dev eth1; ip route add default via 10.8.0.2");
    let capture = Capture::start(&lab.near, &["eth0"]);
    thread::sleep(LONG_ENOUGH);
    assert_hint(&capture.stop(), "the default route leaves by eth1");
}

#[test]
fn no_carrier_is_a_reason() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0"]);
    lab.far.sh("ip link set eth0 down");
    thread::sleep(LONG_ENOUGH);
    let ended = capture.stop();
    assert!(
        ended.notes.contains("eth0: the link is down: no carrier"),
        "{}",
        ended.notes
    );
    assert!(
        ended.notes.contains("eth0 has no carrier"),
        "{}",
        ended.notes
    );
    assert!(!ended.notes.contains("no frame at all"), "{}", ended.notes);
}

/// One frame is enough.
#[test]
fn nothing_is_said_where_something_was_shown() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0"]);
    lab.far.sender().send("eth0", &[plain(1)]);
    thread::sleep(LONG_ENOUGH);
    let ended = capture.stop();
    ended.assert_well(1);
    assert_eq!(
        ended.notes.matches("netinspect:").count(),
        2,
        "{}",
        ended.notes
    );
}

#[test]
fn links_that_go_down_and_come_back_are_told_in_order() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0"]);
    // One after the other: the kernel tells of carriers once a second at most, and not of what was undone by then.
    let steps = [
        (&lab.far, "ip link set eth0 down", "no carrier"),
        (&lab.far, "ip link set eth0 up", "up again"),
        (&lab.near, "ip link set eth0 down", "switched off"),
        (&lab.near, "ip link set eth0 up", ""),
    ];
    for (host, command, told) in steps {
        host.sh(command);
        assert!(
            capture.note_within(Duration::from_secs(3), told),
            "no '{told}'"
        );
    }
    thread::sleep(Duration::from_millis(1300));
    let ended = capture.stop();
    ended.assert_well(0);
    let of_link = ended.notes.lines().filter(|line| line.contains(" eth0: "));
    let words: Vec<_> = of_link
        .map(|line| {
            let (_, words) = line.split_once(" eth0: ").expect("a colon");
            // With the time of day before it.
            assert!(line.matches(':').count() >= 3, "no time: {line}");
            words
                .split([';', ':', '('])
                .next()
                .expect("words")
                .trim()
                .to_owned()
        })
        .collect();
    let expected = [
        "the link is down",
        "the link is up again",
        "the interface was switched off",
        "the link is up again",
    ];
    assert_eq!(words, expected, "{}", ended.notes);
}

#[test]
fn an_interface_that_is_deleted_is_told_at_once() {
    let Some(lab) = Lab::up() else { return };
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    let capture = Capture::start(&lab.near, &["eth0", "eth1"]);
    lab.near.sh("ip link del eth0");
    assert!(
        capture.note_within(Duration::from_secs(2), "eth0: the interface is gone"),
        "it is not said while the other goes on"
    );
    capture.stop();
}

#[test]
fn somebody_who_asks_is_told_the_counts() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(
        &lab.near,
        &["eth0", "-e", "frame.len", "-Y", "frame.len > 60"],
    );
    let frames = [plain(1), plain(2), frame(3, &[], 80)];
    lab.far.sender().send("eth0", &frames);
    assert_eq!(capture.line(), "94");
    // So that the kernel's counts were asked for since.
    thread::sleep(Duration::from_millis(500));
    capture.signal(Signal::USR1);
    let answered = capture.note_within(Duration::from_secs(2), "3 frames captured, 1 shown");
    let counted = capture.note_within(
        Duration::from_secs(2),
        "eth0: 3 received by the filter, 0 dropped by the kernel",
    );
    let ended = capture.stop();
    assert!(answered && counted, "{}", ended.notes);
    assert_eq!(ended.code, Some(0));
}

/// Where standard error is no terminal only --progress makes it say how far it is.
#[test]
fn progress_is_told_where_it_is_asked_for() {
    let Some(lab) = Lab::up() else { return };
    for (arguments, expected) in [(&["eth0", "--progress"][..], true), (&["eth0"], false)] {
        let capture = Capture::start(&lab.near, arguments);
        lab.far.sender().send("eth0", &[plain(1), plain(2)]);
        thread::sleep(Duration::from_millis(1600));
        let ended = capture.stop();
        let told = ended.notes.contains("2 frames captured, ")
            && ended
                .notes
                .contains("/s, 0 dropped by the kernel, 0 by the interface, 00:00:01");
        assert_eq!(told, expected, "{arguments:?}: {}", ended.notes);
    }
}

/// `timeout` sends one to the process and one to its group.
#[test]
fn two_signals_in_a_row_end_it_as_one_does() {
    let Some(lab) = Lab::up() else { return };
    for _ in 0..5 {
        let capture = Capture::start(&lab.near, &["eth0"]);
        capture.signal(Signal::INT);
        capture.signal(Signal::INT);
        capture.end().assert_well(0);
    }
}

#[test]
fn an_interface_that_is_not_there_yet_is_waited_for() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    command.args(["capture", "--wait", "late0", "-e", "frame.len"]);
    let mut capture = Capture::begin(command);
    thread::sleep(Duration::from_millis(200));
    lab.cable("late0", "02:00:00:00:02:01", "02:00:00:00:02:02");
    capture.has_begun();
    lab.far.sender().send("late0", &[plain(1)]);
    let ended = capture.stop();
    ended.assert_well(1);
    assert!(ended.notes.contains("waiting for late0"), "{}", ended.notes);
}

#[test]
fn waiting_can_be_ended() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    command.args(["capture", "--wait", "never0"]);
    let capture = Capture::begin(command);
    thread::sleep(Duration::from_millis(200));
    let ended = capture.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    assert!(ended.took < Duration::from_secs(1), "{:?}", ended.took);
}

#[test]
fn an_interface_named_twice_is_a_mistake() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    let (code, _, notes) = run(&mut command, &["capture", "eth0", "lo", "eth0"]);
    assert_eq!(code, Some(2), "{notes}");
    assert!(notes.contains("eth0 is named twice"), "{notes}");
}

/// Real kernels on a link that leaves checksums and cutting to a card that isn't there.
#[test]
fn offload_is_said_first() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0", "-f", "tcp"]);
    let mut sink = lab.far.wire(&["swallow", "10.9.0.2", "8080"]);
    sink.expect_line("ready");
    lab.near
        .wire(&["pour", "10.9.0.2", "8080", "500000"])
        .succeed();
    sink.succeed();
    let ended = capture.stop();
    ended.assert_summary();
    let at = |words: &str| {
        let found = ended.notes.find(words);
        found.unwrap_or_else(|| panic!("no '{words}': {}", ended.notes))
    };
    assert!(at("with a checksum left to the network card") < at("frames captured"));
    assert!(at("longer than 1526 bytes") < at("frames captured"));
    assert!(!ended.notes.contains("one direction"), "{}", ended.notes);
}

#[test]
fn a_cut_and_a_missing_direction_are_said_first() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(
        &lab.near,
        &["eth0", "-s", "60", "-f", "src host 10.9.0.1 and tcp"],
    );
    let mut sink = lab.far.wire(&["swallow", "10.9.0.2", "8080"]);
    sink.expect_line("ready");
    lab.near.wire(&["pour", "10.9.0.2", "8080", "10"]).succeed();
    sink.succeed();
    let ended = capture.stop();
    ended.assert_summary();
    for words in [
        "cut, to 60 bytes at most",
        "only one direction of 1 TCP connection",
    ] {
        assert!(ended.notes.contains(words), "no '{words}': {}", ended.notes);
    }
}
