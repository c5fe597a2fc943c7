//! `diff`: what is told of two captures, in which form, with which exit code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Run, fixture, fixtures, run};

fn diff(good: &str, bad: &str, more: &[&str]) -> Run {
    run(&[&["diff", good, bad], more].concat())
}

fn objects(run: &Run) -> Vec<Value> {
    let text = run.text();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// What is told, by name and subject.
fn told(run: &Run) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    objects(run)
        .iter()
        .map(|object| (text(&object["difference"]), text(&object["subject"])))
        .collect()
}

/// A copy of a fixture without the frames that match.
fn without(folder: &TempDir, name: &str, filter: &str) -> PathBuf {
    let copy = folder.path().join("copy.pcap");
    let path = copy.to_string_lossy().into_owned();
    let filter = format!("!({filter})");
    let made = run(&["replay", "-q", &fixture(name), "-Y", &filter, "-w", &path]);
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    copy
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn a_bad_morning_as_people_see_it() {
    let run = diff(&fixture("diff-good.pcap"), &fixture("diff-bad.pcap"), &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    insta::assert_snapshot!("bad_morning", run.text());
    assert!(
        run.stderr
            .contains("differences: 7 critical, 2 warning, 2 info"),
        "{}",
        run.stderr
    );
}

/// No fixture differs from itself, whatever it holds; one that is damaged still says so.
#[test]
fn nothing_differs_from_itself() {
    for name in fixtures() {
        let file = fixture(&name);
        let run = diff(&file, &file, &["-q"]);
        let alone = crate::support::run(&["replay", "-q", &file]);
        assert_eq!(run.code, alone.code, "{name}: {}", run.stderr);
        if matches!(run.code, Some(0 | 4)) {
            assert_eq!(run.text(), "no differences\n", "{name}");
        }
    }
}

/// Each way round: what fails now worked before, what is new is gone.
#[test]
fn the_other_way_round_it_is_better() {
    let (good, bad) = (fixture("diff-good.pcap"), fixture("diff-bad.pcap"));
    let (worse, better) = (
        told(&diff(&good, &bad, &["-T", "json"])),
        told(&diff(&bad, &good, &["-T", "json"])),
    );
    let opposite = |name: &str| match name {
        "connection-fails" => "connection-works".to_owned(),
        "unanswered" => "answered".to_owned(),
        "slower" => "faster".to_owned(),
        "host-new" => "host-gone".to_owned(),
        "host-gone" => "host-new".to_owned(),
        name => name.to_owned(),
    };
    let turned: BTreeSet<_> = worse
        .into_iter()
        .map(|(name, subject)| (opposite(&name), subject))
        .collect();
    assert_eq!(turned, better);
}

/// Takes something out of a capture, and expects that this is told and nothing else.
#[test]
fn what_is_taken_out_is_what_is_told() {
    /// A difference's name and subject.
    type Named = (&'static str, &'static str);
    let cases: &[(&str, &str, &[Named])] = &[
        (
            "arp-exchange.pcap",
            "arp.opcode == 2 and arp.src.proto_ipv4 == 10.9.0.2",
            &[("unanswered", "ARP for 10.9.0.2")],
        ),
        (
            "icmp-ping.pcap",
            "icmp.type == 0",
            &[("unanswered", "ping of 10.9.0.2")],
        ),
        (
            // An error says that nobody listens; without it, nobody says anything.
            "demo.pcap",
            "icmp",
            &[
                ("protocol-gone", "icmp"),
                (
                    "fails-otherwise",
                    "10.9.0.1 → 10.9.0.2 UDP port 9 (discard)",
                ),
            ],
        ),
        (
            "tcp-handshake-close.pcap",
            "tcp.flags != 0x002",
            &[
                ("connection-fails", "10.9.0.1 → 10.9.0.2 port 7000 (afs)"),
                ("host-gone", "10.9.0.2"),
            ],
        ),
        (
            "dhcp.pcap",
            "dhcp.option.dhcp == 5",
            &[("unanswered", "DHCP REQUEST")],
        ),
    ];
    let folder = folder();
    for (fixture_name, filter, expected) in cases {
        let less = without(&folder, fixture_name, filter);
        let run = diff(&fixture(fixture_name), &name(&less), &["-q", "-T", "json"]);
        let expected: BTreeSet<_> = expected
            .iter()
            .map(|(kind, subject)| ((*kind).to_owned(), (*subject).to_owned()))
            .collect();
        assert_eq!(told(&run), expected, "{fixture_name} without {filter}");
        assert_eq!(run.code, Some(1));
    }
}

#[test]
fn an_alert_that_is_new_is_told_and_one_in_both_is_not() {
    let (quiet, flood) = (fixture("busy-server.pcap"), fixture("syn-flood.pcap"));
    let alerts = |good: &str, bad: &str| -> Vec<String> {
        let all = told(&diff(good, bad, &["-q", "-T", "json"]));
        let names = all.into_iter().map(|(name, _)| name);
        names.filter(|name| name.starts_with("alert")).collect()
    };
    assert_eq!(alerts(&quiet, &flood), ["alert-new"]);
    assert_eq!(alerts(&flood, &quiet), ["alert-gone"]);
    assert_eq!(alerts(&flood, &flood), [""; 0]);
}

#[test]
fn json_has_the_keys_that_the_page_lists_and_frames_that_are_there() {
    let (good, bad) = (fixture("diff-good.pcap"), fixture("diff-bad.pcap"));
    let found = objects(&diff(&good, &bad, &["-q", "-T", "json"]));
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/diff.md"))
        .expect("docs/diff.md");
    for object in &found {
        for (key, _) in object.as_object().expect("an object") {
            assert!(
                page.contains(&format!("`{key}`")),
                "docs/diff.md lacks {key}"
            );
        }
        let kind = object["difference"].as_str().expect("a name");
        assert!(
            page.contains(&format!("`{kind}`")),
            "docs/diff.md lacks {kind}"
        );
        // Its filter shows the frames, in whichever capture has them.
        let filter = object["filter"].as_str().expect("a filter");
        for (side, file) in [("good", &good), ("bad", &bad)] {
            let Some(first) = object[side]["first_frame"].as_u64() else {
                continue;
            };
            let shown = run(&["replay", file, "-Y", filter, "-e", "frame.number"]);
            assert_eq!(shown.code, Some(0), "{filter}: {}", shown.stderr);
            let numbers = shown.text();
            assert!(
                numbers.lines().any(|line| line == first.to_string()),
                "{filter} does not show frame {first} of {file}"
            );
        }
    }
    assert_eq!(found.len(), 11);
}

#[test]
fn less_severe_ones_can_be_left_out() {
    let (good, bad) = (fixture("diff-good.pcap"), fixture("diff-bad.pcap"));
    let run = diff(&good, &bad, &["-q", "-T", "json", "--severity", "critical"]);
    let found = objects(&run);
    assert_eq!((run.code, found.len()), (Some(1), 7));
    assert!(found.iter().all(|object| object["severity"] == "critical"));
    let (arp, icmp) = (fixture("demo.pcap"), fixture("http.pcap"));
    let run = diff(&arp, &icmp, &["-q", "--severity", "critical"]);
    assert_eq!(
        (run.code, run.text().as_str()),
        (Some(0), "no differences\n")
    );
}

#[test]
fn frames_can_be_chosen_in_both() {
    let (good, bad) = (fixture("diff-good.pcap"), fixture("diff-bad.pcap"));
    for filter in [["-f", "icmp"], ["-Y", "icmp"]] {
        let run = diff(&good, &bad, &[&["-q", "-T", "json"][..], &filter].concat());
        let expected = [
            ("host-gone".to_owned(), "10.9.0.2".to_owned()),
            ("unanswered".to_owned(), "ping of 10.9.0.2".to_owned()),
        ];
        assert_eq!(told(&run), BTreeSet::from(expected), "{filter:?}");
    }
}

#[test]
fn a_damaged_file_is_compared_as_far_as_it_goes() {
    let (whole, cut) = (
        fixture("pcap-le-micro.pcap"),
        fixture("pcap-cut-in-record.pcap"),
    );
    let run = diff(&whole, &cut, &[]);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains("damaged at byte"), "{}", run.stderr);
    assert!(!run.text().is_empty());
}

#[test]
fn what_can_not_be_read_is_not_compared() {
    let file = fixture("demo.pcap");
    for files in [["nowhere.pcap", &file], [&file, "nowhere.pcap"]] {
        let run = diff(files[0], files[1], &[]);
        assert_eq!(
            (run.code, run.text().as_str()),
            (Some(5), ""),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("nowhere.pcap"), "{}", run.stderr);
    }
    let run = diff("-", "-", &[]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    let run = diff(&file, &file, &["-Y", "nonsense ="]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
}

/// Names out of DNS are in what is told.
#[test]
fn names_off_the_wire_are_escaped() {
    let folder = folder();
    let less = without(&folder, "escapes.pcap", "dns");
    for (good, bad) in [
        (fixture("escapes.pcap"), name(&less)),
        (name(&less), fixture("escapes.pcap")),
    ] {
        for more in [&["-q"][..], &["-q", "-T", "json"]] {
            let text = diff(&good, &bad, more).text();
            let is_raw = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(is_raw), "{text:?}");
        }
    }
}
