//! Filters asked about frames made here, and what is said of those that are wrong.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::{DisplayFilter, Scratch};
use crate::batch::Batch;
use crate::decode::Decoded;
use crate::fields::{self, Past};
use crate::frame::{LinkType, Timestamp};

/// A SYN from 10.9.0.1:40000 to 10.9.0.2:80 with a maximum segment size, and four bytes of data.
#[rustfmt::skip]
const SYN: &[u8] = &[
    0x00, 0x1b, 0x21, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00,
    0x45, 0, 0, 48, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2,
    0x9c, 0x40, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x60, 0x02, 0xfa, 0xf0, 0, 0, 0, 0, 2, 4, 0x05, 0xb4,
    b'G', b'e', b't', b'\n',
];

/// Who has 10.9.0.2? Tell 10.9.0.1.
#[rustfmt::skip]
const ARP: &[u8] = &[
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, 0x08, 0x06,
    0, 1, 0x08, 0, 6, 4, 0, 1, 0x02, 0, 0, 0, 0, 1, 10, 9, 0, 1, 0, 0, 0, 0, 0, 0, 10, 9, 0, 2,
];

fn accepts(text: &str, bytes: &[u8]) -> bool {
    let filter = match DisplayFilter::new(text) {
        Ok(filter) => filter,
        Err(error) => panic!("{error}"),
    };
    let (mut batch, mut decoded) = (Batch::default(), Decoded::default());
    let time = Some(Timestamp::new(1_700_000_000, 500_000_000));
    batch.first_number = 1;
    batch.push(bytes, bytes.len() as u32, time, LinkType::ETHERNET, 0);
    decoded.push(&batch, 0);
    filter.accepts(&decoded.packet(&batch, 0), &Scratch::default())
}

#[test]
fn what_is_true_of_a_syn() {
    for text in [
        "tcp && ip and eth",
        "tcp.options.mss_val",
        "tcp.flags.syn",
        "tcp.flags.syn == 1 and tcp.flags.syn == True and tcp.flags.syn == 2",
        "tcp.port == 80 && tcp.port != 81",
        "tcp.port !== 80 and not tcp.port === 80 and not tcp.port != 80",
        "any tcp.port != 80 and all tcp.port >= 80",
        "tcp.dstport < tcp.srcport < 50000",
        "ip.src == 10.0.0.0/8 and ip.src > 9.255.255.255",
        "ip.addr in {10.9.0.2 .. 10.9.0.5}",
        "tcp.port in {1, 70..90} and tcp.port not in {1..79}",
        "tcp.srcport in {tcp.dstport, 0x9c40}",
        "eth.src[0:3] == 02:00:00 and eth.src[-1] == 1 and eth.src[:2] == 0200",
        "eth.src[0,5] == 02-01 and eth.src[1-4] == 00.00.00.00 and eth.src[5:] == 0x01",
        "ip.src[0:2] == 0a:09",
        "tcp[13] & 2 and tcp.flags & 0x12 == 2",
        "tcp contains \"Get\" and ip contains 47:65:74 and not tcp[20:5] == \"Get\\n\"",
        "tcp.payload matches \"^get$|^get\\n$\" and not tcp.payload ~ \"(?-i)get\"",
        "frame.protocols contains \"ip:tcp\" and upper(frame.protocols) matches \"TCP\"",
        "len(tcp.payload) == 4 and len(tcp) == 24 and len(ip.src) == 4 and count(tcp.port) == 2",
        "string(ip.src) matches \"^10\\\\.\" and string(tcp.port) == \"80\"",
        "max(tcp.srcport, tcp.dstport) == 40000 and min(tcp.port) == 80",
        "tcp.srcport == {tcp.dstport + 20} * 400 and tcp.dstport - 81 == -1",
        "tcp.flags & 1 + 1",
        "ip.src & 255.0.0.0 == 10.0.0.0",
        "frame.time_epoch > 1700000000 and frame.time_epoch == 1700000000.5",
        "frame.time_epoch < \"2023-11-14T22:13:21Z\"",
        "tcp xor udp",
        "ip.src#1 and not ip.src#2 and ip.src#[1-2]",
        "eth.src contains 00:01",
        "eth.src[6] != 01 and not eth.src[6] and not eth.src[6] == 01 and eth.src[0,6] == 02",
    ] {
        assert!(accepts(text, SYN), "{text}");
    }
}

#[test]
fn what_is_not_there_is_not_true_of_a_frame() {
    for text in [
        "tcp",
        "tcp.port != 80",
        "not not tcp.port",
        "count(tcp.port) == 0",
        "ip.src == ip.dst",
        "frame[0:99]",
        "arp.opcode / 0",
        "all ip.ttl < 64",
        "frame contains \"\"",
    ] {
        assert!(!accepts(text, ARP), "{text}");
    }
    assert!(accepts("!tcp.port == 80 and arp.opcode == 1", ARP));
    assert!(accepts("eth.dst.ig == 1 && not (ip or ipv6)", ARP));
}

#[test]
fn and_binds_closer_than_xor_than_or() {
    assert!(accepts("tcp or tcp and udp", SYN));
    assert!(accepts("tcp or tcp xor tcp", SYN));
    assert!(accepts("tcp xor tcp and udp", SYN));
    assert!(!accepts("not tcp or udp", SYN));
    assert!(!accepts("not (tcp or udp)", SYN));
}

