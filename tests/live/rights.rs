//! Without the right to capture: what is missing, and how to grant it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::capture::{binary, run};
use crate::lab::{Host, Lab, find, is_root};

/// A copy that anybody may run, wherever the build directory is.
pub fn copy(directory: &Path) -> PathBuf {
    let path = directory.join("netinspect");
    // Not by fs::copy: what another test starts meanwhile would hold the file open for writing ("text file busy").
    let copied = Command::new("cp").arg(binary()).arg(&path).status();
    assert!(copied.is_ok_and(|status| status.success()), "no copy");
    for path in [directory, &path] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("ours");
    }
    path
}

/// `netinspect`, on a host, without any capability.
pub fn powerless(host: &Host, binary: &Path) -> Command {
    assert!(find("setpriv").is_some(), "there is no 'setpriv' here");
    let mut command = host.command("setpriv");
    if is_root() {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    } else {
        // In a user namespace nobody has no number.
        command.args(["--bounding-set=-all", "--inh-caps=-all"]);
    }
    command.arg(binary);
    command
}

#[test]
fn what_is_missing_is_named_and_how_to_grant_it() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    let (code, shown, notes) = run(&mut powerless(&lab.near, &binary), &["capture", "eth0"]);
    assert_eq!((code, shown.as_str()), (Some(3), ""), "{notes}");
    assert!(notes.contains("CAP_NET_RAW"), "{notes}");
    if !is_root() {
        // The bounding set is empty here: see below.
        return;
    }
    let real = binary.canonicalize().expect("a path");
    let line = format!("setcap cap_net_raw=eip {}", real.display());
    assert!(notes.contains(&line), "not '{line}': {notes}");
    let line = format!("sudo {} capture eth0", real.display());
    assert!(notes.contains(&line), "not '{line}': {notes}");
}

/// As root in a container that was not given it: no other user and no file could have it.
#[test]
fn where_nobody_can_have_the_right_the_container_is_to_be_given_it() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command("setpriv");
    command.args(["--bounding-set=-net_raw", "--inh-caps=-net_raw"]);
    command.arg(binary()).env("KUBERNETES_SERVICE_HOST", "here");
    let (code, _, notes) = run(&mut command, &["capture", "eth0"]);
    assert_eq!(code, Some(3), "{notes}");
    for part in ["lacks CAP_NET_RAW", "--cap-add NET_RAW", "add: [NET_RAW]"] {
        assert!(notes.contains(part), "no '{part}': {notes}");
    }
    assert!(!notes.contains("sudo"), "{notes}");
}

#[test]
fn any_needs_the_same_right() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    let (code, _, notes) = run(&mut powerless(&lab.near, &binary), &["capture", "any"]);
    assert_eq!(code, Some(3), "{notes}");
    assert!(notes.contains("CAP_NET_RAW"), "{notes}");
}

fn assert_no_such_interface(code: Option<i32>, notes: &str) {
    assert_eq!(code, Some(5), "{notes}");
    assert!(notes.contains("no interface is called eht0"), "{notes}");
    assert!(notes.contains("eth0") && notes.contains("lo"), "{notes}");
    assert!(!notes.contains("permi"), "{notes}");
}

#[test]
fn a_mistyped_interface_lists_those_there_are() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    let (code, _, notes) = run(&mut command, &["capture", "eht0"]);
    assert_no_such_interface(code, &notes);
}

#[test]
fn a_mistyped_interface_is_not_taken_for_a_missing_right() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    let (code, _, notes) = run(&mut powerless(&lab.near, &binary), &["capture", "eht0"]);
    assert_no_such_interface(code, &notes);
}

/// The file to be written must not be touched where capturing is not possible.
#[test]
fn a_file_is_not_emptied_where_there_is_no_right() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    let path = directory.path().join("precious.pcapng");
    fs::write(&path, "precious").expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("ours");
    let file = path.to_str().expect("text");
    let (code, _, notes) = run(
        &mut powerless(&lab.near, &binary),
        &["capture", "eth0", "-w", file],
    );
    assert_eq!(code, Some(3), "{notes}");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "precious");
}
