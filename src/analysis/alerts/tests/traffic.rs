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
    assert_eq!(capture.cooked().told(), capture.told());
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

/// SYNs to one port from 100 hosts, so many milliseconds apart.
fn hundred_half_open(apart: i64) -> Capture {
    let mut flood = Capture::default();
    for n in 0..100u16 {
        let client = ([198, 51, 100, n as u8], 1024 + n);
        flood.add(i64::from(n) * apart, &tcp(client, (HOST, 80), SYN, &[]));
    }
    flood
}

#[test]
fn a_clock_that_was_set_back_holds_up_no_flood() {
    let mut late = Capture::default();
    late.add(
        3_600_000,
        &tcp(([198, 51, 100, 200], 5555), (GATEWAY, 443), SYN, &[]),
    );
    for n in 0..100u16 {
        let client = ([198, 51, 100, n as u8], 1024 + n);
        late.add(i64::from(n) * 5, &tcp(client, (HOST, 80), SYN, &[]));
    }
    // Long over when the capture ends.
    late.add(30_000, &request(A, HOST, GATEWAY));
    assert_eq!(late.names(), ["syn-flood"]);
}

#[test]
fn a_short_flood_is_told_whatever_comes_behind_it() {
    for (apart, behind) in [
        (5, 1_000),
        (5, 30_000),
        (40, 5_000),
        (40, 9_000),
        (40, 30_000),
    ] {
        let mut flood = hundred_half_open(apart);
        assert_eq!(
            flood.names(),
            ["syn-flood"],
            "{apart} ms apart, nothing behind"
        );
        flood.add(99 * apart + behind, &request(A, GATEWAY, HOST));
        assert_eq!(
            flood.names(),
            ["syn-flood"],
            "{apart} ms apart, {behind} behind"
        );
    }
    // One harmless frame a second.
    let mut flood = hundred_half_open(5);
    for second in 1..30 {
        flood.add(second * 1_000, &request(A, GATEWAY, HOST));
    }
    assert_eq!(flood.names(), ["syn-flood"]);
    assert_eq!(flood.alerts()[0].last.frame, 100, "the last of them");
}

#[test]
fn a_flood_is_told_once_its_seconds_are_over_not_at_the_end() {
    let flood = {
        let mut flood = hundred_half_open(5);
        flood.add(1_900, &request(A, GATEWAY, HOST));
        flood.add(2_000, &request(A, GATEWAY, HOST));
        flood
    };
    let mut decoded = Decoded::default();
    decoded.push_all(&flood.0);
    let mut alerts = Alerts::new(&Settings::default());
    let mut told =
        (0..decoded.len()).map(|index| alerts.observe(&decoded.packet(&flood.0, index)).count());
    let told: Vec<usize> = told.by_ref().collect();
    // A handshake has until the end of the second behind.
    assert_eq!(told.iter().position(|count| *count > 0), Some(101));
}

#[test]
fn a_flood_is_told_though_a_busy_server_completes_as_many() {
    let (mut flood, mut few) = (Capture::default(), Capture::default());
    for n in 0..6_000u16 {
        let at = i64::from(n) / 2;
        let (client, server) = (([198, 51, (n >> 8) as u8, n as u8], 1024 + n), (HOST, 80));
        for capture in [&mut flood, &mut few] {
            capture.add(at, &tcp(client, server, SYN, &[]));
        }
        if n % 2 == 0 {
            flood
                .add(at, &tcp(server, client, SYN_ACK, &[]))
                .add(at, &tcp(client, server, ACK, &[]));
        }
        if n % 4 > 0 {
            few.add(at, &tcp(server, client, SYN_ACK, &[]))
                .add(at, &tcp(client, server, ACK, &[]));
        }
    }
    for capture in [&mut flood, &mut few] {
        capture.add(9_000, &request(A, GATEWAY, HOST));
    }
    // 1,000 a second of 2,000, and 500.
    assert_eq!(flood.told(), [("syn-flood", Severity::Critical)]);
    assert_eq!(few.told(), []);
}

#[test]
fn connections_that_are_completed_late_are_no_flood() {
    let mut busy = hundred_half_open(5);
    for n in 0..100u16 {
        let client = ([198, 51, 100, n as u8], 1024 + n);
        let at = 1_000 + i64::from(n) * 5;
        busy.add(at, &tcp((HOST, 80), client, SYN_ACK, &[]))
            .add(at + 1, &tcp(client, (HOST, 80), ACK, &[]));
    }
    busy.add(5_000, &request(A, GATEWAY, HOST));
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
fn a_fast_scan_without_answers_is_told_when_its_second_is_over() {
    let mut capture = Capture::default();
    for n in 0..200u16 {
        let frame = tcp((GATEWAY, 40_000), (HOST, 1 + n), SYN, &[]);
        capture.add(i64::from(n), &frame);
    }
    // One harmless frame a second.
    for second in 1..30 {
        capture.add(second * 1_000 + 250, &request(A, GATEWAY, HOST));
    }
    let mut decoded = Decoded::default();
    decoded.push_all(&capture.0);
    let mut alerts = Alerts::new(&Settings::default());
    let told: Vec<_> = (0..decoded.len())
        .flat_map(|index| {
            let packet = decoded.packet(&capture.0, index);
            let raised = alerts.observe(&packet);
            raised.map(|alert| (index, alert)).collect::<Vec<_>>()
        })
        .collect();
    let [(200, alert)] = &told[..] else {
        panic!("one alert, with the first frame behind: {told:?}");
    };
    assert_eq!(alert.last.frame, 128, "the last one that is kept");
    assert!(
        alert.summary.contains("tries 128 or more TCP ports"),
        "{}",
        alert.summary
    );
    assert_eq!(alerts.finish().count(), 0, "and nothing again");
}

#[test]
fn a_stream_is_no_probe() {
    let stream = |datagrams: u16| {
        let mut capture = Capture::default();
        for n in 0..datagrams {
            for port in 0..20 {
                let ports = [0x80, port, 0x81, port, 0, 8, 0, 0];
                let frame = ipv4((A, B), GATEWAY, HOST, 17, 64, &ports);
                capture.add(i64::from(n) * 20, &frame);
            }
        }
        capture.add(9_000, &request(A, GATEWAY, HOST));
        capture.names()
    };
    assert_eq!(stream(3), ["port-scan"]);
    assert_eq!(stream(40), [""; 0]);
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
