//! Lines as a user sees them, whole.

use crate::support::{fixture, run};

fn lines_of(name: &str) -> String {
    let run = run(&["replay", "--color", "never", &fixture(name)]);
    assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
    run.text()
}

macro_rules! lines {
    ($($test:ident: $fixture:literal;)*) => {$(
        #[test]
        fn $test() {
            insta::assert_snapshot!(stringify!($test), lines_of($fixture));
        }
    )*};
}

lines! {
    demo: "demo.pcap";
    arp_gratuitous_and_probes: "arp-gratuitous-probe.pcap";
    tcp_refused_and_reset: "tcp-refused-and-reset.pcap";
    icmp_errors: "icmp-errors.pcap";
    ipv6_neighbor_discovery: "ipv6-nd.pcap";
    ip_fragments: "ip-fragments.pcap";
    vlan_single: "vlan-single.pcap";
    truncated: "truncated.pcap";
    malformed: "malformed.pcap";
    any_sll2: "any-sll2.pcap";
    pcapng: "pcapng-le.pcapng";
}

/// What the task promises of every line, held apart from the snapshots, which somebody may refresh in haste.
#[test]
fn arp_reads_as_question_and_answer() {
    let text = lines_of("arp-exchange.pcap");
    assert!(text.contains("who has 10.9.0.2? tell 10.9.0.1"), "{text}");
    assert!(text.contains("10.9.0.2 is at 00:1b:21:00:00:02"), "{text}");
    assert!(text.contains("00:1b:21:00:00:02 (Intel)"), "{text}");
}

#[test]
fn tcp_flags_are_words_and_ports_have_names() {
    let text = lines_of("tcp-handshake-close.pcap");
    let flags: Vec<&str> = text
        .lines()
        .filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0))
        .collect();
    let expected = [
        "SYN", "SYN, ACK", "ACK", "PSH, ACK", "ACK", "PSH, ACK", "ACK", "PSH, ACK", "ACK",
        "FIN, ACK", "ACK", "FIN, ACK", "ACK",
    ];
    assert_eq!(flags, expected);
    assert!(lines_of("http.pcap").contains(":80(http)"));
}

#[test]
fn cut_and_malformed_are_told_apart() {
    let cut = lines_of("truncated.pcap");
    assert!(cut.contains("cut by the snapshot length"), "{cut}");
    assert!(!cut.contains("malformed"), "{cut}");
    let malformed = lines_of("malformed.pcap");
    assert!(
        !malformed.contains("cut by the snapshot length"),
        "{malformed}"
    );
    assert_eq!(malformed.lines().count(), 28);
}

#[test]
fn options_cut_by_the_snapshot_length_are_not_blamed() {
    let cut = lines_of("truncated.pcap");
    assert!(!cut.contains("don't add up"), "{cut}");
}

#[test]
fn lengths_past_the_frame_are_mentioned() {
    let text = lines_of("malformed.pcap");
    for number in [4, 10, 14] {
        let line = text.lines().nth(number - 1).unwrap_or_default();
        assert!(line.ends_with(']'), "frame {number} says nothing: {line}");
    }
}

/// With more than one interface a line says which; with one it would only be in the way.
#[test]
fn lines_name_the_interface_where_there_are_several() {
    let text = lines_of("pcapng-le.pcapng");
    let of = |name: &str| text.lines().filter(|line| line.contains(name)).count();
    let found = ["eth0", "tun0", "tun1"].map(|name| of(&format!(" {name}    ")));
    assert_eq!(found, [3, 1, 1], "{text}");
    let arguments = [
        "replay",
        "-e",
        "frame.interface_name",
        &fixture("pcapng-le.pcapng"),
    ];
    // As tshark has them, but for the last: 4.0 takes a second section's first interface for the first one's.
    assert_eq!(run(&arguments).text(), "eth0\ntun0\neth0\neth0\ntun1\n");
}