/// The message, and the column that its caret stands in.
fn mistake(text: &str) -> (String, usize) {
    let message = match DisplayFilter::new(text) {
        Ok(_) => panic!("no mistake in {text}"),
        Err(error) => error.to_string(),
    };
    let lines: Vec<_> = message.lines().collect();
    let column = lines[2].find('^').unwrap() - 4;
    (message, column)
}

#[test]
fn mistakes_are_pointed_at() {
    for (text, column, part) in [
        ("tcp.srcprot == 80", 0, "did you mean tcp.srcport"),
        ("ip and TCP", 7, "did you mean tcp"),
        ("tcp.port = 80", 9, "'=='"),
        ("tcp.port == http1", 12, "'http1' is not a number"),
        ("ip.src == ip.dts", 10, "did you mean ip.dst"),
        ("ip.src == 10.0.0.0/33", 10, "IPv4 address"),
        ("ip.src == tcp.srcport", 10, "a number, not an IPv4 address"),
        ("tcp and", 7, "missing at the end"),
        ("(tcp", 4, "')' is missing"),
        ("tcp)", 3, "not expected"),
        ("tcp udp", 4, "'and' or 'or'"),
        ("80 == tcp.port", 0, "starts with a field"),
        ("tcp.port in {80 443}", 16, "'}' is missing"),
        ("tcp.port in {}", 13, "a field or a value"),
        ("eth.src[0:0] == 1", 8, "a slice has a length"),
        ("eth.src[3-1] == 1", 8, "behind its start"),
        ("eth.src[] == 1", 8, "an offset is missing"),
        ("eth.src[0 == 1", 10, "']' is missing"),
        ("tcp.port[0] == 1", 0, "no bytes to slice"),
        ("tcp.port contains 80", 0, "string("),
        ("frame matches \"a(\"", 14, "unclosed group"),
        ("frame matches tcp", 14, "double quotes"),
        ("frame contains \"a\\q\"", 17, "'\\q' is no escape"),
        ("frame contains \"a", 17, "closing quote"),
        ("size(tcp) > 1", 0, "there is no function"),
        ("len(tcp)", 0, "compare it"),
        ("é == 1", 0, "'é'"),
        ("frame == \"é\" and x.y == 1", 17, "'x.y'"),
        ("ip.src#x", 7, "layers are counted"),
        ("", 0, "missing at the end"),
    ] {
        let (message, found) = mistake(text);
        assert_eq!(found, column, "{message}");
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep =
        |open: &str, close: &str| format!("{}tcp{}", open.repeat(100_000), close.repeat(100_000));
    assert!(DisplayFilter::new(&deep("(", ")")).is_err());
    assert!(DisplayFilter::new(&deep("{", "}")).is_err());
    assert!(DisplayFilter::new(&deep("len(", ")")).is_err());
    assert!(DisplayFilter::new(&deep("-", "")).is_err());
    assert!(DisplayFilter::new(&deep("tcp.port+", "")).is_err());
    assert!(accepts(&deep("not ", ""), SYN));
    assert!(accepts(&format!("{}tcp", "udp or ".repeat(10_000)), SYN));
}

/// Rows of one name answer the same question, so their values have to compare.
#[test]
fn all_rows_of_a_name_are_of_one_kind() {
    use super::item::Class;
    for field in fields::all() {
        let first = super::names::field(field.name)[0];
        assert!(
            Class::of(field.kind).compares_with(Class::of(first.kind)),
            "{}",
            field.name
        );
    }
}

#[test]
fn fields_that_need_order_are_noticed() {
    let past = |text| DisplayFilter::new(text).unwrap().past();
    assert_eq!(past("arp or tcp.stream == 1"), Past::Streams);
    assert_eq!(past("tcp.port in {1, tcp.seq}"), Past::Streams);
    assert_eq!(past("tcp.seq_raw == 1"), Past::Nothing);
    assert_eq!(
        past("tcp.analysis.retransmission and tcp.seq"),
        Past::Findings
    );
    assert_eq!(past("tcp.analysis.ack_rtt > 0.1"), Past::Everything);
}

/// Pieces that filters are made of, so that what is tried gets past the lexer.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "tcp",
            "ip.src",
            "eth.src",
            "frame",
            "tcp.flags.syn",
            "frame.protocols",
            "tcp.port",
            "==",
            "!=",
            "===",
            ">",
            "contains",
            "matches",
            "in",
            "not",
            "and",
            "or",
            "xor",
            "any",
            "all",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            ",",
            "..",
            "#",
            "&",
            "+",
            "-",
            "*",
            "/",
            "%",
            "0",
            "80",
            "0x",
            "10.0.0.1/8",
            "00:1b",
            "::1",
            "\"a(\"",
            "r\"\\\"",
            "'c'",
            "\"\\x",
            "len(",
            "max(",
            "[0:3]",
            "[-1]",
            "#2",
            "1..5",
            "é",
            "\u{3000}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        let _ = DisplayFilter::new(&text);
    }

    #[test]
    fn no_pieces_break_the_parser_or_the_evaluation(text in pieces(), spaces in any::<bool>()) {
        let text = if spaces { text } else { text.replace(' ', "") };
        if DisplayFilter::new(&text).is_ok() {
            accepts(&text, SYN);
            accepts(&text, ARP);
            accepts(&text, &SYN[..40]);
        }
    }
}
