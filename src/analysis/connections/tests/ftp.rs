//! Data connections of FTP, which the control connection announces.

use super::*;

/// A segment with this text, between the hosts of the wire.
fn segment(from: u8, ports: [u16; 2], flags: u8, text: &str) -> Vec<u8> {
    let mut bytes = vec![
        0x45,
        0,
        0,
        40 + text.len() as u8,
        0,
        0,
        0x40,
        0,
        64,
        6,
        0,
        0,
    ];
    bytes.extend([10, 9, 0, from, 10, 9, 0, 3 - from]);
    bytes.extend(ports.into_iter().flat_map(u16::to_be_bytes));
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, flags, 1, 0, 0, 0, 0, 0]);
    bytes.extend(text.bytes());
    bytes
}

/// Opens connections, in this order, behind what was announced; whether each is FTP's data.
fn are_data(announced: &[u8], wait: i64, opened: &[(u8, u16)]) -> Vec<bool> {
    let mut wire = Wire::new();
    wire.put(announced).wait(wait - 1);
    for ((from, port), own) in opened.iter().zip(50_000..) {
        wire.put(&segment(*from, [own, *port], S, ""));
    }
    let mut found = wire.all(MOST);
    found.sort_by_key(|conversation| conversation.number);
    let told = found.iter().skip(1);
    told.map(|conversation| conversation.is_ftp_data).collect()
}

#[test]
fn ports_may_be_used_again_and_a_beginning_be_missed() {
    let active = segment(CLIENT, [40_000, 21], A, "PORT 10,9,0,1,156,64\r\n");
    let data = |flags, seq| {
        let mut bytes = segment(SERVER, [20, 40_000], flags, "");
        bytes[27] = seq;
        bytes
    };
    let are_data = |frames: &[&[u8]]| {
        let mut wire = Wire::new();
        frames.iter().for_each(|frame| {
            wire.put(frame);
        });
        let mut found = wire.all(MOST);
        found.sort_by_key(|conversation| conversation.number);
        let told = found.iter().skip(1);
        told.map(|conversation| conversation.is_ftp_data)
            .collect::<Vec<_>>()
    };
    let (first, second) = (data(S, 1), data(S, 9));
    assert_eq!(are_data(&[&active, &first, &active, &second]), [true, true]);
    assert_eq!(are_data(&[&active, &first, &second]), [true, false]);
    // The client's answer comes first.
    let answer = segment(CLIENT, [40_000, 20], S | A, "");
    assert_eq!(are_data(&[&active, &answer]), [true]);
    // A third host asks.
    let mut stranger = first.clone();
    stranger[15] = 3;
    assert_eq!(are_data(&[&active, &stranger, &first]), [false, true]);
}

#[test]
fn a_connection_that_was_announced_is_data() {
    let passive = "227 Entering Passive Mode (192,0,2,1,156,64).\r\n";
    let server_says = |text| segment(SERVER, [21, 40_000], A, text);
    let passive = server_says(passive);
    let to_server = (CLIENT, 40_000);
    assert_eq!(are_data(&passive, 1, &[to_server]), [true]);
    // Another port, the same port at the other host, and once more.
    assert_eq!(are_data(&passive, 1, &[(CLIENT, 40_001)]), [false]);
    assert_eq!(are_data(&passive, 1, &[(SERVER, 40_000)]), [false]);
    assert_eq!(are_data(&passive, 1, &[to_server; 2]), [true, false]);
    assert_eq!(are_data(&passive, 300_000, &[to_server]), [true]);
    assert_eq!(are_data(&passive, 300_001, &[to_server]), [false]);
    let active = segment(CLIENT, [40_000, 21], A, "EPRT |1|10.9.0.1|40000|\r\n");
    assert_eq!(are_data(&active, 1, &[(SERVER, 40_000)]), [true]);
    // Said where no FTP is spoken.
    let elsewhere = segment(SERVER, [25, 40_000], A, "227 (192,0,2,1,156,64)");
    assert_eq!(are_data(&elsewhere, 1, &[to_server]), [false]);
}
