//! `netinspect arp scan` on links that are more than a cable: VLANs, radios, IPv6 with hosts that hide.

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::arp::{arp, with_ipv6};
use crate::capture::{binary, run};
use crate::lab::{FAR_MAC, Lab};

/// An answer in another VLAN than the question is somebody else's, and only the untagged one is believed.
#[test]
fn answers_from_another_vlan_are_not_believed() {
    let Some(lab) = Lab::up() else { return };
    let _other = lab.far.responder(&["eth0", "10.9.0.2", "5", "--vlan", "7"]);
    let (code, shown, notes) = arp(&lab.near, &["scan", "10.9.0.2-6", "--passes", "1"]);
    assert_eq!(code, Some(0), "{notes}");
    assert_eq!(shown.lines().count(), 1, "{shown}");
    assert!(shown.contains(FAR_MAC), "{shown}");
    assert!(
        notes.contains("5 replies from another VLAN not believed"),
        "{notes}"
    );
}

/// A tag that only gives a priority is no VLAN (IEEE 802.1Q, VLAN 0).
#[test]
fn a_priority_alone_is_no_vlan() {
    let Some(lab) = Lab::up() else { return };
    let _tagged = lab
        .far
        .responder(&["eth0", "10.9.0.20", "1", "--vlan", "0"]);
    let (code, shown, notes) = arp(&lab.near, &["resolve", "10.9.0.20"]);
    assert_eq!(code, Some(0), "{shown}{notes}");
    assert!(shown.contains("00:16:3e:00:00:00"), "{shown}");
}

/// The kernel says in /sys that an interface is a radio; here, what is mounted over it does.
#[test]
fn a_radio_is_asked_slowly_and_that_is_said() {
    let Some(lab) = Lab::up() else { return };
    let script = format!(
        "mount -t tmpfs none /sys/class/net && mkdir -p /sys/class/net/eth0/wireless && \
         exec {} arp scan --no-learn -T line 10.9.0.0/20",
        binary().display()
    );
    let mut command: Command = lab.near.command("unshare");
    command.args(["--mount", "sh", "-c", &script]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    thread::sleep(Duration::from_millis(1_500));
    // It may have ended, where nothing can be mounted.
    let pid = rustix::process::Pid::from_child(&child);
    let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
    child.wait().expect("an end");
    let said = child.wait_with_output().expect("text");
    let notes = String::from_utf8_lossy(&said.stderr);
    assert!(
        notes.contains("200 a second (slowly, since it is wireless)"),
        "{notes}"
    );
    let shown = String::from_utf8_lossy(&said.stdout);
    assert!(shown.contains("10.9.0.2\t"), "{shown}");
    let sent = notes
        .split(" requests sent")
        .next()
        .and_then(|before| before.rsplit(' ').next());
    let sent: u32 = sent.and_then(|sent| sent.parse().ok()).expect("a number");
    assert!(sent < 500, "{notes}");
}

#[test]
fn ipv6_hosts_that_ignore_echo_to_all_are_found_all_the_same() {
    let Some(lab) = Lab::up() else { return };
    with_ipv6(&lab);
    lab.far
        .sh("sysctl -qw net.ipv6.icmp.echo_ignore_multicast=1");
    let (code, shown, notes) = arp(&lab.near, &["scan", "-6", "-T", "line"]);
    assert_eq!(code, Some(0), "{notes}");
    for address in ["fd09::2\t", "fe80::21b:21ff:fe00:2\t"] {
        let line = shown.lines().find(|line| line.starts_with(address));
        assert!(
            line.is_some_and(|line| line.contains(FAR_MAC)),
            "{shown}{notes}"
        );
    }
}

/// Who does not answer what goes to all nodes is found where it was met before.
#[test]
fn ipv6_addresses_of_the_table_are_asked_too() {
    let Some(lab) = Lab::up() else { return };
    with_ipv6(&lab);
    // A second address, which nothing is answered from (RFC 6724, 5, rule 3): the same host, so it is not found by that.
    lab.far
        .sh("ip addr add fd09::77/64 dev eth0 nodad preferred_lft 0");
    let directory = tempfile::tempdir().expect("a directory");
    let db = directory.path().join("n.db");
    let db = db.to_str().expect("text");
    let scan = ["scan", "-6", "-T", "line", "--db", db];
    let (_, shown, notes) = arp(&lab.near, &scan);
    assert!(!shown.contains("fd09::77\t"), "{shown}{notes}");
    let (code, _, notes) = arp(&lab.near, &["resolve", "fd09::77", "--db", db]);
    assert_eq!(code, Some(0), "{notes}");
    let (code, shown, notes) = arp(&lab.near, &scan);
    assert_eq!(code, Some(0), "{notes}");
    assert!(shown.contains("fd09::77\t"), "{shown}{notes}");
    let mut command = lab.near.command(binary());
    let (_, listed, _) = run(&mut command, &["neighbors", "list", "fd09::77", "--db", db]);
    assert!(listed.contains("scan"), "{listed}");
}
