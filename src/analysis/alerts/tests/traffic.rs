//! Storms, floods, scans, pings and loops, and what looks like them.

use super::*;

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
