//! What ARP gives away, and what looks like it.

use super::*;

#[test]
fn asking_and_answering_is_no_alert() {
    let mut capture = Capture::default();
    for round in 0..20 {
        let at = round * 5_000;
        capture
            .add(at, &request(B, HOST, GATEWAY))
            .add(at + 1, &reply(A, GATEWAY, (B, HOST)))
            .add(at + 2, &announcement(A, GATEWAY));
        forwarding(&mut capture, at + 3);
    }
    assert_eq!(capture.told(), []);
}

#[test]
fn an_unrequested_reply_that_takes_the_gateway_is_spoofing() {
    let mut capture = Capture::default();
    capture
        .add(0, &request(B, HOST, GATEWAY))
        .add(1, &reply(A, GATEWAY, (B, HOST)))
        .add(10_000, &reply(EVIL, GATEWAY, (B, HOST)));
    let alerts = capture.alerts();
    assert_eq!(capture.told(), [("arp-spoofing", Severity::Critical)]);
    assert_eq!(capture.cooked().told(), capture.told());
    let text = alerts[0].evidence.join("\n");
    assert!(
        text.contains("before: 10.0.0.1 is at 00:1b:21:00:00:aa, last heard in frame 2"),
        "{text}"
    );
    assert!(
        text.contains("now: 10.0.0.1 is at 00:1b:21:00:00:ee, since frame 3"),
        "{text}"
    );
    assert_eq!(alerts[0].subject, "10.0.0.1");
}

#[test]
fn a_gateway_announced_elsewhere_while_it_goes_on_forwarding_is_spoofing() {
    let mut capture = Capture::default();
    capture.add(0, &announcement(A, GATEWAY));
    forwarding(&mut capture, 10);
    capture.add(1000, &announcement(EVIL, GATEWAY));
    forwarding(&mut capture, 1500);
    capture.add(2000, &announcement(EVIL, GATEWAY));
    assert_eq!(
        capture.told(),
        [
            ("arp-binding-changed", Severity::Warning),
            ("arp-spoofing", Severity::Critical)
        ]
    );
}

#[test]
fn a_standby_that_takes_over_is_a_change_and_no_more() {
    let mut capture = Capture::default();
    capture.add(0, &announcement(A, GATEWAY));
    forwarding(&mut capture, 10);
    for second in 1..5 {
        capture.add(second * 1000, &announcement(B, GATEWAY));
    }
    assert_eq!(capture.told(), [("arp-binding-changed", Severity::Warning)]);
}

#[test]
fn redundant_routers_may_move() {
    let mut capture = Capture::default();
    for second in 0..10 {
        let from = if second % 2 == 0 { A } else { B };
        let frame = arp_in((from, ALL), 1, (VRRP, GATEWAY), ([0; 6], GATEWAY));
        capture.add(second * 1000, &frame);
    }
    assert_eq!(capture.told(), []);
}

#[test]
fn who_takes_an_address_from_redundant_routers_is_judged() {
    let mut capture = Capture::default();
    capture
        .add(0, &request(B, HOST, GATEWAY))
        .add(1, &reply(VRRP, GATEWAY, (B, HOST)))
        .add(10_000, &reply(EVIL, GATEWAY, (B, HOST)));
    assert_eq!(capture.told(), [("arp-spoofing", Severity::Critical)]);
    // And who wants it is told that it is taken.
    let mut wanted = Capture::default();
    wanted
        .add(
            0,
            &arp_in((EVIL, ALL), 1, (EVIL, [0; 4]), ([0; 6], GATEWAY)),
        )
        .add(5, &reply(VRRP, GATEWAY, (EVIL, [0; 4])));
    assert_eq!(wanted.told(), [("duplicate-address", Severity::Warning)]);
    // Who took it once, and was not contradicted for long, does not get it back in silence.
    let mut twice = Capture::default();
    for minute in [0, 4, 8] {
        twice
            .add(minute * 60_000, &announcement(VRRP, GATEWAY))
            .add((minute + 2) * 60_000, &announcement(EVIL, GATEWAY));
    }
    let counts: Vec<u64> = twice.alerts().iter().map(|alert| alert.count).collect();
    assert_eq!(counts, [1, 2, 3]);
    // They take it over in turn with a router of its own address, as where they begin to share it.
    let mut begins = Capture::default();
    begins
        .add(0, &announcement(A, GATEWAY))
        .add(1_000, &announcement(VRRP, GATEWAY));
    assert_eq!(begins.told(), []);
}

#[test]
fn a_standby_that_takes_over_several_addresses_may_answer_for_them() {
    let addresses: [[u8; 4]; 3] = [[10, 0, 0, 101], [10, 0, 0, 102], [10, 0, 0, 103]];
    let mut capture = Capture::default();
    for ip in addresses {
        capture.add(0, &announcement(A, ip));
    }
    for ip in addresses {
        capture.add(5_000, &announcement(B, ip));
    }
    let client = ([2; 6], [10, 0, 0, 9]);
    for ip in addresses {
        capture
            .add(6_000, &request(client.0, client.1, ip))
            .add(6_001, &reply(B, ip, client));
    }
    assert_eq!(capture.names(), ["arp-binding-changed"; 3]);
    // Where the one before is heard of still, nothing is honest about it.
    for ip in addresses {
        capture
            .add(7_000, &announcement(A, ip))
            .add(8_000, &request(client.0, client.1, ip))
            .add(8_001, &reply(B, ip, client));
    }
    assert!(
        capture.names().contains(&"arp-spoofing"),
        "{:?}",
        capture.names()
    );
}

