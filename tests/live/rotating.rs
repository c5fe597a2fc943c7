//! Rows of files: where one ends and the next begins nothing is lost, and none has its name before it is whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::capture::Capture;
use crate::frames::{Saved, hex, plain, read_pcapng};
use crate::lab::Lab;

pub fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// The arguments that write a row of files called `row` into a folder.
fn writing<'a>(path: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["eth0", "-w", path], more].concat()
}

pub fn row_in(folder: &Path) -> String {
    folder.join("row.pcapng").display().to_string()
}

/// The files of a folder by their numbers, those being written behind.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    let number = |path: &PathBuf| {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let behind = name.rsplit('-').next().expect("a number").to_owned();
        (name.ends_with(".part"), behind)
    };
    paths.sort_by_key(number);
    paths
}

fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "part")
}

fn frames_of(path: &Path) -> Vec<Saved> {
    read_pcapng(&fs::read(path).expect("a file"))
}

pub fn all_frames(folder: &Path) -> Vec<Saved> {
    files(folder)
        .iter()
        .flat_map(|path| frames_of(path))
        .collect()
}

/// Waits until there are so many files that have their names.
fn wait_for(folder: &Path, finished: usize) {
    let since = Instant::now();
    loop {
        let there = files(folder);
        let whole = there.iter().filter(|path| !is_unfinished(path)).count();
        if whole >= finished {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(8), "{there:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Captures the same frames into one file and into a row; both are to hold the same.
fn nothing_is_lost_at_the_seam(rule: &[&str], least: usize) -> Option<Vec<PathBuf>> {
    let lab = Lab::up()?;
    let (one, row) = (directory(), directory());
    let (whole, path) = (row_in(one.path()), row_in(row.path()));
    let single = Capture::start(&lab.near, &["eth0", "-w", &whole]);
    let rotating = Capture::start(&lab.near, &writing(&path, rule));
    let mut sender = lab.far.sender();
    for round in 0..20 {
        let frames: Vec<_> = (0..50).map(|number| plain(round * 50 + number)).collect();
        sender.send("eth0", &frames);
    }
    single.stop().assert_well(1000);
    rotating.stop().assert_well(1000);
    let expected = frames_of(Path::new(&whole));
    assert_eq!(expected.len(), 1000);
    assert!(
        all_frames(row.path()) == expected,
        "the row holds other frames"
    );
    let found = files(row.path());
    assert!(found.len() >= least, "{found:?}");
    assert!(!found.iter().any(|path| is_unfinished(path)), "{found:?}");
    if let Some(most) = rule.iter().position(|word| *word == "--rotate-size") {
        let most: u64 = rule[most + 1].parse().expect("bytes");
        for path in &found {
            let size = fs::metadata(path).expect("a file").len();
            assert!(size <= most, "{} has {size} bytes", path.display());
        }
    }
    Some(found)
}

#[test]
fn by_size() {
    nothing_is_lost_at_the_seam(&["--rotate-size", "9000"], 11);
}

#[test]
fn by_count() {
    let Some(found) = nothing_is_lost_at_the_seam(&["--rotate-count", "64"], 16) else {
        return;
    };
    // The folder is gone by now; the names tell the numbers.
    assert_eq!(found.len(), 16);
    let last = found[15].to_string_lossy().into_owned();
    assert!(last.ends_with("-0016.pcapng"), "{last}");
}

#[test]
fn by_time_and_count_together() {
    nothing_is_lost_at_the_seam(&["--rotate-every", "100ms", "--rotate-count", "300"], 4);
}

#[test]
fn time_passes_where_nothing_comes() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let capture = Capture::start(&lab.near, &writing(&path, &["--rotate-every", "500ms"]));
    let since = Instant::now();
    wait_for(folder.path(), 3);
    let took = since.elapsed();
    assert!(took > Duration::from_millis(1200), "{took:?}");
    let unfinished = files(folder.path());
    let unfinished = unfinished.iter().filter(|path| is_unfinished(path)).count();
    assert_eq!(unfinished, 1);
    capture.stop().assert_well(0);
    let found = files(folder.path());
    assert!(found.len() >= 4, "{found:?}");
    for path in found {
        assert!(!is_unfinished(&path), "{}", path.display());
        // With a header and statistics, though without frames.
        assert!(fs::metadata(&path).expect("a file").len() > 200);
        assert_eq!(frames_of(&path), []);
    }
}

#[test]
fn a_file_that_is_full_has_its_name_at_once() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let capture = Capture::start(&lab.near, &writing(&path, &["--rotate-count", "10"]));
    let frames: Vec<_> = (0..20).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    wait_for(folder.path(), 2);
    let found = files(folder.path());
    assert_eq!(found.len(), 2, "an empty one behind: {found:?}");
    capture.stop().assert_well(20);
    assert_eq!(files(folder.path()).len(), 2);
}

/// Whoever looks into the folder meanwhile finds no file under its name that is not whole, and no more than are kept.
#[test]
fn a_name_means_whole_and_only_the_newest_are_kept() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let arguments = writing(&path, &["--rotate-size", "20KB", "--keep", "4"]);
    let capture = Capture::start(&lab.near, &arguments);
    let mut flood = lab.far.wire(&["flood", "eth0", &hex(&plain(7))]);
    flood.expect_line("ready");
    let since = Instant::now();
    let mut looked = 0;
    while since.elapsed() < Duration::from_secs(1) {
        let found = files(folder.path());
        assert!(found.len() <= 4, "{found:?}");
        for path in found.iter().filter(|path| !is_unfinished(path)) {
            // It may have been removed since.
            if let Ok(bytes) = fs::read(path) {
                assert!(!read_pcapng(&bytes).is_empty(), "{}", path.display());
                looked += 1;
            }
        }
    }
    drop(flood);
    assert!(looked > 10, "only {looked} files were looked at");
    let ended = capture.stop();
    ended.assert_summary();
    let found = files(folder.path());
    assert_eq!(found.len(), 4, "{found:?}");
    let kept = all_frames(folder.path()).len() as u64;
    let captured = ended.count("frames captured,");
    assert!(captured > kept, "nothing was removed: {}", ended.notes);
}

