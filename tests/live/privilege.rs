//! What a capture may still do while it runs, by what the kernel says of it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::capture::{Capture, binary, run};
use crate::frames::{plain, read_pcapng};
use crate::lab::{Host, Lab, find, is_root, skipped};
use crate::rights::copy;

/// One line of `/proc/PID/status`.
#[track_caller]
fn status(pid: u32, name: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let prefix = format!("{name}:");
    let line = text.lines().find_map(|line| line.strip_prefix(&prefix));
    line.unwrap_or_else(|| panic!("no {name}: {text}"))
        .trim()
        .to_owned()
}

/// Nothing is left in any set of any thread.
#[track_caller]
fn assert_powerless(pid: u32) {
    let threads = || {
        let entries = fs::read_dir(format!("/proc/{pid}/task")).expect("a process");
        entries.flatten().map(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .parse()
                .expect("a number")
        })
    };
    // Rights are each thread's own: those that start later are looked at as well.
    let since = Instant::now();
    while threads().count() < 2 {
        assert!(since.elapsed() < Duration::from_secs(5), "no other thread");
        thread::sleep(Duration::from_millis(2));
    }
    threads().for_each(assert_thread_powerless);
}

/// Nothing is left in any set of one thread; the first has its process's number.
#[track_caller]
fn assert_thread_powerless(thread: u32) {
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
        assert_eq!(status(thread, set), "0000000000000000", "{set}");
    }
    assert_eq!(status(thread, "NoNewPrivs"), "1");
    assert_eq!(status(thread, "Seccomp"), "2");
}

/// `netinspect capture` on a host as sudo would start it for user 65534.
fn under_sudo(host: &Host, arguments: &[&str]) -> Capture {
    let mut command = host.command(binary());
    command
        .env("SUDO_UID", "65534")
        .env("SUDO_GID", "65534")
        .arg("capture")
        .args(arguments);
    Capture::reading(command)
}

#[test]
fn nothing_is_kept_once_it_captures() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("kept.pcapng");
    let file = path.to_str().expect("text");
    let capture = Capture::start(&lab.near, &["eth0", "-w", file, "-v"]);
    assert_powerless(capture.id());
    assert_eq!(status(capture.id(), "CapBnd"), "0000000000000000");
    // And it works all the same, the kernel's counts included.
    lab.far.sender().send("eth0", &[plain(1), plain(2)]);
    let ended = capture.stop();
    ended.assert_well(2);
    for part in ["gave up: all capabilities", "Landlock", "seccomp"] {
        assert!(ended.notes.contains(part), "no '{part}': {}", ended.notes);
    }
    assert_eq!(read_pcapng(&fs::read(&path).expect("a file")).len(), 2);
}

/// Those that ask are looked at once they have: the far end has heard it.
#[test]
fn nothing_is_kept_once_it_asks() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("neighbors.db");
    let db = path.to_str().expect("text");
    for arguments in [
        &["scan", "10.9.0.2-9", "-v", "--db", db][..],
        &["resolve", "10.9.0.2", "10.9.0.9", "-v", "--db", db],
        &["probe", "10.9.0.9", "-v"],
        &["announce", "10.9.0.1", "-v"],
    ] {
        let ear = Capture::start(&lab.far, &["eth0", "-f", "arp"]);
        let mut command = lab.near.command(binary());
        command.arg("arp").args(arguments);
        let asking = Capture::begin(command);
        ear.line();
        assert_thread_powerless(asking.id());
        assert_eq!(status(asking.id(), "CapBnd"), "0000000000000000");
        let ended = asking.end();
        for part in ["gave up: all capabilities", "Landlock", "seccomp"] {
            let notes = &ended.notes;
            assert!(notes.contains(part), "{arguments:?}: no '{part}': {notes}");
        }
    }
    // It has learned all the same.
    let (code, shown, notes) = run(
        &mut lab.near.command(binary()),
        &["neighbors", "list", "10.9.0.2", "--db", db],
    );
    assert_eq!(code, Some(0), "{notes}");
    assert!(
        shown.contains("10.9.0.2") && shown.contains("scan"),
        "{shown}"
    );
    assert!(shown.contains("reply"), "{shown}");
}

#[test]
fn an_asker_goes_on_as_the_one_behind_sudo_who_gets_the_table() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let all = fs::Permissions::from_mode(0o777);
    fs::set_permissions(directory.path(), all).expect("ours");
    let path = directory.path().join("neighbors.db");
    let db = path.to_str().expect("text");
    let mut command = lab.near.command(binary());
    command
        .env("SUDO_UID", "65534")
        .env("SUDO_GID", "65534")
        .args(["arp", "resolve", "10.9.0.2", "-v", "--db", db]);
    let ended = Capture::begin(command).end();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    if is_root() {
        assert!(ended.notes.contains("65534:65534"), "{}", ended.notes);
        let owner = fs::metadata(&path).expect("a table");
        assert_eq!((owner.uid(), owner.gid()), (65534, 65534));
    }
    let (_, shown, notes) = run(
        &mut lab.near.command(binary()),
        &["neighbors", "list", "--db", db],
    );
    assert!(shown.contains("10.9.0.2"), "{shown}{notes}");
}

