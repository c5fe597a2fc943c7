//! What keeps `netinspect arp` from asking: one clear sentence each, and the right exit code.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::arp::arp;
use crate::capture::{binary, run};
use crate::lab::{Host, Lab};
use crate::rights::{copy, powerless};

#[track_caller]
fn fails(host: &Host, arguments: &[&str], code: i32, sentence: &str) {
    let (ended, shown, notes) = arp(host, arguments);
    assert_eq!(
        (ended, shown.as_str()),
        (Some(code), ""),
        "{arguments:?}: {notes}"
    );
    assert!(notes.contains(sentence), "{arguments:?}: {notes}");
    assert_eq!(
        notes.lines().count(),
        1 + sentence.matches('\n').count(),
        "{notes}"
    );
}

#[test]
fn each_reason_has_its_sentence() {
    let Some(lab) = Lab::up() else { return };
    let near = &lab.near;
    lab.cable("eth1", "00:1b:21:00:00:21", "00:1b:21:00:00:22");
    fails(
        near,
        &["resolve", "192.0.2.1"],
        5,
        "there is no way to 192.0.2.1: no interface is on its subnet, and no gateway leads there",
    );
    fails(
        near,
        &["resolve", "fd09::9", "-i", "eth1"],
        5,
        "no IPv6 address",
    );
    fails(
        near,
        &["resolve", "10.9.0.2", "-i", "eth1"],
        5,
        "cannot ask on eth1: it has no IPv4 address",
    );
    fails(
        near,
        &["scan", "-i", "eth1"],
        5,
        "cannot ask on eth1: it has no IPv4 address",
    );
    fails(
        near,
        &["scan", "-i", "lo"],
        5,
        "cannot ask on lo: it leads back to this machine",
    );
    fails(
        near,
        &["scan", "-6", "10.9.0.0/24"],
        2,
        "-6 asks by IPv6, and 10.9.0.1 is an IPv4 address",
    );
    fails(
        near,
        &["scan", "10.0.0.0/8"],
        5,
        "there is no way to 10.0.0.1",
    );
    fails(
        near,
        &["scan", "-i", "eth0", "10.0.0.0/8"],
        2,
        "more than any link has",
    );
    fails(
        near,
        &["probe", "fd09::1"],
        2,
        "fd09::1 is an IPv6 address, for which there is no ARP",
    );
    fails(near, &["probe", "224.0.0.1"], 2, "no host can have it");
    fails(
        near,
        &["scan", "10.9.0.300"],
        2,
        "'10.9.0.300' is no IP address",
    );
    fails(
        near,
        &["probe", "10.9.0.255"],
        2,
        "10.9.0.255 is the broadcast address of 10.9.0.0/24, which eth0 is on: no host can have it",
    );
    fails(
        near,
        &["probe", "10.9.0.0"],
        2,
        "10.9.0.0 is the network's own address",
    );
    fails(near, &["resolve", "0.0.0.0"], 2, "means no address at all");
    fails(
        near,
        &["resolve", "00:1b:21:00:00:02"],
        2,
        "is a MAC address; 'netinspect neighbors history 00:1b:21:00:00:02' tells",
    );
    let (code, _, notes) = arp(near, &["scan", "-i", "eht0"]);
    assert_eq!(code, Some(5), "{notes}");
    assert!(notes.contains("no interface is called eht0"), "{notes}");

    near.sh("ip link set eth1 down");
    fails(
        near,
        &["probe", "10.9.0.9", "-i", "eth1"],
        5,
        "cannot ask on eth1: it is down; switch it on: ip link set eth1 up",
    );
    near.sh("ip link set eth1 up arp off");
    fails(
        near,
        &["probe", "10.9.0.9", "-i", "eth1"],
        5,
        "ARP is switched off there",
    );
    near.sh("ip link set eth1 arp on");
    lab.far.sh("ip link set eth1 down");
    fails(
        near,
        &["probe", "10.9.0.9", "-i", "eth1"],
        5,
        "it has no carrier",
    );
    near.sh("ip route add blackhole 203.0.113.0/24");
    fails(
        near,
        &["resolve", "203.0.113.1"],
        5,
        "a route of this machine refuses it",
    );
}

