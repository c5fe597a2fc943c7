//! `conn_state` and `history` by the rules that Zeek's documentation gives for conn.log.

use super::*;

const P: u8 = flag::PSH;

/// State and history of what was said.
fn summed_up(said: &[(u8, u8, u32, u32, u16)]) -> (&'static str, String) {
    let mut wire = Wire::new();
    for &(from, flags, seq, ack, len) in said {
        wire.say(from, flags, seq, ack, len);
    }
    let one = wire.one();
    let account = account(&one);
    let is_empty = [0, 1].iter().all(|end| account.stream_length(*end) == 0);
    (
        account.zeek.state(is_empty),
        account.zeek.history.letters().to_owned(),
    )
}

const SYN: (u8, u8, u32, u32, u16) = (CLIENT, S, 100, 0, 0);
const SYN_ACK: (u8, u8, u32, u32, u16) = (SERVER, S | A, 300, 101, 0);
const ACK: (u8, u8, u32, u32, u16) = (CLIENT, A, 101, 301, 0);
const ASK: (u8, u8, u32, u32, u16) = (CLIENT, P | A, 101, 301, 10);
const TELL: (u8, u8, u32, u32, u16) = (SERVER, P | A, 301, 111, 20);

#[test]
fn every_state() {
    let client_done = (CLIENT, F | A, 111, 321, 0);
    let server_done = (SERVER, F | A, 321, 111, 0);
    let open = [SYN, SYN_ACK, ACK, ASK, TELL];
    let after = |more: &[(u8, u8, u32, u32, u16)]| [&open[..], more].concat();
    let cases = [
        (vec![SYN], "S0", "S"),
        (vec![SYN, SYN], "S0", "S"),
        (vec![SYN, SYN_ACK], "S1", "Sh"),
        (after(&[]), "S1", "ShADd"),
        (
            after(&[client_done, (SERVER, F | A, 321, 112, 0)]),
            "SF",
            "ShADdFf",
        ),
        (vec![SYN, (SERVER, R | A, 0, 101, 0)], "REJ", "Sr"),
        (after(&[client_done]), "S2", "ShADdF"),
        (after(&[server_done]), "S3", "ShADdf"),
        (after(&[(CLIENT, R, 111, 0, 0)]), "RSTO", "ShADdR"),
        (after(&[(SERVER, R, 321, 0, 0)]), "RSTR", "ShADdr"),
        // Done, then broken off: by whoever broke it off, unless both were done.
        (
            after(&[client_done, (CLIENT, R, 112, 0, 0)]),
            "RSTO",
            "ShADdFR",
        ),
        (
            after(&[client_done, (SERVER, R, 321, 0, 0)]),
            "RSTR",
            "ShADdFr",
        ),
        (
            after(&[
                client_done,
                (SERVER, F | A, 321, 112, 0),
                (CLIENT, R, 112, 0, 0),
            ]),
            "SF",
            "ShADdFfR",
        ),
        (
            after(&[
                client_done,
                (CLIENT, R, 112, 0, 0),
                (SERVER, F | A, 321, 112, 0),
            ]),
            "SF",
            "ShADdFRf",
        ),
        (vec![SYN, (CLIENT, R, 101, 0, 0)], "RSTOS0", "SR"),
        (vec![SYN, SYN_ACK, (CLIENT, R, 101, 0, 0)], "RSTO", "ShR"),
        (vec![SYN_ACK, (SERVER, R, 301, 0, 0)], "RSTRH", "^hr"),
        (vec![SYN, (CLIENT, F, 101, 0, 0)], "SH", "SF"),
        (vec![SYN_ACK, (SERVER, F | A, 301, 101, 0)], "SHR", "^hf"),
        (vec![ASK, TELL], "OTH", "Dd"),
        (vec![TELL, ASK], "OTH", "^dD"),
        (vec![(CLIENT, R, 101, 0, 0)], "OTH", "R"),
    ];
    for (said, state, history) in cases {
        assert_eq!(summed_up(&said), (state, history.to_owned()), "{said:?}");
    }
}

#[test]
fn every_letter() {
    // Sent again, another SYN number, a zero window, contradictory flags.
    let again = summed_up(&[SYN, SYN_ACK, ACK, ASK, ASK]);
    assert_eq!(again.1, "ShADT");
    assert_eq!(summed_up(&[(CLIENT, S | F, 100, 0, 0)]).1, "Q");
    assert_eq!(summed_up(&[SYN, (CLIENT, F | R, 101, 0, 0)]).1, "SI");
    let fins = [
        (CLIENT, F | A, 111, 301, 0),
        (CLIENT, F | A, 111, 301, 0),
        (CLIENT, F | A, 121, 301, 0),
    ];
    let begun = [SYN, SYN_ACK, ACK, ASK];
    assert_eq!(summed_up(&[&begun[..], &fins].concat()).1, "ShADFF");
    // Data in a FIN is no letter of its own.
    assert_eq!(
        summed_up(&[SYN, SYN_ACK, (CLIENT, F | A, 101, 301, 10)]).1,
        "ShF"
    );
    let mut wire = Wire::new();
    wire.open().send(SERVER, A, 301, 101, 0, 0);
    for _ in 0..12 {
        wire.wait(500).send(SERVER, A, 301, 101, 0, 0);
    }
    assert_eq!(account(&wire.one()).zeek.history.letters(), "ShAaww");
}

#[test]
fn gaps_are_told_of_connections_that_were_seen_to_open() {
    let gap = (CLIENT, A, 201, 301, 10);
    let told = (SERVER, A, 301, 211, 0);
    assert_eq!(summed_up(&[SYN, SYN_ACK, ACK, gap, told]).1, "ShADaG");
    assert_eq!(summed_up(&[ASK, gap, told]).1, "Da");
}

#[test]
fn the_last_acknowledgment_takes_no_time() {
    let mut wire = Wire::new();
    wire.open().say(CLIENT, F | A, 101, 301, 0);
    wire.say(SERVER, F | A, 301, 102, 0).wait(5000);
    wire.say(CLIENT, A, 102, 302, 0);
    let closed = wire.one();
    let last = account(&closed).zeek.last().map(|time| time.nanos());
    assert_eq!(last, Some(1_005_000_000));
    assert!(closed.duration() > 5_000_000_000);
}
