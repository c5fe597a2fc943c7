//! What came of asking at one place.

use std::net::IpAddr;
use std::time::Duration;

use super::super::notes::notes;
use super::super::place::Place;
use super::super::text::millis;
use crate::arp::{Ask, Finding, Mac, Voice};
use crate::commands::interfaces::mac_text;
use crate::commands::summary::counted;
use crate::error::Error;
use crate::store::Binding;

pub(super) struct Outcome {
    pub place: Place,
    pub ask: Ask,
    /// Where the neighbor table had them until now.
    pub before: Vec<Binding>,
    pub findings: Vec<(IpAddr, Finding)>,
    /// Of every answer to a request.
    pub round_trips: Vec<(IpAddr, Duration)>,
    /// The user ended it early.
    pub is_stopped: bool,
    /// What ended it early.
    pub error: Option<Error>,
}

impl Outcome {
    pub fn findings_on(&self, address: IpAddr) -> Vec<Finding> {
        let all = self.findings.iter();
        all.filter(|(about, _)| *about == address)
            .map(|(_, finding)| finding.clone())
            .collect()
    }

    /// Where the neighbor table had an address, if none of those who answer now is there.
    pub fn moved_from(&self, address: IpAddr) -> Option<&Binding> {
        let known = self.before.iter().find(|known| known.address == address)?;
        let voices = self.ask.voices(address);
        let is_other = voices.iter().all(|voice| voice.mac != known.mac);
        (!voices.is_empty() && is_other).then_some(known)
    }

    /// Every answer for an address, with its notes.
    pub fn answers(&self, address: IpAddr) -> Vec<(Voice, Vec<String>)> {
        let voices = self.ask.voices(address);
        let findings = self.findings_on(address);
        let noted = |voice: &Voice| {
            let others: Vec<Mac> = voices.iter().map(|other| other.mac).collect();
            let others: Vec<Mac> = others.into_iter().filter(|mac| *mac != voice.mac).collect();
            let mut notes = notes(&self.place, address, voice, &others, &findings);
            let moved = self.moved_from(address);
            notes.extend(moved.map(|known| format!("was at {}", mac_text(known.mac))));
            (*voice, notes)
        };
        voices.iter().map(noted).collect()
    }

    /// As arping's: how many requests, how many of them answered, how long that took.
    pub fn statistics(&self, address: IpAddr) -> Option<String> {
        let mut spans: Vec<Duration> = self
            .round_trips
            .iter()
            .filter(|(of, _)| *of == address)
            .map(|(_, span)| *span)
            .collect();
        spans.sort_unstable();
        let sent = self.ask.attempts(address);
        let requests = counted(sent.into(), "request");
        let (Some(least), Some(most)) = (spans.first(), spans.last()) else {
            return (sent > 0).then(|| format!("{address}: {requests}, no answer"));
        };
        let mean = spans.iter().sum::<Duration>() / spans.len() as u32;
        let answers = counted(spans.len() as u64, "answer");
        let lost = sent.saturating_sub(spans.len() as u32);
        Some(format!(
            "{address}: {requests}, {answers}, {:.0} % not answered; RTT min/mean/median/max {}/{}/{}/{} ms",
            f64::from(lost) * 100.0 / f64::from(sent.max(1)),
            millis(*least),
            millis(mean),
            millis(spans[spans.len() / 2]),
            millis(*most),
        ))
    }
}
