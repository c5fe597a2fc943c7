//! Differences for people: what matters most first, each with what either capture shows; many of one kind in one line.

use crate::analysis::alerts::Severity;
use crate::analysis::differences::{Difference, Kind, Seen, Shown};
use crate::output::colour::{Paint, Role};
use crate::text::escape::{harmless, push_escaped};
use crate::text::{Buffer, push, push_number, shell};

/// So many of a kind and severity are told one by one.
const MOST: usize = 10;
/// Subjects of further ones, or of what is told in one line anyway.
const MOST_NAMED: usize = 8;

pub(super) fn write(out: &mut Buffer, paint: Paint, found: &[Difference], names: &[String; 2]) {
    let writer = Writer { paint, names };
    for alike in found.chunk_by(|a, b| (a.severity, a.kind) == (b.severity, b.kind)) {
        writer.group(out, alike);
    }
    if found.is_empty() {
        push(out, "no differences\n");
    }
}

struct Writer<'a> {
    paint: Paint,
    names: &'a [String; 2],
}

impl Writer<'_> {
    fn group(&self, out: &mut Buffer, alike: &[Difference]) {
        // That hosts, ports and protocols come and go is seldom the reason.
        let one_by_one = match is_passing(alike[0].kind) {
            true if alike.len() > 1 => 0,
            _ => MOST,
        };
        let (told, rest) = alike.split_at(one_by_one.min(alike.len()));
        told.iter().for_each(|difference| self.one(out, difference));
        if !rest.is_empty() {
            self.rest(out, rest, !told.is_empty());
        }
    }

    fn one(&self, out: &mut Buffer, difference: &Difference) {
        self.severity(out, difference.severity);
        push_escaped(out, difference.summary.as_bytes());
        push(out, "\n");
        self.side(out, "good", &difference.good);
        self.side(out, "bad", &difference.bad);
        if let Some(filter) = &difference.filter {
            let name = &self.names[usize::from(difference.bad.frames.count > 0)];
            push(out, "    ");
            self.paint.on(out, Role::Quiet);
            push(out, "look: ");
            self.paint.off(out);
            let command = format!("netinspect replay {name} -Y {}", shell::word(filter));
            push(out, &harmless(&command));
            push(out, "\n");
        }
    }

    fn side(&self, out: &mut Buffer, which: &str, shown: &Shown) {
        push(out, "    ");
        push(out, which);
        push(out, ": ");
        push_escaped(out, shown.said.as_bytes());
        push_frames(out, shown.frames);
        push(out, "\n");
    }

    /// Many in one line, by their names.
    fn rest(&self, out: &mut Buffer, rest: &[Difference], is_more: bool) {
        self.severity(out, rest[0].severity);
        push_number(out, rest.len() as u64);
        push(out, if is_more { " more " } else { " " });
        push(out, rest[0].kind.plural());
        for (index, difference) in rest.iter().take(MOST_NAMED).enumerate() {
            push(out, if index == 0 { ": " } else { ", " });
            push_escaped(out, difference.subject.as_bytes());
        }
        if rest.len() > MOST_NAMED {
            push(out, " and ");
            push_number(out, (rest.len() - MOST_NAMED) as u64);
            push(out, " others (-T json has all)");
        }
        push(out, "\n");
    }

    fn severity(&self, out: &mut Buffer, severity: Severity) {
        self.paint.on(out, role(severity));
        push(out, severity.name());
        self.paint.off(out);
        push(out, " ");
    }
}

fn is_passing(kind: Kind) -> bool {
    use Kind::{HostGone, HostNew, PortGone, PortNew, ProtocolGone, ProtocolNew};
    matches!(
        kind,
        HostGone | HostNew | PortGone | PortNew | ProtocolGone | ProtocolNew
    )
}

/// " (frame 4)", " (frames 4 to 30)"
fn push_frames(out: &mut Buffer, frames: Seen) {
    if frames.count == 0 {
        return;
    }
    let is_one = frames.first == frames.last;
    push(out, if is_one { " (frame " } else { " (frames " });
    push_number(out, frames.first);
    if !is_one {
        push(out, " to ");
        push_number(out, frames.last);
    }
    push(out, ")");
}

fn role(severity: Severity) -> Role {
    match severity {
        Severity::Info => Role::Open,
        Severity::Warning => Role::Close,
        Severity::Critical => Role::Broken,
    }
}
