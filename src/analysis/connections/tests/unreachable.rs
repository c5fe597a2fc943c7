//! What a router or a host says did not arrive.

use super::*;

/// A datagram between 10.9.0.1:40000 and port 40001 of 10.9.0.2, of the end `from`.
fn datagram(from: u8) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0];
    bytes.extend([10, 9, 0, from, 10, 9, 0, 3 - from]);
    bytes.extend([0x9c, 0x40 + (from - 1), 0x9c, 0x41 - (from - 1)]);
    bytes.extend([0, 8, 0, 0]);
    bytes
}

/// Destination unreachable, with that code, about a datagram of the end `from`.
fn error(code: u8, from: u8) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 56, 0, 1, 0, 0, 64, 1, 0, 0];
    bytes.extend([10, 9, 0, 3 - from, 10, 9, 0, from]);
    bytes.extend([3, code, 0, 0, 0, 0, 0, 0]);
    bytes.extend(datagram(from));
    bytes
}

fn is_unreachable(packets: &[Vec<u8>]) -> bool {
    let mut wire = Wire::new();
    for packet in packets {
        wire.put(packet);
    }
    let all = wire.all(MOST);
    let found = all.iter().find(|one| one.protocol == Protocol::Udp);
    found.expect("the datagrams").unreachable
}

#[test]
fn only_what_was_asked_can_be_unreachable() {
    const PORT: u8 = 3;
    const FRAGMENTATION_NEEDED: u8 = 4;
    let (asked, answered) = (datagram(CLIENT), datagram(SERVER));
    assert!(is_unreachable(&[asked.clone(), error(PORT, CLIENT)]));
    // The answer came too late: the client doesn't listen any more.
    let late = [asked.clone(), answered, error(PORT, SERVER)];
    assert!(!is_unreachable(&late));
    // It is to be sent in smaller packets.
    assert!(!is_unreachable(&[
        asked,
        error(FRAGMENTATION_NEEDED, CLIENT)
    ]));
}
