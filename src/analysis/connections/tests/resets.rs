//! Connections that were broken off, and those that went on all the same; and handshakes in which something is sent again.

use super::*;
use crate::analysis::tcp::Reset;

/// As stacks choose them: in the upper half, where zero is before it.
const ISN: u32 = 3_000_000_000;

fn ending(wire: &Wire) -> (Ending, Option<usize>) {
    let one = wire.one();
    (tcp(&one).ending(), tcp(&one).ended_by())
}

/// What becomes of each reset.
fn resets(wire: &Wire) -> Vec<Option<Reset>> {
    let (mut connections, mut decoded) = (Connections::new(MOST), Decoded::default());
    decoded.push_all(&wire.batch);
    let mut found = Vec::new();
    for parts in decoded.several(&wire.batch, 0..decoded.len()) {
        connections.follow(&parts, &mut |_| {}, |_, _, step| {
            let reset = step.filter(|step| step.segment.has(R));
            found.extend(reset.map(|step| step.reset));
        });
    }
    found
}

type Say = fn(&mut Wire) -> &mut Wire;

#[test]
fn what_becomes_of_a_reset() {
    let becomes = |say: Say| {
        let mut wire = Wire::new();
        say(&mut wire);
        resets(&wire).pop().flatten()
    };
    let cases: [(Reset, Say); 10] = [
        (Reset::Unseen, |wire| wire.say(SERVER, R, 301, 0, 0)),
        (Reset::Refuses, |wire| {
            wire.say(CLIENT, S, 100, 0, 0).say(SERVER, R | A, 0, 101, 0)
        }),
        (Reset::Ignored, |wire| {
            wire.say(CLIENT, S, 100, 0, 0).say(SERVER, R | A, 0, 102, 0)
        }),
        (Reset::BreaksOff, |wire| {
            wire.say(CLIENT, S, 100, 0, 0)
                .say(SERVER, S | A, 300, 101, 0)
                .say(SERVER, R, 301, 0, 0)
        }),
        (Reset::BreaksOff, |wire| {
            wire.open().say(SERVER, R, 301, 0, 0)
        }),
        (Reset::Ignored, |wire| {
            wire.open().say(SERVER, R, 500_000, 0, 0)
        }),
        (Reset::Doubted, |wire| wire.open().say(SERVER, R, 501, 0, 0)),
        // Settled by the next.
        (Reset::BreaksOff, |wire| {
            wire.open()
                .say(SERVER, R, 501, 0, 0)
                .say(SERVER, R, 301, 0, 0)
        }),
        (Reset::Late, |wire| {
            wire.open()
                .say(SERVER, R, 301, 0, 0)
                .say(CLIENT, R, 101, 0, 0)
        }),
        // Closed by both, and still waiting; a number far from any changes nothing.
        (Reset::Late, |wire| {
            wire.open()
                .say(CLIENT, F | A, 101, 301, 0)
                .say(SERVER, F | A, 301, 102, 0)
                .say(CLIENT, A, 102, 302, 0)
                .say(SERVER, R, 500_000, 0, 0)
        }),
    ];
    for (number, (expected, say)) in (1..).zip(cases) {
        assert_eq!(becomes(say), Some(expected), "case {number}");
    }
    // Refused once more, whenever it asks again; what was captured twice becomes nothing.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, R | A, 0, 101, 0)
        .copy()
        .say(CLIENT, S, 100, 0, 0)
        .say(SERVER, R | A, 0, 101, 0);
    let refused = Some(Reset::Refuses);
    assert_eq!(resets(&wire), [refused, None, refused]);
}

#[test]
fn what_was_refused_may_be_asked_again() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0).say(SERVER, R | A, 0, 101, 0);
    wire.wait(500).say(CLIENT, S, 100, 0, 0);
    assert_eq!(ending(&wire), (Ending::Refused, Some(1)), "so far");
    wire.say(SERVER, S | A, ISN, 101, 0)
        .say(CLIENT, A, 101, ISN + 1, 0)
        .say(SERVER, A, ISN + 1, 101, 500)
        .say(SERVER, F | A, ISN + 501, 101, 0)
        .say(CLIENT, F | A, 101, ISN + 502, 0)
        .say(SERVER, A, ISN + 502, 102, 0);
    let closed = wire.one();
    assert_eq!(tcp(&closed).ending(), Ending::Closed);
    assert_eq!(tcp(&closed).ended_by(), Some(1));
    let again = tcp(&closed).counts().map(|end| end.retransmissions);
    assert_eq!(again, [1, 0], "the SYN");
}

#[test]
fn refused_is_only_what_nothing_else_answered() {
    // The answer was not captured.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(CLIENT, A, 101, ISN + 1, 10)
        .say(SERVER, A, ISN + 1, 111, 10)
        .say(SERVER, R | A, ISN + 11, 111, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    // An answer, and then a reset.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, S | A, ISN, 101, 0)
        .say(SERVER, R | A, ISN + 1, 101, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    // A SYN with a FIN.
    let mut wire = Wire::new();
    wire.say(CLIENT, S | F, 100, 0, 0)
        .say(SERVER, R | A, 0, 101, 0);
    assert_eq!(ending(&wire), (Ending::Refused, Some(1)));
}

#[test]
fn a_reset_must_acknowledge_the_syn_and_no_more() {
    for (ack, expected) in [
        (100, Ending::Unanswered),
        (101, Ending::Refused),
        (102, Ending::Unanswered),
    ] {
        let mut wire = Wire::new();
        wire.say(CLIENT, S, 100, 0, 0).say(SERVER, R | A, 0, ack, 0);
        assert_eq!(ending(&wire).0, expected, "{ack}");
    }
    // Data in a SYN (RFC 7413) may be acknowledged.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 20)
        .say(SERVER, R | A, 0, 121, 0);
    assert_eq!(ending(&wire).0, Ending::Refused);
}

#[test]
fn an_answer_behind_the_reset_of_who_asked_changes_nothing() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, S | A, ISN, 101, 0)
        .say(CLIENT, R, 101, 0, 0)
        .say(SERVER, S | A, ISN, 101, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(0)));
    assert_eq!(states(&wire.one()), [State::Closed; 2]);
}

