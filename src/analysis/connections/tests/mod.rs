//! Connections made of a few segments, and what must be said of them.

mod ftp;
mod lifetime;
mod lives;
mod pieces;
mod resets;
mod waits;
mod zeek;

use super::*;
use crate::analysis::tcp::State;
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::frame::{LinkType, Timestamp};
use std::collections::HashSet;

const F: u8 = flag::FIN;
const S: u8 = flag::SYN;
const R: u8 = flag::RST;
const A: u8 = flag::ACK;
const CLIENT: u8 = 1;
const SERVER: u8 = 2;

/// Frames between 10.9.0.1:40000 and 10.9.0.2:80, a millisecond apart.
struct Wire {
    batch: Batch,
    time: i64,
    id: u16,
}

impl Wire {
    fn new() -> Self {
        Self {
            batch: Batch {
                first_number: 1,
                ..Batch::default()
            },
            time: 1_000_000_000,
            id: 1,
        }
    }

    /// A segment of `from` with `len` bytes of data, window 1000.
    fn say(&mut self, from: u8, flags: u8, seq: u32, ack: u32, len: u16) -> &mut Self {
        self.send(from, flags, seq, ack, len, 1000)
    }

    fn send(
        &mut self,
        from: u8,
        flags: u8,
        seq: u32,
        ack: u32,
        len: u16,
        window: u16,
    ) -> &mut Self {
        let ports: [u16; 2] = if from == CLIENT {
            [40000, 80]
        } else {
            [80, 40000]
        };
        let mut bytes = vec![0x45, 0];
        bytes.extend((40 + len).to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
        bytes.extend([0x40, 0, 64, 6, 0, 0, 10, 9, 0, from, 10, 9, 0, 3 - from]);
        for port in ports {
            bytes.extend(port.to_be_bytes());
        }
        bytes.extend(seq.to_be_bytes());
        bytes.extend(ack.to_be_bytes());
        bytes.extend([0x50, flags]);
        bytes.extend(window.to_be_bytes());
        bytes.extend([0, 1, 0, 0]);
        bytes.resize(bytes.len() + usize::from(len), b'x');
        self.id += 1;
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.time += 1_000_000;
        let time = Some(Timestamp::from_nanos(self.time));
        self.batch
            .push(bytes, bytes.len() as u32, time, LinkType::RAW, 0);
        self
    }

    /// The frame before, captured again.
    fn copy(&mut self) -> &mut Self {
        let last = self.batch.frame(self.batch.len() - 1).bytes.to_vec();
        self.put(&last)
    }

    fn wait(&mut self, millis: i64) -> &mut Self {
        self.time += millis * 1_000_000;
        self
    }

    fn open(&mut self) -> &mut Self {
        self.say(CLIENT, S, 100, 0, 0)
            .say(SERVER, S | A, 300, 101, 0)
            .say(CLIENT, A, 101, 301, 0)
    }

    fn all(&self, most: usize) -> Vec<Conversation> {
        self.followed(Connections::new(most).with_accounts())
    }

    fn followed(&self, mut connections: Connections) -> Vec<Conversation> {
        let (mut found, mut decoded) = (Vec::new(), Decoded::default());
        for index in 0..self.batch.len() {
            decoded.push(&self.batch, index);
        }
        for index in 0..decoded.len() {
            let parts = decoded.parts(&self.batch, index);
            connections.observe(&parts, &mut |done| found.push(done.keep()));
        }
        connections.finish(&mut |done| found.push(done.keep()));
        found
    }

    fn one(&self) -> Conversation {
        let mut all = self.all(MOST);
        assert_eq!(all.len(), 1, "one connection");
        all.remove(0)
    }
}

fn tcp(conversation: &Conversation) -> &Tcp {
    conversation.tcp.as_ref().expect("a TCP connection")
}

fn account(conversation: &Conversation) -> &Account {
    tcp(conversation).account.as_ref().expect("asked for")
}

fn states(conversation: &Conversation) -> [State; 2] {
    tcp(conversation).states()
}

#[test]
fn a_handshake_and_a_close_of_four() {
    let mut wire = Wire::new();
    wire.open();
    let open = wire.one();
    assert_eq!(states(&open), [State::Established; 2]);
    assert_eq!(tcp(&open).handshake(), Handshake::Whole);
    assert_eq!(tcp(&open).round_trips(), (Some(1_000_000), Some(1_000_000)));
    assert_eq!(tcp(&open).ending(), Ending::Open);
    wire.say(CLIENT, A, 101, 301, 10)
        .say(SERVER, A, 301, 111, 0);
    wire.say(CLIENT, F | A, 111, 301, 0);
    assert_eq!(states(&wire.one()), [State::FinWait1, State::CloseWait]);
    wire.say(SERVER, A, 301, 112, 0);
    assert_eq!(states(&wire.one()), [State::FinWait2, State::CloseWait]);
    assert_eq!(tcp(&wire.one()).ending(), Ending::HalfClosed);
    wire.say(SERVER, A, 301, 112, 20)
        .say(SERVER, F | A, 321, 112, 0);
    assert_eq!(states(&wire.one()), [State::TimeWait, State::LastAck]);
    wire.say(CLIENT, A, 112, 322, 0);
    let closed = wire.one();
    assert_eq!(states(&closed), [State::TimeWait, State::Closed]);
    assert_eq!(tcp(&closed).ending(), Ending::Closed);
    assert_eq!(tcp(&closed).ended_by(), Some(0));
    assert_eq!(account(&closed).zeek.history.letters(), "ShADaFdf");
    assert_eq!([0, 1].map(|end| account(&closed).new_data(end)), [10, 20]);
}

#[test]
fn a_close_of_three() {
    let mut wire = Wire::new();
    wire.open().say(CLIENT, F | A, 101, 301, 0);
    wire.say(SERVER, F | A, 301, 102, 0);
    assert_eq!(states(&wire.one()), [State::TimeWait, State::LastAck]);
    wire.say(CLIENT, A, 102, 302, 0);
    assert_eq!(tcp(&wire.one()).ending(), Ending::Closed);
}

#[test]
fn both_may_open_and_close_at_once() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0).say(SERVER, S, 300, 0, 0);
    assert_eq!(states(&wire.one()), [State::SynReceived; 2]);
    wire.say(CLIENT, S | A, 100, 301, 0)
        .say(SERVER, S | A, 300, 101, 0);
    assert_eq!(states(&wire.one()), [State::Established; 2]);
    wire.say(CLIENT, F | A, 101, 301, 0)
        .say(SERVER, F | A, 301, 101, 0);
    assert_eq!(states(&wire.one()), [State::Closing; 2]);
    wire.say(CLIENT, A, 102, 302, 0).say(SERVER, A, 302, 102, 0);
    assert_eq!(states(&wire.one()), [State::TimeWait; 2]);
    assert_eq!(tcp(&wire.one()).ending(), Ending::Closed);
}

