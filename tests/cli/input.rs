//! Where frames come from: standard input, gzip, several files; and how many of them.

use std::fs;

use crate::support::{Run, finish, fixture, fixture_path, fixtures, netinspect, run};

pub fn run_with_input(arguments: &[&str], input: Vec<u8>) -> Run {
    finish(netinspect().args(arguments).write_stdin(input))
}

fn bytes_of(name: &str) -> Vec<u8> {
    let path = fixture_path(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn standard_input_is_read_as_a_file_is() {
    for name in [
        "demo.pcap",
        "pcapng-le.pcapng",
        "pcap-le-micro.pcap.gz",
        "pcap-cut-in-record.pcap",
    ] {
        let file = run(&["replay", &fixture(name)]);
        let piped = run_with_input(&["replay", "-"], bytes_of(name));
        assert_eq!(piped.text(), file.text(), "{name}");
        assert_eq!(piped.code, file.code, "{name}");
        assert_eq!(
            piped.stderr,
            file.stderr.replace(&fixture(name), "standard input"),
            "{name}"
        );
    }
}

#[test]
fn gzip_shows_the_same_frames() {
    for (zipped, plain) in [
        ("pcap-le-micro.pcap.gz", "pcap-le-micro.pcap"),
        ("gzip-two-members.pcap.gz", "pcap-le-micro.pcap"),
        ("pcapng-le.pcapng.gz", "pcapng-le.pcapng"),
    ] {
        let zipped_run = run(&["replay", &fixture(zipped)]);
        assert_eq!(zipped_run.code, Some(0), "{zipped}: {}", zipped_run.stderr);
        assert_eq!(
            zipped_run.text(),
            run(&["replay", &fixture(plain)]).text(),
            "{zipped}"
        );
    }
}

/// Byte order and resolution are the container's affair.
#[test]
fn containers_of_the_same_frames_show_the_same_lines() {
    let reference = run(&["replay", &fixture("pcap-le-micro.pcap")]).text();
    for name in [
        "pcap-be-micro.pcap",
        "pcap-le-nano.pcap",
        "pcap-be-nano.pcap",
        "pcap-unknown-version.pcap",
    ] {
        assert_eq!(run(&["replay", &fixture(name)]).text(), reference, "{name}");
    }
    assert_eq!(
        run(&["replay", "-T", "json", &fixture("pcapng-be.pcapng")]).text(),
        run(&["replay", "-T", "json", &fixture("pcapng-le.pcapng")]).text()
    );
}

#[test]
fn nanoseconds_are_kept() {
    let times = run(&[
        "replay",
        "-c1",
        "-e",
        "frame.time_epoch",
        &fixture("pcap-be-nano.pcap"),
    ]);
    assert_eq!(times.text(), "1700000000.123456789\n");
}

#[test]
fn several_files_are_one_input_with_numbers_that_go_on() {
    let run = run(&[
        "replay",
        "-e",
        "frame.number",
        "-e",
        "frame.len",
        &fixture("arp-exchange.pcap"),
        &fixture("pcapng-le.pcapng"),
        &fixture("pcap-le-micro.pcap.gz"),
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let text = run.text();
    let numbers: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let expected: Vec<String> = (1..=16).map(|n| n.to_string()).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn a_filter_keeps_the_numbers_of_the_file() {
    let run = run(&[
        "replay",
        "-f",
        "icmp",
        "-e",
        "frame.number",
        &fixture("demo.pcap"),
    ]);
    assert_eq!(run.text(), "3\n4\n5\n6\n27\n");
}

#[test]
fn a_filter_is_right_for_every_link_type_of_one_file() {
    // ICMP is on the Ethernet interface only, UDP on both, one of them without a link header.
    let run = run(&[
        "replay",
        "-f",
        "udp",
        "-e",
        "frame.number",
        &fixture("pcapng-le.pcapng"),
    ]);
    assert_eq!(run.text(), "2\n4\n5\n", "{}", run.stderr);
}

#[test]
fn count_stops_after_the_frames_that_pass() {
    for (filter, count, expected) in [("ip", "2", "3\n4\n"), ("arp", "9", "1\n2\n")] {
        let run = run(&[
            "replay",
            "-f",
            filter,
            "-c",
            count,
            "-e",
            "frame.number",
            &fixture("demo.pcap"),
        ]);
        assert_eq!(
            (run.code, run.text().as_str()),
            (Some(0), expected),
            "{filter} {count}"
        );
    }
    // As for tcpdump and tshark: a variable that was not set must not look like an empty capture.
    let none = run(&["replay", "-c", "0", &fixture("demo.pcap")]);
    assert_eq!((none.code, none.text().as_str()), (Some(2), ""));
}

#[test]
fn count_that_is_reached_before_the_damage_is_done() {
    let run = run(&[
        "replay",
        "-c1",
        "-e",
        "frame.number",
        &fixture("pcap-cut-in-record.pcap"),
    ]);
    assert_eq!(
        (run.code, run.text().as_str()),
        (Some(0), "1\n"),
        "{}",
        run.stderr
    );
}

/// Workers may finish in any order; what they print may not.
#[test]
fn the_number_of_threads_changes_nothing() {
    let paths: Vec<String> = fixtures().iter().map(|name| fixture(name)).collect();
    for form in [
        &[][..],
        &["-T", "json"],
        &["-x", "-e", "frame.number"],
        &["-c", "300", "-t", "d"],
    ] {
        let with = |threads: &str| {
            let mut arguments = vec!["replay", "--threads", threads];
            arguments.extend(form);
            arguments.extend(paths.iter().map(String::as_str));
            run(&arguments)
        };
        let (one, four) = (with("1"), with("4"));
        assert!(one.stdout == four.stdout, "{form:?}: outputs differ");
        assert_eq!(one.code, four.code, "{form:?}");
        assert_eq!(one.stderr, four.stderr, "{form:?}");
        assert!(one.lines() >= 300, "{form:?}: {} lines", one.lines());
    }
}

/// The summary begins with what limits conclusions; where nothing does, it begins with the count.
#[test]
fn limits_are_said_first() {
    let of = |name: &str, more: &[&str]| {
        let path = fixture(name);
        let mut arguments = vec!["replay", "-v", "-T", "json"];
        arguments.extend(more);
        arguments.push(&path);
        run(&arguments).stderr
    };
    let offloaded = of("tcp-checksum-offload.pcap", &[]);
    // As many as have the sum over addresses only, by the verdict that JSON shows of each.
    let json = run(&[
        "replay",
        "-T",
        "json",
        &fixture("tcp-checksum-offload.pcap"),
    ])
    .text();
    let unfinished = json
        .lines()
        .filter(|line| line.contains("unfinished"))
        .count();
    assert!(unfinished > 0, "{json}");
    let expected = format!("mind what limits conclusions:\n  - {unfinished} frame");
    assert!(offloaded.contains(&expected), "not {expected}: {offloaded}");
    let said = of("demo.pcap", &[]);
    assert!(said.starts_with("netinspect: 29 frames passed"), "{said}");
    let one_way = of("demo.pcap", &["-f", "tcp and src host 10.9.0.1"]);
    assert!(
        one_way.contains("only one direction of 2 TCP connections"),
        "{one_way}"
    );
}

/// An option that says how to capture would be no filter of a file, however much it looks like one.
#[test]
fn how_to_capture_is_not_said_of_files() {
    let path = fixture("demo.pcap");
    let cases: [&[&str]; 6] = [
        &["check", "-E", "none(tcp)", "--direction", "in"],
        &["connections", "--direction", "both"],
        &["stats", "-s", "20"],
        &["alerts", "--buffer-size", "1MB"],
        &["alerts", "--confirm"],
        &["arp", "watch", "-p", "-r"],
    ];
    for arguments in cases {
        let done = run(&[arguments, &[path.as_str()]].concat());
        assert_eq!(done.code, Some(2), "{arguments:?}: {}", done.stderr);
        assert!(
            done.stderr.contains("is for interfaces (-i)"),
            "{}",
            done.stderr
        );
        assert_eq!(done.text(), "", "{arguments:?}");
    }
}
