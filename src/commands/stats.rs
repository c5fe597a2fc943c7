//! `netinspect stats`: who talks to whom, in which protocols, how much and when.

use std::sync::Mutex;

use super::input::{self, Input};
use super::{code_of, print};
use crate::analysis::Statistics;
use crate::analysis::statistics::Sections;
use crate::error::Result;
use crate::output::statistics::{self, Style};

pub struct Options {
    pub input: Input,
    pub sections: Sections,
    pub form: Form,
    pub style: Style,
}

/// What the statistics look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Page,
    Json,
    /// One section only.
    Csv,
}

pub fn run(options: Options) -> Result<u8> {
    let Options {
        input,
        sections,
        form,
        style,
    } = options;
    let counted = Mutex::new(Statistics::new(sections));
    let outcome = input::count(input, &counted)?;
    let counted = counted
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    print(written(&counted, form, style).as_bytes())?;
    Ok(code_of(&outcome.errors))
}

fn written(counted: &Statistics, form: Form, style: Style) -> String {
    let sheets = statistics::sheets(counted, style.top);
    match form {
        Form::Page => statistics::page(&sheets, style),
        Form::Json => statistics::json(&sheets),
        Form::Csv => sheets.iter().map(statistics::csv).collect(),
    }
}
