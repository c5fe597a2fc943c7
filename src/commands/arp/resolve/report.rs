//! Tells it: in words as it happens, or one object or record a target at the end.

use std::net::IpAddr;

use super::super::notes::sentence;
use super::super::place::Place;
use super::super::text::{about, in_millis, millis, named_mac};
use super::outcome::Outcome;
use super::want::{Detour, Fate, Want};
use super::{Form, Options, explain};
use crate::arp::{Event, Mac, Voice};
use crate::commands::interfaces::mac_text;
use crate::commands::subnet::bits;
use crate::commands::summary::counted;
use crate::commands::{print, tell};
use crate::error::Result;
use crate::output::columns::push_csv_cells;
use crate::output::time::TimeWriter;
use crate::text::Buffer;
use crate::text::escape::escaped;
use crate::vendor;

pub(super) struct Report<'a> {
    options: &'a Options,
}

impl<'a> Report<'a> {
    pub fn new(options: &'a Options) -> Self {
        Self { options }
    }

    fn is_text(&self) -> bool {
        self.options.form == Form::Text
    }

    /// What is known before anything is asked.
    pub fn begin(&mut self, wants: &[Want]) -> Result<()> {
        if !self.is_text() {
            return Ok(());
        }
        let mut out = String::new();
        for want in wants {
            if self.options.explain {
                out.push_str(&explain::before(want));
            }
            match &want.fate {
                Fate::Ask {
                    place,
                    address,
                    detour: Some(detour),
                } => out.push_str(&off_link(want, place, *address, detour)),
                Fate::Ask { .. } => {}
                Fate::Own { link, mac } => {
                    let mac = mac.map_or_else(String::new, |mac| format!(", {}", named_mac(mac)));
                    out.push_str(&format!(
                        "{} is this host's own ({link}{mac}): frames for it never leave\n",
                        name(want)
                    ));
                }
                Fate::Fixed { mac, why } => out.push_str(&format!(
                    "{} is reached at {}: {why}\n",
                    name(want),
                    named_mac(*mac)
                )),
            }
        }
        print(out.as_bytes())
    }

    /// An answer, at once.
    pub fn event(&mut self, place: &Place, wants: &[Want], event: &Event) -> Result<()> {
        if !self.is_text() {
            return Ok(());
        }
        let (address, voice, verb) = match event {
            Event::Answer(address, voice) => (*address, voice, "is at"),
            Event::Another(address, voice) => (*address, voice, "is also at"),
            Event::Again(address, voice) => (*address, voice, "is at"),
            Event::Found(..) => return Ok(()),
        };
        let mut line = format!(
            "{} {verb} {}, {} ms",
            subject(wants, address),
            named_mac(voice.mac),
            millis(voice.rtt)
        );
        for note in super::super::notes::notes(place, address, voice, &[], &[]) {
            let is_said = note == "gateway" || note == "random MAC" || note.starts_with("virtual");
            if !is_said {
                line.push_str(&format!(", {note}"));
            }
        }
        line.push('\n');
        if self.options.explain && matches!(event, Event::Answer(..)) {
            line.push_str(&explain::answer(place, address, voice));
        }
        print(line.as_bytes())
    }

    /// What is known only now.
    pub fn end(&mut self, wants: &[Want], outcomes: &[Outcome]) -> Result<()> {
        match self.options.form {
            Form::Text => self.end_text(wants, outcomes),
            Form::Json => {
                let lines = wants
                    .iter()
                    .map(|want| format!("{}\n", json(want, outcomes)));
                print(lines.collect::<String>().as_bytes())
            }
            Form::Csv => print(&csv(wants, outcomes)),
        }
    }

    fn end_text(&self, wants: &[Want], outcomes: &[Outcome]) -> Result<()> {
        let mut out = String::new();
        for outcome in outcomes {
            for address in outcome.ask.targets().iter() {
                for finding in outcome.findings_on(address) {
                    out.push_str(&format!("{}\n", sentence(address, &finding)));
                }
                if let Some(known) = outcome.moved_from(address) {
                    out.push_str(&format!(
                        "{} has moved: it was at {} until {}, by the neighbor table ('netinspect neighbors history {address}' tells all)\n",
                        subject(wants, address),
                        named_mac(known.mac),
                        TimeWriter::minute(known.last_seen)
                    ));
                }
                if outcome.ask.voices(address).is_empty() {
                    out.push_str(&self.silence(wants, outcome, address));
                }
            }
        }
        print(out.as_bytes())?;
        if self.options.count.is_some() {
            for outcome in outcomes {
                let addresses = outcome.ask.targets().iter();
                addresses
                    .filter_map(|address| outcome.statistics(address))
                    .for_each(|line| tell(&line));
            }
        }
        Ok(())
    }

    /// Nobody has answered: what was tried.
    fn silence(&self, wants: &[Want], outcome: &Outcome, address: IpAddr) -> String {
        let asked = outcome.ask.attempts(address);
        let place = &outcome.place;
        let tried = if outcome.is_stopped || outcome.error.is_some() {
            format!("asked {} before it was ended", times(asked))
        } else {
            format!(
                "asked {} on {} as {}, and waited {} after the last",
                times(asked),
                place.link.name,
                place.asker.ip,
                about(self.options.timeout)
            )
        };
        let ignored = outcome.ask.ignored();
        let mut text = format!("{} does not answer: {tried}", subject(wants, address));
        if ignored.total() > 0 {
            text.push_str(&format!(
                "; {} came that did not answer that question",
                counted(ignored.total(), "reply").replace("replys", "replies")
            ));
        }
        text.push('\n');
        if self.options.explain {
            text.push_str(&explain::silence(address));
        }
        text
    }
}

