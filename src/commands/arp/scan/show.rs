//! Shows answers: each as it comes, or a table at the end.

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::super::notes::{notes, sentence};
use super::super::place::Place;
use super::progress::Progress;
use super::row::Row;
use super::{Form, Options};
use crate::arp::{Ask, Event, Finding, Mac, Voice};
use crate::commands::print;
use crate::error::Result;
use crate::output::columns::push_csv_cells;
use crate::output::table::table;
use crate::text::Buffer;

pub(super) struct Show {
    pub form: Form,
    /// For the table.
    rows: Vec<Row>,
    findings: HashMap<IpAddr, Vec<Finding>, RandomState>,
    /// Who answers for what, as far as it was shown.
    voices: HashMap<IpAddr, Vec<Voice>, RandomState>,
    told_header: bool,
}

impl Show {
    pub fn new(options: &Options) -> Self {
        let usual = if io::stdout().is_terminal() {
            Form::Table
        } else {
            Form::Line
        };
        Self {
            form: options.form.unwrap_or(usual),
            rows: Vec::new(),
            findings: HashMap::default(),
            voices: HashMap::default(),
            told_header: false,
        }
    }

    /// An address of this host.
    pub fn own(&mut self, place: &Place, address: IpAddr) -> Result<()> {
        let row = Row {
            address,
            mac: place.asker.mac,
            rtt: None,
            attempts: 0,
            notes: vec!["this host".to_owned()],
        };
        self.row(place, row, "answer")
    }

    pub fn event(&mut self, place: &Place, event: &Event, progress: &mut Progress) -> Result<()> {
        match event {
            Event::Answer(address, voice) | Event::Another(address, voice) => {
                let voices = self.voices.entry(*address).or_default();
                voices.push(*voice);
                let notes = notes(place, *address, voice, &others(voices, voice), &[]);
                let row = Row::new(*address, voice, notes);
                progress.found(&row);
                if self.form != Form::Table {
                    return progress.aside(|| self.row(place, row, "answer"));
                }
                Ok(())
            }
            Event::Found(address, finding) => {
                let findings = self.findings.entry(*address).or_default();
                findings.push(finding.clone());
                progress.aside(|| self.finding(place, *address, finding))
            }
            Event::Again(..) => Ok(()),
        }
    }

    /// What became clear about answers that were shown.
    fn finding(&mut self, place: &Place, address: IpAddr, finding: &Finding) -> Result<()> {
        if self.form == Form::Table {
            return Ok(());
        }
        if self.form == Form::Line {
            return print(format!("# {}\n", sentence(address, finding)).as_bytes());
        }
        let about = self.voices.get(&address).cloned().unwrap_or_default();
        for voice in &about {
            let findings = std::slice::from_ref(finding);
            let notes = notes(place, address, voice, &others(&about, voice), findings);
            self.row(place, Row::new(address, voice, notes), "finding")?;
        }
        Ok(())
    }

    fn row(&mut self, place: &Place, row: Row, event: &str) -> Result<()> {
        match self.form {
            Form::Table => {
                self.rows.push(row);
                Ok(())
            }
            Form::Line => print(row.line().as_bytes()),
            Form::Json => print(row.json(event, &place.link.name).as_bytes()),
            Form::Csv => {
                let mut out = Buffer::new();
                if !self.told_header {
                    self.told_header = true;
                    let header = [
                        "event", "address", "mac", "vendor", "rtt_ms", "requests", "notes",
                    ];
                    push_csv_cells(&mut out, header);
                }
                let cells = row.cells();
                let cells = [event].into_iter().chain(cells.iter().map(String::as_str));
                push_csv_cells(&mut out, cells);
                print(&out)
            }
        }
    }

    /// Takes what a scan has found into the table.
    pub fn gather(&mut self, place: &Place, ask: &Ask) {
        if self.form != Form::Table {
            return;
        }
        for (address, _) in self.voices.drain() {
            let findings = self.findings.remove(&address).unwrap_or_default();
            let voices = ask.voices(address);
            for voice in voices {
                let notes = notes(place, address, voice, &others(voices, voice), &findings);
                self.rows.push(Row::new(address, voice, notes));
            }
        }
    }

    pub fn end(mut self) -> Result<()> {
        if self.form != Form::Table || self.rows.is_empty() {
            return Ok(());
        }
        self.rows.sort_by_key(|row| row.address);
        let rows = self.rows.iter().map(Row::cells);
        print(format!("{}\n", table(&Row::HEADER, rows)).as_bytes())
    }
}

/// The MAC addresses of those who answer besides one of them.
fn others(voices: &[Voice], one: &Voice) -> Vec<Mac> {
    let macs = voices.iter().map(|voice| voice.mac);
    macs.filter(|mac| *mac != one.mac).collect()
}
