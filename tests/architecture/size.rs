//! Files stay small enough to be read in one go.

use crate::{none, sources};

/// A file over this wants a reason, in [`LONG`].
const MOST_LINES: usize = 500;
const MOST_MEDIAN: usize = 150;
const MOST_MAIN: usize = 60;

/// Files that are longer, and why.
const LONG: [(&str, &str); 0] = [];

#[test]
fn no_file_is_long_without_a_reason() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.lines() > MOST_LINES)
        .filter(|source| !LONG.iter().any(|(path, _)| *path == source.path))
        .map(|source| format!("{}: {} lines", source.path, source.lines()))
        .collect();
    none(&long, "files over 500 lines want a reason:");
}

#[test]
fn the_middle_file_is_short_and_main_is_thin() {
    let sources = sources();
    let mut lengths: Vec<usize> = sources.iter().map(|source| source.lines()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < MOST_MEDIAN, "the median is {median} lines");
    let main = sources.iter().find(|source| source.path == "main.rs");
    let main = main.map(|source| source.lines());
    assert!(
        main.is_some_and(|lines| lines < MOST_MAIN),
        "main.rs: {main:?}"
    );
}
