//! When Zeek takes a conversation for over.

use super::*;

/// How many conversations there are when as much time passes before the last frame.
fn count(before: &[(u8, u8, u32)], millis: i64, last: (u8, u8, u32)) -> usize {
    let mut wire = Wire::new();
    for &(from, flags, seq) in before {
        wire.say(from, flags, seq, 0, 0);
    }
    // The last frame itself comes a millisecond later.
    let (from, flags, seq) = last;
    wire.wait(millis - 1).say(from, flags, seq, 0, 0);
    wire.followed(Connections::new(MOST).with_lifetimes()).len()
}

/// The last millisecond in which the frame belongs to what was before.
#[track_caller]
fn lives(before: &[(u8, u8, u32)], millis: i64, last: (u8, u8, u32)) {
    assert_eq!(count(before, millis, last), 1, "after {millis} ms");
    assert_eq!(count(before, millis + 1, last), 2, "a millisecond later");
}

const SYN: (u8, u8, u32) = (CLIENT, S, 100);
const SYN_ACK: (u8, u8, u32) = (SERVER, S | A, 300);
const ACK: (u8, u8, u32) = (CLIENT, A, 101);
const OPEN: [(u8, u8, u32); 3] = [SYN, SYN_ACK, ACK];
const FIN: (u8, u8, u32) = (CLIENT, F | A, 101);
const ITS_FIN: (u8, u8, u32) = (SERVER, F | A, 301);

fn open_and(more: &[(u8, u8, u32)]) -> Vec<(u8, u8, u32)> {
    [&OPEN[..], more].concat()
}

#[test]
fn a_connection_lives_as_long_as_its_state_says() {
    // Nothing answers.
    lives(&[SYN], 4_999, SYN);
    lives(&[SYN, ACK], 4_998, ACK);
    // Whether it goes on or not.
    lives(&OPEN, 299_999, ACK);
    lives(&[(CLIENT, A, 7)], 299_999, (CLIENT, A, 7));
    // Closed, or broken off, or closed by the only one that was heard.
    lives(&open_and(&[FIN, ITS_FIN]), 4_999, ACK);
    lives(&open_and(&[FIN, ITS_FIN, ACK]), 4_998, ACK);
    lives(&open_and(&[(SERVER, R, 301)]), 4_999, ACK);
    lives(&[SYN, FIN], 4_999, ACK);
    // Half-closed: as if it were open.
    lives(&open_and(&[FIN]), 299_999, ITS_FIN);
    // Closed, and broken off by the same end: six seconds from when it closed.
    lives(&open_and(&[FIN, (CLIENT, R, 102)]), 5_998, ITS_FIN);
}

#[test]
fn where_people_type_silence_means_less() {
    let mut segment = Wire::new()
        .say(CLIENT, A, 7, 0, 0)
        .batch
        .frame(0)
        .bytes
        .to_vec();
    // To the port of SSH.
    segment[22..24].copy_from_slice(&22u16.to_be_bytes());
    for (millis, expected) in [(3_599_999, 1), (3_600_000, 2)] {
        let mut wire = Wire::new();
        wire.put(&segment).wait(millis - 1).put(&segment);
        let found = wire.followed(Connections::new(MOST).with_lifetimes());
        assert_eq!(found.len(), expected, "{millis}");
    }
}

#[test]
fn a_syn_opens_another() {
    let other = (CLIENT, S, 7_000);
    assert_eq!(count(&OPEN, 1, other), 2, "another number");
    assert_eq!(count(&OPEN, 1, SYN), 1, "sent again");
    assert_eq!(count(&[SYN, (SERVER, R | A, 0)], 1, SYN), 2, "tried again");
    assert_eq!(count(&open_and(&[FIN]), 1, SYN), 2, "one end is done");
    assert_eq!(count(&[SYN_ACK], 1, SYN_ACK), 1, "the SYN was not seen");
    let elsewhere = (SERVER, S | A, 9_000);
    assert_eq!(
        count(&[SYN_ACK], 1, elsewhere),
        2,
        "nor was that of another"
    );
    assert_eq!(count(&[SYN], 1, elsewhere), 1, "an answer");
}

/// A datagram between these ports.
fn datagram(ports: [u16; 2]) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0];
    bytes.extend([10, 9, 0, 1, 10, 9, 0, 2]);
    bytes.extend(ports.into_iter().flat_map(u16::to_be_bytes));
    bytes.extend([0, 12, 0, 0, 0xff, 1, 2, 3]);
    bytes
}

