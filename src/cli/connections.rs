//! `netinspect connections`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::display::When;
use super::input;
use crate::analysis::connections::MOST;
use crate::commands::connections::{Form, Options, Shape, Sort};
use crate::error::{Error, Result};
use crate::output::colour::Paint;
use crate::output::connections::{Room, Stream};
use crate::output::table::terminal_width;

/// List who talked with whom: TCP connections and how they went, UDP, SCTP, ICMP, ARP, and what else IP carries
///
/// For each TCP connection: how long the handshake took, how it ended, how much passed, and what had to be sent again.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: input::InputArguments,

    /// A table for people, one JSON object or CSV record a conversation, or Zeek's conn.log
    #[arg(short = 'T', long, value_enum, value_name = "FORM", default_value_t = FormName::Table)]
    format: FormName,

    /// What the table is sorted by, the most first
    #[arg(long, value_enum, value_name = "BY", default_value_t = SortName::Start)]
    sort: SortName,

    /// At most this many conversations in the table, and rows of attempts alike
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Every column of the table, however wide the terminal is [default: those that there is room for]
    #[arg(long)]
    wide: bool,

    /// A row for each attempt that came to nothing, even if many are alike (a flood, a scan)
    #[arg(long)]
    each: bool,

    /// Draw the TCP connection with this number (the table's first column) step by step
    #[arg(long, value_name = "N", conflicts_with_all = ["format", "sort", "top", "wide", "each"])]
    ladder: Option<u32>,

    /// Draw it as a picture into this file instead ('-' is standard output)
    #[arg(long, value_name = "FILE", requires = "ladder")]
    svg: Option<PathBuf>,

    /// Colour in the ladder; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,

    /// Conversations remembered at once; beyond that, those idle longest are given up
    #[arg(long, value_name = "N", default_value_t = MOST, value_parser = at_least_one)]
    max_connections: usize,
}

const EXAMPLES: &str = "\
Examples:
  netinspect connections trace.pcap                      all conversations
  netinspect connections trace.pcap --sort wait --top 5  who waited longest for an answer
  netinspect connections trace.pcap --sort rtt --top 5   the longest round trips
  netinspect connections trace.pcap -f 'port 443' --wide
  netinspect connections trace.pcap --ladder 3           one of them, step by step
  netinspect connections trace.pcap -T zeek > conn.log
  sudo netinspect connections -i eth0                    until Ctrl-C, then the table
  sudo netinspect connections -i eth0 -T json            each as it ends
  sudo netinspect connections -i eth0 --no-sandbox       with the program behind each, however short it lives";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    Table,
    Json,
    Csv,
    Zeek,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SortName {
    Start,
    Rtt,
    /// The longest wait for an answer
    Wait,
    Bytes,
    Duration,
    Retransmissions,
}

impl Arguments {
    pub(super) fn plan(self) -> Result<Options> {
        let sort = match self.sort {
            SortName::Start => Sort::Start,
            SortName::Rtt => Sort::RoundTrip,
            SortName::Wait => Sort::Wait,
            SortName::Bytes => Sort::Bytes,
            SortName::Duration => Sort::Duration,
            SortName::Retransmissions => Sort::Retransmissions,
        };
        let is_table = self.format == FormName::Table;
        let shapes = self.wide || self.each || self.top.is_some() || sort != Sort::Start;
        if !is_table && shapes {
            return Err(Error::Usage(
                "--sort, --top, --wide and --each are for the table: the other forms have everything, as it ends"
                    .to_owned(),
            ));
        }
        let room = match (self.wide, terminal_width()) {
            (true, _) => Room::Wide,
            (false, Some(width)) => Room::Terminal(width.into()),
            (false, None) => Room::Usual,
        };
        let paint = Paint(self.color.applies());
        let form = match (self.ladder, self.format) {
            (Some(number), _) => Form::Ladder { number, paint },
            (None, FormName::Table) => Form::Table(Shape {
                sort,
                top: self.top,
                each: self.each,
                room,
            }),
            (None, FormName::Json) => Form::Stream(Stream::Json),
            (None, FormName::Csv) => Form::Stream(Stream::Csv),
            (None, FormName::Zeek) => Form::Stream(Stream::Zeek),
        };
        Ok(Options {
            input: self.input.plan()?,
            form,
            svg: self.svg,
            most: self.max_connections,
        })
    }
}

fn at_least_one(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1".to_owned()),
        Ok(n) => Ok(n),
        Err(_) => Err("a number, such as 100000".to_owned()),
    }
}
