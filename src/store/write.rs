//! Learning and forgetting.

use rusqlite::{Transaction, TransactionBehavior, params};

use super::row::Address;
use super::{Select, Store};
use crate::analysis::neighbors::{Sighting, Ways};
use crate::error::Result;

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

impl Store {
    /// Adds sightings, all or none of them.
    ///
    /// # Errors
    /// Where they can't be written: disk full, locked for too long, damaged. The table is then as before.
    pub fn learn(&mut self, sightings: &[Sighting]) -> Result<Learned> {
        let failed = self.failed("write to");
        let (limit, count) = (self.limit, self.count);
        let (learned, count) =
            learn(&mut self.connection, sightings, limit, count).map_err(failed)?;
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

fn learn(
    connection: &mut rusqlite::Connection,
    sightings: &[Sighting],
    limit: u64,
    count: Option<u64>,
) -> rusqlite::Result<(Learned, u64)> {
    const ADD: &str = "
        INSERT INTO bindings (address, mac, interface, vlan, ways, first_seen, last_seen, sightings)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 1)
        ON CONFLICT (address, interface, vlan, mac) DO UPDATE SET
            ways = ways | excluded.ways,
            first_seen = min(first_seen, excluded.first_seen),
            last_seen = max(last_seen, excluded.last_seen),
            sightings = sightings + 1
        RETURNING sightings = 1";
    let transaction = immediate(connection)?;
    let mut learned = Learned::default();
    {
        let mut add = transaction.prepare(ADD)?;
        for sighting in sightings {
            let row = params![
                Address(sighting.address),
                sighting.mac,
                sighting.interface,
                sighting.vlan.to_string(),
                Ways::default().with(sighting.how).bits(),
                sighting.time.nanos()
            ];
            match add.query_row(row, |row| row.get(0))? {
                true => learned.new += 1,
                false => learned.known += 1,
            }
        }
    }
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
