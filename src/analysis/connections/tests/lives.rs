//! Whole lives of connections, seen late, one way, twice, or broken off at any point.

use super::*;

/// One segment: who, flags, number, acknowledgment, bytes.
type Said = (u8, u8, u32, u32, u16);

/// Handshake, a question, an answer in two, a close of four.
const LIFE: &[Said] = &[
    (CLIENT, S, 100, 0, 0),
    (SERVER, S | A, 300, 101, 0),
    (CLIENT, A, 101, 301, 0),
    (CLIENT, A, 101, 301, 20),
    (SERVER, A, 301, 121, 0),
    (SERVER, A, 301, 121, 500),
    (SERVER, A, 801, 121, 500),
    (CLIENT, A, 121, 1301, 0),
    (CLIENT, F | A, 121, 1301, 0),
    (SERVER, A, 1301, 122, 0),
    (SERVER, F | A, 1301, 122, 0),
    (CLIENT, A, 122, 1302, 0),
];

fn wire_of<'a>(said: impl IntoIterator<Item = &'a Said>) -> Wire {
    let mut wire = Wire::new();
    for &(from, flags, seq, ack, len) in said {
        wire.say(from, flags, seq, ack, len);
    }
    wire
}

/// Numbers of both ends moved on by `by`.
fn shifted(said: &Said, by: u32) -> Said {
    let &(from, flags, seq, ack, len) = said;
    let ack = if flags & A != 0 {
        ack.wrapping_add(by)
    } else {
        ack
    };
    (from, flags, seq.wrapping_add(by), ack, len)
}

#[test]
fn a_capture_may_begin_anywhere() {
    for skipped in 1..LIFE.len() {
        let wire = wire_of(&LIFE[skipped..]);
        let late = wire.one();
        // The FIN that the last three lack was acknowledged, which does not tell that it was one.
        let whole = skipped <= 8;
        if whole {
            let end = [State::TimeWait, State::Closed];
            assert_eq!(states(&late), end, "without the first {skipped}");
            assert_eq!(tcp(&late).ending(), Ending::Closed);
        }
        assert_eq!(late.ends()[1].port, 80, "without the first {skipped}");
        let bytes = [0, 1].map(|end| account(&late).new_data(end));
        let left = LIFE[skipped..].iter();
        let sum = |who| {
            left.clone()
                .filter(|said| said.0 == who)
                .map(|said| u64::from(said.4))
                .sum::<u64>()
        };
        assert_eq!(
            bytes,
            [sum(CLIENT), sum(SERVER)],
            "without the first {skipped}"
        );
    }
}

#[test]
fn one_way_only() {
    let ways = [CLIENT, SERVER].map(|who| {
        let wire = wire_of(LIFE.iter().filter(|said| said.0 == who));
        wire.one()
    });
    for (end, way) in ways.iter().enumerate() {
        assert_eq!(tcp(way).ending(), Ending::OneWay, "end {end}");
        assert_eq!(way.ends()[1].port, 80, "end {end}");
        assert_eq!(
            account(way).missing_data(1 - end),
            0,
            "nothing is known of it"
        );
        assert_eq!(tcp(way).counts().map(|counts| counts.lost_segments), [0, 0]);
    }
    assert_eq!(account(&ways[0]).new_data(0), 20);
    assert_eq!(account(&ways[1]).new_data(1), 1000);
    // It goes on, so its SYN was answered.
    assert_ne!(states(&ways[0])[0], State::SynSent);
}

#[test]
fn numbers_may_start_over_anywhere() {
    let straight = wire_of(LIFE).one();
    for by in (0..2000).map(|step| (u32::MAX - 1500).wrapping_add(step)) {
        if by.wrapping_add(301) == 0 {
            // An acknowledgment of 0 after a SYN that has 0 there: repeated, for tshark too.
            continue;
        }
        let said: Vec<_> = LIFE.iter().map(|said| shifted(said, by)).collect();
        let over = wire_of(&said).one();
        assert_eq!(tcp(&over).ending(), Ending::Closed, "moved by {by}");
        assert_eq!(
            tcp(&over).counts(),
            tcp(&straight).counts(),
            "moved by {by}"
        );
        let letters = |one: &Conversation| account(one).zeek.history.letters().to_owned();
        assert_eq!(letters(&over), letters(&straight), "moved by {by}");
        assert_eq!([0, 1].map(|end| account(&over).new_data(end)), [20, 1000]);
        assert_eq!([0, 1].map(|end| account(&over).missing_data(end)), [0, 0]);
    }
}

