//! arpwatch on the same captures: it and we tell the same, but for what docs/arpwatch.md explains.

use std::collections::BTreeSet;
use std::process::Command;

use crate::oracle::output_of;
use crate::support::{fixture, fixture_path, run};

/// What happened, to which address, at which MAC address.
type Told = BTreeSet<(String, String, String)>;

/// The events that arpwatch reports by mail; the others only go to its log.
const KINDS: [&str; 4] = [
    "new station",
    "new activity",
    "changed ethernet address",
    "flip flop",
];

/// What only one of us tells, and why.
const KNOWN: [(&str, &str, &str, &str); 5] = [
    (
        "new station",
        "10.9.0.6",
        "00:1b:21:00:00:33",
        "we learn it, as hosts do: they believe what ARP says, not the frame's sender",
    ),
    (
        "changed ethernet address",
        "10.9.0.1",
        "00:00:5e:00:01:07",
        "a virtual router's answer is sent from its own card by design",
    ),
    (
        "flip flop",
        "10.9.0.1",
        "02:00:00:00:00:01",
        "follows from the one before",
    ),
    (
        "new station",
        "10.9.0.9",
        "00:1b:21:00:00:33",
        "arpwatch does not read tagged frames",
    ),
    (
        "new station",
        "10.9.0.1",
        "02:00:00:00:00:01",
        "the same, in vlan-single.pcap; and arpwatch does not read ARP in LLC/SNAP",
    ),
];

fn arpwatch(name: &str) -> Told {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("arp.dat");
    std::fs::write(&data, "").expect("an empty file, which it wants");
    let mut command = Command::new("arpwatch");
    command
        .arg("-d")
        .arg("-r")
        .arg(fixture_path(name))
        .arg("-f")
        .arg(&data);
    let said = output_of(&mut command);
    let mut told = Told::new();
    let mut kind = String::new();
    let mut address = String::new();
    for line in said.lines() {
        match line.trim().split_once(": ") {
            Some(("Subject", subject)) => {
                subject
                    .split(" (")
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut kind);
            }
            Some(("ip address", ip)) => ip.clone_into(&mut address),
            Some(("ethernet address", mac)) => {
                told.insert((kind.clone(), address.clone(), mac.to_owned()));
            }
            _ => {}
        }
    }
    told
}

fn ours(name: &str) -> Told {
    let shown = run(&["arp", "watch", "-v", "-T", "json", "-r", &fixture(name)]);
    let events = shown.text();
    let read = |line: &str| -> serde_json::Value { serde_json::from_str(line).expect("JSON") };
    let told = events.lines().map(read).map(|event| {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        (text("event"), text("address"), text("mac"))
    });
    told.filter(|(kind, address, _)| KINDS.contains(&kind.as_str()) && !address.contains(':'))
        .collect()
}

#[test]
fn arpwatch_tells_the_same() {
    // It has no --version, and ends with an error where it is there.
    if Command::new("arpwatch").arg("-?").output().is_err() {
        eprintln!("SKIPPED: arpwatch is not installed, so nothing was compared with it");
        return;
    }
    let mut agreed = 0;
    for name in [
        "arp-bindings.pcap",
        "arp-exchange.pcap",
        "arp-gratuitous-probe.pcap",
        "demo.pcap",
        "icmp-ping.pcap",
        "vlan-single.pcap",
        "llc-snap.pcap",
    ] {
        let (theirs, ours) = (arpwatch(name), ours(name));
        agreed += theirs.intersection(&ours).count();
        let known = |told: &&(String, String, String)| {
            KNOWN.iter().any(|(kind, address, mac, _)| {
                (*kind, *address, *mac) == (&told.0, &told.1, &told.2)
            })
        };
        let different: Vec<_> = theirs
            .symmetric_difference(&ours)
            .filter(|told| !known(told))
            .collect();
        assert!(different.is_empty(), "{name}: {different:?}");
    }
    assert!(agreed >= 9, "only {agreed} events were told by both");
}
