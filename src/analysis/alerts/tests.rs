//! Each alert on frames made for it, and on frames that look much like it and mean no harm.

use super::*;
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::frame::LinkType;

const A: [u8; 6] = [0x00, 0x1b, 0x21, 0, 0, 0xaa];
const B: [u8; 6] = [0x00, 0x1b, 0x21, 0, 0, 0xbb];
const EVIL: [u8; 6] = [0x00, 0x1b, 0x21, 0, 0, 0xee];
const ALL: [u8; 6] = [0xff; 6];
const VRRP: [u8; 6] = [0, 0, 0x5e, 0, 1, 7];
const GATEWAY: [u8; 4] = [10, 0, 0, 1];
const HOST: [u8; 4] = [10, 0, 0, 2];

/// Frames with their times in milliseconds.
#[derive(Default)]
struct Capture(Batch);

impl Capture {
    fn push(&mut self, millis: i64, interface: u32, frame: &[u8]) {
        let time = Timestamp::from_nanos(millis * 1_000_000);
        let len = frame.len() as u32;
        self.0
            .push(frame, len, Some(time), LinkType::ETHERNET, interface);
        self.0.first_number = 1;
    }

    fn add(&mut self, millis: i64, frame: &[u8]) -> &mut Self {
        self.push(millis, 0, frame);
        self
    }

    fn alerts_with(&self, settings: &Settings) -> Vec<Alert> {
        let mut decoded = Decoded::default();
        (0..self.0.len()).for_each(|index| decoded.push(&self.0, index));
        let mut alerts = Alerts::new(settings);
        let mut told = Vec::new();
        for index in 0..decoded.len() {
            told.extend(alerts.observe(&decoded.packet(&self.0, index)));
        }
        told.extend(alerts.finish());
        told
    }

    fn alerts(&self) -> Vec<Alert> {
        self.alerts_with(&Settings::default())
    }

    /// Names and severities of what is told for the first time.
    fn told(&self) -> Vec<(&'static str, Severity)> {
        let first = self.alerts().into_iter().filter(|alert| !alert.repeated);
        first
            .map(|alert| (alert.kind.name(), alert.severity))
            .collect()
    }

    fn names(&self) -> Vec<&'static str> {
        self.told().into_iter().map(|(name, _)| name).collect()
    }
}

fn ethernet(source: [u8; 6], destination: [u8; 6], kind: u16, payload: &[u8]) -> Vec<u8> {
    [&destination[..], &source, &kind.to_be_bytes(), payload].concat()
}

fn arp_in(
    frame: ([u8; 6], [u8; 6]),
    opcode: u8,
    sender: ([u8; 6], [u8; 4]),
    target: ([u8; 6], [u8; 4]),
) -> Vec<u8> {
    let body = [
        &[0, 1, 8, 0, 6, 4, 0, opcode][..],
        &sender.0,
        &sender.1,
        &target.0,
        &target.1,
    ];
    ethernet(frame.0, frame.1, 0x0806, &body.concat())
}

fn request(mac: [u8; 6], ip: [u8; 4], target: [u8; 4]) -> Vec<u8> {
    arp_in((mac, ALL), 1, (mac, ip), ([0; 6], target))
}

fn reply(mac: [u8; 6], ip: [u8; 4], to: ([u8; 6], [u8; 4])) -> Vec<u8> {
    arp_in((mac, to.0), 2, (mac, ip), to)
}

fn announcement(mac: [u8; 6], ip: [u8; 4]) -> Vec<u8> {
    request(mac, ip, ip)
}

fn ipv4(
    ends: ([u8; 6], [u8; 6]),
    source: [u8; 4],
    destination: [u8; 4],
    protocol: u8,
    ttl: u8,
    payload: &[u8],
) -> Vec<u8> {
    let len = (20 + payload.len()) as u16;
    let mut header = vec![0x45, 0];
    header.extend(len.to_be_bytes());
    header.extend([0x12, 0x34, 0, 0, ttl, protocol, 0, 0]);
    header.extend(source);
    header.extend(destination);
    header.extend(payload);
    ethernet(ends.0, ends.1, 0x0800, &header)
}

fn tcp(source: ([u8; 4], u16), destination: ([u8; 4], u16), flags: u8, data: &[u8]) -> Vec<u8> {
    let mut segment = source.1.to_be_bytes().to_vec();
    segment.extend(destination.1.to_be_bytes());
    segment.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    segment.extend(data);
    ipv4((A, B), source.0, destination.0, 6, 64, &segment)
}

