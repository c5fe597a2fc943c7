//! How long who asks waits for an answer.

use super::*;

const MILLI: i64 = 1_000_000;

/// In milliseconds.
fn waited(wire: &Wire) -> Option<i64> {
    wire.one().longest_wait().map(|nanos| nanos / MILLI)
}

/// Handshake, and a question of 20 bytes.
fn asked() -> Wire {
    let mut wire = Wire::new();
    wire.open().say(CLIENT, A, 101, 301, 20);
    wire
}

/// A UDP datagram with one byte, of a name server's or its client's.
fn datagram(wire: &mut Wire, from: u8) {
    let ports = match from {
        CLIENT => [40_000_u16, 53],
        _ => [53, 40_000],
    };
    let mut bytes = vec![0x45, 0, 0, 29, 0, 1, 0, 0, 64, 17, 0, 0];
    bytes.extend([10, 9, 0, from, 10, 9, 0, 3 - from]);
    bytes.extend(ports.map(u16::to_be_bytes).concat());
    bytes.extend([0, 9, 0, 0, b'x']);
    wire.put(&bytes);
}

#[test]
fn from_the_question_to_the_first_of_the_answer() {
    let mut wire = asked();
    assert_eq!(waited(&wire), None, "nobody answered");
    wire.say(SERVER, A, 301, 121, 0);
    assert_eq!(waited(&wire), None, "an acknowledgment is no answer");
    wire.wait(50).say(SERVER, A, 301, 121, 500);
    assert_eq!(waited(&wire), Some(52));
    // The rest of the answer, and a question that is answered sooner.
    wire.wait(200).say(SERVER, A, 801, 121, 500);
    wire.say(CLIENT, A, 121, 1301, 20).wait(9);
    wire.say(SERVER, A, 1301, 141, 10);
    assert_eq!(waited(&wire), Some(52));
    wire.say(CLIENT, A, 141, 1311, 20).wait(99);
    wire.say(SERVER, A, 1311, 161, 10);
    assert_eq!(waited(&wire), Some(100));
}

/// Clocks tick slowly in some captures.
#[test]
fn a_question_may_have_the_time_of_the_handshake() {
    let mut wire = Wire::new();
    wire.open().wait(-2).say(CLIENT, A, 101, 301, 20);
    wire.wait(29).say(SERVER, A, 301, 121, 10);
    assert_eq!(waited(&wire), Some(30));
}

#[test]
fn what_a_server_says_unasked_answers_nothing() {
    let mut wire = Wire::new();
    wire.open().wait(30).say(SERVER, A, 301, 101, 40);
    assert_eq!(waited(&wire), None);
}

#[test]
fn a_question_may_take_many_segments_and_end_with_a_fin() {
    let mut wire = asked();
    wire.wait(70).say(CLIENT, A, 121, 301, 20);
    wire.wait(5).say(SERVER, A, 301, 141, 10);
    assert_eq!(waited(&wire), Some(6));
    let mut wire = asked();
    wire.wait(20).say(CLIENT, F | A, 121, 301, 0);
    wire.wait(5).say(SERVER, A, 301, 122, 10);
    assert_eq!(waited(&wire), Some(6));
}

#[test]
fn who_has_to_ask_again_has_waited_since_the_first_time() {
    let mut wire = asked();
    wire.wait(200).say(CLIENT, A, 101, 301, 20);
    wire.say(SERVER, A, 301, 121, 10);
    assert_eq!(waited(&wire), Some(202));
}

#[test]
fn an_older_answer_sent_again_is_none_to_the_next_question() {
    let mut wire = asked();
    wire.say(SERVER, A, 301, 121, 10).wait(300);
    wire.say(CLIENT, A, 121, 301, 20);
    wire.wait(50).say(SERVER, A, 301, 141, 10);
    assert_eq!(waited(&wire), Some(1));
    wire.wait(7).say(SERVER, A, 311, 141, 10);
    assert_eq!(waited(&wire), Some(59));
}

#[test]
fn captured_twice_is_waited_once() {
    let mut wire = asked();
    wire.copy().wait(10);
    wire.say(SERVER, A, 301, 121, 10).wait(80).copy();
    assert_eq!(waited(&wire), Some(12));
}

#[test]
fn without_numbers_frames_alone_tell() {
    let mut wire = Wire::new();
    datagram(&mut wire, CLIENT);
    assert_eq!(waited(&wire), None);
    wire.wait(19);
    datagram(&mut wire, SERVER);
    assert_eq!(waited(&wire), Some(20));
    // Nobody asked for this one.
    wire.wait(500);
    datagram(&mut wire, SERVER);
    assert_eq!(waited(&wire), Some(20));
    // The answer comes first, as far as was captured: who was asked is known by its port.
    let mut late = Wire::new();
    datagram(&mut late, SERVER);
    late.wait(40);
    datagram(&mut late, CLIENT);
    assert_eq!(waited(&late), None, "the question is no answer");
    late.wait(3);
    datagram(&mut late, SERVER);
    assert_eq!(waited(&late), Some(4));
}

#[test]
fn no_wait_is_said_to_be_longer_than_can_be_kept() {
    let mut wire = asked();
    wire.wait(2 * 3_600_000).say(SERVER, A, 301, 121, 10);
    let longest = wire.one().longest_wait();
    assert_eq!(longest, Some(i64::from(u32::MAX - 1) * 1_000));
}

#[test]
fn of_segments_that_are_cut_nothing_is_known() {
    let mut wire = Wire::new();
    for (from, ports) in [(CLIENT, [40_000_u16, 80]), (SERVER, [80, 40_000])] {
        let mut bytes = vec![0x45, 0, 0, 60, 0, 1, 0, 0, 64, 6, 0, 0];
        bytes.extend([10, 9, 0, from, 10, 9, 0, 3 - from]);
        bytes.extend(ports.map(u16::to_be_bytes).concat());
        // Up to the header's length, and no further.
        bytes.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50]);
        wire.put(&bytes);
    }
    let cut = wire.one();
    assert_eq!((cut.frames(), cut.longest_wait()), (2, None));
}

#[test]
fn without_times_no_wait_is_known() {
    for answer_has_one in [false, true] {
        let mut wire = asked();
        wire.wait(5).say(SERVER, A, 301, 121, 10);
        for index in 0..wire.batch.len() {
            // None has a time, or the answer alone.
            if !answer_has_one || index < 4 {
                wire.batch.records[index].time = None;
            }
        }
        assert_eq!(waited(&wire), None);
    }
}
