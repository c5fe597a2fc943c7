//! Numbers of frames, and the files we write, against capinfos, tshark and tcpdump.

use std::path::Path;
use std::process::Command;

use crate::known::COUNTS;
use crate::oracle::{capinfos_count, installed, output_of, tshark_rows};
use crate::support::{fixture, fixture_path, fixtures, run};

fn our_count(path: &str) -> usize {
    run(&["replay", "-e", "frame.number", path]).lines()
}

#[test]
fn capinfos_counts_the_same() {
    if !installed("capinfos") {
        return;
    }
    let mut compared = 0;
    for name in fixtures() {
        // It refuses damaged files as a whole, where we show what is there.
        let Some(theirs) = capinfos_count(&fixture_path(&name)) else {
            continue;
        };
        compared += 1;
        if COUNTS.iter().any(|(file, ..)| *file == name) {
            continue;
        }
        assert_eq!(our_count(&fixture(&name)), theirs, "{name}");
    }
    assert!(compared > 50, "capinfos read only {compared} files");
}

#[test]
fn tcpdump_filters_the_same() {
    if !installed("tcpdump") {
        return;
    }
    for filter in [
        "arp",
        "tcp",
        "udp port 53",
        "icmp or icmp6",
        "greater 100",
        "tcp[tcpflags] & tcp-syn != 0",
        "ip6",
        "vlan",
    ] {
        for name in [
            "demo.pcap",
            "http.pcap",
            "truncated.pcap",
            "vlan-single.pcap",
            "ipv6-nd.pcap",
            "any-sll.pcap",
            "tun-raw-ip.pcap",
        ] {
            let theirs = output_of(
                Command::new("tcpdump")
                    .args(["-nn", "-tt", "-r"])
                    .arg(fixture_path(name))
                    .arg(filter),
            );
            let path = fixture(name);
            let ours = run(&["replay", "-e", "frame.number", "-f", filter, &path]);
            // Lines behind a frame's first are indented.
            let frames = theirs
                .lines()
                .filter(|line| !line.starts_with(['\t', ' ']))
                .count();
            assert_eq!(
                ours.lines(),
                frames,
                "{name} -f '{filter}': {}",
                ours.stderr
            );
        }
    }
}

/// What `-w` writes, others read: the same number of frames, the same bytes at the same times.
#[test]
fn others_read_what_we_write() {
    if !installed("tshark") || !installed("capinfos") {
        return;
    }
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    };
    let fields = [
        "frame.time_epoch",
        "frame.len",
        "frame.cap_len",
        "frame.protocols",
        "ip.src",
        "tcp.seq_raw",
    ];
    let names = [
        "demo.pcap",
        "truncated.pcap",
        "any-sll2.pcap",
        "tun-raw-ip.pcap",
        "vlan-qinq.pcap",
        "pcap-be-nano.pcap",
        "pcapng-mixed-order.pcapng",
    ];
    for name in names {
        let original = tshark_rows(&fixture_path(name), &fields);
        assert!(!original.is_empty(), "tshark reads nothing in {name}");
        for ending in ["pcap", "pcapng"] {
            let saved = folder.path().join(format!("{name}.{ending}"));
            write(name, &saved);
            assert_eq!(
                capinfos_count(&saved),
                Some(original.len()),
                "{name} as {ending}"
            );
            assert_eq!(tshark_rows(&saved, &fields), original, "{name} as {ending}");
        }
    }
    // Two link types in one file: pcapng only. tshark reads a custom block of the original as a frame.
    let saved = folder.path().join("two-links.pcapng");
    write("pcapng-le.pcapng", &saved);
    let links: Vec<String> = tshark_rows(&saved, &["frame.encap_type"]).concat();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    assert_eq!(links, ["1", "7", "1", "1", "7"]);
}

fn write(name: &str, saved: &Path) {
    let written = run(&["replay", "-w", &saved.display().to_string(), &fixture(name)]);
    assert_eq!(written.code, Some(0), "{name}: {}", written.stderr);
}
