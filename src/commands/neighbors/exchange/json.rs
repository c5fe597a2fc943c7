//! One JSON object a line.

use serde_json::Value;

use super::{Details, imported, way};
use crate::analysis::neighbors::Ways;
use crate::commands::neighbors::object;
use crate::frame::Timestamp;
use crate::store::Binding;

pub(super) fn line(binding: &Binding) -> Vec<u8> {
    format!("{}\n", object::binding(binding)).into_bytes()
}

pub(super) fn read(line: &str) -> Result<Binding, String> {
    let object: Value =
        serde_json::from_str(line).map_err(|_| "it is no JSON object".to_owned())?;
    let text = |name: &str| {
        let value = object.get(name).and_then(Value::as_str);
        value.ok_or_else(|| format!("it has no text \"{name}\""))
    };
    let mut ways = Ways::default();
    for name in object
        .get("how")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        ways = ways.with(way(name.as_str().unwrap_or_default())?);
    }
    let binding = imported(
        text("address")?,
        text("mac")?,
        text("interface")?,
        Timestamp::default(),
    )?;
    let details = Details {
        vlan: text("vlan")?,
        ways,
        first_seen: text("first_seen")?,
        last_seen: text("last_seen")?,
        sightings: object.get("sightings").and_then(Value::as_u64),
    };
    details.add_to(binding)
}
