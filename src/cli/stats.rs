//! `netinspect stats`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::display::When;
use super::input::InputArguments;
use super::live::only_live;
use super::units;
use crate::analysis::statistics::{Section, Sections};
use crate::commands::input::Origin;
use crate::commands::stats::{Form, Options};
use crate::error::{Error, Result};
use crate::output::colour::Paint;
use crate::output::statistics::Style;

/// Count: which protocols, who talks to whom, how much and when
///
/// Reads capture files, or watches interfaces until Ctrl-C.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: InputArguments,

    /// Only this section (repeatable); only what is shown is counted
    #[arg(long = "section", value_enum, value_name = "NAME")]
    sections: Vec<SectionName>,

    /// Every section
    #[arg(long, conflicts_with = "sections")]
    all: bool,

    /// At most this many rows of a list, those with most bytes [default: for people 5, or 20 of a named section; for
    /// programs all]
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// A page for people, one JSON object, or one section as CSV
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Page)]
    format: FormName,

    /// With -i, show what is known so far this often [default: 1s on a terminal, else only at the end]
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    every: Option<Duration>,

    /// Also draw the rates into this file, as a picture
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
}

const EXAMPLES: &str = "\
Examples:
  netinspect stats trace.pcap                         a page on the whole capture
  netinspect stats trace.pcap --section endpoints     only who sends and receives most
  netinspect stats trace.pcap -Y 'tcp.port == 443'    of some frames only
  netinspect stats trace.pcap -T json | jq '.endpoints[0].address'
  netinspect stats trace.pcap -T csv --section flows > flows.csv
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

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.meaning()))
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

/// What a first look wants.
const USUAL: &[Section] = &[
    Section::Overview,
    Section::Rates,
    Section::Protocols,
    Section::Endpoints,
    Section::Conversations,
    Section::Ports,
    Section::Tcp,
];

/// Rows of a list, on a page with many and where it was asked for by name.
const TOP: usize = 5;
const TOP_NAMED: usize = 20;

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let sections = self.sections();
        let form = match self.format {
            FormName::Page => Form::Page(Style {
                paint: Paint(self.color.applies()),
                unicode: shows_unicode(),
            }),
            FormName::Json => Form::Json,
            FormName::Csv if self.sections.len() != 1 => {
                return Err(Error::Usage(
                    "CSV holds one section, since each has columns of its own: name it with --section"
                        .to_owned(),
                ));
            }
            FormName::Csv => Form::Csv,
        };
        let top = match form {
            Form::Page(_) if self.sections.is_empty() => Some(self.top.unwrap_or(TOP)),
            Form::Page(_) => Some(self.top.unwrap_or(TOP_NAMED)),
            Form::Json | Form::Csv => self.top,
        };
        let mut input = self.input.plan()?;
        let is_live = matches!(input.origin, Origin::Live { .. });
        // Of files the overview says the same.
        input.summary &= is_live;
        let redraws = is_live && matches!(form, Form::Page(_)) && io::stdout().is_terminal();
        let every = self.every.or(redraws.then_some(Duration::from_secs(1)));
        if self.every.is_some() && !is_live {
            return Err(only_live("--every"));
        }
        if every == Some(Duration::ZERO) {
            return Err(Error::Usage(
                "--every wants some time to pass, such as 10s".to_owned(),
            ));
        }
        Ok(Options {
            input,
            sections,
            form,
            top,
            every,
            svg: self.svg,
        })
    }

    fn sections(&self) -> Sections {
        match self.sections.as_slice() {
            _ if self.all => Section::ALL.iter().copied().collect(),
            [] => USUAL.iter().copied().collect(),
            chosen => chosen.iter().map(|name| name.0).collect(),
        }
    }
}

/// What the locale says of the terminal's characters (locale(7)): the first of these that is set decides.
fn shows_unicode() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    let name = set
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_uppercase();
    name.contains("UTF-8") || name.contains("UTF8")
}
