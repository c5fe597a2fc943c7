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

use crate::about::Interface;
use crate::analysis::Observer;
use crate::analysis::alerts::{Alert, Alerts, Kind, Settings};
use crate::analysis::connections::{Connections, Conversation, MOST};
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

/// What a sentence is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Frames,
    Conversations,
    Alerts,
}

/// Decides one sentence, by one of these.
trait Judge: Send {
    fn by(&self) -> By {
        By::Frames
    }

    /// Looks at the next frame.
    fn look(&mut self, _: &Packet<'_>, _: &Scratch) {}

    /// Looks at a conversation that is over, or was when no more frames came.
    fn look_back(&mut self, _: &Conversation) {}

    /// Hears what `netinspect alerts` would tell.
    fn hear(&mut self, _: &Alert) {}

    /// No more frames come.
    fn finish(&mut self);

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
    /// Followed once, for all sentences that want it.
    connections: Option<Connections>,
    alerts: Option<Alerts>,
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

    /// The alert that it asks for by name, where nobody looks for that one: nothing would be known about it.
    pub fn switched_off(&self, settings: &Settings) -> Option<Kind> {
        match &self.sentence {
            Sentence::Alerts(alerts) => alerts
                .kind
                .filter(|kind| settings.general.off.contains(kind)),
            _ => None,
        }
    }
}

impl Check {
    /// `hasty`: it has seen enough once every sentence is decided.
    pub fn new(expectations: Vec<Expectation>, settings: &Settings, hasty: bool) -> Self {
        let judges = expectations.into_iter();
        let judges: Vec<_> = judges
            .map(|expectation| judge(expectation.sentence))
            .collect();
        let wants = |by| judges.iter().any(|judge| judge.by() == by);
        Self {
            connections: wants(By::Conversations).then(|| Connections::new(MOST)),
            alerts: wants(By::Alerts).then(|| Alerts::new(settings)),
            judges,
            scratch: Scratch::default(),
            frames: 0,
            hasty,
        }
    }

    /// What came of each sentence, in their order, and what that leaves out.
    pub fn finish(&mut self) -> Vec<Finding> {
        let Self {
            judges,
            connections,
            alerts,
            ..
        } = self;
        if let Some(connections) = connections {
            connections.finish(&mut |over| tell(judges, |judge| judge.look_back(&over)));
        }
        if let Some(alerts) = alerts {
            let raised = alerts.finish();
            raised.for_each(|alert| tell(judges, |judge| judge.hear(&alert)));
        }
        tell(judges, |judge| judge.finish());
        let lost = |by| match by {
            By::Frames => 0,
            By::Conversations => connections.as_ref().map_or(0, Connections::forgotten),
            By::Alerts => alerts.as_ref().map_or(0, Alerts::forgotten),
        };
        let judges = judges.iter().map(|judge| (judge.by(), judge.finding()));
        let findings = judges.map(|(by, finding)| Finding {
            said: finding.said + &forgotten(lost(by)),
            ..finding
        });
        findings.collect()
    }

    pub fn frames(&self) -> u64 {
        self.frames
    }
}

impl Observer for Check {
    fn observe(&mut self, parts: &Parts<'_>, _: &mut Buffer) {
        self.frames += 1;
        let Self {
            judges, scratch, ..
        } = self;
        // Once for all of them.
        let packet = parts.packet();
        tell(judges, |judge| judge.look(&packet, scratch));
        if let Some(connections) = &mut self.connections {
            connections.observe(parts, &mut |over| {
                tell(judges, |judge| judge.look_back(&over));
            });
        }
        if let Some(alerts) = &mut self.alerts {
            let raised = alerts.observe(&packet);
            raised.for_each(|alert| tell(judges, |judge| judge.hear(&alert)));
        }
    }

    fn add_interfaces(&mut self, new: &[Interface]) {
        if let Some(alerts) = &mut self.alerts {
            alerts.add_interfaces(new);
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

/// Tells each judge.
fn tell(judges: &mut [Box<dyn Judge>], told: impl FnMut(&mut Box<dyn Judge>)) {
    judges.iter_mut().for_each(told);
}

fn judge(sentence: Sentence) -> Box<dyn Judge> {
    match sentence {
        Sentence::Count(count) => Box::new(frames::Count::new(count)),
        Sentence::Every(every) => Box::new(frames::Every::new(every)),
        Sentence::Extreme(extreme) => Box::new(frames::Extreme::new(extreme)),
        Sentence::Sequence(sequence) => Box::new(order::Sequence::new(sequence)),
        Sentence::Answered(answered) => Box::new(order::Answered::new(answered)),
        Sentence::Binding(binding) => Box::new(bindings::Bindings::new(binding)),
        Sentence::Connections(connections) => Box::new(connections::Judged::new(connections)),
        Sentence::Measure(measure) => Box::new(connections::Measured::new(measure)),
        Sentence::Alerts(alerts) => Box::new(alerts::Raised::new(alerts)),
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

/// What is said of what is not known any more.
fn forgotten(count: u64) -> String {
    match count {
        0 => String::new(),
        count => format!(" ({count} forgotten to bound memory)"),
    }
}
