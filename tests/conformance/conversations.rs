//! Conversations and what is out of the ordinary about TCP segments, against tshark.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::oracle::{TSHARK, installed, output_of, rows, tshark_rows};
use crate::support::{fixture, fixture_path, fixtures, run};

/// Fixtures with frames that one program takes for a conversation's and the other does not.
const APART: &[(&str, &str, &str)] = &[
    ("fragments-odd.pcap", "udp", LATER),
    ("fragments.pcap", "udp", LATER),
    ("ip-fragments.pcap", "udp", LATER),
    ("ip-fragments-v6.pcap", "udp", LATER),
    ("ipv6-extensions.pcap", "udp", LATER),
    (
        "malformed.pcap",
        "tcp",
        "header lengths that can't be: tshark counts none of these",
    ),
    (
        "tcp-options-bad.pcap",
        "tcp",
        "options that lead nowhere: tshark gives up before it counts",
    ),
    (
        "truncated.pcap",
        "tcp",
        "headers cut by the snapshot length: tshark gives up before it counts",
    ),
];
const LATER: &str = "tshark counts one fragment of a packet, we count all";

/// Frames and bytes of one end.
type Sent = (String, u64, u64);

/// When it began, from the first frame of the capture, in microseconds, and both ends in order.
type Key = (i64, [Sent; 2]);

/// How long each lasted, in seconds: two connections may look alike.
type Conversations = BTreeMap<Key, Vec<f64>>;

fn add(all: &mut Conversations, mut ends: [Sent; 2], start: f64, duration: f64) {
    ends.sort();
    let key = ((start * 1e6).round() as i64, ends);
    all.entry(key).or_default().push(duration);
}

/// tshark writes durations to a tenth of a millisecond.
fn same_durations(ours: &Conversations, theirs: &Conversations) -> bool {
    let near = |(a, b): (&Vec<f64>, &Vec<f64>)| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.000_11)
    };
    ours.values().zip(theirs.values()).all(near)
}

const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// Those of each protocol. tshark rounds bytes off beyond some thousands, so that nothing larger may be compared.
fn of_tshark(path: &Path) -> [Conversations; 3] {
    let mut command = Command::new("tshark");
    command.args(TSHARK).arg("-q");
    for protocol in PROTOCOLS {
        command.arg("-z").arg(format!("conv,{protocol}"));
    }
    let text = output_of(command.arg("-r").arg(path));
    // A table each, with its protocol's name above, in an order of tshark's own.
    PROTOCOLS.map(|protocol| {
        let heading = format!("{} Conversations", protocol.to_uppercase());
        let own = text.lines().skip_while(|line| *line != heading).skip(1);
        let table = own.take_while(|line| !line.ends_with(" Conversations"));
        conversations_in(table)
    })
}

fn conversations_in<'a>(table: impl Iterator<Item = &'a str>) -> Conversations {
    let mut all = Conversations::new();
    for line in table.filter(|line| line.contains("<->")) {
        let words: Vec<_> = line.split_whitespace().collect();
        // A <-> B, then frames, bytes and their unit from B, from A, and in all.
        let number = |at: usize| words[at].parse().unwrap_or_else(|_| panic!("{line}"));
        let time = |at: usize| words[at].parse().unwrap_or_else(|_| panic!("{line}"));
        assert_eq!((words[5], words[8]), ("bytes", "bytes"), "{line}");
        add(
            &mut all,
            [
                (words[0].to_owned(), number(6), number(7)),
                (words[2].to_owned(), number(3), number(4)),
            ],
            time(12),
            time(13),
        );
    }
    all
}

fn ours(name: &str, protocol: &str) -> Conversations {
    let mut all = Conversations::new();
    let path = fixture(name);
    let first = run(&["replay", "-c", "1", "-e", "frame.time_epoch", &path]);
    let first: f64 = first.text().trim().parse().unwrap_or_default();
    let told = run(&["connections", "-q", "-T", "json", &path]);
    for line in told.text().lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("an object a line");
        if object["protocol"] != protocol {
            continue;
        }
        let end = |which: &str| {
            let end = &object[which];
            let address = end["address"].as_str().unwrap_or_default();
            (
                format!("{address}:{}", end["port"]),
                end["frames"].as_u64().unwrap_or_default(),
                end["bytes"].as_u64().unwrap_or_default(),
            )
        };
        let start = object["start"].as_str().and_then(|text| text.parse().ok());
        let duration = object["duration"].as_f64().expect("a number");
        let ends = [end("client"), end("server")];
        add(&mut all, ends, start.unwrap_or(first) - first, duration);
    }
    all
}

