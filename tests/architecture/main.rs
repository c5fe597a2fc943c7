//! Holds the rules of the house by reading `src/`: which module may import which, who may name which crate, what
//! must stay pure, how long a file may be.
//!
//! Only what ships is read: comments, texts and `#[cfg(test)]` parts are left out, so that a unit test may reach up.

mod crates;
mod imports;
mod purity;
mod scan;
mod size;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the library or the binary, as the rules see it.
pub struct Source {
    /// Below `src/`, with forward slashes: `decode/tcp.rs`.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The module directly below the crate root that this file is or belongs to: `decode`, `frame`, `main`.
    pub fn top(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or(&self.path);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Its module path below the crate root.
    pub fn module(&self) -> Vec<String> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let mut parts: Vec<String> = stem.split('/').map(str::to_owned).collect();
        let last = parts.last().map(String::as_str);
        if last == Some("mod") || parts.len() == 1 && matches!(last, Some("lib" | "main")) {
            parts.pop();
        }
        parts
    }

    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

/// Every file under `src/` that ships; `tests.rs` beside the code does not.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        found.len() > 20,
        "src/ was not found whole: {}",
        found.len()
    );
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| match entry {
            Ok(entry) => entry.path(),
            Err(error) => panic!("{}: {error}", folder.display()),
        })
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
        {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.push(Source {
                path: below.to_string_lossy().replace('\\', "/"),
                text,
            });
        }
    }
}

/// A file that exists only in a test, to see that a rule bites.
pub fn planted(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// Fails with all broken rules at once: one run tells everything there is to repair.
pub fn none(broken: &[String], rule: &str) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}