#[test]
fn a_total_size_is_kept_to() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let arguments = writing(&path, &["--rotate-size", "9KB", "--keep", "30KB"]);
    let capture = Capture::start(&lab.near, &arguments);
    let frames: Vec<_> = (0..1000).map(plain).collect();
    lab.far.sender().send("eth0", &frames);
    capture.stop().assert_well(1000);
    let sizes = files(folder.path());
    let sizes = sizes
        .iter()
        .map(|path| fs::metadata(path).expect("a file").len());
    let total: u64 = sizes.sum();
    assert!((20_000..=30_000).contains(&total), "{total} bytes");
    let kept = all_frames(folder.path());
    assert_eq!(kept.last().map(|saved| &saved.bytes), Some(&plain(999)));
}

#[test]
fn stopping_by_size_counts_all_files() {
    let Some(lab) = Lab::up() else { return };
    let folder = directory();
    let path = row_in(folder.path());
    let arguments = writing(&path, &["--rotate-size", "9KB", "--stop-size", "30KB"]);
    let capture = Capture::start(&lab.near, &arguments);
    let mut flood = lab.far.wire(&["flood", "eth0", &hex(&plain(7))]);
    flood.expect_line("ready");
    let ended = capture.end();
    drop(flood);
    assert_eq!(ended.code, Some(0), "{}", ended.notes);
    let found = files(folder.path());
    let sizes = found
        .iter()
        .map(|path| fs::metadata(path).expect("a file").len());
    let total: u64 = sizes.sum();
    assert!(
        (29_500..=30_000).contains(&total),
        "{total} bytes: {found:?}"
    );
    assert_eq!(
        ended.count("frames captured,"),
        all_frames(folder.path()).len() as u64
    );
}
