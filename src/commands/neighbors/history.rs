//! What became of one address, or of one MAC address.

use std::fmt::Write;

use super::list::{as_table, place};
use super::object;
use crate::analysis::neighbors::Event;
use crate::commands::interfaces::mac_text;
use crate::commands::{print, tell};
use crate::error::{Result, exit};
use crate::output::time::TimeWriter;
use crate::store::{Query, Select, Store};
use crate::vendor;

/// Events shown; the table may have more.
const MOST: u64 = 10_000;

pub(super) fn history(store: &Store, of: &Select, json: bool) -> Result<u8> {
    let query = Query {
        select: of.clone(),
        ..Query::default()
    };
    let (bindings, events) = (store.list(&query)?, store.events(of, MOST)?);
    if bindings.is_empty() && events.is_empty() {
        tell(&format!(
            "nothing is known of it, in {}",
            store.path().display()
        ));
        return Ok(exit::NO);
    }
    if json {
        let bindings: Vec<_> = bindings.iter().map(object::binding).collect();
        let events: Vec<_> = events.iter().map(object::event).collect();
        let object = serde_json::json!({ "bindings": bindings, "events": events });
        print(format!("{object}\n").as_bytes())?;
        return Ok(exit::DONE);
    }
    let mut text = String::new();
    if !bindings.is_empty() {
        let _ = writeln!(text, "{}", as_table(&bindings));
    }
    if !events.is_empty() {
        let _ = writeln!(text, "\nWhat 'arp watch' told, oldest first:");
    }
    for event in &events {
        let _ = writeln!(text, " {}", line(event));
    }
    print(text.as_bytes())?;
    Ok(exit::DONE)
}

fn line(event: &Event) -> String {
    let named = |mac| format!("{} ({})", mac_text(mac), vendor::identify(mac).short());
    let mut text = format!(
        "{} {}: {} at {}",
        TimeWriter::second(event.time),
        event.kind,
        event.address,
        named(event.mac)
    );
    if let Some(other) = event.other {
        let _ = write!(text, ", other {}", named(other));
    }
    let place = place(&event.interface, &event.vlan.to_string());
    if !place.is_empty() {
        let _ = write!(text, ", on {place}");
    }
    if event.repeats > 0 {
        let _ = write!(text, ", and {} times untold before", event.repeats);
    }
    text
}
