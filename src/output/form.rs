//! The form that frames are shown in, chosen once for a run.

use super::colour::Paint;
use super::json::JsonWriter;
use super::line::LineWriter;
use super::time::{Reference, TimeForm};
use super::tree::{self, TreeWriter};
use super::{columns, hex, json};
use crate::decode::Packet;
use crate::fields::{Past, Selection};
use crate::text::Buffer;

#[derive(Debug, Clone, Default)]
pub enum Form {
    /// Nothing: frames are counted or written to a file only.
    #[default]
    Quiet,
    /// One line a frame; with `explain`, facts for learners below it.
    Line {
        paint: Paint,
        time: TimeForm,
        explain: bool,
    },
    /// Every layer and field with what it means; with `explain`, facts for learners between.
    Tree {
        paint: Paint,
        time: TimeForm,
        explain: bool,
    },
    /// Chosen fields, tab-separated.
    Tabbed(Vec<Selection>),
    Csv(Vec<Selection>),
    /// Every field of every layer.
    Json,
    JsonChosen(Vec<Selection>),
}

impl Form {
    /// What it shows of earlier frames: streams, relative numbers, relative times, what was sent again.
    pub fn past(&self) -> Past {
        match self {
            Self::Quiet => Past::Nothing,
            Self::Line { .. } => Past::Findings,
            Self::Tree { .. } | Self::Json => Past::Everything,
            Self::Tabbed(fields) | Self::Csv(fields) | Self::JsonChosen(fields) => {
                fields.iter().map(Selection::past).max().unwrap_or_default()
            }
        }
    }

    fn paint(&self) -> Paint {
        match self {
            Self::Line { paint, .. } | Self::Tree { paint, .. } => *paint,
            _ => Paint(false),
        }
    }

    /// What stands before the first frame.
    pub fn header(&self) -> Buffer {
        let mut out = Buffer::new();
        if let Self::Csv(fields) = self {
            columns::push_csv_header(&mut out, fields);
        }
        out
    }
}

/// Writes frames in one form. One for each worker.
pub struct FrameWriter<'a> {
    form: &'a Form,
    hex: bool,
    line: Option<LineWriter>,
    tree: Option<TreeWriter>,
    json: Option<JsonWriter>,
}

impl<'a> FrameWriter<'a> {
    /// With `hex`, each frame's bytes follow it.
    pub fn new(form: &'a Form, hex: bool) -> Self {
        let line = match form {
            Form::Line { paint, time, .. } => Some(LineWriter::new(*paint, *time)),
            _ => None,
        };
        let tree = match form {
            Form::Tree {
                paint,
                time,
                explain,
            } => Some(TreeWriter::new(*paint, *time, *explain)),
            _ => None,
        };
        Self {
            form,
            hex,
            line,
            tree,
            json: matches!(form, Form::Json).then(JsonWriter::default),
        }
    }

    /// Whether it writes anything at all.
    pub fn is_quiet(&self) -> bool {
        matches!(self.form, Form::Quiet)
    }

    pub fn push(&mut self, out: &mut Buffer, packet: &Packet<'_>, reference: Reference) {
        match self.form {
            Form::Quiet => return,
            Form::Line { paint, explain, .. } => {
                if let Some(line) = &mut self.line {
                    line.push(out, packet, reference);
                }
                if *explain {
                    tree::explain::below_line(out, packet, *paint);
                }
            }
            Form::Tree { paint, .. } => {
                if let Some(tree) = &mut self.tree {
                    tree.push(out, packet, reference);
                }
                return tree::push_end(out, packet, self.hex.then_some(*paint));
            }
            Form::Tabbed(fields) => columns::push_tabbed(out, packet, fields),
            Form::Csv(fields) => columns::push_csv(out, packet, fields),
            Form::Json => {
                if let Some(json) = &mut self.json {
                    json.push(out, packet);
                }
            }
            Form::JsonChosen(fields) => json::push_chosen(out, packet, fields),
        }
        if self.hex {
            hex::push_dump(out, packet, self.form.paint());
        }
    }
}
