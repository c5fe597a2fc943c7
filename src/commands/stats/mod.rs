//! `netinspect stats`: who talks to whom, in which protocols, how much and when.

mod refresh;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::input::{self, Input};
use super::picture::Picture;
use super::{code_of, print, tell};
use crate::analysis::Statistics;
use crate::analysis::statistics::{Section, Sections};
use crate::error::Result;
use crate::output::statistics::{self, Sheet, Style};

pub struct Options {
    pub input: Input,
    pub sections: Sections,
    pub form: Form,
    /// Rows of lists that traffic makes long; none for all of them.
    pub top: Option<usize>,
    /// What is known so far is shown this often, until the end; none for the end only.
    pub every: Option<Duration>,
    /// Where a picture of the rates is written to.
    pub svg: Option<PathBuf>,
}

/// What the statistics look like.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    Page(Style),
    Json,
    /// For one section only.
    Csv,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        mut input,
        sections,
        form,
        top,
        every,
        svg,
    } = options;
    // Opened before anything is read, since afterwards nothing may be opened any more.
    let svg = svg.map(|path| Picture::create(path, &mut input.rights));
    let svg = svg.transpose()?;
    let needed = match svg {
        Some(_) => sections.with(Section::Rates),
        None => sections,
    };
    let counted = Mutex::new(Statistics::new(needed));
    let sheets = || statistics::sheets(&lock(&counted), sections, top);
    input.tells = every.is_some();
    let outcome = input::count(input, &counted, &mut |work| {
        refresh::beside(every, &|| written(&sheets(), form), work);
    })?;
    // A page of zeros would look like an answer; a program gets the object that it reads.
    let is_page = matches!(form, Form::Page(_));
    let sheets = sheets();
    if !(is_page && outcome.has_read_nothing()) {
        print(&written(&sheets, form))?;
    }
    if matches!(form, Form::Csv) {
        let notes = sheets.iter().flat_map(|sheet| &sheet.notes);
        notes.for_each(|note| tell(note));
    }
    if let Some(svg) = svg {
        let rates = [Section::Rates].into_iter().collect();
        let rates = statistics::sheets(&lock(&counted), rates, None);
        let picture: String = rates.iter().map(statistics::svg).collect();
        svg.write(&picture)?;
    }
    Ok(code_of(&outcome.errors))
}

fn lock(counted: &Mutex<Statistics>) -> MutexGuard<'_, Statistics> {
    counted.lock().unwrap_or_else(PoisonError::into_inner)
}

fn written(sheets: &[Sheet], form: Form) -> Vec<u8> {
    match form {
        Form::Page(style) => statistics::page(sheets, style).into_bytes(),
        Form::Json => statistics::json(sheets).into_bytes(),
        Form::Csv => sheets.iter().flat_map(statistics::csv).collect(),
    }
}
