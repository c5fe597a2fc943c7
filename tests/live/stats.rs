//! `netinspect stats -i`, counting while frames cross.

use crate::capture::{Capture, binary};
use crate::frames::plain;
use crate::lab::Lab;

fn watch(lab: &Lab, arguments: &[&str]) -> Capture {
    let mut command = lab.near.command(binary());
    command.args(["stats", "-i", "eth0"]).args(arguments);
    Capture::reading(command)
}

#[test]
fn what_crosses_is_counted_and_told_again_and_again() {
    let Some(lab) = Lab::up() else { return };
    let arguments = [
        "-T",
        "json",
        "--every",
        "200ms",
        "--section",
        "overview",
        "--section",
        "macs",
    ];
    let stats = watch(&lab, &arguments);
    let mut sender = lab.far.sender();
    let frames: Vec<_> = (0..40).map(plain).collect();
    sender.send("eth0", &frames);
    // The counts so far, until all frames are in them.
    let counted = (0..20)
        .map(|_| stats.line())
        .find(|line| line.contains("\"frames\":40,"));
    assert!(counted.is_some(), "never told of 40 frames");
    sender.send("eth0", &frames[..2]);
    let ended = stats.stop();
    ended.assert_well(42);
    let last = ended.lines.last().cloned().unwrap_or_default();
    assert!(last.starts_with("{\"overview\":{\"frames\":42,"), "{last}");
    // The sender's address, and that it sent all of them.
    let sender = last.split("{\"address\":\"02:00:00:00:09:02\"").nth(1);
    assert!(
        sender.is_some_and(|row| row.contains("\"frames_sent\":42,")),
        "{last}"
    );
}

#[test]
fn a_pipe_gets_one_page_at_the_end() {
    let Some(lab) = Lab::up() else { return };
    let stats = watch(&lab, &["--color", "never"]);
    let frames: Vec<_> = (0..3).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let ended = stats.stop();
    ended.assert_well(3);
    let overviews = ended
        .lines
        .iter()
        .filter(|line| line.starts_with("The capture as a whole"));
    assert_eq!(overviews.count(), 1, "{:?}", ended.lines);
    assert!(
        ended.lines.iter().all(|line| !line.contains('\x1b')),
        "{:?}",
        ended.lines
    );
}
