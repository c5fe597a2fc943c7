//! Imports run one way, and no two modules import each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Source, none, planted, scan, sources};

/// Highest first: a module may import those of lower ranks. Some are planned and not there yet.
const RANKS: [&[&str]; 8] = [
    &["main"],
    &["cli"],
    &["commands"],
    &["pipeline", "check"],
    &[
        "source",
        "save",
        "net",
        "store",
        "output",
        "arp",
        "analysis",
        "filter",
        "privilege",
    ],
    &["fields"],
    &["decode"],
    &[
        "frame", "about", "batch", "bytes", "text", "error", "vendor", "service", "address",
    ],
];

/// Who may import a module of the same rank, and why.
const SIBLINGS: [(&str, &str, &str); 8] = [
    (
        "about",
        "frame",
        "interfaces have link types and counts have times",
    ),
    (
        "batch",
        "about",
        "what a capture says beside its frames travels with them",
    ),
    (
        "batch",
        "frame",
        "a batch is made of frames; frames know nothing of it",
    ),
    (
        "text",
        "frame",
        "a time is one of the things that are written",
    ),
    (
        "text",
        "bytes",
        "what was written is found again by its mixed key; bytes know nothing of text",
    ),
    (
        "output",
        "analysis",
        "statistics, tables and ladders are results like frames are; analysis knows nothing of forms",
    ),
    (
        "store",
        "analysis",
        "what is stored is what analysis found out; analysis knows nothing of it",
    ),
    (
        "store",
        "privilege",
        "root and others keep their tables in different places",
    ),
];

/// One module naming another, at a place.
struct Import {
    from: String,
    to: String,
    place: String,
}

fn imports(sources: &[Source]) -> Vec<Import> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.path != "lib.rs") {
        for named in scan::paths(source) {
            let Some(path) = named.rooted(source) else {
                continue;
            };
            let to = path.first().cloned().unwrap_or_default();
            if to != source.top() {
                found.push(Import {
                    from: source.top().to_owned(),
                    to,
                    place: format!("{}:{}: {}", source.path, named.line, named.text()),
                });
            }
        }
    }
    found
}

fn rank(module: &str) -> Option<usize> {
    RANKS.iter().position(|rank| rank.contains(&module))
}

fn broken(sources: &[Source]) -> Vec<String> {
    let judge = |import: &Import| {
        let Import { from, to, place } = import;
        let (Some(importer), Some(imported)) = (rank(from), rank(to)) else {
            return Some(format!(
                "{place}: '{from}' or '{to}' has no rank in this test; give it one"
            ));
        };
        let listed = SIBLINGS.iter().any(|(a, b, _)| a == from && b == to);
        match importer.cmp(&imported) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal if listed => None,
            std::cmp::Ordering::Equal => Some(format!(
                "{place}: {from} imports its sibling {to}, which is not in the list"
            )),
            std::cmp::Ordering::Greater => Some(format!(
                "{place}: {from} imports {to}, which stands above it"
            )),
        }
    };
    imports(sources).iter().filter_map(judge).collect()
}

/// The modules of one circle of imports, in order, or none.
fn circle(sources: &[Source]) -> Option<Vec<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for import in imports(sources) {
        edges.entry(import.from).or_default().insert(import.to);
    }
    let mut finished = BTreeSet::new();
    edges
        .keys()
        .find_map(|start| visit(start, &edges, &mut Vec::new(), &mut finished))
}

fn visit(
    at: &str,
    edges: &BTreeMap<String, BTreeSet<String>>,
    way: &mut Vec<String>,
    finished: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(seen) = way.iter().position(|module| module == at) {
        return Some(way[seen..].to_vec());
    }
    if finished.contains(at) {
        return None;
    }
    way.push(at.to_owned());
    let met = edges.get(at).into_iter().flatten();
    for next in met {
        if let Some(found) = visit(next, edges, way, finished) {
            return Some(found);
        }
    }
    way.pop();
    finished.insert(at.to_owned());
    None
}

#[test]
fn imports_run_one_way() {
    none(
        &broken(&sources()),
        "imports run one way (architecture.md, rule 1):",
    );
}

#[test]
fn modules_do_not_import_each_other_in_a_circle() {
    assert_eq!(circle(&sources()), None);
}

#[test]
fn every_module_has_a_rank() {
    let unranked: BTreeSet<String> = sources()
        .iter()
        .map(|source| source.top().to_owned())
        .filter(|module| module != "lib" && rank(module).is_none())
        .collect();
    assert_eq!(unranked, BTreeSet::new());
}

#[test]
fn listed_siblings_are_really_imported() {
    let all = imports(&sources());
    for (from, to, why) in SIBLINGS {
        let used = all
            .iter()
            .any(|import| import.from == from && import.to == to);
        assert!(
            used,
            "{from} no longer imports {to} ({why}): take it off the list"
        );
    }
}

#[test]
fn a_planted_upward_import_is_caught() {
    for (path, text) in [
        ("decode/tcp.rs", "use crate::fields::Value;"),
        ("decode/tcp.rs", "use super::super::output::Form;"),
        (
            "decode/tcp.rs",
            "use crate::{frame::Frame, source::{Files}};",
        ),
        ("decode/tcp.rs", "fn f() { crate::commands::report() }"),
        ("frame.rs", "use super::batch::Batch;"),
        ("source/pcap.rs", "use crate::save::Saver;"),
        (
            "pipeline/mod.rs",
            "pub mod inner { use super::super::cli; }",
        ),
        ("commands/mod.rs", "use crate::newcomer::Thing;"),
    ] {
        let found = broken(&[planted(path, text)]);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    }
    let fine = planted(
        "commands/x.rs",
        "use crate::pipeline; use super::print; use crate::decode::tcp;",
    );
    assert_eq!(broken(&[fine]), Vec::<String>::new());
}

#[test]
fn a_planted_circle_is_caught() {
    let files = [
        planted("save/mod.rs", "use crate::store::Store;"),
        planted("store/mod.rs", "use crate::net::Link;"),
        planted("net/mod.rs", "use crate::save::Saver;"),
    ];
    assert_eq!(circle(&files).map(|modules| modules.len()), Some(3));
}
