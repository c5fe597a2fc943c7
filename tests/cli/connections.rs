//! `connections`, from outside.

use std::fs;

use crate::support::{fixture, run};

/// Runs it over a fixture, the summary left out; it must end well.
fn shown(name: &str, options: &[&str]) -> String {
    let path = fixture(name);
    let mut arguments = vec!["connections", "-q", path.as_str()];
    arguments.extend(options);
    let done = run(&arguments);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(done.stderr, "", "{name}");
    done.text()
}

#[test]
fn the_table_fits_a_narrow_terminal() {
    for name in ["demo.pcap", "http.pcap", "tcp-half-close.pcap"] {
        let table = shown(name, &[]);
        let tcp = table.split("\n\n").next().unwrap_or_default();
        let widest = tcp.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{name}:\n{table}");
    }
    insta::assert_snapshot!(shown("demo.pcap", &[]));
}

#[test]
fn all_columns() {
    insta::assert_snapshot!(shown("tcp-trouble.pcap", &["--wide"]));
}

#[test]
fn of_a_file_that_cannot_be_read_no_ladder_is_missed() {
    let done = run(&["connections", "-q", "/no/such/file", "--ladder", "0"]);
    assert_eq!(done.code, Some(5), "{}", done.stderr);
    assert!(
        !done.stderr.contains("no TCP connection"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_ladder_marks_what_went_wrong() {
    insta::assert_snapshot!(shown("tcp-trouble.pcap", &["--ladder", "0"]));
}

#[test]
fn a_ladder_tells_the_steps_of_handshake_and_close() {
    let ladder = shown("tcp-half-close.pcap", &["--ladder", "0"]);
    let steps = [
        "handshake, step 1 of 3",
        "handshake, step 2 of 3",
        "handshake, step 3 of 3",
        "close, step 1 of 4",
        "close, step 2 of 4: half-closed, the server may still send",
        "close, step 3 of 4",
        "close, step 4 of 4",
    ];
    let mut rest = ladder.as_str();
    for step in steps {
        let at = rest.find(step);
        let at = at.unwrap_or_else(|| panic!("no '{step}' there: {ladder}"));
        rest = &rest[at..];
    }
    let widest = ladder.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{ladder}");
}

#[test]
fn zeeks_log() {
    insta::assert_snapshot!(shown("demo.pcap", &["-T", "zeek"]));
    let states = |name| {
        let log = shown(name, &["-T", "zeek"]);
        let rows = log.lines().filter(|line| !line.starts_with('#'));
        let state = |row: &str| row.split('\t').nth(11).unwrap_or_default().to_owned();
        rows.map(state).collect::<Vec<_>>()
    };
    assert_eq!(states("tcp-refused-and-reset.pcap"), ["REJ", "RSTO"]);
    assert_eq!(states("tcp-half-close.pcap"), ["SF"]);
}

#[test]
fn zeek_names_no_service_from_the_middle() {
    let services = |options: &[&str]| {
        let log = shown("http.pcap", &[&["-T", "zeek"], options].concat());
        let rows = log.lines().filter(|line| !line.starts_with('#'));
        let service = |row: &str| row.split('\t').nth(7).unwrap_or_default().to_owned();
        rows.map(service).collect::<Vec<_>>()
    };
    let count = services(&[]).len();
    assert_eq!(services(&[]), vec!["http"; count]);
    let behind = ["-f", "tcp[tcpflags] & tcp-syn == 0"];
    assert_eq!(services(&behind), vec!["-"; count]);
}

#[test]
fn whoever_talks_over_ip_is_listed() {
    insta::assert_snapshot!(shown("announcements.pcap", &[]));
    // A report to a group answers nobody; 253 has no name.
    insta::assert_snapshot!(shown("ipv6-extensions.pcap", &[]));
    let log = shown("announcements.pcap", &["-T", "zeek"]);
    let rows = log
        .lines()
        .filter(|line| line.contains("unknown_transport"));
    let told = rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        (cells[3], cells[5], cells[11], cells[16], cells[21])
    });
    // Zeek has no connections of ESP (50).
    let row = |number| ("0", "0", "OTH", "1", number);
    assert_eq!(
        told.collect::<Vec<_>>(),
        ["89", "112", "103", "132", "2"].map(row)
    );
}

/// A capture of IPv4 packets, a second apart.
fn capture_of(packets: &[Vec<u8>]) -> Vec<u8> {
    const HEADER: [u32; 6] = [0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 101];
    let mut bytes = HEADER.map(u32::to_le_bytes).concat();
    for (packet, second) in packets.iter().zip(1..) {
        let len = packet.len() as u32;
        bytes.extend([second, 0, len, len].map(u32::to_le_bytes).concat());
        bytes.extend(packet);
    }
    bytes
}

#[test]
fn only_what_nobody_answered_is_unreachable() {
    const PORT: u8 = 3;
    const FRAGMENTATION_NEEDED: u8 = 4;
    let datagram = |from: u8, to: u8| {
        let mut packet = vec![0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0];
        packet.extend([
            10, 9, 0, from, 10, 9, 0, to, 0x9c, 0x40, 0x9c, 0x40, 0, 8, 0, 0,
        ]);
        packet
    };
    let error = |code: u8, about: Vec<u8>| {
        let mut packet = vec![
            0x45, 0, 0, 56, 0, 1, 0, 0, 64, 1, 0, 0, 10, 9, 0, 9, 10, 9, 0, 1,
        ];
        packet.extend([3, code, 0, 0, 0, 0, 0, 0]);
        packet.extend(about);
        packet
    };
    let (asked, answer) = (datagram(1, 2), datagram(2, 1));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("errors.pcap");
    let path = path.to_str().expect("a path of characters");
    for (expected, packets) in [
        (
            "unreachable",
            vec![asked.clone(), error(PORT, asked.clone())],
        ),
        // Who asked does not listen any more.
        (
            "both ways",
            vec![asked.clone(), answer.clone(), error(PORT, answer)],
        ),
        // It is to be sent in smaller packets.
        (
            "one way",
            vec![asked.clone(), error(FRAGMENTATION_NEEDED, asked)],
        ),
    ] {
        fs::write(path, capture_of(&packets)).expect("room");
        let told = run(&["connections", "-q", "-T", "csv", path]).text();
        let udp = told.lines().find(|line| line.starts_with("udp"));
        let udp = udp.unwrap_or_default();
        assert!(udp.contains(expected), "{expected}: {told}");
    }
}

/// OSPF's packet in the fixture, as if it were of another protocol.
#[test]
fn what_is_not_decoded_has_its_name_everywhere() {
    const PROTOCOL: usize = 202 + 16 + 14 + 9;
    let mut capture = fs::read(fixture("announcements.pcap")).expect("the fixture");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.pcap");
    let path = path.to_str().expect("a path of characters");
    assert_eq!(capture[PROTOCOL], 89);
    for (number, in_line, in_table) in [
        (46, "  protocol 46 (RSVP) len=", " RSVP  "),
        (253, "  protocol 253 len=", " IP 253  "),
    ] {
        capture[PROTOCOL] = number;
        fs::write(path, &capture).expect("room");
        let line = run(&["replay", path]).text();
        assert!(line.contains(in_line), "{line}");
        let table = run(&["connections", "-q", path]).text();
        assert!(table.contains(in_table), "{table}");
    }
}

#[test]
fn all_fragments_count() {
    // Ten frames each: what is too large the kernel cut up.
    for name in ["ip-fragments.pcap", "ip-fragments-v6.pcap"] {
        let told = shown(name, &["-T", "json"]);
        let objects = told
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object a line"));
        let frames = |object: serde_json::Value| {
            let of = |end: &str| object[end]["frames"].as_u64();
            of("client")
                .zip(of("server"))
                .map(|(one, other)| one + other)
        };
        assert_eq!(
            objects.filter_map(frames).sum::<u64>(),
            10,
            "{name}: {told}"
        );
    }
    // Fragments within fragments among them.
    let told = |name| run(&["connections", &fixture(name)]).stderr;
    let left_out = "not counted for any conversation:";
    let told = [told("fragments.pcap"), told("fragments-odd.pcap")];
    assert!(!told[0].contains(left_out), "{told:?}");
    assert!(
        told[1].contains(&format!("{left_out} 3 fragments;")),
        "{told:?}"
    );
}

#[test]
fn what_was_captured_twice_is_told() {
    let once = fs::read(fixture("tcp-half-close.pcap")).expect("the fixture");
    let (header, mut rest) = once.split_at(24);
    let mut twice = header.to_vec();
    while let Some((record, _)) = rest.split_at_checked(16) {
        let captured = u32::from_le_bytes(record[8..12].try_into().expect("four bytes"));
        let (record, others) = rest.split_at(16 + captured as usize);
        twice.extend([record, record].concat());
        rest = others;
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), twice).expect("written");
    let told = |path: &str| run(&["connections", path]).stderr;
    let (once, twice) = (
        told(&fixture("tcp-half-close.pcap")),
        told(&file.path().display().to_string()),
    );
    assert!(!once.contains("captured twice"), "{once}");
    assert!(twice.contains("segments captured twice, as"), "{twice}");
}

