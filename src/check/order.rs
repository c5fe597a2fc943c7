//! Sentences about what comes after what.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

use super::syntax;
use super::{Finding, Frames, Judge, Verdict, counted, forgotten, verdict};
use crate::analysis::memory::Bounded;
use crate::decode::Packet;
use crate::fields::{Past, Selection, push_value};
use crate::filter::Scratch;
use crate::frame::Timestamp;

/// Values of the field behind `by` that are kept apart.
const KEYS: usize = 65_536;
/// Questions with one value that wait for an answer at once.
const MOST_WAITING: usize = 4096;

/// What keeps frames apart: the value of a field, or nothing.
struct Keys {
    by: Option<Selection>,
    hasher: RandomState,
}

impl Keys {
    fn new(by: Option<Selection>) -> Self {
        Self {
            by,
            hasher: RandomState::default(),
        }
    }

    /// None where the frame lacks the field.
    fn of(&self, packet: &Packet<'_>) -> Option<u64> {
        let Some(by) = &self.by else {
            return Some(0);
        };
        let mut text = Vec::new();
        by.each(packet, |field, value| {
            push_value(&mut text, field, value);
            text.push(0);
        });
        let mut hasher = self.hasher.build_hasher();
        hasher.write(&text);
        (!text.is_empty()).then(|| hasher.finish())
    }

    fn past(&self) -> Past {
        self.by.as_ref().map(Selection::past).unwrap_or_default()
    }
}

/// How far a sequence got: for each step the latest time it was reached, and the frames that led there. The latest is
/// always the best to go on from.
type Progress = Vec<Option<(Timestamp, Vec<u64>)>>;

/// `sequence(FILTER, within 1s, FILTER, by FIELD)`
pub(super) struct Sequence {
    steps: Vec<(syntax::Filter, Option<i64>)>,
    keys: Keys,
    reached: Bounded<u64, Progress>,
    /// The most steps that any got, and the frames.
    best: Vec<u64>,
    ended: bool,
    last: Timestamp,
}

impl Sequence {
    pub(super) fn new(sentence: syntax::Sequence) -> Self {
        Self {
            steps: sentence.steps,
            keys: Keys::new(sentence.by),
            reached: Bounded::new(KEYS),
            best: Vec::new(),
            ended: false,
            last: Timestamp::default(),
        }
    }

    fn is_whole(&self) -> bool {
        self.best.len() == self.steps.len()
    }
}

impl Judge for Sequence {
    fn look(&mut self, packet: &Packet<'_>, scratch: &Scratch) {
        let now = packet.frame.time.unwrap_or(self.last);
        self.last = now;
        if self.is_whole() {
            return;
        }
        // The last step first, so that a frame is one step only.
        for (index, (filter, within)) in self.steps.iter().enumerate().rev() {
            if !filter.filter.accepts(packet, scratch) {
                continue;
            }
            let Some(key) = self.keys.of(packet) else {
                return;
            };
            let reached = match index {
                0 => {
                    let steps = self.steps.len();
                    self.reached.get_or_insert_with(key, || vec![None; steps])
                }
                _ => match self.reached.get_mut(&key) {
                    Some(reached) => reached,
                    None => continue,
                },
            };
            let mut frames = match index.checked_sub(1).map(|before| &reached[before]) {
                None => Vec::new(),
                Some(Some((when, frames)))
                    if within.is_none_or(|within| now.since(*when) <= within) =>
                {
                    frames.clone()
                }
                Some(_) => continue,
            };
            frames.push(packet.frame.number);
            if frames.len() > self.best.len() {
                self.best.clone_from(&frames);
            }
            reached[index] = Some((now, frames));
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let whole = self.is_whole();
        let said = match self.best.len() {
            _ if whole => "it occurs".to_owned(),
            0 => format!("nothing matches its beginning: {}", self.steps[0].0.text),
            reached => format!(
                "it got to step {reached} of {}; then missing: {}",
                self.steps.len(),
                self.steps[reached].0.text
            ),
        };
        Finding {
            verdict: match (whole, self.ended) {
                (true, _) => Verdict::Holds,
                (false, true) => Verdict::Fails,
                (false, false) => Verdict::Open,
            },
            said: said + &forgotten(self.reached.forgotten()),
            frames: self.best.clone(),
            filter: None,
        }
    }

    fn past(&self) -> Past {
        let steps = self.steps.iter().map(|(step, _)| step.filter.past());
        steps.chain([self.keys.past()]).max().unwrap_or_default()
    }
}

/// `answered(FILTER, within 1s, FILTER, by FIELD)`: one answer is enough for all questions before it.
pub(super) struct Answered {
    sentence: syntax::Answered,
    keys: Keys,
    waiting: Bounded<u64, VecDeque<(u64, Timestamp)>>,
    asked: u64,
    late: u64,
    frames: Frames,
    /// Questions that had to be forgotten before they were answered.
    lost: u64,
    ended: bool,
    last: Timestamp,
}

impl Answered {
    pub(super) fn new(mut sentence: syntax::Answered) -> Self {
        Self {
            keys: Keys::new(sentence.by.take()),
            sentence,
            waiting: Bounded::new(KEYS),
            asked: 0,
            late: 0,
            frames: Frames::default(),
            lost: 0,
            ended: false,
            last: Timestamp::default(),
        }
    }