const SYN: u8 = 0x02;
const RST: u8 = 0x14;
const SYN_ACK: u8 = 0x12;
const ACK: u8 = 0x10;

fn echo(source: [u8; 4], destination: [u8; 4], kind: u8, sequence: u8, data: &[u8]) -> Vec<u8> {
    let message = [&[kind, 0, 0, 0, 0, 7, 0, sequence][..], data].concat();
    ipv4((A, B), source, destination, 1, 64, &message)
}

/// The gateway A forwards packets from three networks to the host B.
fn forwarding(capture: &mut Capture, millis: i64) {
    for third in 1..4 {
        let frame = ipv4((A, B), [192, 0, third, 9], HOST, 17, 60, &[0; 8]);
        capture.add(millis, &frame);
    }
}

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

#[test]
fn a_frame_that_goes_round_a_loop_is_a_storm() {
    let mut capture = Capture::default();
    let frame = ipv4((A, ALL), HOST, [255; 4], 17, 64, &[0; 8]);
    for n in 0..500 {
        capture.add(n / 10, &frame);
    }
    assert_eq!(capture.told(), [("broadcast-storm", Severity::Critical)]);
    assert!(capture.alerts()[0].summary.contains("loop"));
}

#[test]
fn a_video_stream_to_a_group_is_no_storm() {
    let mut capture = Capture::default();
    for n in 0..5000u32 {
        let group = [1, 0, 0x5e, 1, 2, 3];
        let frame = ipv4((A, group), HOST, [239, 1, 2, 3], 17, 16, &n.to_be_bytes());
        capture.add(i64::from(n) / 5, &frame);
    }
    assert_eq!(capture.told(), []);
}

#[test]
fn connections_left_half_open_are_a_flood_and_completed_ones_are_not() {
    let (mut flood, mut busy) = (Capture::default(), Capture::default());
    for n in 0..1000u16 {
        let client = ([198, 51, (n >> 8) as u8, n as u8], 1024 + n);
        let server = (HOST, 80);
        let at = i64::from(n) * 5;
        flood.add(at, &tcp(client, server, SYN, &[]));
        busy.add(at, &tcp(client, server, SYN, &[]))
            .add(at + 1, &tcp(server, client, SYN_ACK, &[]))
            .add(at + 2, &tcp(client, server, ACK, &[]));
    }
    assert_eq!(flood.names(), ["syn-flood"]);
    assert!(
        flood.alerts()[0].summary.contains("10.0.0.2 port 80"),
        "{:?}",
        flood.alerts()[0]
    );
    assert_eq!(busy.told(), []);
}

#[test]
fn ports_that_are_tried_and_left_are_a_scan() {
    let (mut syn, mut connect, mut browser) =
        (Capture::default(), Capture::default(), Capture::default());
    for n in 0..20u16 {
        let (client, server) = ((GATEWAY, 40_000 + n), (HOST, 100 + n));
        let at = i64::from(n) * 10;
        syn.add(at, &tcp(client, server, SYN, &[]))
            .add(at + 1, &tcp(server, client, RST, &[]));
        for capture in [&mut connect, &mut browser] {
            capture
                .add(at, &tcp(client, server, SYN, &[]))
                .add(at + 1, &tcp(server, client, SYN_ACK, &[]))
                .add(at + 2, &tcp(client, server, ACK, &[]));
        }
        connect.add(at + 3, &tcp(client, server, RST, &[]));
        browser.add(at + 3, &tcp(client, server, ACK, b"GET"));
    }
    // Time goes on: what was not answered by now will not be.
    for capture in [&mut syn, &mut connect, &mut browser] {
        capture.add(5000, &request(A, GATEWAY, HOST));
    }
    assert_eq!(syn.told(), [("port-scan", Severity::Warning)]);
    assert_eq!(connect.told(), [("port-scan", Severity::Warning)]);
    assert_eq!(browser.told(), []);
}

#[test]
fn hosts_that_are_tried_on_one_port_are_a_scan() {
    let mut capture = Capture::default();
    for n in 0..20 {
        let frame = tcp((GATEWAY, 4000), ([10, 9, 0, n], 445), SYN, &[]);
        capture.add(i64::from(n) * 100, &frame);
    }
    assert_eq!(capture.told(), [("host-scan", Severity::Warning)]);
}

