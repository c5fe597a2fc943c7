//! Taking in what another program, or another table, knows.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::time::SystemTime;

use super::exchange::{Exchange, Reader};
use crate::commands::tell;
use crate::error::{Error, Result, exit};
use crate::frame::Timestamp;
use crate::store::Store;

/// Bindings in one transaction.
const BATCH: usize = 50_000;
/// Wrong lines that are told one by one.
const TOLD: u64 = 10;
/// A longer line is none of any program's.
const LONGEST: u64 = 64 * 1024;

pub(super) fn import(store: &mut Store, file: &Path, form: Option<Exchange>) -> Result<u8> {
    let name = file.display().to_string();
    let failed = |doing| {
        move |cause| Error::File {
            doing,
            path: file.to_owned(),
            cause,
        }
    };
    let mut input: Box<dyn BufRead> = match file == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => Box::new(BufReader::new(File::open(file).map_err(failed("open"))?)),
    };
    let mut reader = Reader::new(form, now());
    let (mut bindings, mut wrong, mut new, mut known) = (Vec::new(), 0, 0, 0);
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        let read = io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut line);
        if read.map_err(failed("read"))? == 0 {
            break;
        }
        match reader.line(&String::from_utf8_lossy(&line)) {
            Ok(binding) => bindings.extend(binding),
            Err(what) => {
                wrong += 1;
                if wrong <= TOLD {
                    tell(&format!("{name}, line {number}: {what}"));
                }
            }
        }
        if bindings.len() == BATCH {
            let learned = store.merge(&bindings)?;
            (new, known) = (new + learned.new, known + learned.known);
            bindings.clear();
        }
    }
    let learned = store.merge(&bindings)?;
    (new, known) = (new + learned.new, known + learned.known);
    let mut summary = format!(
        "{name}: {new} learned, {known} known already, in {}",
        store.path().display()
    );
    if wrong > 0 {
        summary += &format!("; {wrong} lines make no sense and were left out");
    }
    tell(&summary);
    Ok(if wrong > 0 { exit::DAMAGED } else { exit::DONE })
}

/// For what has no time of its own.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    Timestamp::new(since.as_secs() as i64, since.subsec_nanos())
}