#[test]
fn datagrams_belong_together_for_a_minute_those_of_dns_for_ten_seconds() {
    let cases = [
        (9000, &[59_999][..], 1),
        (9000, &[60_000], 2),
        (53, &[9_999], 1),
        (53, &[10_000], 2),
        // Looked at ten seconds behind the start, when the last is two seconds old.
        (53, &[8_000, 9_000], 1),
        (53, &[8_000, 12_000], 2),
        (5353, &[10_000], 2),
    ];
    for (port, waits, expected) in cases {
        let mut wire = Wire::new();
        let bytes = datagram([40_000, port]);
        wire.put(&bytes);
        for wait in waits {
            wire.wait(wait - 1).put(&bytes);
        }
        let found = wire.followed(Connections::new(MOST).with_lifetimes());
        assert_eq!(found.len(), expected, "port {port}, {waits:?}");
        assert_eq!(wire.all(MOST).len(), 1, "others don't ask for it");
    }
}

#[test]
fn packets_without_ports_belong_together_by_their_number() {
    let mut wire = Wire::new();
    let mut packet = datagram([9, 9]);
    for number in [89, 253] {
        packet[9] = number;
        wire.put(&packet);
        wire.wait(59_998).put(&packet);
    }
    let followed = |wire: &Wire| {
        let found = wire.followed(Connections::new(MOST).with_lifetimes());
        let told = found.iter().map(|found| {
            let sent = found.sent[0].frames;
            (found.ip_protocol(), found.kind(), sent)
        });
        let mut told: Vec<_> = told.collect();
        told.sort_unstable_by_key(|(number, ..)| *number);
        told
    };
    let both = [(Some(89), Some(Kind::Ospf), 2), (Some(253), None, 2)];
    assert_eq!(followed(&wire), both);
    wire.wait(59_999).put(&packet);
    assert_eq!(
        followed(&wire)[1..],
        [(Some(253), None, 2), (Some(253), None, 1)]
    );
}

#[test]
fn nobody_asks_from_a_broadcast_address() {
    let mut wire = Wire::new();
    let mut offer = datagram([67, 68]);
    wire.put(&offer);
    assert_eq!(wire.one().ends()[0].port, 68, "the client asked");
    offer[16..20].fill(255);
    let mut wire = Wire::new();
    wire.put(&offer);
    assert_eq!(wire.one().ends()[0].port, 67, "of all one knows of nobody");
}

#[test]
fn what_was_captured_twice_was_sent_twice() {
    let mut wire = Wire::new();
    wire.open().say(CLIENT, A, 101, 301, 10).copy();
    let [as_zeek] = &wire.followed(Connections::new(MOST).with_lifetimes())[..] else {
        panic!("one connection");
    };
    assert_eq!(account(as_zeek).zeek.history.letters(), "ShADT");
    assert_eq!(account(&wire.one()).zeek.history.letters(), "ShAD");
    assert_eq!(tcp(as_zeek).counts()[0].retransmissions, 0, "only there");
}

#[test]
fn data_of_which_not_all_was_captured_is_missing() {
    // With a FIN behind it or not.
    for (flags, letters) in [(A, "ShADdG"), (F | A, "ShADFdG")] {
        let mut wire = Wire::new();
        wire.open().say(CLIENT, A, 101, 301, 4);
        wire.say(CLIENT, flags, 105, 301, 6);
        let fin = u32::from(flags & F != 0);
        wire.say(SERVER, A, 301, 111 + fin, 20)
            .say(CLIENT, A, 111 + fin, 321, 0);
        wire.batch.records[4].captured -= 1;
        let [as_zeek] = &wire.followed(Connections::new(MOST).with_lifetimes())[..] else {
            panic!("one connection");
        };
        let found = account(as_zeek);
        assert_eq!([0, 1].map(|end| found.missing_data(end)), [6, 0]);
        assert_eq!([0, 1].map(|end| found.stream_length(end)), [10, 20]);
        assert_eq!(found.zeek.missed, 6);
        assert_eq!(found.zeek.history.letters(), letters);
        assert_eq!(account(&wire.one()).missing_data(0), 0, "elsewhere");
    }
}