#[test]
fn hosts_that_are_pinged_are_a_sweep_and_a_note_where_they_are_there() {
    let (mut silent, mut there) = (Capture::default(), Capture::default());
    for n in 0..20 {
        let host = [10, 9, 0, n];
        silent.add(i64::from(n) * 100, &echo(HOST, host, 8, n, b"x"));
        there
            .add(i64::from(n) * 100, &echo(HOST, host, 8, n, b"x"))
            .add(i64::from(n) * 100 + 1, &echo(host, HOST, 0, n, b"x"));
    }
    assert_eq!(silent.told(), [("host-scan", Severity::Warning)]);
    assert_eq!(there.told(), [("host-scan", Severity::Info)]);
}

#[test]
fn an_answer_that_is_not_what_was_asked_is_odd() {
    let (mut tunnel, mut cut) = (Capture::default(), Capture::default());
    for n in 0..5 {
        let at = i64::from(n) * 100;
        let asked = echo(HOST, GATEWAY, 8, n, b"abcdefgh");
        tunnel
            .add(at, &asked)
            .add(at + 1, &echo(GATEWAY, HOST, 0, n, b"ABCDEFGH"));
        cut.add(at, &asked)
            .add(at + 1, &echo(GATEWAY, HOST, 0, n, b"abcd"));
    }
    assert_eq!(tunnel.told(), [("odd-ping", Severity::Warning)]);
    assert_eq!(cut.told(), [], "some servers return only the beginning");
}

#[test]
fn a_packet_that_runs_out_of_time_in_a_circle_is_a_loop() {
    let (mut circle, mut trace) = (Capture::default(), Capture::default());
    for n in 0..20u8 {
        let frame = |ttl| {
            ipv4(
                (A, B),
                HOST,
                [192, 0, 2, 1],
                17,
                ttl,
                &[0, 1, 0, 2, 0, 8, 0, 0],
            )
        };
        circle.add(n.into(), &frame(20 - n));
        trace.add(n.into(), &frame(1 + n));
    }
    assert_eq!(circle.told(), [("routing-loop", Severity::Warning)]);
    assert_eq!(trace.told(), []);
}

#[test]
fn a_station_on_two_interfaces_flaps_and_a_forwarded_frame_does_not() {
    let (mut flapping, mut bridge) = (Capture::default(), Capture::default());
    for n in 0..20u8 {
        let frame = ipv4((A, ALL), HOST, [255; 4], 17, 64, &[n]);
        flapping.push(i64::from(n) * 100, u32::from(n) % 2, &frame);
        bridge.push(i64::from(n) * 100, 0, &frame);
        bridge.push(i64::from(n) * 100, 1, &frame);
    }
    assert_eq!(flapping.told(), [("mac-flapping", Severity::Warning)]);
    assert_eq!(bridge.told(), []);
}

#[test]
fn repeats_are_counted_and_crowds_summed_up() {
    let mut capture = Capture::default();
    for n in 0..2000u32 {
        let [_, _, high, low] = n.to_be_bytes();
        let liar = [2, 0, 0, 0, high, low];
        let frame = arp_in((liar, B), 2, (A, GATEWAY), (B, HOST));
        capture.add(i64::from(n), &frame);
    }
    let mismatches: Vec<_> = capture
        .alerts()
        .into_iter()
        .filter(|alert| alert.kind == Kind::ArpSenderMismatch)
        .collect();
    assert_eq!(mismatches.len(), 21, "20 and the rest");
    let rest = mismatches.last().expect("the rest");
    assert_eq!((rest.count, rest.subject.as_str()), (1980, "others"));
}

#[test]
fn what_is_off_is_not_raised() {
    let mut capture = Capture::default();
    capture.add(0, &arp_in((EVIL, B), 2, (A, GATEWAY), (B, HOST)));
    let mut settings = Settings::default();
    settings.general.off = vec![Kind::ArpSenderMismatch];
    assert_eq!(capture.alerts_with(&settings), []);
}

#[test]
fn the_same_frames_give_the_same_alerts() {
    let mut capture = Capture::default();
    for n in 0..100u8 {
        capture.add(i64::from(n), &request(A, HOST, [10, 0, 0, n]));
        capture.add(
            i64::from(n),
            &tcp((GATEWAY, 4000), ([10, 9, 0, n], 445), SYN, &[]),
        );
        capture.add(i64::from(n), &reply([2, 0, 0, 0, 0, n], GATEWAY, (B, HOST)));
    }
    assert!(capture.alerts().len() > 3);
    assert_eq!(capture.alerts(), capture.alerts());
}
