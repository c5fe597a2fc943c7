//! Asks many addresses, or one: paced, in passes over those that are still silent.

use std::collections::HashMap;
use std::mem;
use std::net::IpAddr;
use std::time::Duration;

use foldhash::fast::RandomState;

use super::doubts::{Doubts, Finding};
use super::frames::Asker;
use super::heard::Heard;
use super::plan::Plan;
use super::targets::Targets;
use super::voice::Voice;
use super::wire::{Machine, Step};
use super::{BROADCAST, Mac, NO_MAC};
use crate::frame::Timestamp;
use crate::vendor;

/// Something to tell, in the order it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The first answer for an address.
    Answer(IpAddr, Voice),
    /// Another MAC address answers as well.
    Another(IpAddr, Voice),
    /// The same one answers a later request ([`Plan::repeat`]).
    Again(IpAddr, Voice),
    /// What was found out about an address; all of these come last.
    Found(IpAddr, Finding),
}

/// Answers that were not believed, by why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ignored {
    /// Sent to others, or naming another address than ours as the one who asked.
    pub for_others: u64,
    /// About addresses we had not asked for.
    pub unasked: u64,
    /// In another VLAN than the question.
    pub other_vlan: u64,
    /// With a MAC address that nobody can have: zeros, broadcast, our own.
    pub impossible: u64,
    /// One more MAC address for an address that has too many already.
    pub crowd: u64,
}

impl Ignored {
    /// Adds up what several machines ignored.
    pub fn add(&mut self, other: Self) {
        self.for_others += other.for_others;
        self.unasked += other.unasked;
        self.other_vlan += other.other_vlan;
        self.impossible += other.impossible;
        self.crowd += other.crowd;
    }

    pub fn total(&self) -> u64 {
        self.for_others + self.unasked + self.other_vlan + self.impossible + self.crowd
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    last: Timestamp,
    attempts: u32,
    /// Requests since the last answer.
    open: u32,
    answered: bool,
}

/// MAC addresses kept for one address; more are counted only.
const MOST_VOICES: usize = 8;
/// After a delay (other programs ran) so much is caught up at once.
const CATCH_UP: Duration = Duration::from_millis(20);

fn earlier(time: Timestamp, span: Duration) -> Timestamp {
    Timestamp::from_nanos(time.nanos() - span.as_nanos() as i64)
}

/// See the [module](super).
pub struct Ask {
    asker: Asker,
    plan: Plan,
    targets: Targets,
    slots: Vec<Slot>,
    pass: u32,
    cursor: usize,
    /// When the next request may be sent, whoever it is for.
    turn: Timestamp,
    last_question: Timestamp,
    /// When somebody new answered last.
    last_news: Timestamp,
    silent: usize,
    voices: HashMap<usize, Vec<Voice>, RandomState>,
    /// Addresses that more than one MAC address answers for.
    crowded: Vec<usize>,
    doubts: Doubts,
    events: Vec<Event>,
    sent: u64,
    ignored: Ignored,
    is_over: bool,
}

impl Ask {
    /// `hints` are other addresses known to belong to MAC addresses of this link, such as the kernel's table has.
    pub fn new(asker: Asker, targets: Targets, plan: Plan, hints: Vec<(IpAddr, Mac)>) -> Self {
        Self {
            asker,
            plan,
            slots: vec![Slot::default(); targets.len()],
            silent: targets.len(),
            targets,
            pass: 1,
            cursor: 0,
            turn: Timestamp::default(),
            last_question: Timestamp::default(),
            last_news: Timestamp::default(),
            voices: HashMap::default(),
            crowded: Vec::new(),
            doubts: Doubts::new(asker, plan.tail, hints),
            events: Vec::new(),
            sent: 0,
            ignored: Ignored::default(),
            is_over: false,
        }
    }

    /// What there is to tell since the last call.
    pub fn events(&mut self) -> Vec<Event> {
        mem::take(&mut self.events)
    }

    /// Frames sent.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// How often an address was asked for.
    pub fn attempts(&self, address: IpAddr) -> u32 {
        let slot = self.targets.position(address);
        slot.map_or(0, |index| self.slots[index].attempts)
    }

    /// Addresses that nobody has answered for.
    pub fn silent(&self) -> usize {
        self.silent
    }

    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    pub fn ignored(&self) -> Ignored {
        self.ignored
    }

    /// Which pass it is in, from 1, and how many requests that pass has behind it at most.
    pub fn progress(&self) -> (u32, usize) {
        match self.pass > self.plan.passes {
            true => (self.plan.passes, self.slots.len()),
            false => (self.pass, self.cursor),
        }
    }

    /// Who answered for an address, in the order they did.
    pub fn voices(&self, address: IpAddr) -> &[Voice] {
        let voices = self.targets.position(address);
        voices
            .and_then(|index| self.voices.get(&index))
            .map_or(&[], Vec::as_slice)
    }

    /// The next address to ask and when it may be asked; none when all passes are done.
    fn next_question(&mut self) -> Option<(usize, Timestamp)> {
        if self.silent == 0 && !self.plan.repeat {
            return None;
        }
        while self.pass <= self.plan.passes {
            while let Some(slot) = self.slots.get(self.cursor) {
                if !slot.answered || self.plan.repeat {
                    let due = match slot.attempts {
                        0 => slot.last,
                        _ => slot.last.after(self.plan.spacing),
                    };
                    return Some((self.cursor, due));
                }
                self.cursor += 1;
            }
            self.pass += 1;
            self.cursor = 0;
        }
        None
    }

