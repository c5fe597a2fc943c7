//! What `capture` and `replay` share: which frames, in which form, where to.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::save::SaveArguments;
use super::table::TableArguments;
use super::units;
use crate::commands::display::Display;
use crate::error::{Error, Result};
use crate::fields::{self, Selection};
use crate::filter::DisplayFilter;
use crate::output::Form;
use crate::output::colour::Paint;
use crate::output::time::TimeForm;
use crate::save::is_stdout;

#[derive(Args)]
pub(super) struct DisplayArguments {
    /// Only frames that match once decoded, in Wireshark's display filter language (man wireshark-filter), such as
    /// 'tcp.flags.syn == 1' or 'ip.addr == 10.0.0.0/8 and not arp'
    #[arg(short = 'Y', long, value_name = "FILTER", allow_hyphen_values = true)]
    display_filter: Option<String>,

    /// Stop after this many frames (those that pass the filters)
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// Stop after this long, such as 10s, 5m or 1h (replay: by the frames' own times)
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    duration: Option<Duration>,

    /// How to show frames; tree shows every field and what it means, json is one object a line
    #[arg(short = 'T', long, value_enum, value_name = "FORM")]
    format: Option<FormName>,

    /// Show this field only (repeatable; see 'netinspect fields'); tab-separated unless -T says csv or json
    #[arg(short = 'e', long = "field", value_name = "NAME")]
    fields: Vec<String>,

    /// Put fragmented IP packets together: the frame that brings the last missing part shows what the whole carries, the
    /// others show bytes (held: 16 MiB and 60 s at most)
    #[arg(long)]
    reassemble: bool,

    /// Follow each frame with its bytes, and which layer has which
    #[arg(short = 'x', long)]
    hex: bool,

    /// Say what there is to learn from each frame: why it goes there, what has to come next (as a tree, unless -T says line)
    #[arg(long)]
    explain: bool,

    /// How to show times: a (time of day), ad (with date), u (in UTC), ud, e (since 1970), r (since the first frame),
    /// d (since the frame before)
    #[arg(
        short = 't',
        long,
        value_enum,
        value_name = "FORM",
        hide_possible_values = true
    )]
    time: Option<TimeName>,

    /// Learn from ARP and neighbor discovery which address is at which MAC address, and keep it in the neighbor table
    /// ('netinspect neighbors' shows it)
    #[arg(long)]
    learn: bool,

    #[command(flatten)]
    table: TableArguments,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,

    /// Show no frames, only the summary
    #[arg(short, long, conflicts_with_all = ["format", "fields", "hex", "explain"])]
    quiet: bool,

    /// Show how far it is also where standard error is no terminal, a line each second. On a terminal that shows no
    /// frames it is shown anyway
    #[arg(long)]
    progress: bool,

    /// Say more on standard error
    #[arg(short, long)]
    verbose: bool,

    #[command(flatten)]
    save: SaveArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Line,
    Tree,
    Json,
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum TimeName {
    #[value(name = "a", alias = "absolute")]
    Absolute,
    #[value(name = "ad", alias = "date")]
    AbsoluteDate,
    #[value(name = "u", alias = "utc")]
    Utc,
    #[value(name = "ud", alias = "utc-date")]
    UtcDate,
    #[value(name = "e", alias = "epoch")]
    Epoch,
    #[value(name = "r", alias = "relative")]
    Relative,
    #[value(name = "d", alias = "delta")]
    Delta,
}

/// What CSV shows where no fields are named.
const CSV_FIELDS: [&str; 15] = [
    "frame.number",
    "frame.time_epoch",
    "frame.protocols",
    "eth.src",
    "eth.dst",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "udp.srcport",
    "udp.dstport",
    "tcp.flags",
    "frame.len",
];