fn times(n: u32) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// `printer (10.9.0.7)`, or the address alone.
fn name(want: &Want) -> String {
    let target = want.target.to_string();
    if want.text.parse() == Ok(want.target) {
        target
    } else {
        format!("{} ({target})", escaped(&want.text))
    }
}

/// Who is asked for, in the words of those who wanted it.
fn subject(wants: &[Want], address: IpAddr) -> String {
    if let Some(want) = wants.iter().find(|want| want.target == address) {
        return name(want);
    }
    let behind: Vec<String> = wants
        .iter()
        .filter(|want| want.asks().is_some_and(|(_, asked)| asked == address))
        .map(name)
        .collect();
    format!("the gateway {address} (to {})", behind.join(", "))
}

/// Why asking for it is pointless, and who is asked instead.
fn off_link(want: &Want, place: &Place, gateway: IpAddr, detour: &Detour) -> String {
    let target = name(want);
    let link = &place.link.name;
    let Some(subnet) = &detour.subnet else {
        return format!(
            "{target} is not on {link}'s link: its frames go to the gateway {gateway}, which is asked for instead\n"
        );
    };
    if subnet.contains(want.target) {
        return format!(
            "{target} is on {link}'s subnet {subnet}, but a route leads there through {gateway}, which is asked for instead\n"
        );
    }
    let mut out = format!(
        "{target} is not on {link}'s subnet, so asking for it is pointless: nobody on the link has it.\n"
    );
    bits(&mut out, subnet, Some(want.target));
    out.push_str(&format!(
        "Frames for it go to the gateway {gateway}, which is asked for instead:\n"
    ));
    out
}

/// What is told of one target in forms for programs.
struct Row {
    mac: Option<Mac>,
    link: String,
    source: Option<IpAddr>,
    gateway: Option<IpAddr>,
    answers: Vec<(Voice, Vec<String>)>,
    attempts: u32,
    notes: Vec<String>,
}

fn row(want: &Want, outcomes: &[Outcome]) -> Row {
    let nothing = |mac, link: &str, note: &str| Row {
        mac,
        link: link.to_owned(),
        source: None,
        gateway: None,
        answers: Vec::new(),
        attempts: 0,
        notes: vec![note.to_owned()],
    };
    match &want.fate {
        Fate::Own { link, mac } => nothing(*mac, link, "this host"),
        Fate::Fixed { mac, .. } => nothing(Some(*mac), "", "not asked"),
        Fate::Ask {
            place,
            address,
            detour,
        } => {
            let outcome = outcomes
                .iter()
                .find(|outcome| super::same(&outcome.place, place));
            let answers = outcome.map_or_else(Vec::new, |outcome| outcome.answers(*address));
            Row {
                mac: answers.first().map(|(voice, _)| voice.mac),
                link: place.link.name.clone(),
                source: Some(place.asker.ip),
                gateway: detour.as_ref().map(|_| *address),
                attempts: outcome.map_or(0, |outcome| outcome.ask.attempts(*address)),
                notes: answers
                    .first()
                    .map_or_else(Vec::new, |(_, notes)| notes.clone()),
                answers,
            }
        }
    }
}

fn json(want: &Want, outcomes: &[Outcome]) -> serde_json::Value {
    let row = row(want, outcomes);
    let answers: Vec<_> = row
        .answers
        .iter()
        .map(|(voice, notes)| {
            serde_json::json!({
                "mac": mac_text(voice.mac),
                "vendor": vendor::identify(voice.mac).to_string(),
                "rtt_ms": in_millis(voice.rtt),
                "requests": voice.attempts,
                "answers": voice.answers,
                "notes": notes,
            })
        })
        .collect();
    serde_json::json!({
        "target": want.text,
        "address": want.target,
        "mac": row.mac.map(mac_text),
        "vendor": row.mac.map(|mac| vendor::identify(mac).to_string()),
        "interface": row.link,
        "source": row.source,
        "gateway": row.gateway,
        "rtt_ms": row.answers.first().map(|(voice, _)| in_millis(voice.rtt)),
        "requests": row.attempts,
        "answers": answers,
        "notes": row.notes,
    })
}

fn csv(wants: &[Want], outcomes: &[Outcome]) -> Buffer {
    let mut out = Buffer::new();
    let header = [
        "target",
        "address",
        "mac",
        "vendor",
        "interface",
        "source",
        "gateway",
        "rtt_ms",
        "requests",
        "notes",
    ];
    push_csv_cells(&mut out, header);
    for want in wants {
        let row = row(want, outcomes);
        let text = |ip: Option<IpAddr>| ip.map_or_else(String::new, |ip| ip.to_string());
        let vendor = row.mac.map(|mac| vendor::identify(mac).to_string());
        let rtt = row.answers.first().map(|(voice, _)| millis(voice.rtt));
        let cells = [
            escaped(&want.text),
            want.target.to_string(),
            row.mac.map(mac_text).unwrap_or_default(),
            vendor.unwrap_or_default(),
            row.link,
            text(row.source),
            text(row.gateway),
            rtt.unwrap_or_default(),
            row.attempts.to_string(),
            row.notes.join("; "),
        ];
        push_csv_cells(&mut out, cells.iter().map(String::as_str));
    }
    out
}
