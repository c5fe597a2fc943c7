//! This machine's time zone.

use std::sync::OnceLock;

use jiff::tz::TimeZone;

/// Where the machine says which time zone it is in (localtime(5)).
const LOCALTIME: &str = "/etc/localtime";

/// The zone that times without one are in: of `TZ` where that is set, else of the machine, else UTC.
pub fn here() -> TimeZone {
    static HERE: OnceLock<TimeZone> = OnceLock::new();
    HERE.get_or_init(|| match std::env::var_os("TZ") {
        Some(_) => TimeZone::system(),
        // Finding the zone's name as well would mean to list the whole database, which takes longer than to show
        // the frames of a small file.
        None => of_the_machine().unwrap_or(TimeZone::UTC),
    })
    .clone()
}

fn of_the_machine() -> Option<TimeZone> {
    let rules = std::fs::read(LOCALTIME).ok()?;
    TimeZone::tzif("local", &rules).ok()
}