#[test]
fn csv_has_a_cell_for_each_name() {
    for name in ["demo.pcap", "announcements.pcap"] {
        let text = shown(name, &["-T", "csv"]);
        let cells = |line: &str| line.trim_end().split(',').count();
        let mut lines = text.lines();
        let header = cells(lines.next().unwrap_or_default());
        assert!(lines.all(|line| cells(line) == header), "{text}");
    }
}

#[test]
fn the_most_comes_first() {
    let first = |by| {
        let table = shown("http.pcap", &["--sort", by]);
        let row = table.lines().nth(3).unwrap_or_default().to_owned();
        row.split_whitespace().next().unwrap_or_default().to_owned()
    };
    assert_eq!([first("start"), first("rtt")], ["0", "0"]);
    assert_eq!([first("bytes"), first("duration")], ["1", "0"]);
    assert_eq!([first("wait"), first("retransmissions")], ["0", "0"]);
}

#[test]
fn a_picture_is_well_formed_and_escaped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ladder.svg");
    let file = path.display().to_string();
    let said = shown("tls-hello.pcap", &["--ladder", "0", "--svg", &file]);
    assert_eq!(said, "", "the picture is in the file");
    let picture = fs::read_to_string(&path).expect("the picture");
    assert!(picture.starts_with("<?xml") && picture.trim_end().ends_with("</svg>"));
    assert!(picture.contains("www.lab.test"), "{picture}");
    // Every element is closed, in order.
    let mut open = Vec::new();
    for piece in picture.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        let name = |tag: &str| tag.split_whitespace().next().unwrap_or_default().to_owned();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name(closed)), "{tag}");
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(name(tag));
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn names_off_the_wire_are_escaped() {
    for options in [
        &[][..],
        &["--wide"],
        &["-T", "json"],
        &["-T", "csv"],
        &["-T", "zeek"],
        &["--ladder", "0"],
    ] {
        let text = shown("escapes.pcap", options);
        let raw = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r'));
        assert_eq!(raw, None, "{options:?}");
    }
}

