//! Assertions over captures: a small language ([`parser`]) and what decides each sentence of it, frame by frame.
//!
//! Every sentence about frames is made of display filters, those about bindings and alerts of what
//! `analysis` finds. docs/check.md is the page for users; its examples are tests.
//!
//! "every …" and "answered …" want at least one: a test that nothing was tested by has not passed.

mod alerts;
mod bindings;
mod connections;
mod frames;
mod order;
mod parser;
mod quantity;
mod rules;
mod syntax;
#[cfg(test)]
mod tests;
mod words;

pub use rules::{Rule, rules};

use crate::analysis::Observer;
use crate::analysis::alerts::Settings;
use crate::decode::{Packet, Parts};
use crate::fields::Past;
use crate::filter::{Mistake, Scratch};
use crate::text::Buffer;
use syntax::Sentence;

/// Frames that are named as evidence; more are counted.
const MOST_FRAMES: usize = 10;

/// How a sentence stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It depends on what comes.
    Open,
    Holds,
    Fails,
}

/// A verdict, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    /// What was found, in a few words: "3 frames match".
    pub said: String,
    /// The frames that show it, the first few of them.
    pub frames: Vec<u64>,
    /// A display filter for the frames, where one says it.
    pub filter: Option<String>,
}

/// Decides one sentence.
trait Judge: Send {
    fn look(&mut self, packet: &Packet<'_>, parts: &Parts<'_>, scratch: &Scratch);

    /// No more frames come.
    fn finish(&mut self) {}

    /// As far as it is known; never [`Verdict::Open`] after the end.
    fn finding(&self) -> Finding;

    /// What it needs to know of what came before a frame.
    fn past(&self) -> Past {
        Past::Nothing
    }
}

/// Decides sentences over the frames of a capture.
pub struct Check {
    judges: Vec<Box<dyn Judge>>,
    scratch: Scratch,
    frames: u64,
    /// End as soon as all is decided.
    hasty: bool,
}

/// A sentence that was understood.
pub struct Expectation {
    sentence: Sentence,
}

impl Expectation {
    /// # Errors
    /// The mistake, with its place in `text`.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        parser::parse(text).map(|sentence| Self { sentence })
    }
}

impl Check {
    /// `hasty`: it has seen enough once every sentence is decided.
    pub fn new(expectations: Vec<Expectation>, settings: &Settings, hasty: bool) -> Self {
        let judges = expectations
            .into_iter()
            .map(|expectation| judge(expectation.sentence, settings))
            .collect();
        Self {
            judges,
            scratch: Scratch::default(),
            frames: 0,
            hasty,
        }
    }

    /// What came of each sentence, in their order.
    pub fn finish(&mut self) -> Vec<Finding> {
        self.judges.iter_mut().for_each(|judge| judge.finish());
        self.judges.iter().map(|judge| judge.finding()).collect()
    }

    pub fn frames(&self) -> u64 {
        self.frames
    }
}

impl Observer for Check {
    fn observe(&mut self, parts: &Parts<'_>, _: &mut Buffer) {
        self.frames += 1;
        // Once for all of them.
        let packet = parts.packet();
        for judge in &mut self.judges {
            judge.look(&packet, parts, &self.scratch);
        }
    }

    fn past(&self) -> Past {
        let judges = self.judges.iter().map(|judge| judge.past());
        judges.max().unwrap_or_default()
    }

    fn may_end(&self) -> bool {
        self.hasty
    }

    fn is_done(&self) -> bool {
        let mut findings = self.judges.iter().map(|judge| judge.finding());
        findings.all(|finding| finding.verdict != Verdict::Open)
    }
}

fn judge(sentence: Sentence, settings: &Settings) -> Box<dyn Judge> {
    match sentence {
        Sentence::Count(count) => Box::new(frames::Count::new(count)),
        Sentence::Every(every) => Box::new(frames::Every::new(every)),
        Sentence::Extreme(extreme) => Box::new(frames::Extreme::new(extreme)),
        Sentence::Sequence(sequence) => Box::new(order::Sequence::new(sequence)),
        Sentence::Answered(answered) => Box::new(order::Answered::new(answered)),
        Sentence::Binding(binding) => Box::new(bindings::Bindings::new(binding)),
        Sentence::Connections(connections) => Box::new(connections::Judged::new(connections)),
        Sentence::Measure(measure) => Box::new(connections::Measured::new(measure)),
        Sentence::Alerts(alerts) => Box::new(alerts::Raised::new(alerts, settings)),
    }
}

fn verdict(holds: bool) -> Verdict {
    if holds {
        Verdict::Holds
    } else {
        Verdict::Fails
    }
}

/// Frame numbers, as many as are shown.
#[derive(Debug, Clone, Default)]
struct Frames(Vec<u64>);

impl Frames {
    fn push(&mut self, frame: u64) {
        if self.0.len() < MOST_FRAMES {
            self.0.push(frame);
        }
    }
}

/// "1 frame", "3 frames".
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