#[test]
fn a_reset_in_any_state() {
    for said in 1..LIFE.len() {
        for who in [CLIENT, SERVER] {
            let mut wire = wire_of(&LIFE[..said]);
            let sent = LIFE[..said].iter().filter(|one| one.0 == who);
            let next = sent.map(|one| one.2 + u32::from(one.4) + u32::from(one.1 & (S | F) != 0));
            // Who sent nothing yet resets with what the other expects: number 0, acknowledging the SYN.
            match next.max() {
                Some(next) => wire.say(who, R, next, 0, 0),
                None => wire.say(who, R | A, 0, 101, 0),
            };
            let broken = wire.one();
            let expected = match (said, who) {
                (1, SERVER) => Ending::Refused,
                _ => Ending::Reset,
            };
            assert_eq!(tcp(&broken).ending(), expected, "{who} after {said}");
            assert_eq!(states(&broken), [State::Closed; 2], "{who} after {said}");
            assert_eq!(tcp(&broken).ended_by(), Some(usize::from(who == SERVER)));
        }
    }
    // After the end it changes nothing.
    let mut wire = wire_of(LIFE);
    let closed = wire.say(CLIENT, R, 122, 0, 0).one();
    assert_eq!(tcp(&closed).ending(), Ending::Closed);
}

#[test]
fn both_copies_of_every_frame() {
    let once = wire_of(LIFE).one();
    let mut wire = Wire::new();
    for &(from, flags, seq, ack, len) in LIFE {
        wire.say(from, flags, seq, ack, len).copy();
    }
    let twice = wire.one();
    assert_eq!(twice.frames(), 2 * once.frames());
    assert_eq!(states(&twice), states(&once));
    for end in [0, 1] {
        let mut counts = tcp(&twice).counts()[end];
        assert_eq!(u64::from(counts.copies), once.sent[end].frames);
        counts.copies = 0;
        assert_eq!(counts, tcp(&once).counts()[end]);
        assert_eq!(account(&twice).new_data(end), account(&once).new_data(end));
    }
    assert_eq!(
        account(&twice).zeek.history.letters(),
        account(&once).zeek.history.letters()
    );
}

#[test]
fn an_answer_that_was_not_captured() {
    // As with SYN cookies under load, or where the way back lies elsewhere at first.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0).say(CLIENT, A, 101, 301, 0);
    wire.say(CLIENT, A, 101, 301, 10)
        .say(SERVER, A, 301, 111, 30);
    let open = wire.one();
    assert_eq!(states(&open), [State::Established; 2]);
    assert_eq!(tcp(&open).ending(), Ending::Open);
    assert_eq!(tcp(&open).handshake(), Handshake::Part);
    assert_eq!(tcp(&open).round_trips(), (None, None));
}

#[test]
fn data_in_a_syn_that_is_not_taken_is_sent_again() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 30)
        .say(SERVER, S | A, 300, 101, 0)
        .say(CLIENT, A, 101, 301, 30)
        .say(SERVER, A, 301, 131, 0);
    let open = wire.one();
    assert!(tcp(&open).fast_open);
    assert_eq!(states(&open), [State::Established; 2]);
    assert_eq!(account(&open).new_data(0), 30);
    assert_eq!(tcp(&open).counts()[0].retransmissions, 1);
}

#[test]
fn holes_are_missing_until_they_are_filled() {
    let mut wire = Wire::new();
    wire.open();
    wire.say(CLIENT, A, 101, 301, 100)
        .say(CLIENT, A, 301, 301, 100);
    // Not yet: nobody said that it arrived.
    assert_eq!(account(&wire.one()).missing_data(0), 0);
    wire.say(SERVER, A, 301, 401, 0);
    assert_eq!(account(&wire.one()).missing_data(0), 100);
    assert_eq!(account(&wire.one()).new_data(0), 200);
    assert_eq!(account(&wire.one()).stream_length(0), 300);
    // Half of it comes late.
    wire.say(CLIENT, A, 201, 301, 50);
    assert_eq!(account(&wire.one()).missing_data(0), 50);
    // Acknowledged without having been seen at all.
    wire.say(SERVER, A, 301, 1401, 0);
    assert_eq!(account(&wire.one()).missing_data(0), 1050);
    assert_eq!(account(&wire.one()).stream_length(0), 1300);
}

