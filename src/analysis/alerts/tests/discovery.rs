//! What neighbor discovery gives away, and what looks like it.

use std::net::Ipv6Addr;

use super::*;
use crate::decode::checksum::of_icmpv6;

const ROUTER: &str = "fe80::1";
const NODE: &str = "fe80::2";
const ALL_NODES: &str = "ff02::1";
const R: u8 = 0x80;
const S: u8 = 0x40;
const O: u8 = 0x20;

fn octets(address: &str) -> [u8; 16] {
    address.parse::<Ipv6Addr>().expect("an address").octets()
}

fn discovery(
    ends: ([u8; 6], [u8; 6]),
    source: &str,
    destination: &str,
    mut message: Vec<u8>,
) -> Vec<u8> {
    let (source, destination) = (octets(source), octets(destination));
    let sum = of_icmpv6(source, destination, &message);
    message[2..4].copy_from_slice(&sum);
    let mut packet = vec![0x60, 0, 0, 0, 0, message.len() as u8, 58, 255];
    packet.extend(source);
    packet.extend(destination);
    packet.extend(message);
    ethernet(ends.0, ends.1, 0x86dd, &packet)
}

/// `kind` 135 or 136, with its flags, about `target`, with a link-layer address.
fn about(kind: u8, flags: u8, target: &str, mac: [u8; 6]) -> Vec<u8> {
    let option = if kind == 135 { 1 } else { 2 };
    [
        &[kind, 0, 0, 0, flags, 0, 0, 0][..],
        &octets(target),
        &[option, 1],
        &mac,
    ]
    .concat()
}

fn ask(mac: [u8; 6], from: &str, target: &str) -> Vec<u8> {
    let group = [0x33, 0x33, 0xff, 0, 0, 1];
    discovery(
        (mac, group),
        from,
        "ff02::1:ff00:1",
        about(135, 0, target, mac),
    )
}

fn tell(mac: [u8; 6], to: ([u8; 6], &str), flags: u8, target: &str) -> Vec<u8> {
    discovery((mac, to.0), target, to.1, about(136, flags, target, mac))
}

fn tell_all(mac: [u8; 6], flags: u8, target: &str) -> Vec<u8> {
    tell(mac, ([0x33, 0x33, 0, 0, 0, 1], ALL_NODES), flags, target)
}

/// The source's link-layer address is the only option.
fn advertise(mac: [u8; 6]) -> Vec<u8> {
    let message = [
        &[134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1][..],
        &mac,
    ]
    .concat();
    discovery((mac, [0x33, 0x33, 0, 0, 0, 1]), ROUTER, ALL_NODES, message)
}

/// Whether somebody wants an address.
fn probe(mac: [u8; 6], target: &str) -> Vec<u8> {
    let mut message = about(135, 0, target, mac);
    message.truncate(24);
    discovery(
        (mac, [0x33, 0x33, 0xff, 0, 0, 1]),
        "::",
        "ff02::1:ff00:1",
        message,
    )
}

#[test]
fn asking_answering_and_being_reachable_is_no_alert() {
    let mut capture = Capture::default();
    for round in 0..10 {
        let at = round * 20_000;
        capture
            .add(at, &advertise(A))
            .add(at + 1, &ask(B, NODE, ROUTER))
            .add(at + 2, &tell(A, (B, NODE), R | S | O, ROUTER))
            .add(at + 3, &tell_all(A, R | O, ROUTER))
            .add(at + 4, &probe(EVIL, "fe80::99"))
            .add(at + 2000, &tell_all(EVIL, O, "fe80::99"));
    }
    assert_eq!(capture.told(), []);
}

#[test]
fn an_advertisement_to_one_that_did_not_ask_is_spoofing() {
    let mut capture = Capture::default();
    capture
        .add(0, &ask(B, NODE, ROUTER))
        .add(1, &tell(A, (B, NODE), R | S | O, ROUTER))
        .add(20_000, &tell(EVIL, (B, NODE), S | O, ROUTER));
    assert_eq!(capture.told(), [("nd-spoofing", Severity::Critical)]);
    let alerts = capture.alerts();
    let text = alerts[0].evidence.join("\n");
    assert!(text.contains("last heard in frame 2"), "{text}");
    let contested = alerts[0].contested.as_ref().expect("who claims it");
    assert_eq!(contested.macs, [A, EVIL]);
}