#[test]
fn everything_is_kept_where_that_is_asked_for() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.near, &["eth0", "--no-sandbox", "-v"]);
    assert_ne!(status(capture.id(), "CapEff"), "0000000000000000");
    assert_eq!(status(capture.id(), "NoNewPrivs"), "0");
    let ended = capture.stop();
    ended.assert_well(0);
    assert!(
        ended
            .notes
            .contains("kept: every right, as --no-sandbox asks"),
        "{}",
        ended.notes
    );
}

#[test]
fn under_sudo_it_goes_on_as_the_caller_who_gets_the_file() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("theirs.pcapng");
    let file = path.to_str().expect("text");
    let capture = under_sudo(&lab.near, &["eth0", "-w", file, "-v"]);
    assert_powerless(capture.id());
    let (user, group) = (status(capture.id(), "Uid"), status(capture.id(), "Gid"));
    let groups = status(capture.id(), "Groups");
    lab.far.sender().send("eth0", &[plain(1)]);
    let ended = capture.stop();
    ended.assert_well(1);
    let owner = fs::metadata(&path).expect("a file");
    if is_root() {
        let all = ["65534"; 4].join("\t");
        assert_eq!((user, group), (all.clone(), all));
        assert_eq!(groups, "65534");
        assert_eq!((owner.uid(), owner.gid()), (65534, 65534));
        assert!(ended.notes.contains("65534:65534"), "{}", ended.notes);
    } else {
        // In the tests' user namespace that user has no number.
        assert!(
            ended
                .notes
                .contains("does not exist in this user namespace"),
            "{}",
            ended.notes
        );
    }
    assert_eq!(read_pcapng(&fs::read(&path).expect("a file")).len(), 1);
}

/// It is no file of ours: giving it away would take it from everybody.
#[test]
fn a_device_is_given_to_nobody() {
    if !is_root() {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let before = fs::metadata("/dev/null").expect("a device").uid();
    let capture = under_sudo(&lab.near, &["eth0", "-w", "/dev/null"]);
    capture.stop().assert_well(0);
    assert_eq!(fs::metadata("/dev/null").expect("a device").uid(), before);
}

#[test]
fn another_user_may_be_named() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    let (code, _, notes) = run(&mut command, &["capture", "eth0", "--user", "no-such-user"]);
    assert_eq!(code, Some(2), "{notes}");
    assert!(notes.contains("there is no such user"), "{notes}");
    if !is_root() {
        return;
    }
    let capture = Capture::start(&lab.near, &["eth0", "--user", "nobody"]);
    assert_powerless(capture.id());
    assert!(status(capture.id(), "Uid").starts_with("65534\t"));
    capture.stop().assert_well(0);
}

/// Root in a user namespace with only root in it, as `unshare -r` makes it.
#[test]
fn a_user_that_has_no_number_here_is_no_obstacle() {
    let Some(lab) = Lab::up() else { return };
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--net", "sh", "-c"]);
    command
        .arg("ip link set lo up && exec \"$0\" capture lo -v")
        .arg(binary())
        .env("SUDO_UID", "65534")
        .env("SUDO_GID", "65534")
        .env("PATH", crate::lab::path());
    let capture = Capture::reading(command);
    assert_powerless(capture.id());
    let ended = capture.stop();
    drop(lab);
    assert!(
        ended
            .notes
            .contains("does not exist in this user namespace"),
        "{}",
        ended.notes
    );
}

