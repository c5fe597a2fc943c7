//! `stats` against what tshark and capinfos count: protocols, addresses, conversations, sizes, the capture as a whole.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use netinspect::decode::{Kind, Osi};
use serde_json::Value;

use crate::oracle::{TSHARK, installed, output_of, tshark_is_4_0};
use crate::support::{fixture, fixture_path, fixtures, run};

/// Files whose statistics differ, and why. Each must differ, or leave this list.
const APART: &[(&str, &str)] = &[
    ("pcapng-le.pcapng", CUSTOM),
    ("pcapng-be.pcapng", CUSTOM),
    ("pcapng-le.pcapng.gz", CUSTOM),
    (
        "pcapng-escape-in-comment.pcapng",
        "tshark 4.0 leaves frames with comments out of the hierarchy",
    ),
    ("link-null.pcap", CUT),
    ("malformed.pcap", CUT),
    ("truncated.pcap", CUT),
    (
        "vlan-triple.pcap",
        "tshark 4.0 shows a service tag inside a service tag as one",
    ),
    (
        "link-raw.pcap",
        "an IP version that nobody knows, which we count as IPv4",
    ),
    ("fragments.pcap", FRAGMENTS),
    ("ip-fragments-v6.pcap", FRAGMENTS),
    ("ipv6-extensions.pcap", FRAGMENTS),
];

const CUSTOM: &str = "tshark 4.0 counts a custom block as a frame";
const FRAGMENTS: &str = "tshark leaves IPv6 fragments out of endpoints and conversations, and an authentication header \
     in IPv6 out of the hierarchy";
const CUT: &str = "a header that is not whole: we count the protocol and what can be read of it, tshark does not always";

/// What stands behind a name: counts, in the order that both programs give them.
type Counts = BTreeMap<String, Vec<u64>>;

/// One kind of statistics, as both tell it.
struct Pair {
    what: &'static str,
    ours: Counts,
    theirs: Counts,
}

fn compare(path: &Path, name: &str) -> Vec<Pair> {
    let mut command = Command::new("tshark");
    command.args(TSHARK).arg("-q");
    for taps in [
        "io,phs",
        "plen,tree",
        "endpoints,eth",
        "endpoints,ip",
        "endpoints,ipv6",
        "conv,ip",
        "conv,ipv6",
    ] {
        command.args(["-z", taps]);
    }
    let theirs = output_of(command.arg("-r").arg(path));
    let pair = |what, section: &str, key: &[&str], values: &[&str], theirs| Pair {
        what,
        ours: our_counts(name, section, key, values),
        theirs,
    };
    let exchange = [
        "frames",
        "bytes",
        "frames_sent",
        "bytes_sent",
        "frames_received",
        "bytes_received",
    ];
    let mut protocols = pair(
        "protocols",
        "protocols",
        &["path"],
        &["frames", "bytes"],
        hierarchy(&theirs),
    );
    protocols.ours.retain(|path, _| is_compared(path));
    vec![
        protocols,
        pair(
            "endpoints",
            "endpoints",
            &["address"],
            &exchange,
            endpoints(&theirs, &["IPv4 Endpoints", "IPv6 Endpoints"]),
        ),
        pair(
            "macs",
            "macs",
            &["address"],
            &exchange,
            endpoints(&theirs, &["Ethernet Endpoints"]),
        ),
        pair(
            "conversations",
            "conversations",
            &["a", "b"],
            &["frames_b_to_a", "frames_a_to_b", "frames"],
            conversations(&theirs),
        ),
        pair(
            "sizes",
            "sizes",
            &["shortest_of_class"],
            &["frames", "shortest", "longest"],
            sizes(&theirs),
        ),
    ]
}

/// Members of one section's rows by key, as numbers; what is null is 0.
fn our_counts(path: &str, section: &str, key: &[&str], values: &[&str]) -> Counts {
    let run = run(&["stats", "-q", "-T", "json", "--section", section, path]);
    assert!(matches!(run.code, Some(0 | 4)), "{path}: {}", run.stderr);
    let all: Value = serde_json::from_str(&run.text()).expect("JSON");
    let rows = all[section].as_array().expect("a list").iter();
    rows.map(|row| {
        let text = |name: &&str| {
            row[*name]
                .as_str()
                .map_or(row[*name].to_string(), str::to_owned)
        };
        let number = |name: &&str| row.get(*name).expect("a member").as_u64().unwrap_or(0);
        let key: Vec<String> = key.iter().map(text).collect();
        (key.join(" "), values.iter().map(number).collect())
    })
    .collect()
}

/// Up to the transport layer: what lies above, both programs guess in their own ways.
fn is_compared(path: &str) -> bool {
    path.split(':').all(|token| {
        let known = Kind::ALL.iter().find(|kind| kind.token() == token);
        known.is_some_and(|kind| kind.osi() <= Osi::Transport && *kind != Kind::Quic)
    })
}

fn hierarchy(text: &str) -> Counts {
    let mut path: Vec<&str> = Vec::new();
    let lines = text.lines().filter_map(|line| {
        let (name, counts) = line.trim_start().split_once("frames:")?;
        let depth = (line.len() - line.trim_start().len()) / 2;
        path.truncate(depth);
        path.push(name.trim());
        // Bytes without a link header: tshark calls them "raw", which is no protocol.
        let shown: Vec<&str> = path
            .iter()
            .copied()
            .filter(|token| *token != "raw")
            .collect();
        let (frames, bytes) = counts.split_once(" bytes:")?;
        Some((
            shown.join(":"),
            vec![frames.parse().ok()?, bytes.trim().parse().ok()?],
        ))
    });
    lines
        .filter(|(path, _)| !path.is_empty() && is_compared(path))
        .collect()
}

