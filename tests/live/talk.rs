//! Real kernels talk, and the lines say what they said.

use crate::capture::Capture;
use crate::lab::{FAR_MAC, Lab, NEAR_MAC};

#[test]
fn an_arp_exchange_reads_as_question_and_answer() {
    let Some(lab) = Lab::up() else { return };
    let capture = Capture::start(&lab.far, &["eth0"]);
    lab.near
        .sh("ip neigh flush dev eth0; ping -c 1 -W 5 10.9.0.2");
    let lines = capture.lines(4);
    assert!(lines[0].contains("ARP"), "{}", lines[0]);
    assert!(lines[0].contains(NEAR_MAC), "{}", lines[0]);
    assert!(
        lines[0].contains("who has 10.9.0.2? tell 10.9.0.1"),
        "{}",
        lines[0]
    );
    let answer = format!("10.9.0.2 is at {FAR_MAC}");
    assert!(lines[1].contains(&answer), "{}", lines[1]);
    assert!(lines[1].contains("Intel"), "no maker: {}", lines[1]);
    assert!(lines[2].contains("10.9.0.1 → 10.9.0.2"), "{}", lines[2]);
    assert!(lines[2].contains("echo request"), "{}", lines[2]);
    assert!(lines[3].contains("10.9.0.2 → 10.9.0.1"), "{}", lines[3]);
    assert!(lines[3].contains("echo reply"), "{}", lines[3]);
    capture.stop().assert_well(4);
}

/// One side's direction, flags, relative numbers and data length.
type Segment = (u16, &'static str, u32, u32, u32);

#[test]
fn a_whole_tcp_connection_is_told_in_order() {
    const CLIENT: u16 = 0;
    const SERVER: u16 = 8080;
    // What RFC 9293 has two kernels send for eight bytes, seven back, and a close that the client begins.
    const STORY: [Segment; 11] = [
        (CLIENT, "[SYN]", 0, 0, 0),
        (SERVER, "[SYN, ACK]", 0, 1, 0),
        (CLIENT, "[ACK]", 1, 1, 0),
        (CLIENT, "[PSH, ACK]", 1, 1, 8),
        (SERVER, "[ACK]", 1, 9, 0),
        (SERVER, "[PSH, ACK]", 1, 9, 7),
        (CLIENT, "[ACK]", 9, 8, 0),
        (CLIENT, "[FIN, ACK]", 9, 8, 0),
        (SERVER, "[ACK]", 8, 10, 0),
        (SERVER, "[FIN, ACK]", 8, 10, 0),
        (CLIENT, "[ACK]", 10, 9, 0),
    ];
    let Some(lab) = Lab::up() else { return };
    let lines = Capture::start(&lab.near, &["eth0", "-f", "tcp"]);
    let fields = ["tcp.srcport", "tcp.seq", "tcp.ack", "tcp.len", "tcp.stream"];
    let mut arguments = vec!["eth0", "-f", "tcp"];
    arguments.extend(fields.iter().flat_map(|name| ["-e", name]));
    let numbers = Capture::start(&lab.near, &arguments);

    let mut server = lab.far.wire(&["serve", "10.9.0.2", "8080"]);
    server.expect_line("ready");
    lab.near.wire(&["ask", "10.9.0.2", "8080"]).succeed();
    server.succeed();

    let (told, counted) = (lines.lines(STORY.len()), numbers.lines(STORY.len()));
    lines.stop().assert_well(STORY.len());
    numbers.stop().assert_well(STORY.len());
    for (index, (who, flags, seq, ack, length)) in STORY.into_iter().enumerate() {
        let line = &told[index];
        assert!(
            line.contains(flags),
            "{index}: not {flags}: {}",
            told.join("\n")
        );
        let from = if who == SERVER {
            "10.9.0.2"
        } else {
            "10.9.0.1"
        };
        let arrow = line.find('→').expect("an arrow");
        assert!(
            line[..arrow].contains(from),
            "{index}: not from {from}: {line}"
        );

        let values: Vec<u32> = counted[index]
            .split('\t')
            .map(|value| {
                value
                    .parse()
                    .unwrap_or_else(|_| panic!("{:?}", counted[index]))
            })
            .collect();
        assert_eq!(values[0] == u32::from(SERVER), who == SERVER, "{index}");
        assert_eq!(values[1..], [seq, ack, length, 0], "{index}: {line}");
    }
}