/// What the README advises: any user, one file capability.
#[test]
fn a_user_with_the_one_capability_captures_and_gives_it_up() {
    if !is_root() {
        return;
    }
    if find("setcap").is_none() || find("setpriv").is_none() {
        return skipped("there is no 'setcap' or no 'setpriv' here");
    }
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    let granted = Command::new("setcap")
        .arg("cap_net_raw=eip")
        .arg(&binary)
        .env("PATH", crate::lab::path())
        .status();
    if !granted.is_ok_and(|status| status.success()) {
        return skipped("this file system keeps no capabilities");
    }
    let mut command = lab.near.command("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&binary)
        .args(["capture", "eth0", "-e", "frame.len", "-v"]);
    let capture = Capture::reading(command);
    assert_powerless(capture.id());
    lab.far.sender().send("eth0", &[plain(1)]);
    let ended = capture.stop();
    ended.assert_well(1);
    assert_eq!(ended.lines, ["60"]);
    assert!(
        ended.notes.contains("kept: the capability bounding set"),
        "{}",
        ended.notes
    );
}

/// Files are opened with root's rights and read without: others' too, and those behind the first.
#[test]
fn root_replays_others_files_without_being_root() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/link-ipv4.pcap");
    let mut arguments = vec!["replay".to_owned(), "-v".to_owned()];
    arguments.extend(["-e", "frame.number"].map(str::to_owned));
    for name in ["one.pcap", "two.pcap"] {
        let path = directory.path().join(name);
        fs::copy(&fixture, &path).expect("a copy");
        // Somebody else's: root may read it only with CAP_DAC_OVERRIDE.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("ours");
        std::os::unix::fs::chown(&path, Some(65533), Some(65533)).expect("root");
        arguments.push(path.to_str().expect("text").to_owned());
    }
    let mut command = Command::new(binary());
    command.env("SUDO_UID", "65534").env("SUDO_GID", "65534");
    let (code, shown, notes) = run(&mut command, &arguments);
    assert_eq!((code, shown.as_str()), (Some(0), "1\n2\n"), "{notes}");
    assert!(notes.contains("root, for user"), "{notes}");
}

/// A picture is made as root, and read by whoever called sudo.
#[test]
fn under_sudo_a_picture_is_the_callers() {
    if !is_root() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/http.pcap");
    let fixture = fixture.to_str().expect("text");
    for wish in [&["connections", "--ladder", "0"][..], &["stats"]] {
        let path = directory.path().join(wish[0]);
        let mut command = Command::new(binary());
        command.env("SUDO_UID", "65534").env("SUDO_GID", "65534");
        let mut arguments: Vec<&str> = wish.to_vec();
        arguments.extend(["--svg", path.to_str().expect("text"), fixture]);
        let (code, _, notes) = run(&mut command, &arguments);
        assert_eq!(code, Some(0), "{notes}");
        let found = fs::metadata(&path).expect("a picture");
        assert_eq!((found.uid(), found.gid()), (65534, 65534), "{wish:?}");
        assert!(found.len() > 500, "{wish:?}");
    }
}

/// A row of files goes on below the folder, which is all that is left to write in: files appear, get their names, go.
#[test]
fn rotation_goes_on_without_rights() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().join("row");
    fs::create_dir(&folder).expect("a directory");
    for path in [directory.path(), &folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("ours");
    }
    let file = folder.join("row.pcapng");
    let arguments = [
        "eth0",
        "-w",
        file.to_str().expect("text"),
        "--rotate-count",
        "10",
        "--keep",
        "2",
    ];
    let capture = under_sudo(&lab.near, &arguments);
    assert_powerless(capture.id());
    let mut sender = lab.far.sender();
    for number in 0..35 {
        sender.send("eth0", &[plain(number)]);
    }
    // And whenever somebody asks, here once all those are written.
    thread::sleep(Duration::from_millis(600));
    capture.signal(Signal::HUP);
    thread::sleep(Duration::from_millis(600));
    sender.send("eth0", &[plain(35)]);
    thread::sleep(Duration::from_millis(200));
    let ended = capture.stop();
    ended.assert_well(36);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("a directory")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 2, "{files:?}: {}", ended.notes);
    let counts: Vec<_> = files
        .iter()
        .map(|file| read_pcapng(&fs::read(file).expect("a file")).len())
        .collect();
    assert_eq!(counts, [5, 1], "{files:?}");
    if is_root() {
        for file in files {
            assert_eq!(
                fs::metadata(&file).expect("a file").uid(),
                65534,
                "{file:?}"
            );
        }
    }
}

/// Sudo's caller may not write where root told us to: it goes on as root's user, who may, without root's powers.
#[test]
fn a_folder_that_is_closed_to_the_caller_keeps_its_owner() {
    if !is_root() {
        return;
    }
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("row.pcapng");
    let arguments = [
        "eth0",
        "-v",
        "-w",
        file.to_str().expect("text"),
        "--rotate-count",
        "1",
    ];
    let capture = under_sudo(&lab.near, &arguments);
    assert_powerless(capture.id());
    assert!(status(capture.id(), "Uid").starts_with("0\t"));
    let mut sender = lab.far.sender();
    sender.send("eth0", &[plain(0), plain(1), plain(2)]);
    thread::sleep(Duration::from_millis(200));
    let ended = capture.stop();
    ended.assert_well(3);
    assert_eq!(
        fs::read_dir(directory.path()).expect("a directory").count(),
        3
    );
    assert!(
        ended.notes.contains("kept: user root, since"),
        "{}",
        ended.notes
    );
}
