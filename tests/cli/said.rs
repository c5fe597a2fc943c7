//! What services, routers and switches say: the fact that a reader wants stands on the line.

use crate::support::{fixture, run};

fn lines(name: &str) -> Vec<String> {
    let path = fixture(name);
    let run = run(&["replay", path.as_str()]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.text().lines().map(str::to_owned).collect()
}

fn each_says(name: &str, facts: &[&str]) {
    let lines = lines(name);
    assert_eq!(lines.len(), facts.len());
    for (line, fact) in lines.iter().zip(facts) {
        assert!(line.contains(fact), "{fact:?} is not in {line:?}");
    }
}

#[test]
fn services() {
    each_says(
        "services.pcap",
        &[
            "version 2c get-request 1.3.6.1.2.1.1.1.0 community public",
            r"version 1 response 1.3.6.1.2.1.1.1.0 community \x1b[31mred",
            "connect client kitchen, and 1 more",
            "subscribe topic home/#",
            "server greeting version 8.0.36",
            "query SELECT 1",
            "error 1045 Access denied",
            "startup user me database shop",
            "query SELECT 2",
            "error no such table",
            "SET key value",
            "looks for ssdp:all",
            "negotiates: do terminal type, will echo",
            "SSH-2.0-OpenSSH_9.2",
            "client asks for the time version 4",
        ],
    );
}

#[test]
fn routers_switches_and_hosts_on_the_link() {
    each_says(
        "announcements.pcap",
        &[
            "I am switch, port eth0, for 120 s",
            "802.1X start",
            "protected, packet 9",
            "hello version 2 from router 10.9.0.2",
            "I serve virtual router 7 with priority 120, version 3",
            "hello: a multicast router is here",
            "asks to open (INIT)",
            "encrypted, agreement 0x00001234",
            "membership report v3: joins 239.1.2.3, leaves 239.1.2.4",
            "multicast listener report v2: joins ff02::fb",
            "redirect to fd10::9: use fe80::2 (about [fd09::1]:5000 \u{2192} [fd10::9]:5001 UDP)",
        ],
    );
}

#[test]
fn radio() {
    each_says(
        "link-wlan.pcap",
        &[
            "beacon of lab from 00:1b:21:00:00:02 to ff:ff:ff:ff:ff:ff",
            "10.9.0.1:5000",
            "data from 00:1b:21:00:00:09 to 02:00:00:00:00:01",
            "acknowledgment to 02:00:00:00:00:01",
        ],
    );
}

#[test]
fn learners_are_told_what_each_protocol_is_for() {
    let path = fixture("announcements.pcap");
    let run = run(&["replay", path.as_str(), "-T", "tree", "--explain"]);
    let text = run.text().replace("\n    ", " ");
    for fact in [
        "tells its neighbor on this cable",
        "prove here who they are",
        "Everything on this link is protected",
        "shortest ways",
        "the next one takes over",
        "Multicast routers tell each other",
        "First of four steps",
        "which multicast groups they want",
    ] {
        assert!(text.contains(fact), "{fact}");
    }
}
