//! Each crate that touches the outside is named in one place only.

use std::fs;
use std::path::Path;

use crate::{Source, none, planted, scan, sources};

/// A crate that touches the outside, and the files or folders below `src/` that may name it.
const OUTSIDE: [(&str, &[&str]); 19] = [
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("comfy_table", &["output/table.rs"]),
    ("etherparse", &["decode/"]),
    ("flate2", &["source/gzip.rs"]),
    ("indicatif", &["commands/progress.rs"]),
    (
        "jiff",
        &[
            "output/time.rs",
            "filter/display/literal.rs",
            "save/names.rs",
            "text/zone.rs",
        ],
    ),
    ("netlink_packet_core", &["net/"]),
    ("netlink_packet_route", &["net/"]),
    ("netlink_sys", &["net/"]),
    ("pcap", &["source/live/", "filter/capture.rs"]),
    ("pnet", &["net/"]),
    ("rusqlite", &["store/"]),
    (
        "rustix",
        &[
            "output/terminal.rs",
            "source/",
            "privilege/",
            "net/",
            "save/",
            "commands/attend.rs",
            "commands/signals.rs",
        ],
    ),
    ("signal_hook", &["commands/signals.rs"]),
    ("landlock", &["privilege/"]),
    ("nix", &["privilege/"]),
    ("seccompiler", &["privilege/"]),
];

/// Crates that only compute: anybody may use them.
const PURE: [&str; 13] = [
    "base64",
    "foldhash",
    "hashbrown",
    "indexmap",
    "itoa",
    "memchr",
    "regex",
    "serde",
    "serde_json",
    "sha1",
    "simple_dns",
    "thiserror",
    "toml",
];

fn broken(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let paths = scan::paths(source);
        for (name, places) in OUTSIDE {
            if places.iter().any(|place| source.path.starts_with(place)) || is_own(source, name) {
                continue;
            }
            let named = paths.iter().filter(|named| named.starts_with(&[name]));
            found.extend(named.map(|named| {
                format!(
                    "{}:{}: {} (belongs in {})",
                    source.path,
                    named.line,
                    named.text(),
                    places.join(" and ")
                )
            }));
        }
    }
    found
}

/// Whether `name` is a module of ours in this file (`source::pcap`), not the crate.
fn is_own(source: &Source, name: &str) -> bool {
    let declared = |line: &str| {
        let line = line.trim().trim_start_matches("pub ");
        line == format!("mod {name};")
    };
    source.text.lines().any(declared)
        || scan::paths(source).iter().any(|named| {
            let own = named.starts_with(&["super"]) || named.starts_with(&["crate"]);
            own && named.parts.last().is_some_and(|last| last == name)
        })
}

/// The names under `[dependencies]`, as code spells them.
fn dependencies() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let section = text.lines().skip_while(|line| *line != "[dependencies]");
    section
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .collect()
}

#[test]
fn crates_that_touch_the_outside_have_one_place() {
    none(
        &broken(&sources()),
        "a crate that touches the outside is named in one module only (architecture.md, rule 4):",
    );
}

#[test]
fn every_dependency_is_known_as_outside_or_pure() {
    let dependencies = dependencies();
    assert!(
        dependencies.len() > 5,
        "Cargo.toml was not read: {dependencies:?}"
    );
    let unknown: Vec<_> = dependencies
        .iter()
        .filter(|name| {
            !PURE.contains(&name.as_str()) && !OUTSIDE.iter().any(|(known, _)| known == name)
        })
        .collect();
    assert!(
        unknown.is_empty(),
        "say in this test where these belong: {unknown:?}"
    );
}

#[test]
fn a_planted_crate_in_the_wrong_place_is_caught() {
    let caught = |path, text| broken(&[planted(path, text)]).len();
    assert_eq!(caught("decode/arp.rs", "use pcap::Capture;"), 1);
    assert_eq!(
        caught("output/line.rs", "fn f() { pnet::datalink::interfaces(); }"),
        1
    );
    assert_eq!(caught("net/mod.rs", "use pnet::datalink;"), 0);
    // A module of ours with a crate's name.
    assert_eq!(
        caught(
            "source/gzip.rs",
            "use super::{pcap, X}; fn f(_: pcap::Reader) {}"
        ),
        0
    );
    assert_eq!(
        caught("save/mod.rs", "mod pcap;\nfn f() { pcap::push() }"),
        0
    );
}