#[test]
fn attempts_that_come_to_nothing() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 0)
        .wait(1000)
        .say(CLIENT, S, 100, 0, 0);
    let silent = wire.one();
    assert_eq!(tcp(&silent).ending(), Ending::Unanswered);
    assert_eq!(states(&silent), [State::SynSent, State::Listen]);
    assert_eq!(tcp(&silent).counts()[0].retransmissions, 1);
    wire.say(SERVER, R | A, 0, 101, 0);
    assert_eq!(tcp(&wire.one()).ending(), Ending::Refused);
    let mut half = Wire::new();
    half.say(CLIENT, S, 100, 0, 0)
        .say(SERVER, S | A, 300, 101, 0);
    assert_eq!(tcp(&half.one()).ending(), Ending::HalfOpen);
    assert_eq!(tcp(&half.one()).handshake(), Handshake::Part);
}

#[test]
fn a_reset_ends_it_and_a_blind_one_does_not() {
    let mut wire = Wire::new();
    wire.open()
        .say(SERVER, A, 301, 101, 50)
        .say(CLIENT, A, 101, 351, 0);
    wire.say(SERVER, R, 900_000, 0, 0);
    let unharmed = wire.one();
    assert_eq!(states(&unharmed), [State::Established; 2]);
    assert_eq!(tcp(&unharmed).odd_resets(), 1);
    wire.say(SERVER, R, 351, 0, 0);
    let reset = wire.one();
    assert_eq!(tcp(&reset).ending(), Ending::Reset);
    assert_eq!(tcp(&reset).ended_by(), Some(1));
    assert_eq!(states(&reset), [State::Closed; 2]);
}

