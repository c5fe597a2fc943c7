//! Looking things up.

use std::net::IpAddr;

use rusqlite::types::Value;

use super::{Binding, Store, row};
use crate::address::Subnet;
use crate::analysis::neighbors::{Event, Vlan};
use crate::error::Result;
use crate::frame::Timestamp;

/// Which bindings are meant; everything that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Select {
    pub subnet: Option<Subnet>,
    pub mac: Option<[u8; 6]>,
    pub interface: Option<String>,
    pub vlan: Option<Vlan>,
    /// Not seen since.
    pub before: Option<Timestamp>,
    /// Seen since.
    pub after: Option<Timestamp>,
}

/// A selection, and how it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    pub select: Select,
    /// At most so many; 0 for all.
    pub limit: u64,
    /// What was seen last comes first; otherwise in the order of addresses.
    pub newest_first: bool,
}

impl Select {
    /// All that is known of one address.
    pub fn address(address: IpAddr) -> Self {
        let whole = if address.is_ipv4() { 32 } else { 128 };
        Self {
            subnet: Subnet::new(address, whole),
            ..Self::default()
        }
    }

    /// The words behind WHERE, and the values for their places.
    pub(super) fn condition(&self) -> (String, Vec<Value>) {
        let mut parts = Parts::default();
        self.push_addresses(&mut parts);
        if let Some(mac) = self.mac {
            parts.push("mac = ?", [mac.to_vec().into()]);
        }
        if let Some(time) = self.before {
            parts.push("last_seen < ?", [time.nanos().into()]);
        }
        if let Some(time) = self.after {
            parts.push("last_seen >= ?", [time.nanos().into()]);
        }
        parts.finish()
    }

    /// The same for the table of events.
    pub(super) fn event_condition(&self) -> (String, Vec<Value>) {
        let mut parts = Parts::default();
        self.push_addresses(&mut parts);
        if let Some(mac) = self.mac {
            let mac = Value::from(mac.to_vec());
            parts.push("(mac = ? OR other = ?)", [mac.clone(), mac]);
        }
        if let Some(time) = self.before {
            parts.push("time < ?", [time.nanos().into()]);
        }
        if let Some(time) = self.after {
            parts.push("time >= ?", [time.nanos().into()]);
        }
        parts.finish()
    }

    fn push_addresses(&self, parts: &mut Parts) {
        if let Some(subnet) = &self.subnet {
            // Blobs compare byte by byte; a network's addresses lie next to each other.
            let (first, last) = (blob(subnet.network()), blob(subnet.last()));
            parts.push("address BETWEEN ? AND ?", [first, last]);
            let width = if subnet.address().is_ipv4() { 4 } else { 16 };
            parts.push("length(address) = ?", [Value::from(width)]);
        }
        if let Some(interface) = &self.interface {
            parts.push("interface = ?", [interface.clone().into()]);
        }
        if let Some(vlan) = self.vlan {
            parts.push("vlan = ?", [vlan.to_string().into()]);
        }
    }
}

#[derive(Default)]
struct Parts {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Parts {
    fn push<const N: usize>(&mut self, condition: &'static str, values: [Value; N]) {
        self.conditions.push(condition);
        self.values.extend(values);
    }

    fn finish(self) -> (String, Vec<Value>) {
        if self.conditions.is_empty() {
            return ("true".to_owned(), self.values);
        }
        (self.conditions.join(" AND "), self.values)
    }
}

fn blob(address: IpAddr) -> Value {
    match address {
        IpAddr::V4(address) => address.octets().to_vec().into(),
        IpAddr::V6(address) => address.octets().to_vec().into(),
    }
}

impl Store {
    /// Calls `each` with every binding that is asked for, in order, without holding them all.
    ///
    /// # Errors
    /// Where the table can't be read, and what `each` returns.
    pub fn each(&self, query: &Query, mut each: impl FnMut(Binding) -> Result<()>) -> Result<()> {
        let (condition, mut values) = query.select.condition();
        let order = match query.newest_first {
            true => "last_seen DESC, id DESC",
            false => "length(address), address, interface, vlan, last_seen DESC",
        };
        let limit = match query.limit {
            0 => -1,
            limit => i64::try_from(limit).unwrap_or(i64::MAX),
        };
        values.push(limit.into());
        let text = format!(
            "SELECT {} FROM bindings WHERE {condition} ORDER BY {order} LIMIT ?",
            Binding::COLUMNS
        );
        let mut statement = self
            .connection
            .prepare(&text)
            .map_err(self.failed("read"))?;
        let mut rows = statement
            .query(rusqlite::params_from_iter(values))
            .map_err(self.failed("read"))?;
        while let Some(row) = rows.next().map_err(self.failed("read"))? {
            each(Binding::from_row(row).map_err(self.failed("read"))?)?;
        }
        Ok(())
    }

    /// All bindings that are asked for.
    ///
    /// # Errors
    /// Where the table can't be read.
    pub fn list(&self, query: &Query) -> Result<Vec<Binding>> {
        let mut found = Vec::new();
        self.each(query, |binding| {
            found.push(binding);
            Ok(())
        })?;
        Ok(found)
    }

    /// What happened to the bindings that are asked for, the latest `limit` of it, oldest first.
    ///
    /// # Errors
    /// Where the table can't be read.
    pub fn events(&self, select: &Select, limit: u64) -> Result<Vec<Event>> {
        let (condition, mut values) = select.event_condition();
        values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let text = format!(
            "SELECT {} FROM events WHERE {condition} ORDER BY id DESC LIMIT ?",
            row::EVENT_COLUMNS
        );
        let read = || {
            let mut statement = self.connection.prepare(&text)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), row::event)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut events = read().map_err(self.failed("read"))?;
        events.reverse();
        Ok(events)
    }

    /// How many bindings there are, and how many were forgotten to bound the table.
    ///
    /// # Errors
    /// Where the table can't be read.
    pub fn counts(&self) -> Result<(u64, u64)> {
        const COUNTS: &str = "SELECT (SELECT count(*) FROM bindings),
            coalesce((SELECT value FROM counters WHERE name = 'forgotten'), 0)";
        self.connection
            .query_row(COUNTS, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(self.failed("read"))
    }
}