/// The lines of the tables with these titles, in cells.
fn tables<'a>(text: &'a str, titles: &[&str]) -> Vec<Vec<&'a str>> {
    let of = |title: &&str| {
        let table = text
            .split_once(&format!("{title}\n"))
            .map_or("", |(_, table)| table);
        let lines = table.lines().take_while(|line| !line.starts_with("===="));
        lines
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    titles.iter().flat_map(of).collect()
}

fn endpoints(text: &str, titles: &[&str]) -> Counts {
    let rows = tables(text, titles).into_iter();
    rows.filter_map(|cells| {
        let counts: Vec<u64> = cells
            .iter()
            .skip(1)
            .filter_map(|cell| cell.parse().ok())
            .collect();
        (cells.len() == 7 && counts.len() == 6).then(|| (cells[0].to_owned(), counts))
    })
    .collect()
}

/// Frames each way and both; bytes are rounded there.
fn conversations(text: &str) -> Counts {
    let rows = tables(text, &["IPv4 Conversations", "IPv6 Conversations"]).into_iter();
    rows.filter_map(|cells| {
        let &[a, "<->", b, ref counts @ ..] = cells.as_slice() else {
            return None;
        };
        let count = |index: usize| counts.get(index)?.parse().ok();
        let (to_a, to_b, both) = (count(0)?, count(3)?, count(6)?);
        let parse = |text: &str| text.parse::<std::net::IpAddr>().ok();
        let (key, to_a, to_b) = match parse(a)? <= parse(b)? {
            true => (format!("{a} {b}"), to_a, to_b),
            false => (format!("{b} {a}"), to_b, to_a),
        };
        Some((key, vec![to_a, to_b, both]))
    })
    .collect()
}

/// Frames, shortest and longest of each class.
fn sizes(text: &str) -> Counts {
    let lines = text.lines().filter_map(|line| {
        let line = line.strip_prefix(' ')?.replace("5120 and greater", "5120-");
        let cells: Vec<&str> = line.split_whitespace().collect();
        let (floor, _) = cells.first()?.split_once('-')?;
        let _: u64 = floor.parse().ok()?;
        let count = |index: usize| cells.get(index).map(|cell| cell.parse().unwrap_or(0));
        Some((floor.to_owned(), vec![count(1)?, count(3)?, count(4)?]))
    });
    lines.collect()
}

#[test]
fn tshark_counts_the_same() {
    if !installed("tshark") || !tshark_is_4_0() {
        return;
    }
    let mut wrong = Vec::new();
    let mut compared = 0;
    for name in fixtures() {
        let before = wrong.len();
        for pair in compare(&fixture_path(&name), &fixture(&name)) {
            compared += pair.theirs.len();
            // tshark says nothing of a capture without frames.
            let silent = pair.theirs.is_empty() && pair.ours.values().all(|counts| counts[0] == 0);
            if pair.ours != pair.theirs && !silent {
                wrong.push(format!(
                    "{name}: {}:\n    ours   {:?}\n    theirs {:?}",
                    pair.what, pair.ours, pair.theirs
                ));
            }
        }
        if let Some((_, why)) = APART.iter().find(|(file, _)| *file == name) {
            let differs = wrong.len() > before;
            wrong.truncate(before);
            if !differs {
                wrong.push(format!(
                    "{name} no longer differs ({why}): take it off the list"
                ));
            }
        }
    }
    assert!(compared > 500, "only {compared} counts were compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// More nanoseconds than a second has: capinfos takes them as they are, we carry them.
const OVERFLOW: &str = "pcap-time-overflow.pcap";

#[test]
fn capinfos_says_the_same_of_the_whole() {
    if !installed("capinfos") {
        return;
    }
    let mut compared = 0;
    for name in fixtures() {
        // -S: times since 1970; -M: the numbers themselves.
        let mut capinfos = Command::new("capinfos");
        capinfos.args([
            "-T", "-r", "-M", "-S", "-c", "-d", "-u", "-a", "-e", "-y", "-z", "-x",
        ]);
        let text = output_of(capinfos.arg(fixture_path(&name)));
        let theirs: Vec<&str> = text.trim_end().split('\t').collect();
        if theirs.len() < 9 || crate::known::COUNTS.iter().any(|(file, _)| *file == name) {
            continue;
        }
        if name == OVERFLOW {
            continue;
        }
        compared += 1;
        let ours = run(&[
            "stats",
            "-q",
            "-T",
            "csv",
            "--section",
            "overview",
            &fixture(&name),
        ])
        .text();
        let [header, row] = ours.lines().collect::<Vec<_>>()[..] else {
            panic!("{name}: {ours}");
        };
        let cells: BTreeMap<&str, &str> = header.split(',').zip(row.split(',')).collect();
        let say = |what: &str| format!("{name}, {what}: {ours}{text}");
        assert_eq!(cells["frames"], theirs[1], "{}", say("frames"));
        assert_eq!(cells["bytes"], theirs[2], "{}", say("bytes"));
        for (what, theirs) in [
            ("duration", theirs[3]),
            ("first", theirs[4]),
            ("last", theirs[5]),
        ] {
            let (ours, theirs) = (cells[what].parse::<f64>(), theirs.parse::<f64>());
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                // A float holds seconds since 1970 to a quarter of a microsecond.
                assert!((ours - theirs).abs() < 1e-6, "{}", say(what));
            }
        }
        if let (Ok(ours), Ok(theirs)) = (
            cells["mean_frame_size"].parse::<f64>(),
            theirs[7].parse::<f64>(),
        ) {
            assert!((ours - theirs).abs() < 0.006, "{}", say("mean size"));
        }
    }
    assert!(compared > 40, "capinfos read only {compared} files");
}
