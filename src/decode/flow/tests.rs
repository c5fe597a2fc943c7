//! Which flows a frame has.

use std::net::Ipv6Addr;

use super::*;
use crate::batch::Batch;
use crate::decode::{Decoded, Verdict};
use crate::frame::LinkType;

/// UDP from 10.9.0.2 port 9000 to 10.9.0.1 port 53, with four bytes of data.
const DATAGRAM: [u8; 32] = [
    0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 10, 9, 0, 1, // IPv4
    0x23, 0x28, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4, // UDP
];

fn flows(mut decoded: Decoded, frame: &[u8]) -> Vec<Flow> {
    let mut batch = Batch::default();
    batch.push(frame, frame.len() as u32, None, LinkType::RAW, 0);
    decoded.push(&batch, 0);
    decoded.parts(&batch, 0).flows().to_vec()
}

#[test]
fn flows_are_found_unless_nobody_asks() {
    let found = flows(Decoded::default(), &DATAGRAM);
    let [flow] = &found[..] else {
        panic!("one flow, not {found:?}");
    };
    let end = |last: u8, port| End::new([10, 9, 0, last].into(), port);
    assert_eq!(
        (flow.source(), flow.destination()),
        (end(2, 9000), end(1, 53))
    );
    assert_eq!((flow.ip_len, flow.payload, flow.quoted), (32, 4, false));
    assert!(flows(Decoded::without_flows(), &DATAGRAM).is_empty());
}