/// RFC 9293, 3.10.7.4: it is asked whether it is meant, and that is not to be seen where segments are missing.
#[test]
fn a_reset_that_is_not_the_next_counts_unless_its_sender_goes_on() {
    let mut wire = Wire::new();
    wire.open().say(SERVER, R, 501, 0, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    wire.say(CLIENT, A, 101, 301, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    wire.say(SERVER, A, 301, 101, 10);
    let open = wire.one();
    assert_eq!(tcp(&open).ending(), Ending::Open);
    assert_eq!(states(&open), [State::Established; 2]);
    assert_eq!(tcp(&open).odd_resets(), 1);
    // One that is the next is meant, whatever is still on its way.
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, R, 301, 0, 0)
        .say(SERVER, A, 301, 101, 10);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    // What was captured is taken to have arrived, acknowledged or not.
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, A, 301, 101, 500)
        .say(SERVER, R, 801, 0, 0)
        .say(SERVER, A, 301, 101, 10);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
}

#[test]
fn each_leg_of_a_handshake_is_between_what_belongs_together() {
    const MILLISECOND: i64 = 1_000_000;
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, S | A, 300, 101, 0)
        .wait(3_000)
        .say(SERVER, S | A, 300, 101, 0)
        .say(CLIENT, A, 101, 301, 0);
    let round_trips = tcp(&wire.one()).round_trips();
    assert_eq!(round_trips, (Some(MILLISECOND), Some(MILLISECOND)));
    // Both ask: what answers the one asks the other.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, S, 300, 0, 0)
        .say(CLIENT, S | A, 100, 301, 0)
        .say(SERVER, S | A, 300, 101, 0)
        .wait(500)
        .say(CLIENT, A, 101, 301, 10);
    let crossed = wire.one();
    assert_eq!(tcp(&crossed).handshake(), Handshake::Whole);
    assert_eq!(tcp(&crossed).round_trip(), None);
}

#[test]
fn repairs_at_once_are_no_silence() {
    let four_again = |millis| {
        let mut wire = Wire::new();
        wire.open();
        for seq in [101, 201, 301, 401] {
            wire.say(CLIENT, A, seq, 301, 100);
        }
        wire.wait(300);
        for seq in [101, 201, 301, 401] {
            wire.wait(millis).say(CLIENT, A, seq, 301, 100);
        }
        ending(&wire).0
    };
    assert_eq!(four_again(0), Ending::Open);
    assert_eq!(four_again(200), Ending::Silent);
}

#[test]
fn a_blind_reset_does_not_vouch_for_the_next() {
    let mut wire = Wire::new();
    wire.open();
    for _ in 0..2 {
        wire.say(SERVER, R, 500_000, 0, 0);
    }
    wire.say(CLIENT, A, 101, 301, 10)
        .say(SERVER, R, 500_000, 0, 0);
    assert_eq!(ending(&wire).0, Ending::Open);
    assert_eq!(tcp(&wire.one()).odd_resets(), 3);
    wire.say(SERVER, R, 301, 0, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
}

#[test]
fn what_happens_while_a_reset_is_doubted_is_not_forgotten() {
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, R, 501, 0, 0)
        .say(CLIENT, F | A, 101, 301, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    wire.say(SERVER, A, 301, 102, 0)
        .say(SERVER, F | A, 301, 102, 0)
        .say(CLIENT, A, 102, 302, 0);
    assert_eq!(ending(&wire), (Ending::Closed, Some(0)));
    // RFC 9293, 3.10.7.4: asked whether it is meant, it is sent again, with the number that is next.
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, R, 501, 0, 0)
        .say(CLIENT, A, 101, 301, 0);
    assert_eq!(resets(&wire), [Some(Reset::Doubted)]);
    wire.say(SERVER, R, 301, 0, 0);
    assert_eq!(resets(&wire).last(), Some(&Some(Reset::BreaksOff)));
    wire.say(SERVER, A, 301, 101, 10);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)), "it was on its way");
}

#[test]
fn an_old_answer_opens_nothing() {
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, R, 301, 0, 0)
        .say(SERVER, S | A, 300, 101, 0);
    assert_eq!(ending(&wire), (Ending::Reset, Some(1)));
    assert_eq!(states(&wire.one()), [State::Closed; 2]);
    // But one behind a refusal is the first: the refusal was somebody else's.
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, R | A, 0, 101, 0)
        .say(SERVER, S | A, ISN, 101, 0)
        .say(CLIENT, A, 101, ISN + 1, 0);
    assert_eq!(ending(&wire).0, Ending::Open);
}