#[test]
fn tshark_counts_the_same_in_each_conversation() {
    if !installed("tshark") {
        return;
    }
    let mut compared = 0;
    for name in fixtures() {
        for (protocol, theirs) in PROTOCOLS.iter().zip(of_tshark(&fixture_path(&name))) {
            let ours = ours(&name, protocol);
            if APART
                .iter()
                .any(|(file, of, _)| (*file, of) == (&*name, protocol))
            {
                assert_ne!(ours, theirs, "{name}: the same now: take it off the list");
                continue;
            }
            // A custom block that tshark takes for a frame is none (known.rs, COUNTS).
            if !name.starts_with("pcapng-") {
                let keys = |all: &Conversations| all.keys().cloned().collect::<Vec<_>>();
                assert_eq!(keys(&ours), keys(&theirs), "{name}: {protocol}");
                let alike = same_durations(&ours, &theirs);
                assert!(alike, "{name}: {protocol}: {ours:?} {theirs:?}");
                compared += theirs.len();
            }
        }
    }
    assert!(compared > 60, "only {compared} conversations were compared");
}

/// Fixtures with packets that tshark names, and we don't, or the other way round.
const NAMED_APART: &[(&str, &str)] = &[
    ("fragments-odd.pcap", FRAGMENTS),
    ("fragments.pcap", FRAGMENTS),
    ("ip-fragments.pcap", FRAGMENTS),
    (
        "ipv6-extensions.pcap",
        "protocol 253, between whose ends tshark names nothing",
    ),
    ("malformed.pcap", NO_PORTS),
    ("truncated.pcap", NO_PORTS),
    ("pcapng-be.pcapng", NO_PORTS),
    ("pcapng-le.pcapng", NO_PORTS),
    ("pcapng-le.pcapng.gz", NO_PORTS),
    ("pcapng-simple-snaplen.pcapng", NO_PORTS),
];
const FRAGMENTS: &str = "a name without ports for what follows the first fragment";
const NO_PORTS: &str = "a name without ports where the header that has them is cut";

#[test]
fn conversations_have_the_community_ids_that_tshark_gives_them() {
    if !installed("tshark") {
        return;
    }
    let mut compared = 0;
    for name in fixtures() {
        let told = output_of(
            Command::new("tshark")
                .args(TSHARK)
                .args(["--enable-protocol", "communityid"])
                .args(["-T", "fields", "-e", "communityid", "-r"])
                .arg(fixture_path(&name)),
        );
        let theirs: BTreeSet<&str> = told
            .split([',', '\n'])
            .filter(|id| !id.is_empty())
            .collect();
        let told = run(&["connections", "-q", "-T", "json", &fixture(&name)]);
        let told = told.text();
        let ours = told.lines().filter_map(|line| {
            let object: serde_json::Value = serde_json::from_str(line).expect("an object a line");
            Some(object["community_id"].as_str()?.to_owned())
        });
        let ours: BTreeSet<String> = ours.collect();
        let same = ours.iter().map(String::as_str).eq(theirs.iter().copied());
        let is_apart = NAMED_APART.iter().any(|(file, _)| *file == name);
        assert_eq!(same, !is_apart, "{name}: {ours:?} {theirs:?}");
        compared += ours.len();
    }
    assert!(compared > 60, "only {compared} conversations were compared");
}

const ANALYSIS: &str = "flags retransmission fast_retransmission spurious_retransmission out_of_order lost_segment
    ack_lost_segment window_update window_full keep_alive keep_alive_ack duplicate_ack duplicate_ack_num
    duplicate_ack_frame zero_window zero_window_probe zero_window_probe_ack reused_ports acks_frame ack_rtt initial_rtt
    bytes_in_flight push_bytes_sent rto rto_frame";

