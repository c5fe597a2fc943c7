//! Commands that watch interfaces without showing frames: they say, count and end as `capture` does.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::capture::{Capture, binary};
use crate::frames::{frame, plain};
use crate::lab::{Host, Lab};

/// Each of them, on eth0.
const WATCHING: [&[&str]; 5] = [
    &["stats", "-i", "eth0"],
    &["connections", "-i", "eth0", "-T", "json"],
    &["alerts", "-i", "eth0"],
    &["check", "-E", "no alert", "-i", "eth0", "--within", "60s"],
    &["arp", "watch", "eth0"],
];
const SOON: Duration = Duration::from_secs(3);

fn watch(host: &Host, folder: &TempDir, arguments: &[&str]) -> Capture {
    let mut command = host.command(binary());
    command.args(arguments);
    if arguments[0] == "arp" {
        // What it has seen goes there.
        command.arg("--db").arg(folder.path().join("n.db"));
    }
    Capture::reading(command)
}

/// An ARP request, so that all of them look at it.
fn request() -> Vec<u8> {
    let mut bytes = frame(0, &[], 4);
    bytes.truncate(12);
    bytes.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]);
    bytes.extend([2, 0, 0, 0, 9, 2, 10, 9, 0, 2, 0, 0, 0, 0, 0, 0, 10, 9, 0, 1]);
    bytes
}

#[test]
fn they_answer_whoever_asks_tell_of_links_and_count_drops() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let watchers: Vec<_> = WATCHING
        .iter()
        .map(|arguments| watch(&lab.near, &folder, arguments))
        .collect();
    let mut sender = lab.far.sender();
    sender.send("eth0", &[request(), request(), request()]);
    // So that the kernel's counts were asked for since.
    thread::sleep(Duration::from_millis(500));
    for watcher in &watchers {
        watcher.signal(Signal::USR1);
    }
    lab.far.sh("ip link set eth0 down");
    for (watcher, arguments) in watchers.into_iter().zip(WATCHING) {
        let answered = watcher.note_within(SOON, "3 frames captured, 3 looked at")
            && watcher.note_within(SOON, "eth0: 3 received by the filter, 0 dropped");
        let told = watcher.note_within(SOON, "eth0: the link is down: no carrier");
        let ended = watcher.stop();
        assert!(answered, "{arguments:?}: {}", ended.notes);
        assert!(told, "{arguments:?}: {}", ended.notes);
        ended.assert_well(3);
    }
}

#[test]
fn they_say_why_nothing_comes() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut filtered = WATCHING[0].to_vec();
    filtered.extend(["-f", "tcp port 80"]);
    let filtered = watch(&lab.near, &folder, &filtered);
    let watch_arp = watch(&lab.near, &folder, WATCHING[4]);
    let mut sender = lab.far.sender();
    for number in 0..45 {
        sender.send("eth0", &[plain(number)]);
        thread::sleep(Duration::from_millis(200));
    }
    let ended = filtered.stop();
    let hint = "none matches the filter 'tcp port 80'";
    assert!(ended.notes.contains(hint), "{}", ended.notes);
    // That no host asks for another is no fault, and the filter is none that anybody wrote.
    let ended = watch_arp.stop();
    assert!(!ended.notes.contains("none matches"), "{}", ended.notes);

    let quiet = watch(&lab.near, &folder, WATCHING[1]);
    let said = quiet.note_within(2 * SOON + SOON, "no frame at all has crossed eth0");
    let ended = quiet.stop();
    assert!(said, "{}", ended.notes);
}

/// On a terminal that shows no results yet there is a line that says how far it is.
#[test]
fn a_terminal_shows_how_far_they_are() {
    let Some(lab) = Lab::up() else { return };
    // Its standard output and error are a terminal; what is written there comes through a pipe.
    const TERMINAL: &str = "import pty, sys; pty.spawn(sys.argv[1:])";
    let mut command = lab.near.command("python3");
    command.args(["-c", TERMINAL]).arg(binary());
    command.args(["check", "-E", "no alert", "-i", "eth0", "--within", "3s"]);
    command.env("TERM", "xterm").env("COLUMNS", "80");
    let done = run_while_frames_come(&lab, &mut command);
    assert!(done.contains("dropped: 0 by the kernel"), "{done}");
    let mut lines = done.split(['\r', '\n', '\x1b']);
    let counted = lines.any(|line| line.contains(" frames, ") && !line.contains("0 frames, "));
    assert!(counted, "{done}");
}

fn run_while_frames_come(lab: &Lab, command: &mut Command) -> String {
    let running = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut running = running.expect("it starts");
    let mut sender = lab.far.sender();
    for number in 0.. {
        if running.try_wait().expect("a child").is_some() {
            break;
        }
        sender.send("eth0", &[plain(number)]);
        thread::sleep(Duration::from_millis(70));
    }
    let done = running.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&done.stdout).into_owned()
}
