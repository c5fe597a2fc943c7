//! Sizes of files whose statistics are known only when they are all but full.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::about::{Section, Statistics};
use crate::frame::InterfaceNames;

const MOST: u64 = 1000;
const TIME: Timestamp = Timestamp::from_nanos(1_000_000_000);

/// Sixty frames of 60 bytes in a folder of their own; behind each that `counted` names, everything that an interface may
/// have counted becomes known.
fn saved(rotation: Option<Rules>, most: Option<u64>, counted: impl Fn(u64) -> bool) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        path: folder.path().join("frames.pcapng"),
        comment: None,
        rotation,
        most,
        enough: None,
    };
    let mut saver = Saver::create(options, Some(TIME)).expect("a file");
    let interface = Interface::new(LinkType::ETHERNET, 0);
    let mut section = About::default();
    section.sections.push(Section::default());
    saver.add(&[interface], &section).expect("an interface");
    let mut everything = About::default();
    everything.statistics.push(Statistics {
        interface: 0,
        start: Some(TIME),
        end: Some(TIME),
        ifrecv: Some(1),
        ifdrop: Some(1),
        filteraccept: Some(1),
        osdrop: Some(1),
        usrdeliv: Some(1),
    });
    let names = InterfaceNames::new();
    for number in 1..=60 {
        let frame = || Frame {
            number,
            time: Some(TIME),
            bytes: &[0; 60],
            wire_len: 60,
            link: LinkType::ETHERNET,
            interface: 0,
            interfaces: &names,
        };
        let mut record = Vec::new();
        saver.format.push(&mut record, &frame(), &[]);
        let written = saver.write(&record, 1, |_| frame(), |_| record.len());
        if written.expect("room on the disk") == 0 {
            break;
        }
        if counted(number) {
            saver.add(&[], &everything).expect("known");
        }
    }
    saver.finish().expect("whole");
    folder
}

fn sizes(folder: &TempDir) -> Vec<u64> {
    let files = fs::read_dir(folder.path()).expect("a folder");
    let size = |file: std::io::Result<fs::DirEntry>| file?.metadata().map(|found| found.len());
    files.map(|file| size(file).expect("a file")).collect()
}

#[test]
fn no_file_of_a_row_outgrows_its_size() {
    for known in 1..=60 {
        let rules = Rules {
            size: Some(MOST),
            ..Rules::default()
        };
        let folder = saved(Some(rules), None, |number| number == known);
        let sizes = sizes(&folder);
        assert!((7..=9).contains(&sizes.len()), "{known}: {sizes:?}");
        assert!(sizes.iter().all(|size| *size <= MOST), "{known}: {sizes:?}");
    }
}

#[test]
fn all_files_together_stop_at_their_size() {
    for known in 1..=60 {
        let folder = saved(None, Some(MOST), |number| number == known);
        let [size] = sizes(&folder)[..] else {
            panic!("not one file");
        };
        assert!((MOST - 250..=MOST).contains(&size), "{known}: {size}");
    }
}

#[test]
fn sections_that_are_over_and_inputs_without_any_take_no_room() {
    for sections in [0, 1] {
        let mut preface = Preface::new(None);
        let present = vec![Section::default(); sections];
        for _ in 0..100 {
            preface.declare(&[Interface::new(LinkType::ETHERNET, 0)], &present);
        }
        let room = preface.end_size(Format::Pcapng);
        assert_eq!(room, sections as u64 * pcapng::LARGEST_STATISTICS);
    }
}
