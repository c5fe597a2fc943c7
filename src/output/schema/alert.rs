//! An alert's schema; docs/alerts.md tells what the names mean.

use serde_json::{Value, json};

use super::{DRAFT, name, number, text_of};
use crate::analysis::alerts::{Kind, Severity};

pub(super) fn schema() -> Value {
    json!({
        "$schema": DRAFT,
        "title": "An alert, as 'netinspect alerts -T json' writes it",
        "type": "object",
        "properties": {
            "alert": name(Kind::ALL.iter().map(|kind| kind.name()), "What it is"),
            "severity": name(Severity::ALL.iter().map(|severity| severity.name()), "How bad it is"),
            "subject": text_of("Who or what it is about"),
            "summary": text_of("What happened, in a sentence"),
            "evidence": {
                "description": "What shows it, in sentences",
                "type": "array",
                "items": { "type": "string" },
            },
            "filter": text_of("A display filter for the frames"),
            "count": number(1, "How often it was raised, from the first time on"),
            "asked": {
                "description": "With --confirm: who was asked alone for an address that several claim",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "mac": { "type": "string", "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" },
                        "answer": {
                            "enum": ["yes", "no", "proxy", "self"],
                            "description": "proxy: only as a router that answers for others; self: it is this machine",
                        },
                    },
                    "required": ["mac", "answer"],
                    "additionalProperties": false,
                },
            },
            "repeated": { "type": "boolean", "description": "Whether it was told before" },
            "first": { "$ref": "#/$defs/moment" },
            "last": { "$ref": "#/$defs/moment" },
        },
        "required": [
            "alert", "severity", "subject", "summary", "evidence", "filter", "count", "repeated", "first", "last"
        ],
        "additionalProperties": false,
        "$defs": {
            "moment": {
                "type": "object",
                "properties": {
                    "frame": number(1, "The frame's number"),
                    "time": {
                        "type": "string",
                        "pattern": "^-?[0-9]+\\.[0-9]{9}$",
                        "description": "Its time, in seconds since 1970",
                    },
                },
                "required": ["frame", "time"],
                "additionalProperties": false,
            },
        },
    })
}
