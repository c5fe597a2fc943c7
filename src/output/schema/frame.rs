//! A frame's schema, made from the register of fields: what it says of a protocol is what [`json`](crate::output::json)
//! will write of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::decode::Kind;
use crate::fields::{self, Field, Type};

/// The schema of one line.
pub(super) fn schema() -> Value {
    let layers = layers();
    let any_layer: Vec<_> = layers
        .keys()
        .map(|token| json!({ "$ref": format!("#/$defs/{token}") }))
        .collect();
    let mut definitions: Map<String, Value> = layers
        .into_iter()
        .map(|(token, layer)| (token.to_owned(), layer))
        .collect();
    definitions.insert("problem".to_owned(), problem());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A frame, as 'netinspect replay -T json' and 'netinspect capture -T json' write it",
        "description": "One object a line. Frames written with -e hold the chosen fields only, and are not described here.",
        "type": "object",
        "properties": {
            "layers": {
                "description": "The layers of the frame, outermost first; the first is the frame itself. A protocol that occurs twice is there twice.",
                "type": "array",
                "minItems": 1,
                "items": { "anyOf": any_layer },
            },
            "problem": { "$ref": "#/$defs/problem" },
        },
        "required": ["layers"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// A schema for each protocol name. Several kinds of layer may share one (Ethernet II and 802.3 are both "eth").
fn layers() -> BTreeMap<&'static str, Value> {
    let mut kinds: BTreeMap<&'static str, Vec<Kind>> = BTreeMap::new();
    for kind in Kind::ALL {
        kinds.entry(kind.token()).or_default().push(*kind);
    }
    kinds
        .into_iter()
        .map(|(token, kinds)| (token, layer(token, &kinds)))
        .collect()
}

fn layer(token: &str, kinds: &[Kind]) -> Value {
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    let mut properties = Map::new();
    properties.insert("protocol".to_owned(), json!({ "const": token }));
    for field in kinds.iter().flat_map(|kind| fields::of(*kind)) {
        if field.alias {
            continue;
        }
        let new = property(field);
        let merged = match properties.remove(field.name) {
            Some(old) if old != new => json!({ "anyOf": [old, new] }),
            _ => new,
        };
        properties.insert(field.name.to_owned(), merged);
    }
    properties.insert(
        "netinspect.quoted".to_owned(),
        json!({
            "description": "Part of a packet that an ICMP error quotes: it was sent earlier",
            "const": true,
        }),
    );
    json!({
        "title": names.join(", "),
        "type": "object",
        "properties": properties,
        "required": ["protocol"],
        "additionalProperties": false,
    })
}

/// A field has its value, or an array where the layer has it several times.
fn property(field: &Field) -> Value {
    let mut property = value(field.kind);
    if field.repeats() {
        property = json!({ "anyOf": [
            property,
            { "type": "array", "minItems": 2, "items": property },
        ] });
    }
    property["description"] = field.meaning.into();
    property
}

fn value(kind: Type) -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match kind {
        Type::Uint => json!({ "type": "integer", "minimum": 0 }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Hex(digits) => text(&format!("^0x[0-9a-f]{{{},}}$", digits.max(1))),
        Type::Mac => text("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"),
        Type::Ipv4 => json!({ "type": "string", "format": "ipv4" }),
        Type::Ipv6 => json!({ "type": "string", "format": "ipv6" }),
        Type::Bytes => text("^([0-9a-f]{2})*$"),
        Type::Text => json!({ "type": "string" }),
        Type::Time | Type::Seconds => text("^-?[0-9]+\\.[0-9]{9}$"),
    }
}

/// Why decoding stopped early.
fn problem() -> Value {
    let size =
        |description: &str| json!({ "type": "integer", "minimum": 0, "description": description });
    json!({
        "title": "Why decoding stopped before the end",
        "type": "object",
        "properties": {
            "protocol": { "type": "string", "description": "The protocol that was being read" },
            "offset": size("Where it starts in the frame, in bytes"),
            "why": { "type": "string", "description": "What is wrong, in words" },
            "needed": size("Bytes that its header takes at least, or that it claims"),
            "had": size("Bytes that there were, or room for"),
        },
        "required": ["protocol", "offset", "why"],
        "dependentRequired": { "needed": ["had"], "had": ["needed"] },
        "additionalProperties": false,
    })
}