#[test]
fn what_is_not_there_is_said() {
    let path = fixture("http.pcap");
    let none = run(&["connections", "-q", &path, "--ladder", "7"]);
    assert_eq!((none.code, none.stdout.len()), (Some(1), 0));
    assert!(
        none.stderr.contains("no TCP connection 7"),
        "{}",
        none.stderr
    );
    let both = run(&["connections", "-q", &path, "-T", "json", "--sort", "rtt"]);
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    let damaged = run(&["connections", "-q", &fixture("pcap-cut-in-record.pcap")]);
    assert_eq!(damaged.code, Some(4));
    assert!(!damaged.stdout.is_empty(), "what could be read is shown");
}

#[test]
fn what_is_given_up_to_bound_memory_is_counted() {
    let done = run(&[
        "connections",
        &fixture("demo.pcap"),
        "--max-connections",
        "2",
    ]);
    assert_eq!(done.code, Some(0));
    assert!(done.stderr.contains("to bound memory"), "{}", done.stderr);
    let rows = run(&[
        "connections",
        "-q",
        &fixture("demo.pcap"),
        "-T",
        "json",
        "--max-connections",
        "2",
    ]);
    assert_eq!(rows.lines(), 9, "given up early, but told");
}

#[test]
fn a_flood_is_a_row() {
    let table = shown("syn-flood.pcap", &[]);
    assert_eq!(table.matches("unanswered").count(), 17, "{table}");
    let row = table.lines().last().unwrap_or_default();
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(
        words[..5],
        ["TCP", "many", "10.9.0.2:80", "unanswered", "284"],
        "{table}"
    );
    // The connection that came about has its own.
    assert!(table.contains("10.9.0.1:50000"), "{table}");
    let each = shown("syn-flood.pcap", &["--each"]);
    assert_eq!(each.matches("unanswered").count(), 300);
    // Programs get them all.
    let json = shown("syn-flood.pcap", &["-T", "json"]);
    assert_eq!(json.lines().count(), 301);
}

