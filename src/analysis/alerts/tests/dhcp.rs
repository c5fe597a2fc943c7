//! DHCP servers that should not be, and those that may.

use super::*;

/// An offer of the server 10.0.0.1, from a station, with a gateway.
fn offer(from: [u8; 6], router: [u8; 4]) -> Vec<u8> {
    answer(from, router, [0; 4])
}

/// The same, to a client that has an address already.
fn answer(from: [u8; 6], router: [u8; 4], client: [u8; 4]) -> Vec<u8> {
    let mut message = vec![2, 1, 6, 0, 0, 0, 0, 7, 0, 0, 0, 0];
    message.extend(client);
    message.resize(28, 0);
    message.extend(B);
    message.resize(236, 0);
    message.extend([0x63, 0x82, 0x53, 0x63, 53, 1, 2, 54, 4]);
    message.extend(GATEWAY);
    message.extend([3, 4]);
    message.extend(router);
    message.push(255);
    let len = (8 + message.len()) as u16;
    let mut datagram = vec![0, 67, 0, 68];
    datagram.extend(len.to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(message);
    ipv4((from, ALL), GATEWAY, [255; 4], 17, 64, &datagram)
}

#[test]
fn who_answers_in_a_servers_name_and_tells_otherwise_is_none() {
    let mut listed = Settings::default();
    listed.dhcp.servers = vec![GATEWAY.into()];
    let told = |frames: &[Vec<u8>]| {
        let mut capture = Capture::default();
        for (frame, at) in frames.iter().zip(0..) {
            capture.add(at * 1_000, frame);
        }
        let with_list = capture.alerts_with(&listed).into_iter();
        let with_list: Vec<_> = with_list
            .map(|alert| (alert.kind.name(), alert.severity))
            .collect();
        assert_eq!(with_list, capture.told());
        with_list
    };
    let (honest, standby) = (offer(A, GATEWAY), offer(B, GATEWAY));
    assert_eq!(told(&[honest.clone(), standby, honest.clone()]), []);
    let rogue = [("rogue-dhcp-server", Severity::Critical)];
    assert_eq!(told(&[honest, offer(EVIL, [10, 0, 0, 66])]), rogue);
}

#[test]
fn routers_on_the_way_of_renewals_are_no_servers() {
    let mut capture = Capture::default();
    capture.add(0, &answer(A, [10, 0, 1, 1], [10, 0, 1, 20]));
    capture.add(1_000, &answer(B, [10, 0, 2, 1], [10, 0, 2, 20]));
    assert_eq!(capture.told(), []);
}