#[test]
fn captures_that_begin_late_or_hear_one_side() {
    let mut wire = Wire::new();
    wire.say(SERVER, A, 5000, 700, 100)
        .say(CLIENT, A, 700, 5100, 0);
    let late = wire.one();
    assert_eq!(states(&late), [State::Established; 2]);
    assert_eq!(tcp(&late).handshake(), Handshake::Unseen);
    assert_eq!(late.ends()[1].port, 80, "a known service was asked");
    let mut deaf = Wire::new();
    deaf.say(SERVER, S | A, 300, 101, 0)
        .say(SERVER, A, 301, 111, 40);
    let one_sided = deaf.one();
    assert_eq!(one_sided.ends()[1].port, 80, "who answers did not ask");
    assert_eq!(one_sided.sent[0].frames, 0);
    assert_eq!(tcp(&one_sided).handshake(), Handshake::Part);
}

#[test]
fn ports_used_again_are_another_connection() {
    let mut wire = Wire::new();
    wire.open().say(CLIENT, R, 101, 301, 0).wait(5000);
    wire.say(CLIENT, S, 777, 0, 0)
        .say(SERVER, S | A, 9000, 778, 0);
    let all = wire.all(MOST);
    assert_eq!(all.len(), 2);
    assert_eq!([all[0].number, all[1].number], [0, 1]);
    assert!(!tcp(&all[0]).reused && tcp(&all[1]).reused);
    assert_eq!([all[0].frames(), all[1].frames()], [4, 2]);
}

#[test]
fn numbers_may_start_over() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, u32::MAX - 5, 0, 0)
        .say(SERVER, S | A, 300, u32::MAX - 4, 0);
    wire.say(CLIENT, A, u32::MAX - 4, 301, 20)
        .say(CLIENT, A, 15, 301, 20);
    wire.say(SERVER, A, 301, 35, 0);
    let one = wire.one();
    let counts = tcp(&one).counts();
    assert_eq!(account(&one).new_data(0), 40);
    assert_eq!(counts[0].retransmissions + counts[0].lost_segments, 0);
}

#[test]
fn what_is_captured_twice_was_not_sent_twice() {
    let mut wire = Wire::new();
    wire.open();
    wire.say(CLIENT, A, 101, 301, 500)
        .copy()
        .say(SERVER, A, 301, 601, 0)
        .copy();
    let twice = wire.one();
    assert_eq!(tcp(&twice).counts().map(|counts| counts.copies), [1, 1]);
    assert_eq!(tcp(&twice).counts()[0].retransmissions, 0);
    assert_eq!(tcp(&twice).counts()[1].duplicate_acks, 0);
    // The same numbers in another packet are sent again.
    wire.wait(200).say(CLIENT, A, 101, 301, 500);
    assert_eq!(tcp(&wire.one()).counts()[0].retransmissions, 1);
}

