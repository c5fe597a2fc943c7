//! `arp watch` on a link where kernels and forgers speak; and the table that it leaves.

use std::path::Path;
use std::process::Command;

use crate::capture::{Capture, binary};
use crate::lab::{FAR_MAC, Host, Lab};

const THIEF: [u8; 6] = [0x00, 0x0c, 0x42, 0, 0, 0x66];
const THIEF_TEXT: &str = "00:0c:42:00:00:66";

fn watch(host: &Host, db: &Path, more: &[&str]) -> Command {
    let mut command = host.command(binary());
    command
        .args(["arp", "watch", "eth0", "--db"])
        .arg(db)
        .args(more);
    command
}

/// A reply that says that 10.9.0.2 is at the thief's, with a VLAN tag or without.
fn forged(vlan: Option<u16>) -> Vec<u8> {
    let mut frame = [[0xff; 6], THIEF].concat();
    if let Some(id) = vlan {
        frame.extend([0x81, 0x00]);
        frame.extend(id.to_be_bytes());
    }
    frame.extend([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 2]);
    frame.extend([&THIEF[..], &[10, 9, 0, 2], &[0xff; 6], &[10, 9, 0, 2]].concat());
    frame.resize(60, 0);
    frame
}

#[test]
fn a_spoofed_neighbor_is_told_and_remembered_over_restarts_and_link_flaps() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    let ask = "ip neigh flush dev eth0; ping -c 1 -W 5 10.9.0.2";

    // Killed, so that what it knew has to be in the table.
    let first = Capture::reading(watch(&lab.near, &db, &[]));
    lab.near.sh(ask);
    let told = first.lines(1);
    assert!(told[0].contains("new station"), "{told:?}");
    assert!(
        told[0].contains(&format!("10.9.0.2 at {FAR_MAC} (Intel)")),
        "{told:?}"
    );
    // Written a second later at most.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    drop(first);

    let second = Capture::reading(watch(&lab.near, &db, &[]));
    let mut sender = lab.far.sender();
    sender.send("eth0", &[forged(None)]);
    lab.near.sh(ask);
    let told = second.lines(2);
    assert!(told[0].contains("changed ethernet address"), "{told:?}");
    assert!(
        told[0].contains(&format!(
            "10.9.0.2 at {THIEF_TEXT} (MikroTik), was at {FAR_MAC}"
        )),
        "{told:?}"
    );
    assert!(told[1].contains("flip flop"), "{told:?}");

    lab.near.sh("ip link set eth0 down; ip link set eth0 up");
    sender.send("eth0", &[forged(Some(7))]);
    let told = second.lines(1);
    assert!(
        told[0].contains("new station") && told[0].contains("on eth0.7"),
        "{told:?}"
    );
    let ended = second.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.notes);

    let history = lab.near.sh(&format!(
        "{} neighbors history 10.9.0.2 --db {}",
        binary().display(),
        db.display()
    ));
    let at = |event: &str| {
        history
            .find(event)
            .unwrap_or_else(|| panic!("{event}: {history}"))
    };
    assert!(
        at("new station") < at("changed ethernet address"),
        "{history}"
    );
    assert!(
        at("changed ethernet address") < at("flip flop"),
        "{history}"
    );
}

#[test]
fn the_kernels_table_and_ours_are_compared_with_the_wire() {
    let Some(lab) = Lab::up() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("n.db");
    let reconcile = |more: &str| {
        lab.near.sh(&format!(
            "{} neighbors reconcile --db {} {more} || echo code $?",
            binary().display(),
            db.display()
        ))
    };
    lab.near
        .sh("ping -c 1 -W 5 10.9.0.2; ip neigh replace 10.9.0.77 dev eth0 nud failed");
    let before = reconcile("--learn");
    assert!(before.contains("not in our table"), "{before}");
    let after = reconcile("-i eth0");
    let line = after
        .lines()
        .find(|line| line.contains("10.9.0.2 "))
        .unwrap_or_default();
    assert!(
        line.matches(FAR_MAC).count() == 3 && line.contains("same"),
        "{after}"
    );
    lab.near.sh(&format!(
        "ip neigh replace 10.9.0.2 lladdr {THIEF_TEXT} dev eth0 nud permanent"
    ));
    let spoofed = reconcile("");
    assert!(
        spoofed.contains("kernel differs") && spoofed.contains("code 1"),
        "{spoofed}"
    );
}
