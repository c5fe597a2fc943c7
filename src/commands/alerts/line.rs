//! An alert for people: when, how bad, what; what shows it; what to look at next.

use crate::analysis::alerts::{Alert, Severity};
use crate::output::colour::{Paint, Role};
use crate::output::time::{Reference, TimeForm, TimeWriter};
use crate::text::escape::{harmless, push_escaped};
use crate::text::{Buffer, push, push_number, shell};

pub(super) struct Lines {
    paint: Paint,
    time: TimeWriter,
    /// What shows frames of the same input: "netinspect replay trace.pcap".
    command: String,
}

impl Lines {
    pub(super) fn new(paint: Paint, command: String) -> Self {
        Self {
            paint,
            time: TimeWriter::new(TimeForm::default()),
            command,
        }
    }

    pub(super) fn push(&mut self, out: &mut Buffer, alert: &Alert) {
        self.time
            .push(out, Some(alert.last.time), Reference::default());
        push(out, " ");
        self.painted(out, role(alert.severity), alert.severity.name());
        push(out, " ");
        self.painted(out, Role::Heading, alert.kind.name());
        push(out, ": ");
        push_escaped(out, alert.summary.as_bytes());
        push(out, "\n");
        if alert.repeated {
            push(out, "    - ");
            push_number(out, alert.count);
            push(out, " times from frame ");
            push_number(out, alert.first.frame);
            push(out, " to ");
            push_number(out, alert.last.frame);
            push(out, "\n");
        }
        for evidence in &alert.evidence {
            push(out, "    - ");
            push_escaped(out, evidence.as_bytes());
            push(out, "\n");
        }
        push(out, "    ");
        self.painted(out, Role::Quiet, "look: ");
        let filter = shell::word(&alert.filter);
        push(out, &harmless(&format!("{} -Y {filter}", self.command)));
        push(out, "\n");
    }

    fn painted(&self, out: &mut Buffer, role: Role, text: &str) {
        self.paint.on(out, role);
        push(out, text);
        self.paint.off(out);
    }
}

fn role(severity: Severity) -> Role {
    match severity {
        Severity::Info => Role::Open,
        Severity::Warning => Role::Close,
        Severity::Critical => Role::Broken,
    }
}