#[test]
fn losses_windows_and_keep_alives_are_counted() {
    let mut wire = Wire::new();
    wire.open()
        .say(CLIENT, A, 101, 301, 100)
        .say(CLIENT, A, 301, 301, 100);
    wire.say(SERVER, A, 301, 201, 0)
        .say(SERVER, A, 301, 201, 0)
        .say(SERVER, A, 301, 201, 0);
    wire.say(CLIENT, A, 201, 301, 100)
        .say(SERVER, A, 301, 401, 0);
    wire.send(SERVER, A, 301, 401, 0, 0).wait(100);
    wire.say(CLIENT, A, 401, 301, 1)
        .send(SERVER, A, 301, 401, 0, 0);
    wire.wait(9000)
        .say(CLIENT, A, 400, 301, 0)
        .say(SERVER, A, 301, 401, 0);
    let one = wire.one();
    let counts = tcp(&one).counts();
    assert_eq!(counts[0].lost_segments, 1);
    assert_eq!(counts[0].fast_retransmissions, 1);
    assert_eq!(counts[1].duplicate_acks, 2);
    assert_eq!(counts[1].zero_windows, 2);
    assert_eq!(counts[0].keep_alives, 1);
}

#[test]
fn data_in_the_syn() {
    let mut wire = Wire::new();
    wire.say(CLIENT, S, 100, 0, 30)
        .say(SERVER, S | A, 300, 131, 0)
        .say(CLIENT, A, 131, 301, 0);
    let quick = wire.one();
    assert!(tcp(&quick).fast_open);
    assert_eq!(account(&quick).new_data(0), 30);
    assert_eq!(tcp(&quick).handshake(), Handshake::Whole);
}

#[test]
fn a_flood_is_bounded_and_what_is_in_use_stays() {
    let mut connections = Connections::new(64);
    let (mut gone, mut decoded) = (0, Decoded::default());
    let mut wire = Wire::new();
    wire.open();
    for source in 20_000..25_000u16 {
        wire.say(CLIENT, S, 1, 0, 0);
        let place = wire.batch.records.last().expect("a frame").start;
        wire.batch.bytes[place + 12..place + 14].copy_from_slice(&source.to_be_bytes());
        // The one connection goes on.
        wire.say(CLIENT, A, 101, 301, 0);
    }
    for index in 0..wire.batch.len() {
        decoded.push(&wire.batch, index);
    }
    let mut most = 0;
    for index in 0..decoded.len() {
        let parts = decoded.parts(&wire.batch, index);
        connections.observe(&parts, &mut |done| {
            assert!(
                tcp(&done).handshake() != Handshake::Whole,
                "the one in use went"
            );
            gone += 1;
        });
        most = most.max(connections.table.len());
    }
    assert_eq!(most, 64);
    assert_eq!(connections.forgotten(), gone);
    let mut left = 0;
    connections.finish(&mut |_| left += 1);
    assert_eq!((gone + left, left), (5_001, 64));
}

#[test]
fn one_that_was_forgotten_is_another_when_it_goes_on() {
    let mut wire = Wire::new();
    for source in [1u16, 2, 3].repeat(10) {
        wire.say(CLIENT, A, 101, 301, 5);
        let place = wire.batch.records.last().expect("a frame").start;
        wire.batch.bytes[place + 12..place + 14].copy_from_slice(&source.to_be_bytes());
    }
    let all = wire.all(2);
    let ends: HashSet<_> = all.iter().map(|one| one.ends()[0].address).collect();
    assert_eq!((all.len(), ends.len()), (30, 3));
    assert!(all.iter().all(|one| one.frames() == 1), "{all:?}");
}

mod any_traffic {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// No sequence of segments makes it panic, lose a frame or a byte.
        #[test]
        fn nothing_is_lost(segments in proptest::collection::vec(
            (1..=2u8, any::<u8>(), 0..40u32, 0..40u32, 0..9u16, 0..3u16), 0..60)) {
            let mut wire = Wire::new();
            for (from, flags, seq, ack, len, window) in &segments {
                wire.send(*from, *flags, *seq, *ack, *len, *window);
            }
            let all = wire.all(MOST);
            let frames: u64 = all.iter().map(Conversation::frames).sum();
            prop_assert_eq!(frames, segments.len() as u64);
            for conversation in &all {
                for end in [0, 1] {
                    prop_assert!(account(conversation).new_data(end) <= conversation.sent[end].data);
                }
                tcp(conversation).ending();
            }
        }
    }
}
