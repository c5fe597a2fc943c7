//! What the tests from outside share: the program, started the same way everywhere, and the fixtures.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// The program with everything pinned that could change what it prints: time zone, terminal, width, colour.
pub fn netinspect() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("netinspect"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("TZ", "UTC")
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "100")
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .timeout(std::time::Duration::from_secs(60));
    command
}

/// A fixture's path below the crate, which is where the program runs, so that messages name no place of this machine.
pub fn fixture(name: &str) -> String {
    let path = format!("fixtures/{name}");
    assert!(
        Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).exists(),
        "there is no fixture {name}"
    );
    path
}

/// The names of all fixtures, in order.
pub fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries
        .map(|entry| match entry {
            Ok(entry) => entry.file_name().to_string_lossy().into_owned(),
            Err(error) => panic!("{}: {error}", folder.display()),
        })
        .filter(|name| !name.ends_with(".md"))
        .collect();
    names.sort();
    assert!(names.len() > 50, "fixtures/ is not whole: {}", names.len());
    names
}

/// Where a fixture lies on this machine.
pub fn fixture_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture(name))
}

/// What a run said and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Run {
    /// Results as text.
    pub fn text(&self) -> String {
        match String::from_utf8(self.stdout.clone()) {
            Ok(text) => text,
            Err(error) => panic!("standard output is no UTF-8: {error}"),
        }
    }

    pub fn lines(&self) -> usize {
        self.stdout.iter().filter(|byte| **byte == b'\n').count()
    }
}

pub fn run(arguments: &[&str]) -> Run {
    finish(netinspect().args(arguments))
}

/// Runs a prepared command to its end. Panics only where it could not be started, with its own words.
pub fn finish(command: &mut Command) -> Run {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("panicked"), "{command:?}: {stderr}");
    Run {
        code: output.status.code(),
        stdout: output.stdout,
        stderr,
    }
}
