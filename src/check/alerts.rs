//! `no alert above info`, `alert port-scan`: what `netinspect alerts` would say.

use super::syntax;
use super::{By, Finding, Frames, Judge, Verdict, verdict};
use crate::analysis::alerts::Alert;

pub(super) struct Raised {
    sentence: syntax::Alerts,
    frames: Frames,
    first: Option<Alert>,
    count: u64,
    ended: bool,
}

impl Raised {
    pub(super) fn new(sentence: syntax::Alerts) -> Self {
        Self {
            sentence,
            frames: Frames::default(),
            first: None,
            count: 0,
            ended: false,
        }
    }
}

impl Judge for Raised {
    fn by(&self) -> By {
        By::Alerts
    }

    fn hear(&mut self, alert: &Alert) {
        let syntax::Alerts { kind, above, .. } = self.sentence;
        let is_meant = kind.is_none_or(|kind| kind == alert.kind)
            && above.is_none_or(|above| alert.severity > above);
        if is_meant && !alert.repeated {
            self.count += 1;
            self.frames.push(alert.last.frame);
            self.first.get_or_insert_with(|| alert.clone());
        }
    }

    fn finish(&mut self) {
        self.ended = true;
    }

    fn finding(&self) -> Finding {
        let said = match &self.first {
            None => "there is none".to_owned(),
            Some(first) => {
                let more = match self.count - 1 {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                format!(
                    "{} ({}): {}{more}",
                    first.kind, first.severity, first.summary
                )
            }
        };
        let raised = self.count > 0;
        Finding {
            verdict: if raised || self.ended {
                verdict(raised == self.sentence.wanted)
            } else {
                Verdict::Open
            },
            said,
            frames: self.frames.0.clone(),
            filter: self.first.as_ref().map(|first| first.filter.clone()),
        }
    }
}
