//! What goes wrong around a capture that writes files: nothing that was captured is lost or doubled, and what happened is said.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::capture::{Capture, Ended, binary, run};
use crate::frames::{frame, hex, plain, read_pcapng};
use crate::lab::Lab;
use crate::process::Process;
use crate::rotating::{all_frames, directory, files, row_in};

fn flood(lab: &Lab) -> Process {
    let mut flood = lab.far.wire(&["flood", "eth0", &hex(&frame(1, &[], 100))]);
    flood.expect_line("ready");
    flood
}

/// The shell's `ulimit -f`: the kernel kills whoever goes on writing, unless he listens.
#[test]
fn a_file_that_may_not_grow_any_more_ends_it_as_a_full_disk_does() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = folder.path().join("limited.pcapng").display().to_string();
    const SCRIPT: &str = "ulimit -f 100; exec \"$0\" capture eth0 -w \"$1\"";
    let mut command = lab.near.command("sh");
    command.args(["-c", SCRIPT]).arg(binary()).arg(&path);
    let capture = Capture::reading(command);
    let _flood = flood(&lab);
    let ended = capture.end();
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
    assert!(ended.notes.contains("File too large"), "{}", ended.notes);
    let saved = read_pcapng(&fs::read(path).expect("a file")).len() as u64;
    assert_eq!(ended.count("whole frames"), saved, "{}", ended.notes);
    assert_eq!(ended.count("frames captured,"), saved, "{}", ended.notes);
}

/// On a disk of its own that has hardly any room: every file of the row is whole, the last one up to where the disk was full.
#[test]
fn a_row_of_files_on_a_full_disk_is_whole() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    // The disk is seen only in there, so what is on it is carried out.
    const SCRIPT: &str = "mkdir \"$1/disk\"; mount -t tmpfs -o size=300k none \"$1/disk\"; \
         \"$0\" capture eth0 -w \"$1/disk/row.pcapng\" --rotate-size 64KB; code=$?; \
         rm -f \"$1\"/*.pcapng; cp \"$1/disk\"/row* \"$1\"; umount \"$1/disk\"; rmdir \"$1/disk\"; exit $code";
    let mut command = lab.near.command("unshare");
    command.args(["--mount", "sh", "-c", SCRIPT]);
    command.arg(binary()).arg(folder.path());
    let (capture, _output) = Capture::spawn(command);
    let _flood = flood(&lab);
    let ended = capture.end();
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
    assert!(ended.notes.contains("No space left"), "{}", ended.notes);
    assert!(files(folder.path()).len() >= 4, "{}", ended.notes);
    let saved = all_frames(folder.path()).len() as u64;
    assert_eq!(ended.count("frames captured,"), saved, "{}", ended.notes);
}

/// The nearest to a machine that sleeps: the process stands still, and frames come meanwhile.
#[test]
fn suspended_and_resumed_it_goes_on_where_it_was() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let arguments = ["eth0", "-w", &path, "--rotate-every", "300ms"];
    let capture = Capture::start(&lab.near, &arguments);
    let mut sender = lab.far.sender();
    sender.send("eth0", &[plain(0)]);
    thread::sleep(Duration::from_millis(400));
    capture.signal(Signal::STOP);
    for number in 1..5 {
        sender.send("eth0", &[plain(number)]);
        thread::sleep(Duration::from_millis(500));
    }
    capture.signal(Signal::CONT);
    thread::sleep(Duration::from_millis(400));
    sender.send("eth0", &[plain(5)]);
    let ended = capture.stop();
    ended.assert_well(6);
    let saved = all_frames(folder.path());
    let expected: Vec<_> = (0..6).map(plain).collect();
    let bytes: Vec<_> = saved.into_iter().map(|saved| saved.bytes).collect();
    assert!(bytes == expected, "other frames: {}", ended.notes);
    // No row of empty files for the time that nothing was done.
    let found = files(folder.path());
    assert!((4..=12).contains(&found.len()), "{found:?}");
}

/// Files are written on, whatever numbers the kernel gives them, though what was open for the interface is closed.
#[test]
fn a_row_of_files_goes_on_though_an_interface_is_deleted() {
    let Some(lab) = Lab::up() else { return };
    lab.cable("eth1", "02:00:00:00:01:01", "02:00:00:00:01:02");
    let folder = directory();
    let path = row_in(folder.path());
    // The filter has a second look opened, which is closed once frames were seen.
    let arguments = [
        "eth0",
        "eth1",
        "-f",
        "ether proto 0x88b5",
        "-w",
        &path,
        "--rotate-count",
        "5",
    ];
    let capture = Capture::start(&lab.near, &arguments);
    let mut sender = lab.far.sender();
    let frames: Vec<_> = (0..60).map(plain).collect();
    for (round, some) in frames.chunks(20).enumerate() {
        if round == 1 {
            lab.near.sh("ip link del eth0");
        }
        thread::sleep(Duration::from_millis(1200));
        sender.send("eth1", some);
    }
    let ended = capture.stop();
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
    assert_eq!(ended.count("frames captured,"), 60, "{}", ended.notes);
    let saved = all_frames(folder.path());
    let bytes: Vec<_> = saved.into_iter().map(|saved| saved.bytes).collect();
    assert!(bytes == frames, "other frames: {}", ended.notes);
    assert_eq!(files(folder.path()).len(), 12);
}

