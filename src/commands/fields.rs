//! `netinspect fields`: every field name, its type and meaning.

use super::{print, tell};
use crate::error::{Result, exit};
use crate::fields;

pub struct Options {
    /// Only names and meanings that hold this, whatever the case.
    pub pattern: Option<String>,
}

/// One field a line, tab-separated: for people, grep and scripts alike. Exit code 1 where there is none.
pub fn run(options: Options) -> Result<u8> {
    let asked = options.pattern.unwrap_or_default();
    let pattern = asked.to_lowercase();
    let mut text = String::new();
    let mut told = Vec::new();
    for field in fields::all() {
        let line = format!("{}\t{}\t{}\n", field.name, field.kind.name(), field.meaning);
        if line.to_lowercase().contains(&pattern) && !told.contains(&field.name) {
            told.push(field.name);
            text.push_str(&line);
        }
    }
    print(text.as_bytes())?;
    if !told.is_empty() {
        return Ok(exit::DONE);
    }
    tell(&format!(
        "no field has '{asked}' in its name or meaning; without it, 'netinspect fields' lists all"
    ));
    Ok(exit::NO)
}