#[test]
fn tshark_finds_the_same_out_of_the_ordinary() {
    if !installed("tshark") {
        return;
    }
    let names: Vec<String> = ANALYSIS
        .split_whitespace()
        .map(|name| format!("tcp.analysis.{name}"))
        .collect();
    let fields: Vec<&str> = names.iter().map(String::as_str).collect();
    let (mut compared, mut wrong) = (0, Vec::new());
    let files = fixtures().into_iter().filter(|name| {
        name.starts_with("tcp-")
            || ["http.pcap", "demo.pcap", "tls-hello.pcap"].contains(&name.as_str())
    });
    for name in files.filter(|name| name != "tcp-options-bad.pcap") {
        let theirs = tshark_rows(&fixture_path(&name), &fields);
        let path = fixture(&name);
        let mut arguments = vec!["replay", path.as_str()];
        arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
        let ours = rows(&run(&arguments).text());
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (frame, (our, their)) in (1..).zip(ours.iter().zip(&theirs)) {
            for (field, (our, their)) in fields.iter().zip(our.iter().zip(their)) {
                compared += usize::from(!their.is_empty());
                // A repeated field of a fast retransmission is one.
                let their = their.split(',').next().unwrap_or_default();
                if our != their {
                    wrong.push(format!(
                        "{name} frame {frame} {field}: ours {our:?}, tshark {their:?}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n  {}",
        wrong.len(),
        wrong.join("\n  ")
    );
    assert!(compared > 300, "only {compared} cells were compared");
}

/// The longest wait of each conversation of a protocol, by its number, in microseconds.
fn waits(name: &str, protocol: &str) -> BTreeMap<u64, u64> {
    let told = run(&["connections", "-q", "-T", "json", &fixture(name)]);
    let objects = told.text();
    let objects = objects
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object a line"));
    let own = objects.filter(|object| object["protocol"] == protocol);
    let wait = |object: serde_json::Value| {
        let seconds = object["longest_wait"].as_f64()?;
        Some((object["stream"].as_u64()?, (seconds * 1e6).round() as u64))
    };
    own.filter_map(wait).collect()
}

/// From seconds with nine digits behind the point.
fn nanos(text: &str) -> u64 {
    let digits = text.replace('.', "");
    digits.parse().expect("a number with a fraction")
}

/// Rounded as ours are.
fn micros(nanos: u64) -> u64 {
    (nanos + 500) / 1_000
}

#[test]
fn an_answer_takes_as_long_as_tshark_says() {
    if !installed("tshark") {
        return;
    }
    for (name, count) in [("udp-dns.pcap", 9), ("demo.pcap", 3), ("any-sll.pcap", 1)] {
        let mut theirs = BTreeMap::new();
        for row in tshark_rows(&fixture_path(name), &["udp.stream", "dns.time"]) {
            if let [stream, time] = &row[..]
                && !time.is_empty()
            {
                let longest = theirs.entry(stream.parse().expect("a number")).or_default();
                *longest = micros(nanos(time)).max(*longest);
            }
        }
        let mut ours = waits(name, "udp");
        ours.retain(|stream, _| theirs.contains_key(stream));
        assert_eq!((&ours, ours.len()), (&theirs, count), "{name}");
    }
    // What TCP carries has no such field: from the last data of the client to the next of the server.
    let fields = ["tcp.stream", "tcp.dstport", "tcp.len", "frame.time_epoch"];
    for (name, port, count) in [("http.pcap", "80", 2), ("demo.pcap", "80", 1)] {
        let (mut asked, mut theirs) = (BTreeMap::new(), BTreeMap::new());
        for row in tshark_rows(&fixture_path(name), &fields) {
            let [stream, to, len, time] = &row[..] else {
                panic!("four cells: {row:?}");
            };
            if len.is_empty() || len == "0" {
                continue;
            }
            let stream: u64 = stream.parse().expect("a number");
            if to == port {
                asked.insert(stream, nanos(time));
            } else if let Some(asked) = asked.remove(&stream) {
                let longest: &mut u64 = theirs.entry(stream).or_default();
                *longest = micros(nanos(time) - asked).max(*longest);
            }
        }
        assert_eq!(
            (waits(name, "tcp"), theirs.len()),
            (theirs.clone(), count),
            "{name}"
        );
    }
}
