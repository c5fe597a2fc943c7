//! What is told, and what is only counted: the same alert about the same thing is told once, then counted and told again
//! from time to time; of one kind only so many are told in a minute.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::kind::{Kind, Severity};
use super::settings::General;
use super::sight::{Mac, Moment};
use super::window::{SECOND, Window};

/// Something that is wrong, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub kind: Kind,
    pub severity: Severity,
    /// Who or what it is about: an address, a pair of them.
    pub subject: String,
    /// What happened, in one sentence without a full stop.
    pub summary: String,
    /// What shows it: frames, rates, what was before and after.
    pub evidence: Vec<String>,
    /// A display filter that shows the frames.
    pub filter: String,
    /// How often it was raised, from the first time on.
    pub count: u64,
    pub first: Moment,
    pub last: Moment,
    /// Whether it was told before.
    pub repeated: bool,
    /// Who claims the same address, where that is what it is about.
    pub contested: Option<Contested>,
}

/// An address that several claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    pub address: IpAddr,
    /// Who had it before comes first.
    pub macs: Vec<Mac>,
    /// Inside a VLAN or a tunnel, where an interface can't ask as it is.
    pub is_inside: bool,
}

/// The part of an alert that takes time to write, and is written only where it is told.
pub(super) struct Words {
    pub subject: String,
    pub summary: String,
    pub evidence: Vec<String>,
    pub filter: String,
}

struct Entry {
    alert: Alert,
    /// Its count when it was last told, and when that was.
    told: u64,
    told_at: Moment,
    /// When its words were written, which takes time: what is told at the end is to be a second old at most.
    worded_at: Moment,
    /// How long it is only counted from then on, in nanoseconds: longer each time.
    wait: i64,
}

/// What is not told one by one.
#[derive(Default)]
struct Crowd {
    minute: Window,
    hushed: Option<(u64, Severity, Moment, Moment)>,
}

pub(super) struct Report {
    general: General,
    entries: HashMap<(Kind, u64), Entry, RandomState>,
    crowds: HashMap<Kind, Crowd, RandomState>,
    told: Vec<Alert>,
    worst: Option<Severity>,
}

/// More different alerts than anybody reads; those that were quiet for [`QUIET`] make room.
const MOST_ENTRIES: usize = 4096;
const QUIET: i64 = 3600 * SECOND;
const MINUTE: i64 = 60 * SECOND;

impl Report {
    pub(super) fn new(general: General) -> Self {
        Self {
            general,
            entries: HashMap::default(),
            crowds: HashMap::default(),
            told: Vec::new(),
            worst: None,
        }
    }

    /// Raises an alert about `subject`. What `words` says is asked for only where it is told.
    pub(super) fn raise(
        &mut self,
        at: Moment,
        kind: Kind,
        severity: Severity,
        subject: &impl Hash,
        words: impl FnOnce() -> Words,
    ) {
        self.raise_contested(at, kind, severity, subject, || (words(), None));
    }