    fn unanswered(&mut self, frame: u64) {
        self.late += 1;
        self.frames.push(frame);
    }
}

impl Judge for Answered {
    fn look(&mut self, packet: &Packet<'_>, scratch: &Scratch) {
        let now = packet.frame.time.unwrap_or(self.last);
        self.last = now;
        let asks = self.sentence.asks.filter.accepts(packet, scratch);
        let answers = self.sentence.answers.filter.accepts(packet, scratch);
        if !asks && !answers {
            return;
        }
        let Some(key) = self.keys.of(packet) else {
            return;
        };
        let within = self.sentence.within;
        let mut late = Vec::new();
        if let Some(waiting) = self.waiting.get_mut(&key) {
            while let Some((frame, when)) = waiting.front().copied()
                && (answers || now.since(when) > within)
            {
                waiting.pop_front();
                if now.since(when) > within {
                    late.push(frame);
                }
            }
        }
        late.into_iter().for_each(|frame| self.unanswered(frame));
        if asks {
            self.asked += 1;
            let waiting = self.waiting.get_or_insert_with(key, VecDeque::new);
            if waiting.len() < MOST_WAITING {
                waiting.push_back((packet.frame.number, now));
            } else {
                self.lost += 1;
            }
        }
    }

    /// What waits at the end of the capture is not answered, even where its time was not over.
    fn finish(&mut self) {
        self.ended = true;
        let mut rest: Vec<u64> = self
            .waiting
            .iter()
            .flat_map(|(_, waiting)| waiting.iter().map(|(frame, _)| *frame))
            .collect();
        rest.sort_unstable();
        rest.into_iter().for_each(|frame| self.unanswered(frame));
    }

    fn finding(&self) -> Finding {
        let said = match (self.asked, self.late) {
            (0, _) => format!("no frame asks: {}", self.sentence.asks.text),
            (1, 0) => "the one frame that asks is answered".to_owned(),
            (1, _) => "the one frame that asks is not answered".to_owned(),
            (asked, 0) => format!("all {} are answered", counted(asked, "frame")),
            (asked, late) => format!("{late} of {} are not answered", counted(asked, "frame")),
        };
        Finding {
            verdict: match (self.ended, self.late) {
                (_, 1..) => Verdict::Fails,
                (true, 0) => verdict(self.asked > 0),
                (false, 0) => Verdict::Open,
            },
            said: said + &forgotten(self.lost + self.waiting.forgotten()),
            frames: self.frames.0.clone(),
            filter: None,
        }
    }

    fn past(&self) -> Past {
        let filters = self
            .sentence
            .asks
            .filter
            .past()
            .max(self.sentence.answers.filter.past());
        filters.max(self.keys.past())
    }
}
