//! The schema of a difference between two captures; docs/diff.md tells what the names mean.

use serde_json::{Value, json};

use super::{DRAFT, name, number, text_of};
use crate::analysis::alerts::Severity;
use crate::analysis::differences::Kind;

pub(super) fn schema() -> Value {
    json!({
        "$schema": DRAFT,
        "title": "A difference between two captures, as 'netinspect diff -T json' writes it",
        "type": "object",
        "properties": {
            "difference": name(Kind::ALL.iter().map(|kind| kind.name()), "In which way they differ"),
            "severity": name(Severity::ALL.iter().map(|severity| severity.name()), "How bad it is"),
            "subject": text_of("Who or what it is about"),
            "summary": text_of("What differs, in a sentence"),
            "good": { "$ref": "#/$defs/shown" },
            "bad": { "$ref": "#/$defs/shown" },
            "filter": {
                "type": ["string", "null"],
                "description": "A display filter that shows it in either capture",
            },
        },
        "required": ["difference", "severity", "subject", "summary", "good", "bad", "filter"],
        "additionalProperties": false,
        "$defs": {
            "shown": {
                "title": "What one of the captures shows of it",
                "type": "object",
                "properties": {
                    "said": text_of("In words"),
                    "count": number(0, "How often it was seen"),
                    "first_frame": number(1, "The first frame that shows it"),
                    "last_frame": number(1, "The last one"),
                },
                "required": ["said", "count"],
                "dependentRequired": { "first_frame": ["last_frame"], "last_frame": ["first_frame"] },
                "additionalProperties": false,
            },
        },
    })
}
