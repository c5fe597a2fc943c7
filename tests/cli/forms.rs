//! The forms frames are shown in: fields, CSV, JSON, bytes, times, colour.

use crate::support::{finish, fixture, fixtures, netinspect, run};

fn shown(name: &str, options: &[&str]) -> String {
    let path = fixture(name);
    let arguments = [&["replay", path.as_str()], options].concat();
    let run = run(&arguments);
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
    run.text()
}

#[test]
fn chosen_fields_are_tab_separated() {
    let text = shown(
        "arp-exchange.pcap",
        &[
            "-c3",
            "-e",
            "frame.number",
            "-e",
            "arp.opcode",
            "-e",
            "ip.src",
            "-e",
            "arp.src.hw_mac",
        ],
    );
    assert_eq!(
        text,
        "1\t1\t\t02:00:00:00:00:01\n2\t2\t\t00:1b:21:00:00:02\n3\t\t10.9.0.1\t\n"
    );
}

#[test]
fn a_layer_that_occurs_twice_gives_both_values() {
    // The second address is the one that the error quotes.
    let text = shown(
        "icmp-errors.pcap",
        &["-c2", "-e", "ip.src", "-e", "udp.dstport"],
    );
    assert_eq!(text, "10.9.0.1\t9\n10.9.0.2,10.9.0.1\t9\n");
}

/// Cells of a CSV row: commas inside quotes separate nothing.
fn cells(row: &str) -> usize {
    let mut quoted = false;
    let mut separates = |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    row.chars().filter(|c| separates(*c)).count() + 1
}

#[test]
fn csv_has_a_header_and_as_many_cells_in_every_row() {
    let text = shown("demo.pcap", &["-T", "csv"]);
    let columns: Vec<usize> = text.lines().map(cells).collect();
    assert_eq!(columns.len(), 30);
    assert!(
        columns.iter().all(|count| *count == columns[0]),
        "{columns:?}"
    );
    let chosen = shown(
        "demo.pcap",
        &["-T", "csv", "-c1", "-e", "frame.len", "-e", "eth.dst"],
    );
    assert_eq!(chosen, "frame.len,eth.dst\r\n42,ff:ff:ff:ff:ff:ff\r\n");
}

#[test]
fn json_is_one_object_a_line_for_every_fixture() {
    for name in fixtures() {
        let lines = run(&["replay", "--color", "never", &fixture(&name)]);
        let json = run(&["replay", "-T", "json", &fixture(&name)]);
        assert_eq!(json.lines(), lines.lines(), "{name}");
        for (number, line) in json.text().lines().enumerate() {
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(line);
            assert!(
                parsed.as_ref().is_ok_and(serde_json::Value::is_object),
                "{name} line {}: {parsed:?}: {line}",
                number + 1
            );
        }
    }
}

#[test]
fn json_of_a_question() {
    let text = shown(
        "arp-exchange.pcap",
        &[
            "-T",
            "json",
            "-c1",
            "-e",
            "frame.number",
            "-e",
            "arp.dst.proto_ipv4",
        ],
    );
    assert_eq!(
        text,
        "{\"frame.number\":1,\"arp.dst.proto_ipv4\":\"10.9.0.2\"}\n"
    );
    let whole = shown("arp-exchange.pcap", &["-T", "json", "-c1"]);
    for part in [
        "\"protocol\":\"arp\"",
        "\"arp.opcode\":1",
        "\"arp.dst.proto_ipv4\":\"10.9.0.2\"",
    ] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
}

#[test]
fn json_and_fields_agree() {
    let fields = shown("tcp-options.pcap", &["-e", "tcp.options.mss_val"]);
    let json = shown("tcp-options.pcap", &["-T", "json"]);
    for (number, (cell, object)) in fields.lines().zip(json.lines()).enumerate() {
        let in_json = object.contains(&format!("\"tcp.options.mss_val\":{cell}"));
        assert_eq!(
            in_json,
            !cell.is_empty(),
            "frame {}: {cell:?}: {object}",
            number + 1
        );
    }
}

const DUMP: &str = "\
1
      0000  ff ff ff ff ff ff 02 00  00 00 00 01 08 06 00 01  ................
      0010  08 00 06 04 00 01 02 00  00 00 00 01 0a 09 00 01  ................
      0020  00 00 00 00 00 00 0a 09  00 02                    ..........
      0–13 Ethernet · 14–41 ARP
2
      0000  02 00 00 00 00 01 00 1b  21 00 00 02 08 06 00 01  ........!.......
      0010  08 00 06 04 00 02 00 1b  21 00 00 02 0a 09 00 02  ........!.......
      0020  02 00 00 00 00 01 0a 09  00 01                    ..........
      0–13 Ethernet · 14–41 ARP
";

#[test]
fn a_dump_follows_its_frame() {
    assert_eq!(
        shown("pcap-le-micro.pcap", &["-x", "-c2", "-e", "frame.number"]),
        DUMP
    );
}

const TIMES: &str = "\
a: 1 22:13:20.123456 | 2 22:13:20.124456
ad: 1 2023-11-14 22:13:20.123456 | 2 2023-11-14 22:13:20.124456
u: 1 22:13:20.123456 | 2 22:13:20.124456
ud: 1 2023-11-14 22:13:20.123456 | 2 2023-11-14 22:13:20.124456
e: 1 1700000000.123456789 | 2 1700000000.124456789
r: 1 0.000000 | 2 0.001000
d: 1 0.000000 | 2 0.001000
";

#[test]
fn times_in_every_form() {
    let mut text = String::new();
    for form in ["a", "ad", "u", "ud", "e", "r", "d"] {
        let shown = shown("pcap-le-nano.pcap", &["-c2", "-t", form]);
        let time = |line: &str| {
            line.split(" ARP ")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let times: Vec<String> = shown.lines().map(time).collect();
        text.push_str(&format!("{form}: {}\n", times.join(" | ")));
    }
    assert_eq!(text, TIMES);
}

#[test]
fn the_time_zone_moves_local_times_only() {
    let at = |zone: &str, form: &str| {
        let path = fixture("pcap-le-micro.pcap");
        let mut command = netinspect();
        command.args(["replay", "-c1", "-t", form, &path]);
        finish(command.env("TZ", zone)).text()
    };
    assert_ne!(at("UTC", "ad"), at("Asia/Tokyo", "ad"));
    assert_eq!(at("UTC", "ud"), at("Asia/Tokyo", "ud"));
    assert_eq!(at("UTC", "e"), at("Asia/Tokyo", "e"));
}

#[test]
fn colour_is_for_terminals_or_who_asks() {
    let escapes = |options: &[&str], no_color: Option<&str>| {
        let path = fixture("demo.pcap");
        let mut command = netinspect();
        command.args(["replay", &path]).args(options);
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        finish(&mut command).stdout.contains(&0x1b)
    };
    assert!(!escapes(&[], None), "a pipe is no terminal");
    assert!(!escapes(&["--color", "never"], None));
    assert!(escapes(&["--color", "always"], None));
    assert!(!escapes(&["--color", "auto"], Some("1")));
    // Asked for on the command line, it wins over the environment.
    assert!(escapes(&["--color", "always"], Some("1")));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = shown("demo.pcap", &["--color", "never"]);
    let coloured = shown("demo.pcap", &["--color", "always"]);
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}