#[test]
fn what_was_under_way_when_a_standby_took_over_is_no_sign() {
    let mut capture = Capture::default();
    capture.add(0, &announcement(A, GATEWAY));
    forwarding(&mut capture, 10);
    capture.add(1_000, &announcement(B, GATEWAY));
    forwarding(&mut capture, 1_001);
    capture.add(2_000, &announcement(B, GATEWAY));
    assert_eq!(capture.told(), [("arp-binding-changed", Severity::Warning)]);
}

#[test]
fn an_attack_that_was_on_before_the_capture_contradicts_itself() {
    let mut capture = Capture::default();
    capture
        .add(0, &reply(EVIL, GATEWAY, (B, HOST)))
        .add(1, &reply(EVIL, HOST, (A, GATEWAY)));
    assert_eq!(capture.told(), [("arp-spoofing", Severity::Critical)]);
}

#[test]
fn a_proxy_answers_for_many_when_asked() {
    let mut capture = Capture::default();
    for host in 10..60 {
        let at = i64::from(host) * 1000;
        capture
            .add(at, &request(B, HOST, [10, 0, 0, host]))
            .add(at + 1, &reply(A, [10, 0, 0, host], (B, HOST)));
    }
    assert_eq!(capture.told(), []);
}

#[test]
fn replies_without_requests_count_over_time_only() {
    let mut burst = Capture::default();
    let mut steady = Capture::default();
    for n in 0..8 {
        burst.add(n * 100, &reply(A, GATEWAY, (B, HOST)));
        steady.add(n * 1000, &reply(A, GATEWAY, (B, HOST)));
    }
    assert_eq!(
        burst.told(),
        [],
        "answers to requests that were not captured"
    );
    assert_eq!(
        steady.told(),
        [("arp-unrequested-reply", Severity::Warning)]
    );
}

#[test]
fn nobody_knows_who_asked_where_one_direction_is_captured() {
    let mut settings = Settings::default();
    settings.arp.one_way = true;
    let mut capture = Capture::default();
    for n in 0..8 {
        capture.add(n * 1000, &reply(A, GATEWAY, (B, HOST)));
    }
    assert_eq!(capture.names(), ["arp-unrequested-reply"]);
    assert_eq!(capture.alerts_with(&settings), []);
}

#[test]
fn two_that_use_one_address_are_duplicates() {
    let mut capture = Capture::default();
    for round in 0..3 {
        let at = round * 3000;
        capture
            .add(at, &request([2; 6], [10, 0, 0, 9], HOST))
            .add(at + 1, &reply(A, HOST, ([2; 6], [10, 0, 0, 9])))
            .add(at + 2, &reply(B, HOST, ([2; 6], [10, 0, 0, 9])));
    }
    assert_eq!(
        capture.names(),
        ["arp-binding-changed", "duplicate-address"]
    );
}

#[test]
fn who_probes_for_an_address_that_is_taken_is_told() {
    let probe = arp_in((A, ALL), 1, (A, [0; 4]), ([0; 6], HOST));
    let mut taken = Capture::default();
    taken.add(0, &probe).add(5, &reply(B, HOST, (A, [0; 4])));
    assert_eq!(taken.told(), [("duplicate-address", Severity::Warning)]);
    let mut free = Capture::default();
    free.add(0, &probe)
        .add(1000, &probe)
        .add(3000, &announcement(A, HOST));
    assert_eq!(free.told(), []);
    let rival = arp_in((B, ALL), 1, (B, [0; 4]), ([0; 6], HOST));
    let mut wanted = Capture::default();
    wanted.add(0, &probe).add(500, &rival);
    assert_eq!(wanted.told(), [("duplicate-address", Severity::Warning)]);
}

#[test]
fn a_frame_and_its_arp_name_the_same_sender() {
    let mut capture = Capture::default();
    let frame = arp_in((EVIL, B), 2, (A, GATEWAY), (B, HOST));
    capture
        .add(0, &request(B, HOST, GATEWAY))
        .add(1, &frame)
        .add(2, &frame);
    assert_eq!(capture.told(), [("arp-sender-mismatch", Severity::Warning)]);
    assert_eq!(
        capture.alerts()[1].count,
        2,
        "told once, counted at the end"
    );
}

#[test]
fn asking_for_many_addresses_is_a_scan_and_no_storm() {
    let mut capture = Capture::default();
    for n in 0..=255u8 {
        for third in 0..8 {
            capture.add(i64::from(n) / 4, &request(A, HOST, [10, 0, third, n]));
        }
    }
    assert_eq!(capture.names(), ["arp-scan"]);
    let mut slow = Capture::default();
    for n in 0..200 {
        slow.add(i64::from(n) * 1000, &request(A, HOST, [10, 0, 0, n]));
    }
    assert_eq!(
        slow.told(),
        [],
        "a busy router asks for one address a second"
    );
}