#[test]
fn without_the_override_flag_nobody_is_deceived() {
    let mut capture = Capture::default();
    capture
        .add(0, &ask(B, NODE, ROUTER))
        .add(1, &tell(A, (B, NODE), R | S | O, ROUTER))
        .add(2, &tell(EVIL, (B, NODE), S, ROUTER))
        .add(9_000, &tell(EVIL, (B, NODE), 0, ROUTER));
    assert_eq!(capture.told(), []);
}

#[test]
fn a_router_that_is_claimed_while_it_goes_on_is_spoofed() {
    let mut capture = Capture::default();
    capture
        .add(0, &advertise(A))
        .add(10_000, &tell_all(EVIL, O, ROUTER))
        .add(20_000, &advertise(A));
    assert_eq!(
        capture.told(),
        [
            ("nd-binding-changed", Severity::Warning),
            ("nd-spoofing", Severity::Critical)
        ]
    );
}

#[test]
fn two_hosts_with_one_address_are_duplicates() {
    let mut capture = Capture::default();
    for at in 0..3 {
        capture
            .add(at * 10_000, &ask(A, NODE, ROUTER))
            .add(at * 10_000 + 7_000, &ask(B, NODE, ROUTER));
    }
    assert_eq!(
        capture.told(),
        [
            ("nd-binding-changed", Severity::Warning),
            ("duplicate-address", Severity::Warning)
        ]
    );
}

#[test]
fn who_answers_for_several_that_answer_themselves_is_a_spoofer() {
    let mut capture = Capture::default();
    for (at, target) in [(0, "fe80::11"), (3_000, "fe80::12")] {
        capture
            .add(at, &ask(B, NODE, target))
            .add(at + 1, &tell(A, (B, NODE), S | O, target))
            .add(at + 2, &tell(EVIL, (B, NODE), S | O, target));
    }
    assert_eq!(
        capture.told(),
        [
            ("nd-binding-changed", Severity::Warning),
            ("nd-spoofing", Severity::Critical)
        ]
    );
}

#[test]
fn a_card_that_was_changed_is_a_change_and_no_more() {
    let mut capture = Capture::default();
    capture.add(0, &ask(A, NODE, ROUTER));
    for at in [1_000, 2_000, 3_000] {
        capture
            .add(at, &tell_all(B, O, NODE))
            .add(at + 1, &tell_all(B, O, "fe80::3"));
    }
    capture.add(100_000, &ask(B, NODE, ROUTER));
    assert_eq!(capture.told(), [("nd-binding-changed", Severity::Warning)]);
}

#[test]
fn redundant_routers_of_ipv6_may_move() {
    const VRRP6: [u8; 6] = [0, 0, 0x5e, 0, 2, 7];
    let mut capture = Capture::default();
    capture
        .add(0, &tell_all(A, R | O, ROUTER))
        .add(1_000, &tell_all(VRRP6, R | O, ROUTER))
        .add(2_000, &tell_all(A, R | O, ROUTER));
    assert_eq!(capture.told(), []);
}

#[test]
fn one_that_has_every_address_that_is_wanted_lets_nobody_have_one() {
    let mut capture = Capture::default();
    for (at, target) in [(0, "fe80::11"), (3_000, "fe80::12"), (6_000, "fe80::13")] {
        capture
            .add(at, &probe(B, target))
            .add(at + 1, &tell_all(EVIL, O, target));
    }
    let told = capture.told();
    assert_eq!(
        told,
        [
            ("duplicate-address", Severity::Warning),
            ("duplicate-address", Severity::Warning),
            ("nd-spoofing", Severity::Critical)
        ]
    );
}

/// What a receiver must ignore (RFC 4861, 7.1.2) deceives nobody.
#[test]
fn what_comes_from_beyond_the_link_is_no_claim() {
    let mut capture = Capture::default();
    let mut far = tell(EVIL, (B, NODE), S | O, ROUTER);
    far[14 + 7] = 64;
    capture.add(0, &advertise(A)).add(1_000, &far);
    assert_eq!(capture.told(), []);
}
