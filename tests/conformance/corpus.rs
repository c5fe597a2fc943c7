//! Captures that nobody here wrote: each is read to its end, without a crash, with the frames that others count in it.
//! They are not part of the project: `NETINSPECT_CORPUS` names the folder, or it lies beside the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{finish, netinspect};

/// Files of which INDEX.tsv tells more frames than there are to be had, and why.
const COUNTED_APART: &[(&str, &str)] = &[
    (
        "OISF_suricata-verify__tests-bug-6875-01-fuzz.pcap",
        "tshark takes it for another kind of pcap and reads nonsense; libpcap stops where we do",
    ),
    (
        "the-tcpdump-group_libpcap__tests-shb-option-too-long.pcapng",
        "its first block's lengths differ; tshark and libpcap refuse it too",
    ),
];

pub fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/public");
    let folder = std::env::var_os("NETINSPECT_CORPUS").map_or(beside, PathBuf::from);
    if folder.join("INDEX.tsv").exists() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: no captures of others at {}; NETINSPECT_CORPUS names another place",
        folder.display()
    );
    None
}

/// The number of packets of each file, as INDEX.tsv says; its first line names the columns.
pub fn index(folder: &Path) -> BTreeMap<String, usize> {
    let path = folder.join("INDEX.tsv");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let column = |name: &str| header.iter().position(|column| column.contains(name));
    let (Some(file), Some(packets)) = (column("file"), column("packets")) else {
        panic!("INDEX.tsv has other columns: {header:?}");
    };
    lines
        .filter_map(|cells| {
            Some((
                (*cells.get(file)?).to_owned(),
                cells.get(packets)?.parse().ok()?,
            ))
        })
        .collect()
}

#[test]
fn every_capture_is_read_to_its_end() {
    let Some(folder) = folder() else {
        return;
    };
    let mut wrong = Vec::new();
    let index = index(&folder);
    assert!(index.len() > 100, "INDEX.tsv lists only {}", index.len());
    for (name, packets) in &index {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        let counted_apart = COUNTED_APART.iter().any(|(file, _)| file == name);
        // `finish` fails on a panic, and on a hang by its time limit.
        let run = finish(
            netinspect()
                .arg("replay")
                .arg(&path)
                .args(["-e", "frame.number"]),
        );
        let fine = matches!(run.code, Some(0 | 4));
        if !fine || run.lines() != *packets && !counted_apart {
            wrong.push(format!(
                "{name}: exit {:?}, {} of {packets} frames: {}",
                run.code,
                run.lines(),
                run.stderr.trim()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n  {}",
        wrong.len(),
        index.len(),
        wrong.join("\n  ")
    );
}