#[test]
fn a_byte_that_only_asks_is_no_data() {
    let mut wire = wire_of(&LIFE[..8]);
    // With and without the byte that some stacks send (RFC 9293, 3.8.4).
    wire.wait(9000).say(CLIENT, A, 120, 1301, 1);
    wire.say(SERVER, A, 1301, 121, 0).wait(9000);
    wire.say(CLIENT, A, 120, 1301, 0)
        .say(SERVER, A, 1301, 121, 0);
    let alive = wire.one();
    assert_eq!(tcp(&alive).counts()[0].keep_alives, 2);
    assert_eq!(tcp(&alive).counts()[0].retransmissions, 0);
    assert_eq!(account(&alive).new_data(0), 20);
    assert_eq!(tcp(&alive).ending(), Ending::Open);
}

#[test]
fn frames_out_of_the_order_of_time() {
    let mut wire = Wire::new();
    wire.open();
    wire.time -= 10_000_000;
    wire.say(CLIENT, A, 101, 301, 5);
    let odd = wire.one();
    let millis = |time: Option<Timestamp>| time.map(|time| time.nanos() / 1_000_000);
    assert_eq!(
        [millis(odd.start), millis(odd.last)],
        [Some(994), Some(1003)]
    );
    assert_eq!(odd.duration(), 9_000_000);
}

mod bytes {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever part of a stream is captured, in whatever order and how often: each byte counts once.
        #[test]
        fn each_counts_once(segments in proptest::collection::vec((0..400u32, 0..60u16), 1..40)) {
            let mut wire = Wire::new();
            wire.open();
            let mut there = [false; 512];
            for (at, len) in &segments {
                wire.say(CLIENT, A, 101 + at, 301, *len);
                there[*at as usize..*at as usize + usize::from(*len)].fill(true);
            }
            let count = |what| there.iter().filter(|byte| **byte == what).count() as u64;
            prop_assert_eq!(account(&wire.one()).new_data(0), count(true));
            wire.say(SERVER, A, 301, 101 + 512, 0);
            prop_assert_eq!(account(&wire.one()).missing_data(0), count(false));
            prop_assert_eq!(account(&wire.one()).stream_length(0), 512);
        }
    }
}

#[test]
fn over_ipv6_it_is_one_conversation_too() {
    let datagram = |from: u8| {
        let mut bytes = vec![0x60, 0, 0, 0, 0, 8, 17, 64];
        for end in [from, 3 - from] {
            bytes.extend([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end]);
        }
        bytes.extend([0x9c, from, 0x9c, 3 - from, 0, 8, 0, 0]);
        bytes
    };
    let mut wire = Wire::new();
    for from in [2, 1, 2] {
        wire.put(&datagram(from));
    }
    let one = wire.one();
    assert_eq!(one.sent.map(|sent| sent.frames), [2, 1]);
    let ports = one.ends().map(|end| end.port);
    assert_eq!(ports, [0x9c02, 0x9c01], "who sent first asked");
    assert!(one.ends().iter().all(|end| end.address.is_ipv6()));
}

#[test]
fn told_at_once_it_is_told_once() {
    let mut wire = Wire::new();
    // A reset, the same once more, and another connection between the same ports.
    wire.open()
        .say(CLIENT, R | A, 101, 301, 0)
        .say(CLIENT, R | A, 101, 301, 0)
        .say(CLIENT, S, 9_000, 0, 0);
    let (mut decoded, mut told) = (Decoded::default(), Vec::new());
    let mut connections = Connections::new(9).tell_at_once();
    for index in 0..wire.batch.len() {
        decoded.push(&wire.batch, index);
    }
    for index in 0..decoded.len() {
        let frame = index + 1;
        let parts = decoded.parts(&wire.batch, index);
        connections.observe(&parts, &mut |done| told.push((frame, done.number)));
    }
    connections.finish(&mut |done| told.push((0, done.number)));
    assert_eq!(told, [(4, 0), (0, 1)]);
}
