//! What every target does with the frames it made: decode them, show them in every form, look at what came out.

mod watch;

pub use watch::follow;

use std::io::{self, Read};

use netinspect::analysis::{Fragments, Streams};
use netinspect::batch::Batch;
use netinspect::decode::Decoded;
use netinspect::fields::{self, Selection};
use netinspect::output::colour::Paint;
use netinspect::output::time::{Reference, TimeForm};
use netinspect::output::{Form, FrameWriter};
use netinspect::source::{CaptureFile, Progress, Source};

/// Everything that is kept from one input to the next: what does not depend on the input.
pub struct Shower {
    line: Form,
    tree: Form,
    json: Form,
    tabbed: Form,
    csv: Form,
}

/// What frames look like: a form each, so that how they came in batches makes no difference.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub line: String,
    pub json: String,
}

impl Default for Shower {
    fn default() -> Self {
        let every: Vec<_> = fields::all()
            .filter_map(|field| Selection::named(field.name))
            .collect();
        Self {
            line: Form::Line {
                paint: Paint(false),
                time: TimeForm::Utc,
                explain: true,
            },
            tree: Form::Tree {
                paint: Paint(false),
                time: TimeForm::Utc,
                explain: true,
            },
            json: Form::Json,
            tabbed: Form::Tabbed(every.clone()),
            csv: Form::Csv(every),
        }
    }
}

impl Shower {
    /// Decodes a batch as the program does and writes it in every form.
    ///
    /// # Panics
    /// Where the program does, and where what it wrote could hurt a reader: raw control characters, bad UTF-8,
    /// JSON that is none, more or fewer lines than frames.
    pub fn show(&self, batch: &Batch, streams: &mut Streams) -> Shown {
        self.show_with(batch, None, streams)
    }

    /// The same, where there are `fragments` with those of this batch and of batches before put together.
    ///
    /// # Panics
    /// As [`Self::show`].
    pub fn show_with(
        &self,
        batch: &Batch,
        fragments: Option<&mut Fragments>,
        streams: &mut Streams,
    ) -> Shown {
        let mut decoded = Decoded::default();
        (0..batch.len()).for_each(|index| decoded.push(batch, index));
        if let Some(fragments) = fragments {
            decoded.reassemble(batch, |frame, fragment, whole| {
                fragments.join(frame.time, fragment, whole)
            });
        }
        decoded.annotate(batch, |flow, parts| streams.observe(flow, parts));
        watch::watch(batch, &decoded);
        let written = |form: &Form, hex: bool| {
            let mut out = Vec::new();
            let mut writer = FrameWriter::new(form, hex);
            for index in 0..decoded.len() {
                writer.push(
                    &mut out,
                    &decoded.packet(batch, index),
                    Reference::default(),
                );
            }
            out
        };
        let line = written(&self.line, false);
        let json = written(&self.json, false);
        let tabbed = written(&self.tabbed, false);
        let csv = written(&self.csv, false);
        for (name, out, separator) in [
            ("line", &line, '\n'),
            ("json", &json, '\n'),
            ("tabbed", &tabbed, '\t'),
            ("csv", &csv, '\r'),
        ] {
            let text = check_harmless(name, out, separator);
            // An explained line has more lines below it.
            if name != "line" {
                assert_eq!(text.matches('\n').count(), batch.len(), "{name}: {text}");
            }
        }
        check_json(&json);
        check_harmless("hex", &written(&self.line, true), '\n');
        check_harmless("tree", &written(&self.tree, true), '\n');
        Shown {
            line: into_text(line),
            json: into_text(json),
        }
    }
}

fn into_text(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("checked before")
}

/// Text off the wire never brings control characters along, not C1's either.
fn check_harmless<'a>(form: &str, out: &'a [u8], separator: char) -> &'a str {
    let text = std::str::from_utf8(out).unwrap_or_else(|error| panic!("{form}: {error}"));
    if let Some(bad) = text
        .chars()
        .find(|c| c.is_control() && *c != '\n' && *c != separator)
    {
        panic!("{form}: {bad:?} in {text:?}");
    }
    text
}

/// Each line is a JSON value.
fn check_json(out: &[u8]) {
    let lines = out.split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.is_empty()) {
        serde_json::from_slice::<serde_json::Value>(line).expect("valid JSON");
    }
}

/// Reads a capture to its end; returns what it shows, and what was said of each damage.
pub fn read(shower: &Shower, input: impl Read + Send + 'static) -> (Shown, Vec<String>) {
    let mut batch = Batch::default();
    let mut streams = Streams::default();
    let (mut shown, mut said) = (Shown::default(), Vec::new());
    let mut file = CaptureFile::from_reader("input", input).expect("memory can be read");
    loop {
        let filled = file.fill(&mut batch);
        let more = shower.show(&batch, &mut streams);
        shown.line.push_str(&more.line);
        shown.json.push_str(&more.json);
        match filled {
            Ok(Progress::More) => {}
            Ok(Progress::End) => return (shown, said),
            Err(error) => said.push(error.to_string()),
        }
    }
}

/// Gives a few bytes at a time, as a pipe may.
pub struct Dribble {
    pub bytes: Vec<u8>,
    pub at: usize,
    pub step: usize,
}

impl Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.at..];
        let count = rest.len().min(self.step).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}
