//! Names of files in a row: `trace-20261122T053502.123Z-0001.pcapng`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::frame::Timestamp;

/// What all names of a row have in common.
#[derive(Debug)]
pub(super) struct Pattern {
    directory: PathBuf,
    stem: OsString,
    /// With its dot, or nothing.
    ending: OsString,
}

impl Pattern {
    /// Taken from the name that one file would have.
    pub(super) fn of(path: &Path) -> Self {
        let mut ending = OsString::new();
        if let Some(extension) = path.extension() {
            ending.push(".");
            ending.push(extension);
        }
        Self {
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            stem: path.file_stem().unwrap_or_default().to_owned(),
            ending,
        }
    }

    /// The name of the file with this number, from 1, that begins at this moment, in UTC.
    pub(super) fn name(&self, begins: Timestamp, number: u64) -> PathBuf {
        let mut name = self.stem.clone();
        name.push(format!("-{}-{number:04}", compact(begins)));
        name.push(&self.ending);
        self.directory.join(name)
    }
}

/// Where a row of that name is written.
pub(super) fn folder(path: &Path) -> &Path {
    let parent = path.parent().unwrap_or(path);
    match parent.as_os_str().is_empty() {
        true => Path::new("."),
        false => parent,
    }
}

/// What a file is called while it is being written.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(".part");
    name.into()
}

/// ISO 8601's basic form with milliseconds, in UTC.
fn compact(time: Timestamp) -> String {
    let millis = time.nanos().div_euclid(1_000_000);
    // Timestamps reach from 1677 to 2262, well inside what the library takes.
    let moment = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    format!(
        "{}.{:03}Z",
        moment.strftime("%Y%m%dT%H%M%S"),
        millis.rem_euclid(1000)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_time_and_number() {
        let time = Timestamp::from_nanos(1_700_000_000_123_999_999);
        for (path, expected) in [
            ("a/trace.pcapng", "a/trace-20231114T221320.123Z-0007.pcapng"),
            ("trace.v2.pcap", "trace.v2-20231114T221320.123Z-0007.pcap"),
            ("trace", "trace-20231114T221320.123Z-0007"),
        ] {
            let name = Pattern::of(Path::new(path)).name(time, 7);
            assert_eq!(name, Path::new(expected));
        }
        let early = Pattern::of(Path::new("x.pcap")).name(Timestamp::from_nanos(-1), 12345);
        assert_eq!(early, Path::new("x-19691231T235959.999Z-12345.pcap"));
    }
}
