//! `netinspect stats`.

use clap::{Args, ValueEnum};

use super::input::InputArguments;
use crate::analysis::statistics::Section;
use crate::commands::stats::{Form, Options};
use crate::error::{Error, Result};
use crate::output::statistics::Style;

/// Count: which protocols, who talks to whom, how much and when
///
/// Reads capture files, or watches interfaces until Ctrl-C.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: InputArguments,

    /// Only this section (repeatable)
    #[arg(long = "section", value_enum, value_name = "NAME")]
    sections: Vec<SectionName>,

    /// At most this many rows of a list [default: 10 for people, all for programs]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// A page for people, one JSON object, or one section as CSV
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Page)]
    format: FormName,
}

const EXAMPLES: &str = "\
Examples:
  netinspect stats trace.pcap                         a page on the whole capture
  netinspect stats trace.pcap --section endpoints     only who sends and receives most
  netinspect stats trace.pcap -Y 'tcp.port == 443'    of some frames only
  netinspect stats trace.pcap -T json | jq '.endpoints[0]'
  sudo netinspect stats -i eth0                       of what crosses eth0, until Ctrl-C

Exit codes: 0 all read, 4 a file is damaged (what could be read was counted), 5 a file can't be opened.";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Page,
    Json,
    Csv,
}

/// A section by its name.
#[derive(Clone)]
struct SectionName(Section);

impl ValueEnum for SectionName {
    fn value_variants<'a>() -> &'a [Self] {
        const { &every_section() }
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name()))
    }
}

const fn every_section() -> [SectionName; Section::ALL.len()] {
    let mut names = [const { SectionName(Section::Overview) }; Section::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = SectionName(Section::ALL[at]);
        at += 1;
    }
    names
}

const TOP: usize = 10;

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let form = match self.format {
            FormName::Page => Form::Page,
            FormName::Json => Form::Json,
            FormName::Csv => Form::Csv,
        };
        if form == Form::Csv && self.sections.len() != 1 {
            return Err(Error::Usage(
                "CSV holds one section, since each has columns of its own: name it with --section"
                    .to_owned(),
            ));
        }
        let sections = match self.sections.as_slice() {
            [] => Section::ALL.iter().copied().collect(),
            chosen => chosen.iter().map(|name| name.0).collect(),
        };
        let top = match form {
            Form::Page => Some(self.top.unwrap_or(TOP)),
            Form::Json | Form::Csv => self.top,
        };
        Ok(Options {
            input: self.input.plan()?,
            sections,
            form,
            style: Style { top, unicode: true },
        })
    }
}
