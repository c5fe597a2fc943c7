//! Learning and forgetting.

use std::collections::BTreeMap;
use std::net::IpAddr;

use rusqlite::{Transaction, TransactionBehavior, params};

use super::row::Address;
use super::{Binding, Select, Store};
use crate::analysis::neighbors::{Event, Sighting, Vlan, Ways};
use crate::error::Result;
use crate::frame::Timestamp;

/// Events kept.
const EVENTS: i64 = 1_000_000;

/// What a call to [`Store::learn`] changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Learned {
    /// Bindings that the table did not have.
    pub new: u64,
    /// Bindings that it had already; they were seen again.
    pub known: u64,
    /// Bindings that had to be forgotten to bound the table.
    pub forgotten: u64,
}

impl Learned {
    /// Adds up what several calls changed.
    pub(super) fn add(&mut self, other: Self) {
        self.new += other.new;
        self.known += other.known;
        self.forgotten += other.forgotten;
    }
}

impl Store {
    /// Adds sightings, all or none of them.
    ///
    /// # Errors
    /// Where they can't be written: disk full, locked for too long, damaged. The table is then as before.
    pub fn learn(&mut self, sightings: &[Sighting]) -> Result<Learned> {
        self.write(sightings, &[])
    }

    /// Adds sightings, and what happened, all or nothing. Of events, the last million are kept.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn write(&mut self, sightings: &[Sighting], events: &[Event]) -> Result<Learned> {
        let failed = self.failed("write to");
        let (limit, count) = (self.limit, self.count);
        let (learned, count) = write(
            &mut self.connection,
            limit,
            count,
            |transaction, learned| {
                add(transaction, sightings, learned)?;
                record(transaction, events)
            },
        )
        .map_err(failed)?;
        self.count = Some(count);
        Ok(learned)
    }

    /// Forgets the bindings that match, and what happened to them; says how many bindings that was.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn forget(&mut self, select: &Select) -> Result<u64> {
        let failed = self.failed("write to");
        let gone = forget(&mut self.connection, select).map_err(failed)?;
        self.count = None;
        Ok(gone)
    }

    /// Adds bindings of another table, all or none. One that is here already keeps the earlier first and the later last
    /// time and the higher count, so that adding the same ones again changes nothing.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn merge(&mut self, bindings: &[Binding]) -> Result<Learned> {
        let failed = self.failed("write to");
        let (limit, count) = (self.limit, self.count);
        let (learned, count) = write(
            &mut self.connection,
            limit,
            count,
            |transaction, learned| {
                for binding in bindings {
                    put(transaction, binding, learned)?;
                }
                Ok(())
            },
        )
        .map_err(failed)?;
        self.count = Some(count);
        Ok(learned)
    }
}

fn forget(connection: &mut rusqlite::Connection, select: &Select) -> rusqlite::Result<u64> {
    let transaction = immediate(connection)?;
    let (condition, values) = select.condition();
    let values = rusqlite::params_from_iter(values);
    let gone = transaction.execute(&format!("DELETE FROM bindings WHERE {condition}"), values)?;
    let (condition, values) = select.event_condition();
    let values = rusqlite::params_from_iter(values);
    transaction.execute(&format!("DELETE FROM events WHERE {condition}"), values)?;
    transaction.commit()?;
    Ok(gone as u64)
}

fn immediate(connection: &mut rusqlite::Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// One transaction in which `fill` writes, and after which the table is within its limit; returns what it
/// changed and how many bindings there are.
fn write(
    connection: &mut rusqlite::Connection,
    limit: u64,
    count: Option<u64>,
    fill: impl FnOnce(&Transaction<'_>, &mut Learned) -> rusqlite::Result<()>,
) -> rusqlite::Result<(Learned, u64)> {
    let transaction = immediate(connection)?;
    let mut learned = Learned::default();
    fill(&transaction, &mut learned)?;
    let before = match count {
        Some(count) => count,
        None => counted(&transaction)? - learned.new,
    };
    let mut after = before + learned.new;
    if after > limit {
        // Others may have written too.
        after = counted(&transaction)?;
    }
    if after > limit {
        learned.forgotten = make_room(&transaction, after - limit + limit / 20)?;
        after -= learned.forgotten;
    }
    transaction.commit()?;
    Ok((learned, after))
}

/// What is the same in all of a binding's sightings, and identifies it.
type Key<'a> = (IpAddr, &'a str, Vlan, [u8; 6]);

/// A binding's sightings, put together: on a real network most of many are the same few bindings. In order, since the
/// table takes neighbors in its order faster.
struct Bundle {
    ways: Ways,
    first: Timestamp,
    last: Timestamp,
    sightings: u64,
}

fn bundled(sightings: &[Sighting]) -> BTreeMap<Key<'_>, Bundle> {
    let mut bundles: BTreeMap<_, Bundle> = BTreeMap::new();
    for sighting in sightings {
        let key = (
            sighting.address,
            &*sighting.interface,
            sighting.vlan,
            sighting.mac,
        );
        let bundle = bundles.entry(key).or_insert(Bundle {
            ways: Ways::default(),
            first: sighting.time,
            last: sighting.time,
            sightings: 0,
        });
        bundle.ways = bundle.ways.with(sighting.how);
        bundle.first = bundle.first.min(sighting.time);
        bundle.last = bundle.last.max(sighting.time);
        bundle.sightings += 1;
    }
    bundles
}