#[test]
fn what_an_error_quotes_is_a_flow_that_did_not_arrive() {
    let mut error = vec![
        0x45, 0, 0, 60, 0, 2, 0, 0, 64, 1, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2, // IPv4
        3, 3, 0, 0, 0, 0, 0, 0, // port unreachable
    ];
    error.extend(DATAGRAM);
    let found = flows(Decoded::default(), &error);
    let told = found.iter().map(|flow| {
        let Flow {
            protocol, quoted, ..
        } = *flow;
        (protocol, quoted, flow.unreachable)
    });
    let expected = [
        (Protocol::IcmpMessage, false, false),
        (Protocol::Udp, true, true),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// An IPv4 packet inside a tunnel (VXLAN) between 10.9.1.1 and 10.9.1.2.
fn tunnelled(packet: &[u8]) -> Vec<u8> {
    let (udp_len, len) = (30 + packet.len() as u8, 50 + packet.len() as u8);
    let mut frame = vec![
        0x45, 0, 0, len, 0, 9, 0, 0, 64, 17, 0, 0, 10, 9, 1, 1, 10, 9, 1, 2, // IPv4
        0x30, 0x39, 0x12, 0xb5, 0, udp_len, 0, 0, // UDP to port 4789
        8, 0, 0, 0, 0, 0, 1, 0, // VXLAN
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, // Ethernet
    ];
    frame.extend(packet);
    frame
}

/// All frames are fragments of one packet.
fn reassembled(batch: &Batch) -> Decoded {
    let mut decoded = Decoded::default();
    decoded.push_all(batch);
    let mut seen = Vec::new();
    decoded.reassemble(batch, |_, fragment, whole| {
        seen.extend(fragment.data);
        if fragment.more {
            return Verdict::Waits;
        }
        whole.extend(&seen);
        let (protocol, fragments) = (fragment.protocol, batch.len() as u32);
        Verdict::Whole {
            protocol,
            fragments,
        }
    });
    decoded
}

#[test]
fn a_segment_that_came_in_fragments_of_ipv6_is_read() {
    let mut segment = vec![
        0x30, 0x39, 0, 80, 0, 0, 0, 7, 0, 0, 0, 9, 0x50, 0x18, 1, 0, // up to the window
        0, 0, 0, 0, 1, 2, 3, 4, // and four bytes of data
    ];
    let behind = segment.split_off(16);
    let mut batch = Batch {
        first_number: 1,
        ..Batch::default()
    };
    for (part, offset) in [(segment, 1), (behind, 16)] {
        let mut frame = vec![0x60, 0, 0, 0, 0, 8 + part.len() as u8, 44, 64];
        frame.extend(Ipv6Addr::from_bits(1).octets());
        frame.extend(Ipv6Addr::from_bits(2).octets());
        frame.extend([6, 0, 0, offset, 0, 0, 0, 5]);
        frame.extend(part);
        batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
    }
    let decoded = reassembled(&batch);
    let [flow] = decoded.parts(&batch, 1).flows() else {
        panic!("one flow");
    };
    let end = |address, port| End { address, port };
    assert_eq!(
        (flow.source(), flow.destination()),
        (end(1, 12345), end(2, 80))
    );
    let segment = flow.segment.expect("it is all there");
    let told = (segment.frame, segment.seq, segment.ack, segment.len);
    assert_eq!(told, (2, 7, 9, 4));
    // Of the frame that made it whole, and no IPv4 packet's.
    assert_eq!((flow.ip_len, flow.print), (56, 0));
    assert!(decoded.parts(&batch, 0).flows().is_empty());
}

#[test]
fn what_came_in_fragments_is_a_flow_where_it_is_whole() {
    let (header, udp) = DATAGRAM.split_at(20);
    // The UDP header, then the data: as offsets count eights, and others follow the first.
    let parts = [(&udp[..8], 0x20, 0), (&udp[8..], 0, 1)];
    let mut batch = Batch::default();
    for (part, flags, offset) in parts {
        let mut packet = [header, part].concat();
        (packet[3], packet[6], packet[7]) = (packet.len() as u8, flags, offset);
        let frame = tunnelled(&packet);
        batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
    }
    let decoded = reassembled(&batch);
    let told = |index| {
        let flows = decoded.parts(&batch, index).flows().iter();
        let told = flows.map(|flow| (flow.layer, flow.source(), flow.payload));
        told.collect::<Vec<_>>()
    };
    let outer = End::new([10, 9, 1, 1].into(), 12345);
    let inner = End::new([10, 9, 0, 2].into(), 9000);
    assert_eq!(told(0), [(2, outer, 50)], "a part of a packet is none");
    assert_eq!(told(1), [(2, outer, 46), (6, inner, 4)]);
}

#[test]
fn packets_without_ports_are_flows_by_their_number() {
    let flow_of = |number: u8| {
        let mut packet = DATAGRAM;
        packet[9] = number;
        let found = flows(Decoded::default(), &packet);
        found
            .iter()
            .map(|flow| (flow.protocol, flow.source().port, flow.ip_len))
            .collect::<Vec<_>>()
    };
    assert_eq!(flow_of(89), [(Protocol::Ip, 89, 32)]);
    assert_eq!(flow_of(50), [(Protocol::Ip, 50, 32)]);
    assert_eq!(flow_of(253), [(Protocol::Ip, 253, 32)]);
    assert_eq!(flow_of(132), [(Protocol::Sctp, 9000, 32)]);
    // What is part of the header, or a tunnel, is none.
    for number in [4, 47, 51, 60] {
        assert_eq!(flow_of(number), [], "{number}");
    }
    assert!(flows(Decoded::default(), &DATAGRAM[..20]).is_empty());
}

#[test]
fn fragments_are_named_and_only_the_first_is_more() {
    let told = |frame: &[u8]| {
        let found = flows(Decoded::default(), frame);
        let told = found.iter().map(|flow| {
            let ports = [flow.source().port, flow.destination().port];
            (flow.protocol, ports, flow.leads, flow.payload)
        });
        told.collect::<Vec<_>>()
    };
    let mut v4 = DATAGRAM;
    v4[6] = 0x20;
    let named = |leads| (Protocol::Fragment, [17, 1], leads, 12);
    let inside = (Protocol::Udp, [9000, 53], false, 4);
    assert_eq!(told(&v4), [named(true), inside]);
    (v4[6], v4[7]) = (0, 1);
    assert_eq!(told(&v4), [named(false)]);
    let mut v6 = vec![0x60, 0, 0, 0, 0, 20, 44, 64];
    v6.extend([0xfd; 32]);
    v6[39] = 1;
    v6.extend([17, 0, 0, 1, 0xab, 0xcd, 0, 7]);
    v6.extend(&DATAGRAM[20..]);
    let named = |leads| (Protocol::Fragment, [0xabcd, 7], leads, 12);
    assert_eq!(told(&v6), [named(true), inside]);
    v6[43] = 8;
    assert_eq!(told(&v6), [named(false)]);
    // One that is whole nevertheless (RFC 6946).
    v6[43] = 0;
    assert_eq!(told(&v6), [inside]);
}

/// The first fragment of a tunnel's packet ends within the packet inside, whose lengths are right all the same.
#[test]
fn what_goes_on_in_another_fragment_is_not_malformed() {
    let mut v6 = vec![0x60, 0, 0, 0, 0, 12, 17, 64];
    v6.extend([0xfd; 32]);
    v6.extend(&DATAGRAM[20..]);
    for (protocol, inner) in [(4, &DATAGRAM[..]), (41, &v6)] {
        let (here, len) = (inner.len() - 2, 18 + inner.len() as u8);
        let mut frame = vec![0x45, 0, 0, len, 0, 9, 0x20, 0, 64, protocol, 0, 0];
        frame.extend([10, 9, 1, 1, 10, 9, 1, 2]);
        frame.extend(&inner[..here]);
        let problems = |frame: &[u8]| {
            let mut batch = Batch::default();
            batch.push(frame, frame.len() as u32, None, LinkType::RAW, 0);
            let mut decoded = Decoded::default();
            decoded.push(&batch, 0);
            decoded.problems(1)
        };
        assert_eq!(problems(&frame), 0, "{protocol}");
        frame[6] = 0;
        assert_eq!(problems(&frame), 1, "a whole packet, {protocol}");
    }
}

#[test]
fn several_frames_come_one_after_the_other() {
    let mut batch = Batch {
        first_number: 1,
        ..Batch::default()
    };
    for port in 0..5 {
        let mut frame = DATAGRAM;
        frame[21] = port;
        batch.push(&frame, frame.len() as u32, None, LinkType::RAW, 0);
    }
    let mut decoded = Decoded::default();
    decoded.push_all(&batch);
    decoded.keep(&batch, |packet| packet.frame.number != 2);
    let ports = |flows: &[Flow]| -> Vec<u8> {
        let ports = flows.iter().map(|flow| flow.source().port as u8);
        ports.collect()
    };
    let mut rest = decoded.several(&batch, 0..decoded.len());
    let first = rest.take_off(2);
    assert_eq!((first.len(), rest.len()), (2, 2));
    assert_eq!(ports(first.flows()), [0, 1, 2], "with the one left out");
    let each = first.chain(rest.clone()).map(|parts| parts.number());
    assert_eq!(each.collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(ports(rest.flows()), [3, 4]);
    assert_eq!(rest.take_off(9).len(), 2);
    assert!(rest.next().is_none() && rest.flows().is_empty());
}