    /// The same about an address that several claim.
    pub(super) fn raise_contested(
        &mut self,
        at: Moment,
        kind: Kind,
        severity: Severity,
        subject: &impl Hash,
        words: impl FnOnce() -> (Words, Option<Contested>),
    ) {
        if self.general.off.contains(&kind) {
            return;
        }
        self.worst = self.worst.max(Some(severity));
        let key = (kind, self.entries.hasher().hash_one(subject));
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.alert.count += 1;
            entry.alert.last = at;
            let worse = severity > entry.alert.severity;
            let is_told = worse || !at.is_within(entry.wait, entry.told_at);
            if is_told || !at.is_within(SECOND, entry.worded_at) {
                entry.worded_at = at;
                entry.alert = Alert {
                    count: entry.alert.count,
                    first: entry.alert.first,
                    last: at,
                    ..told_as(kind, severity.max(entry.alert.severity), words())
                };
            }
            if is_told {
                entry.wait = (2 * entry.wait).min(QUIET);
                entry.tell(at, !worse, &mut self.told);
            }
            return;
        }
        if self.is_crowded(kind, severity, at) {
            return;
        }
        self.make_room(at);
        let mut entry = Entry {
            alert: Alert {
                first: at,
                last: at,
                count: 1,
                ..told_as(kind, severity, words())
            },
            told: 0,
            told_at: at,
            worded_at: at,
            wait: i64::from(self.general.repeat_after) * SECOND,
        };
        entry.tell(at, false, &mut self.told);
        self.entries.insert(key, entry);
    }

    /// Whether enough of this kind was told in this minute; then it is counted here.
    fn is_crowded(&mut self, kind: Kind, severity: Severity, at: Moment) -> bool {
        let crowd = self.crowds.entry(kind).or_default();
        if crowd.minute.add(at.time, MINUTE) {
            self.told.extend(crowd.summary(kind));
        }
        if crowd.minute.count <= u64::from(self.general.most_a_minute) {
            return false;
        }
        let (count, worst, _, last) = crowd.hushed.get_or_insert((0, severity, at, at));
        (*count, *worst, *last) = (*count + 1, severity.max(*worst), at);
        true
    }

    fn make_room(&mut self, at: Moment) {
        if self.entries.len() < MOST_ENTRIES {
            return;
        }
        let told = &mut self.told;
        self.entries.retain(|_, entry| {
            let keep = at.is_within(QUIET, entry.alert.last);
            if !keep {
                entry.tell_rest(told);
            }
            keep
        });
        // All of them in one hour: a flood of its own. What repeats from now on is told anew.
        if self.entries.len() >= MOST_ENTRIES {
            self.entries
                .drain()
                .for_each(|(_, mut entry)| entry.tell_rest(&mut self.told));
        }
    }

    /// What is to be told now.
    pub(super) fn take(&mut self) -> std::vec::Drain<'_, Alert> {
        self.told.drain(..)
    }

    /// The worst that was raised, told or not.
    pub(super) fn worst(&self) -> Option<Severity> {
        self.worst
    }

    /// What was counted and not told yet; with what else was found at the end, in the order of time.
    pub(super) fn finish(&mut self) {
        self.entries
            .values_mut()
            .for_each(|entry| entry.tell_rest(&mut self.told));
        for (kind, crowd) in &mut self.crowds {
            self.told.extend(crowd.summary(*kind));
        }
        self.told.sort_by_cached_key(|alert| {
            let last = alert.last;
            (
                last.time,
                last.frame,
                alert.kind.name(),
                alert.subject.clone(),
            )
        });
    }
}

fn told_as(
    kind: Kind,
    severity: Severity,
    (words, contested): (Words, Option<Contested>),
) -> Alert {
    let nowhere = Moment {
        frame: 0,
        time: crate::frame::Timestamp::default(),
    };
    Alert {
        kind,
        severity,
        subject: words.subject,
        summary: words.summary,
        evidence: words.evidence,
        filter: words.filter,
        count: 1,
        first: nowhere,
        last: nowhere,
        repeated: false,
        contested,
    }
}

impl Entry {
    fn tell(&mut self, at: Moment, repeated: bool, told: &mut Vec<Alert>) {
        self.alert.repeated = repeated;
        self.told = self.alert.count;
        self.told_at = at;
        told.push(self.alert.clone());
    }

    fn tell_rest(&mut self, told: &mut Vec<Alert>) {
        if self.alert.count > self.told {
            self.tell(self.alert.last, true, told);
        }
    }
}

impl Crowd {
    fn summary(&mut self, kind: Kind) -> Option<Alert> {
        let (count, severity, first, last) = self.hushed.take()?;
        let words = Words {
            subject: "others".to_owned(),
            summary: format!("{count} more of this kind about others, not told one by one"),
            evidence: Vec::new(),
            filter: format!(
                "frame.number >= {} and frame.number <= {}",
                first.frame, last.frame
            ),
        };
        Some(Alert {
            count,
            first,
            last,
            ..told_as(kind, severity, (words, None))
        })
    }
}
