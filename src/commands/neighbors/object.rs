//! A binding and an event as JSON objects.

use serde_json::{Value, json};

use crate::analysis::neighbors::{Event, How};
use crate::commands::interfaces::mac_text;
use crate::output::time::rfc3339;
use crate::store::Binding;
use crate::vendor;

pub(super) fn binding(binding: &Binding) -> Value {
    json!({
        "address": binding.address,
        "mac": mac_text(binding.mac),
        "vendor": vendor::identify(binding.mac).to_string(),
        "interface": binding.interface,
        "vlan": binding.vlan.to_string(),
        "how": binding.ways.iter().map(How::name).collect::<Vec<_>>(),
        "first_seen": rfc3339(binding.first_seen),
        "last_seen": rfc3339(binding.last_seen),
        "sightings": binding.sightings,
    })
}

/// As `arp watch -T json` prints it.
pub(in crate::commands) fn event(event: &Event) -> Value {
    const NANOS_PER_SECOND: i64 = 1_000_000_000;
    json!({
        "time": rfc3339(event.time),
        "event": event.kind.name(),
        "level": event.level.name(),
        "address": event.address,
        "mac": mac_text(event.mac),
        "vendor": vendor::identify(event.mac).to_string(),
        "other_mac": event.other.map(mac_text),
        "other_vendor": event.other.map(|mac| vendor::identify(mac).to_string()),
        "interface": &*event.interface,
        "vlan": event.vlan.to_string(),
        "idle_seconds": event.idle.map(|idle| idle / NANOS_PER_SECOND),
        "repeats": event.repeats,
    })
}