#[test]
fn a_missing_right_is_named() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    for arguments in [
        ["arp", "resolve", "10.9.0.2", "--no-learn"].as_slice(),
        &["arp", "scan", "--no-learn"],
        &["arp", "probe", "10.9.0.9"],
        &["arp", "announce", "10.9.0.1"],
    ] {
        let (code, shown, notes) = run(&mut powerless(&lab.near, &binary), arguments);
        assert_eq!((code, shown.as_str()), (Some(3), ""), "{notes}");
        assert!(notes.contains("CAP_NET_RAW"), "{notes}");
        assert!(notes.contains("setcap cap_net_raw=eip"), "{notes}");
        assert!(!notes.contains("answered"), "nothing was asked: {notes}");
    }
}

/// Who may not ask is told what the kernel knows.
#[test]
fn without_rights_the_kernels_table_is_told() {
    let Some(lab) = Lab::up() else { return };
    let directory = tempfile::tempdir().expect("a directory");
    let binary = copy(directory.path());
    lab.near
        .sh("ip neigh replace 10.9.0.2 lladdr 00:1b:21:00:00:02 dev eth0 nud stale");
    let arguments = ["arp", "resolve", "10.9.0.2", "--no-learn"];
    let (code, shown, notes) = run(&mut powerless(&lab.near, &binary), &arguments);
    assert_eq!((code, shown.as_str()), (Some(3), ""), "{notes}");
    let known = "the kernel's own table has 10.9.0.2 at 00:1b:21:00:00:02 (Intel Corporate), STALE";
    assert!(notes.contains(known), "{notes}");
    assert!(notes.contains("CAP_NET_RAW"), "{notes}");
}

/// A scan that would take half a minute, in its first second.
fn long_scan(lab: &Lab) -> Child {
    let mut command: Command = lab.near.command(binary());
    command.args(["arp", "scan", "--no-learn", "--rate", "20", "10.9.0.2-200"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    thread::sleep(Duration::from_millis(600));
    child
}

/// What it said, and how it ended, soon after what happened to its link.
fn ended(mut child: Child) -> (Option<i32>, String, String) {
    let since = Instant::now();
    let status = child.wait().expect("an end");
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
    let said = child.wait_with_output().expect("text");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status.code(), text(said.stdout), text(said.stderr))
}

#[test]
fn a_link_that_goes_down_meanwhile_is_told_after_what_was_found() {
    let Some(lab) = Lab::up() else { return };
    for (host, order, sentence) in [
        (
            &lab.near,
            "ip link set eth0 down",
            "cannot go on asking on eth0: it was switched off meanwhile",
        ),
        (
            &lab.far,
            "ip link set eth0 down",
            "cannot go on asking on eth0: it lost its carrier meanwhile",
        ),
        (
            &lab.near,
            "ip link del eth0",
            "cannot go on asking on eth0: the interface is gone",
        ),
    ] {
        let child = long_scan(&lab);
        host.sh(order);
        let (code, shown, notes) = ended(child);
        assert_eq!(code, Some(5), "{order}: {notes}");
        assert!(notes.contains(sentence), "{order}: {notes}");
        assert!(shown.contains("10.9.0.2\t"), "{order}: {shown}");
        if !order.contains("del") {
            host.sh("ip link set eth0 up");
        }
    }
}

#[test]
fn a_link_that_goes_down_while_waiting_is_no_silent_host() {
    let Some(lab) = Lab::up() else { return };
    let mut command = lab.near.command(binary());
    command.args([
        "arp",
        "resolve",
        "--no-learn",
        "--timeout",
        "20s",
        "10.9.0.77",
    ]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    thread::sleep(Duration::from_millis(900));
    lab.far.sh("ip link set eth0 down");
    let (code, shown, notes) = ended(child);
    assert_eq!(code, Some(5), "{shown}{notes}");
    assert!(notes.contains("it lost its carrier meanwhile"), "{notes}");
    assert!(shown.contains("before it was ended"), "{shown}");
}