    fn ask(&mut self, index: usize, now: Timestamp, frame: &mut Vec<u8>) {
        self.asker.question(frame, self.targets.get(index), None);
        let slot = &mut self.slots[index];
        slot.attempts += 1;
        slot.open += 1;
        slot.last = now;
        self.cursor += 1;
        self.last_question = now;
        self.paced(now);
    }

    fn paced(&mut self, now: Timestamp) {
        let due = self.turn.max(earlier(now, CATCH_UP));
        self.turn = Timestamp::from_nanos(due.nanos() + self.plan.interval());
        self.sent += 1;
    }

    /// When to stop waiting for answers, all questions having been asked.
    fn over_at(&self) -> Timestamp {
        let all_answered = if self.plan.repeat {
            self.slots.iter().all(|slot| slot.open == 0)
        } else {
            self.silent == 0
        };
        if all_answered {
            let last = self.last_question.max(self.last_news);
            last.after(self.plan.linger)
        } else {
            self.last_question.after(self.plan.tail)
        }
    }

    /// Addresses with several MAC addresses that are to be explained: redundant routers share theirs by design, and
    /// whoever lets others override it knows that it is not alone.
    fn contested(&self) -> Vec<(IpAddr, Vec<Mac>)> {
        let of = |index: &usize| {
            let voices = self.voices.get(index)?;
            let macs: Vec<Mac> = voices
                .iter()
                .filter(|voice| !voice.is_soft && vendor::redundant_router(voice.mac).is_none())
                .map(|voice| voice.mac)
                .collect();
            (macs.len() > 1).then(|| (self.targets.get(*index), macs))
        };
        self.crowded.iter().filter_map(of).collect()
    }

    /// Believes an answer, or counts why not.
    fn believe(&mut self, heard: &Heard) -> Option<usize> {
        let ignored = &mut self.ignored;
        let anonymous = heard.told.is_unspecified();
        let counter = if heard.vlan.is_some() {
            &mut ignored.other_vlan
        } else if heard.ethernet_destination != self.asker.mac
            || heard.told != self.asker.ip && !anonymous
        {
            &mut ignored.for_others
        } else if heard.mac == NO_MAC || heard.mac == BROADCAST || heard.mac == self.asker.mac {
            &mut ignored.impossible
        } else {
            if self.doubts.hear(heard.address, heard.mac, anonymous) {
                return None;
            }
            match self.targets.position(heard.address) {
                Some(index) if self.slots[index].attempts > 0 && !anonymous => return Some(index),
                _ => &mut ignored.unasked,
            }
        };
        *counter += 1;
        None
    }
}

impl Machine for Ask {
    fn poll(&mut self, now: Timestamp, frame: &mut Vec<u8>) -> Step {
        if self.turn == Timestamp::default() {
            // As after a delay: what the pace allows at once it allows at the start too.
            self.turn = earlier(now, CATCH_UP);
            self.last_question = now;
        }
        loop {
            let question = self.next_question();
            let until = match question {
                Some((index, due)) if due.max(self.turn) <= now => {
                    self.ask(index, now, frame);
                    return Step::Send;
                }
                Some((_, due)) => due.max(self.turn),
                None => self.over_at(),
            };
            // Answers to checks would be taken for answers to what is repeated.
            let may_doubt = !self.plan.repeat || question.is_none();
            if let Some(due) = self.doubts.due().filter(|_| may_doubt) {
                let due = due.max(self.turn);
                if due > now {
                    return Step::Wait(if until > now { due.min(until) } else { due });
                }
                if self.doubts.poll(now, frame) {
                    self.paced(now);
                    return Step::Send;
                }
                continue;
            }
            if until > now {
                return Step::Wait(until);
            }
            if self.is_over || !self.doubts.conclude(&self.contested(), now) {
                break;
            }
        }
        if !self.is_over {
            self.is_over = true;
            let findings = self.doubts.findings(&self.contested());
            let told = findings.into_iter();
            self.events
                .extend(told.map(|(address, finding)| Event::Found(address, finding)));
        }
        Step::Done
    }

    fn hear(&mut self, heard: &Heard, at: Timestamp) {
        if !heard.is_answer() {
            return;
        }
        let Some(index) = self.believe(heard) else {
            return;
        };
        let slot = &mut self.slots[index];
        let rtt = Duration::from_nanos(at.since(slot.last).max(0) as u64);
        let answers_latest = slot.open > 0;
        let voice = Voice::new(heard, at, rtt, slot.attempts, slot.open > 1);
        slot.open = 0;
        if !mem::replace(&mut slot.answered, true) {
            self.silent -= 1;
        }
        let voices = self.voices.entry(index).or_default();
        let is_first = voices.is_empty();
        if let Some(known) = voices.iter_mut().find(|known| known.mac == voice.mac) {
            known.answers += 1;
            if self.plan.repeat && answers_latest {
                self.events.push(Event::Again(heard.address, voice));
            }
            return;
        }
        if voices.len() == MOST_VOICES {
            self.ignored.crowd += 1;
            return;
        }
        if voices.len() == 1 {
            self.crowded.push(index);
        }
        voices.push(voice);
        self.last_news = at;
        self.doubts.answered(heard.address, heard.mac, at);
        self.events.push(if is_first {
            Event::Answer(heard.address, voice)
        } else {
            Event::Another(heard.address, voice)
        });
    }
}