impl DisplayArguments {
    /// Whether a summary is wanted where the command does not always give one.
    pub(super) fn wants_summary(&self) -> bool {
        self.quiet || self.verbose || self.save.is_asked()
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    pub(super) fn plan(self, summary: bool) -> Result<Display> {
        let form = self.form()?;
        let save = self.save.plan()?;
        let to_stdout = save.as_ref().is_some_and(|save| is_stdout(&save.path));
        if to_stdout && !matches!(form, Form::Quiet) {
            return Err(Error::Usage(
                "standard output can't hold both the capture (-w -) and what -T, -e or -x show"
                    .to_owned(),
            ));
        }
        if to_stdout && io::stdout().is_terminal() {
            return Err(Error::Usage(
                "a capture file can't be written to a terminal: pipe it into a program or name a file".to_owned(),
            ));
        }
        if self.hex
            && !matches!(
                form,
                Form::Line { .. } | Form::Tree { .. } | Form::Tabbed(_)
            )
        {
            return Err(Error::Usage(
                "-x goes with line, tree and fields, not with json or csv".to_owned(),
            ));
        }
        if self.table.db.is_some() && !self.learn {
            return Err(Error::Usage(
                "--db names the neighbor table to fill, so it goes with --learn".to_owned(),
            ));
        }
        let learn = match self.learn {
            true => Some(self.table.path()?),
            false => None,
        };
        let filter = self.display_filter.as_deref().map(DisplayFilter::new);
        Ok(Display {
            filter: filter.transpose()?,
            form,
            hex: self.hex,
            count: self.count,
            duration: self.duration,
            save,
            learn,
            reassemble: self.reassemble,
            summary,
            progress: self.progress,
        })
    }

    fn form(&self) -> Result<Form> {
        let asked = self.format.is_some() || !self.fields.is_empty() || self.hex || self.explain;
        if self.quiet || self.save.is_asked() && !asked {
            return Ok(Form::Quiet);
        }
        let chosen = self
            .fields
            .iter()
            .map(|name| select(name))
            .collect::<Result<Vec<_>>>()?;
        let paint = self.color.paint();
        let time = self.time.map_or_else(TimeForm::default, TimeForm::from);
        let explain = self.explain;
        let format = match self.format {
            None if explain => Some(FormName::Tree),
            Some(FormName::Json | FormName::Csv) if explain => {
                return Err(Error::Usage(
                    "--explain goes with -T tree or line, not with json or csv".to_owned(),
                ));
            }
            format => format,
        };
        Ok(match (format, chosen.is_empty()) {
            (None | Some(FormName::Line), true) => Form::Line {
                paint,
                time,
                explain,
            },
            (Some(FormName::Tree), true) => Form::Tree {
                paint,
                time,
                explain,
            },
            (None, false) => Form::Tabbed(chosen),
            (Some(FormName::Line | FormName::Tree), false) => {
                return Err(Error::Usage(
                    "-e shows chosen fields, so it goes with -T json or csv, not with line, tree or --explain"
                        .to_owned(),
                ));
            }
            (Some(FormName::Json), true) => Form::Json,
            (Some(FormName::Json), false) => Form::JsonChosen(chosen),
            (Some(FormName::Csv), false) => Form::Csv(chosen),
            (Some(FormName::Csv), true) => Form::Csv(
                CSV_FIELDS
                    .iter()
                    .filter_map(|name| Selection::named(name))
                    .collect(),
            ),
        })
    }
}

fn select(name: &str) -> Result<Selection> {
    Selection::named(name).ok_or_else(|| {
        let parts: Vec<_> = name.split(',').map(str::trim).collect();
        if parts.len() > 1 {
            return Error::Usage(format!(
                "-e takes one field; write -e {}",
                parts.join(" -e ")
            ));
        }
        let near = fields::near(name);
        let hint = if near.is_empty() {
            "'netinspect fields' lists them".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        Error::Usage(format!("there is no field '{name}'; {hint}"))
    })
}

impl When {
    pub(super) fn paint(self) -> Paint {
        Paint(self.applies())
    }

    /// NO_COLOR (no-color.org) holds unless colour is asked for.
    pub(super) fn applies(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                !unwanted && !dumb && io::stdout().is_terminal()
            }
        }
    }
}

impl From<TimeName> for TimeForm {
    fn from(name: TimeName) -> Self {
        match name {
            TimeName::Absolute => Self::Absolute,
            TimeName::AbsoluteDate => Self::AbsoluteDate,
            TimeName::Utc => Self::Utc,
            TimeName::UtcDate => Self::UtcDate,
            TimeName::Epoch => Self::Epoch,
            TimeName::Relative => Self::Relative,
            TimeName::Delta => Self::Delta,
        }
    }
}
