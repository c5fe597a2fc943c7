//! The tree as a user sees it, and where it says that fields are.

use std::path::Path;

use assert_cmd::Command;
use netinspect::batch::Batch;
use netinspect::decode::{Decoded, Kind, Packet};
use netinspect::fields;
use netinspect::source::{Files, Progress, Source};

fn replay(arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("netinspect").expect("the program");
    let output = command
        .args(["replay", "-t", "u", "--threads", "1"])
        .args(arguments)
        .output()
        .expect("it runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn tree(file: &str, more: &[&str]) -> String {
    let path = format!("fixtures/{file}");
    replay(&[&[path.as_str(), "-T", "tree"], more].concat())
}

/// The tree of one frame, counted from 1.
fn frame(file: &str, number: usize, more: &[&str]) -> String {
    let all = tree(file, more);
    let one = all.split_inclusive("\n\n").nth(number - 1);
    one.unwrap_or_default().to_owned()
}

fn fixtures() -> Vec<String> {
    let directory = std::fs::read_dir("fixtures").expect("fixtures");
    let names = directory.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.contains(".pcap"))
        .collect();
    names.sort();
    names
}

fn each_packet(mut visit: impl FnMut(&str, &Packet<'_>)) {
    for name in fixtures() {
        let mut source = Files::new(vec![Path::new("fixtures").join(&name)], 1);
        let (mut batch, mut decoded) = (Batch::default(), Decoded::default());
        loop {
            let filled = source.fill(&mut batch);
            decoded.clear();
            for index in 0..batch.len() {
                decoded.push(&batch, index);
                visit(&name, &decoded.packet(&batch, index));
            }
            if matches!(filled, Ok(Progress::End) | Err(_)) {
                break;
            }
        }
    }
}

#[test]
fn arp() {
    insta::assert_snapshot!("arp_request", frame("arp-exchange.pcap", 1, &["-x"]));
    insta::assert_snapshot!(
        "arp_reply_explained",
        frame("arp-exchange.pcap", 2, &["--explain"])
    );
}

#[test]
fn tcp_syn() {
    let file = "tcp-handshake-close.pcap";
    insta::assert_snapshot!("tcp_syn", frame(file, 1, &[]));
    insta::assert_snapshot!("tcp_syn_explained", frame(file, 1, &["--explain"]));
}

#[test]
fn a_connection_explained_line_by_line() {
    insta::assert_snapshot!(replay(&[
        "fixtures/tcp-handshake-close.pcap",
        "-T",
        "line",
        "--explain"
    ]));
}

#[test]
fn dns_in_udp() {
    insta::assert_snapshot!("dns_query", frame("udp-dns.pcap", 1, &[]));
    insta::assert_snapshot!("dns_answer", frame("udp-dns.pcap", 2, &["--explain"]));
}

#[test]
fn icmp_error_with_what_it_quotes() {
    insta::assert_snapshot!(frame("icmp-errors.pcap", 2, &["-x", "--explain"]));
}

#[test]
fn cut_by_the_snapshot_length() {
    insta::assert_snapshot!("cut_tcp", frame("truncated.pcap", 6, &[]));
    insta::assert_snapshot!("cut_data", frame("truncated.pcap", 10, &[]));
}

#[test]
fn malformed() {
    for number in [1, 7, 12] {
        insta::assert_snapshot!(
            format!("malformed_{number}"),
            frame("malformed.pcap", number, &[])
        );
    }
}

#[test]
fn explain_implies_the_tree() {
    let file = "fixtures/arp-exchange.pcap";
    assert_eq!(
        replay(&[file, "--explain"]),
        replay(&[file, "-T", "tree", "--explain"])
    );
}

#[test]
fn what_the_wire_says_reaches_no_terminal_unescaped() {
    for more in [&["-x"][..], &["--explain"]] {
        let text = tree("escapes.pcap", more);
        assert!(text.contains("Frame 9"));
        let harmful = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(harmful, None);
    }
}

#[test]
fn everything_fits_in_eighty_columns() {
    for name in fixtures() {
        for line in tree(&name, &["--explain", "-x"]).lines() {
            let width = line.chars().count();
            assert!(width <= 80, "{name}: {width} columns: {line}");
        }
    }
}

#[test]
fn every_span_lies_inside_the_header_it_names() {
    let mut seen = 0;
    each_packet(|name, packet| {
        for layer in packet.layers {
            let start = layer.start as usize;
            let header = start..start + layer.header_len as usize;
            for field in fields::of(layer.kind) {
                let value = fields::first(field, packet, layer);
                let Some(span) = field.span(packet, layer) else {
                    continue;
                };
                let inside = span.bytes.start >= header.start && span.bytes.end <= header.end;
                assert!(inside, "{name}: {} at {span:?} of {header:?}", field.name);
                seen += usize::from(value.is_some());
            }
        }
    });
    assert!(seen > 1000, "{seen}");
}

/// What the register says of a place, and what it reads there, agree: addresses can be told from the bytes.
#[test]
fn addresses_stand_where_their_span_says() {
    each_packet(|name, packet| {
        for layer in packet
            .layers
            .iter()
            .filter(|layer| layer.kind != Kind::Frame)
        {
            for field in fields::of(layer.kind)
                .iter()
                .filter(|field| !field.repeats())
            {
                let (Some(span), Some(value)) = (
                    field.span(packet, layer),
                    fields::first(field, packet, layer),
                ) else {
                    continue;
                };
                let found = &packet.frame.bytes[span.bytes];
                let agrees = match value {
                    fields::Value::Mac(mac) => found == mac,
                    fields::Value::Ipv4(address) => found == address,
                    fields::Value::Ipv6(address) => found == address,
                    _ => true,
                };
                assert!(agrees, "{name}: {}", field.name);
            }
        }
    });
}
