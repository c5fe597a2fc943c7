//! The JSON Schemas (draft 2020-12) of what `-T json` writes, one object a line: a kind of result a file.

mod alert;
mod difference;
mod frame;

use serde_json::{Value, json};

/// Of what there is a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Frame,
    Alert,
    Difference,
}

/// As `netinspect schema` prints it.
pub fn text(of: Of) -> String {
    let schema = match of {
        Of::Frame => frame::schema(),
        Of::Alert => alert::schema(),
        Of::Difference => difference::schema(),
    };
    format!("{schema:#}\n")
}

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

fn text_of(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": description })
}

/// A count or a frame's number, from `least` on.
fn number(least: u64, description: &str) -> Value {
    json!({ "type": "integer", "minimum": least, "description": description })
}

/// One of these names.
fn name(names: impl Iterator<Item = &'static str>, description: &str) -> Value {
    json!({ "enum": names.collect::<Vec<_>>(), "description": description })
}
