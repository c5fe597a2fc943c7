//! Looks at every frame, and passes on what there is to tell: to standard output, to the table, to a program.

use std::path::Path;

use super::exec::Executor;
use super::{Form, line};
use crate::about::Interface;
use crate::analysis::Observer;
use crate::analysis::neighbors::{Event, Level, Watch, claim};
use crate::commands::learn::Places;
use crate::commands::neighbors::event_object;
use crate::commands::summary::counted;
use crate::decode::Parts;
use crate::error::Error;
use crate::store::Recorder;
use crate::text::{Buffer, push};

pub(super) struct Guard {
    watch: Watch,
    recorder: Option<Recorder>,
    pub(super) executor: Option<Executor>,
    form: Form,
    least: Level,
    places: Places,
    /// Events of one frame.
    events: Vec<Event>,
    /// How many of each level, in their order.
    counts: [u64; 3],
    writer: line::Writer,
}

impl Guard {
    pub(super) fn new(watch: Watch, recorder: Option<Recorder>, form: Form, least: Level) -> Self {
        Self {
            watch,
            recorder,
            executor: None,
            form,
            least,
            places: Places::default(),
            events: Vec::new(),
            counts: [0; 3],
            writer: line::Writer::new(),
        }
    }

    pub(super) fn warnings(&self) -> u64 {
        self.counts[Level::Warning as usize]
    }

    /// What was told, and what was not.
    pub(super) fn summary(&self) -> String {
        let [quiet, notices, warnings] = self.counts;
        let mut text = format!(
            "{}, {}",
            counted(warnings, "warning"),
            counted(notices, "notice")
        );
        if quiet > 0 {
            text += &format!(", {quiet} quiet");
            if self.least > Level::Quiet {
                text += " (-v shows them)";
            }
        }
        let (folded, forgotten) = (self.watch.folded(), self.watch.forgotten());
        if folded > 0 {
            text += &format!("; {} counted, not told", counted(folded, "repeat"));
        }
        if forgotten > 0 {
            text += &format!(
                "\n{forgotten} addresses forgotten to bound memory: those that come back are told as new"
            );
        }
        text
    }

    /// Waits for the table and the program.
    pub(super) fn finish(self, table: Option<&Path>) -> Vec<Error> {
        let recorded = self.recorder.zip(table);
        let table = recorded.and_then(|(recorder, path)| super::recorded(recorder, path));
        let executor = self.executor.and_then(Executor::finish);
        table.into_iter().chain(executor).collect()
    }

    fn tell(&mut self, out: &mut Buffer) {
        for event in self.events.drain(..) {
            self.counts[event.level as usize] += 1;
            if event.level >= self.least {
                match self.form {
                    Form::Line => self.writer.push(out, &event),
                    Form::Json => push(out, &format!("{}\n", event_object(&event))),
                }
                if let Some(executor) = &mut self.executor {
                    executor.send(&event);
                }
            }
            if let Some(recorder) = &mut self.recorder {
                recorder.event(event);
            }
        }
    }
}

impl Observer for Guard {
    fn observe(&mut self, parts: &Parts<'_>, out: &mut Buffer) {
        let packet = &parts.packet();
        let Some(claim) = claim(packet) else {
            return;
        };
        let (interface, time) = self.places.of(packet);
        let sighting = self
            .watch
            .observe(&claim, &interface, time, &mut self.events);
        if let (Some(recorder), Some(sighting)) = (&mut self.recorder, sighting) {
            recorder.sighting(sighting);
        }
        self.tell(out);
    }

    fn add_interfaces(&mut self, new: &[Interface]) {
        self.places.add(new);
    }
}
