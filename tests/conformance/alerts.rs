//! Alerts over captures that nobody here wrote: attacks are found, and ordinary captures give none. docs/alerts.md tells
//! the same as a table.

use std::collections::BTreeSet;

use crate::corpus::{folder, index};
use crate::support::{finish, netinspect};

/// Part of a file's name, and an alert that it must raise.
const ATTACKS: &[(&str, &str)] = &[
    ("test-na-arpSpoofing", "arp-spoofing"),
    ("04_d2-garp-conflict", "arp-binding-changed"),
    ("05_d3-storm", "arp-many-addresses"),
    ("arp-03-vlan-input", "arp-sender-mismatch"),
    ("pkt-diff-frame-addr", "arp-sender-mismatch"),
    ("fuzz_pcap_reader-arp-storm", "arp-scan"),
    ("Traces-nmap-vsn", "arp-scan"),
    ("nmap_tcp_22_ipv6", "nd-scan"),
    ("tcp-session-syn-flood", "syn-flood"),
    ("default-pcap-synscan", "port-scan"),
    ("testing-pcaps-port_scan", "port-scan"),
    ("corpus-port_scan", "port-scan"),
    ("hs-sh-IPscan", "port-scan"),
    ("hs-udpScan", "host-scan"),
    ("corpus-infection_scan", "host-scan"),
    ("test12-icmp-portscan", "host-scan"),
    ("pcaps-emix", "host-scan"),
    ("dhcp-dhcp_flood", "dhcp-starvation"),
    ("kill_router6", "rogue-router-advertisement"),
    ("pcap-icmp-tunnel", "odd-ping"),
    ("babel_update_oobr", "oversized-packet"),
    ("ip_printroute_asan", "oversized-packet"),
];

/// Captures without an attack that raise one all the same.
const FALSE: &[&str] = &[
    "datasets-06-state-long-input",
    "arkime_synthetic",
    "ipv6_jumbogram_invalid_length",
];

#[test]
fn attacks_are_found_and_ordinary_captures_give_no_alert() {
    let Some(folder) = folder() else {
        return;
    };
    let mut wrong = Vec::new();
    for name in index(&folder).keys() {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        let run = finish(netinspect().args(["alerts", "-q", "-T", "json"]).arg(&path));
        if !matches!(run.code, Some(0 | 4)) {
            wrong.push(format!("{name}: code {:?}: {}", run.code, run.stderr));
        }
        let raised: BTreeSet<String> = run
            .text()
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|alert| Some(alert["alert"].as_str()?.to_owned()))
            .collect();
        let attack = ATTACKS.iter().find(|(part, _)| name.contains(part));
        match attack {
            Some((_, alert)) if !raised.contains(*alert) => {
                wrong.push(format!("{name}: {alert} is missing"));
            }
            None if !raised.is_empty() && !FALSE.iter().any(|part| name.contains(part)) => {
                wrong.push(format!("{name}: {raised:?}"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