#[test]
fn only_the_slowest() {
    let path = fixture("http.pcap");
    let done = run(&["connections", "-q", &path, "--sort", "rtt", "--top", "1"]);
    assert_eq!(done.text().lines().count(), 4, "{}", done.text());
    assert!(
        done.stderr.contains("1 more conversation"),
        "{}",
        done.stderr
    );
    let usage = run(&["connections", "-T", "json", "--top", "1", &path]);
    assert_eq!(usage.code, Some(2));
}

/// Where there is room for few rows, those that come first are in the table, not those that are over first.
#[test]
fn what_comes_first_is_in_the_table_however_late_it_came() {
    let path = fixture("syn-flood.pcap");
    let table = |options: &[&str]| {
        let mut arguments = vec!["connections", "-q", &path, "--each"];
        arguments.extend(options);
        let done = run(&arguments);
        assert_eq!(done.code, Some(0), "{}", done.stderr);
        let table = done.text();
        let rows = table.lines().skip(3);
        let number = |row: &str| row.split_whitespace().next().map(str::to_owned);
        (rows.filter_map(number).collect::<Vec<_>>(), done.stderr)
    };
    // The last of 301 carries the most.
    let (rows, said) = table(&["--max-connections", "3", "--sort", "bytes"]);
    assert_eq!(rows, ["300", "0", "1"]);
    assert!(said.contains("298 more conversations"), "{said}");
    assert!(said.contains("it has room for 3"), "{said}");
    let (rows, said) = table(&["--top", "2", "--sort", "bytes"]);
    assert_eq!(rows, ["300", "0"]);
    assert!(said.contains("299 more conversations; --top"), "{said}");
    let (rows, _) = table(&["--max-connections", "3"]);
    assert_eq!(rows, ["0", "1", "2"]);
    let (rows, said) = table(&["--max-connections", &usize::MAX.to_string()]);
    assert_eq!((rows.len(), said.as_str()), (301, ""));
    let (rows, said) = table(&["--top", "0"]);
    assert_eq!(rows, [""; 0]);
    assert!(said.contains("301 more conversations"), "{said}");
}

#[test]
fn attempts_alike_have_as_many_rows_as_are_wanted() {
    let path = fixture("syn-flood.pcap");
    let done = run(&["connections", "-q", &path, "--top", "0"]);
    assert_eq!((done.code, done.text().as_str()), (Some(0), ""));
    let rows = "1 more row of attempts alike; --top";
    assert!(done.stderr.contains(rows), "{}", done.stderr);
    let one = run(&["connections", "-q", &path, "--top", "1"]);
    let text = one.text();
    assert_eq!(text.matches("unanswered").count(), 2, "{text}");
    assert!(!one.stderr.contains("alike"), "{}", one.stderr);
}
