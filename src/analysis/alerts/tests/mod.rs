//! Each alert on frames made for it, and on frames that look much like it and mean no harm.

mod arp;
mod dhcp;
mod discovery;
mod telling;
mod traffic;

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

    /// The same as captured on all interfaces of a machine that receives it: without the receiver's address.
    fn cooked(&self) -> Self {
        let mut cooked = Self::default();
        for index in 0..self.0.len() {
            let frame = self.0.frame(index);
            let (destination, rest) = frame.bytes.split_at(6);
            let (source, payload) = rest.split_at(6);
            let kind = match destination {
                [0xff, ..] => 1,
                [first, ..] if first & 1 != 0 => 2,
                _ => 0,
            };
            let start = [0, kind, 0, 1, 0, 6];
            let bytes = [&start[..], source, &[0; 2], payload].concat();
            let len = bytes.len() as u32;
            cooked
                .0
                .push(&bytes, len, frame.time, LinkType::LINUX_SLL, 0);
        }
        cooked.0.first_number = 1;
        cooked
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