/// What the kernel had received by then is captured, though it was not handed over yet.
#[test]
fn an_interface_that_is_deleted_under_a_flood_takes_no_frames_along() {
    let Some(lab) = Lab::up() else { return };
    for others in [&[][..], &["lo"]] {
        lab.cable("eth2", "02:00:00:00:02:01", "02:00:00:00:02:02");
        let folder = directory();
        let path = folder.path().join("gone.pcapng").display().to_string();
        let arguments = [&["eth2"], others, &["-w", &path]].concat();
        let capture = Capture::start(&lab.near, &arguments);
        let words = ["flood", "eth2", &hex(&frame(1, &[], 100))];
        let mut flood = lab.far.wire(&words);
        flood.expect_line("ready");
        thread::sleep(Duration::from_millis(300));
        lab.near.sh("ip link del eth2");
        thread::sleep(Duration::from_millis(300));
        let ended = match others {
            [] => capture.end(),
            _ => capture.stop(),
        };
        assert_eq!(ended.code, Some(5), "{}", ended.notes);
        let saved = read_pcapng(&fs::read(path).expect("a file")).len();
        assert!(saved > 0, "{}", ended.notes);
        let counted = format!("eth2: {saved} received by the filter, 0 dropped");
        assert!(ended.notes.contains(&counted), "{saved}: {}", ended.notes);
    }
}

fn under_a_storm_of_hangups(arguments: &[&str]) -> Option<(Ended, u64)> {
    let lab = Lab::up()?;
    let folder = directory();
    let path = row_in(folder.path());
    let arguments = [&["eth0", "-w", &path], arguments].concat();
    let capture = Capture::start(&lab.near, &arguments);
    let flood = flood(&lab);
    for _ in 0..300 {
        capture.signal(Signal::HUP);
        thread::sleep(Duration::from_millis(3));
    }
    drop(flood);
    let ended = capture.stop();
    ended.assert_summary();
    let found = files(folder.path());
    assert!(found.len() > 10, "{found:?}");
    Some((ended, all_frames(folder.path()).len() as u64))
}

#[test]
fn a_storm_of_hangups_loses_nothing() {
    let rotates = ["--rotate-size", "100KB"];
    let Some((ended, saved)) = under_a_storm_of_hangups(&rotates) else {
        return;
    };
    assert_eq!(ended.count("frames captured,"), saved, "{}", ended.notes);
}

/// Finished files are whole, and the one that was being written is up to its last block.
#[test]
fn a_killed_row_leaves_what_it_wrote() {
    let Some(lab) = Lab::up() else { return };
    for pause in [211, 340, 463] {
        let folder = directory();
        let path = row_in(folder.path());
        let arguments = ["eth0", "-w", &path, "--rotate-size", "50KB"];
        let capture = Capture::start(&lab.near, &arguments);
        let sending = flood(&lab);
        thread::sleep(Duration::from_millis(pause));
        capture.signal(Signal::KILL);
        assert_eq!(capture.end().code, None);
        drop(sending);
        let found = files(folder.path());
        assert!(!found.is_empty());
        for path in found {
            let read = ["replay", "-q", &path.display().to_string()];
            let (code, _, notes) = run(&mut Command::new(binary()), &read);
            let expected = match path.extension().is_some_and(|ending| ending == "part") {
                // The kernel may have been in the midst of a write.
                true => [0, 4],
                false => [0, 0],
            };
            assert!(
                code.is_some_and(|code| expected.contains(&code)),
                "{path:?}: {notes}"
            );
        }
    }
}

/// A capture file that goes to a program which does not read: the end does not wait for it.
#[test]
fn a_pipe_that_nobody_empties_does_not_hold_up_the_end() {
    let Some(lab) = Lab::up() else { return };
    let (capture, _unread) = Capture::start_unread(&lab.near, &["eth0", "-w", "-"]);
    let flood = flood(&lab);
    thread::sleep(Duration::from_secs(1));
    capture.signal(Signal::INT);
    let ended = capture.end();
    drop(flood);
    assert_eq!(ended.code, Some(5), "{}", ended.notes);
    assert!(
        ended.notes.contains("the reader was not ready"),
        "{}",
        ended.notes
    );
    assert!(ended.took < Duration::from_secs(3), "{:?}", ended.took);
}