fn add(
    transaction: &Transaction<'_>,
    sightings: &[Sighting],
    learned: &mut Learned,
) -> rusqlite::Result<()> {
    const ADD: &str = "
        INSERT INTO bindings (address, interface, vlan, mac, ways, first_seen, last_seen, sightings)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (address, interface, vlan, mac) DO UPDATE SET
            ways = ways | excluded.ways,
            first_seen = min(first_seen, excluded.first_seen),
            last_seen = max(last_seen, excluded.last_seen),
            sightings = sightings + excluded.sightings
        RETURNING sightings = ?8";
    let mut add = transaction.prepare(ADD)?;
    for ((address, interface, vlan, mac), bundle) in bundled(sightings) {
        let row = params![
            Address(address),
            interface,
            vlan.to_string(),
            mac,
            bundle.ways.bits(),
            bundle.first.nanos(),
            bundle.last.nanos(),
            bundle.sightings
        ];
        match add.query_row(row, |row| row.get(0))? {
            true => learned.new += 1,
            false => learned.known += 1,
        }
    }
    Ok(())
}

fn put(
    transaction: &Transaction<'_>,
    binding: &Binding,
    learned: &mut Learned,
) -> rusqlite::Result<()> {
    const PUT: &str = "
        INSERT INTO bindings (address, interface, vlan, mac, ways, first_seen, last_seen, sightings)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (address, interface, vlan, mac) DO UPDATE SET
            ways = ways | excluded.ways,
            first_seen = min(first_seen, excluded.first_seen),
            last_seen = max(last_seen, excluded.last_seen),
            sightings = max(sightings, excluded.sightings)";
    const IS_THERE: &str = "
        SELECT EXISTS (SELECT 1 FROM bindings
            WHERE address = ?1 AND interface = ?2 AND vlan = ?3 AND mac = ?4)";
    let (address, vlan) = (Address(binding.address), binding.vlan.to_string());
    let key = params![address, binding.interface, vlan, binding.mac];
    match transaction.query_row(IS_THERE, key, |row| row.get(0))? {
        true => learned.known += 1,
        false => learned.new += 1,
    }
    let row = params![
        address,
        binding.interface,
        vlan,
        binding.mac,
        binding.ways.bits(),
        binding.first_seen.nanos(),
        binding.last_seen.nanos(),
        binding.sightings
    ];
    transaction.execute(PUT, row)?;
    Ok(())
}

fn record(transaction: &Transaction<'_>, events: &[Event]) -> rusqlite::Result<()> {
    const RECORD: &str = "
        INSERT INTO events (time, kind, level, address, mac, other, interface, vlan, idle, repeats)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    if events.is_empty() {
        return Ok(());
    }
    let mut record = transaction.prepare(RECORD)?;
    for event in events {
        record.execute(params![
            event.time.nanos(),
            event.kind.name(),
            event.level.name(),
            Address(event.address),
            event.mac,
            event.other,
            event.interface,
            event.vlan.to_string(),
            event.idle,
            event.repeats
        ])?;
    }
    // Numbers only rise, so the oldest are those far below the last.
    transaction.execute(
        "DELETE FROM events WHERE id <= ?1",
        [transaction.last_insert_rowid() - EVENTS],
    )?;
    Ok(())
}

fn counted(transaction: &Transaction<'_>) -> rusqlite::Result<u64> {
    transaction.query_row("SELECT count(*) FROM bindings", [], |row| row.get(0))
}

/// Forgets what was seen for the shortest time, and among that what was not seen for longest.
fn make_room(transaction: &Transaction<'_>, places: u64) -> rusqlite::Result<u64> {
    const FORGET: &str = "
        DELETE FROM bindings WHERE id IN (
            SELECT id FROM bindings ORDER BY last_seen - first_seen >= 60000000000, last_seen LIMIT ?1)";
    const COUNT: &str = "
        INSERT INTO counters VALUES ('forgotten', ?1)
        ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";
    let forgotten = transaction.execute(FORGET, [places])? as u64;
    transaction.execute(COUNT, [forgotten])?;
    Ok(forgotten)
}
