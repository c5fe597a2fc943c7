//! One binding, as the table keeps it.

use std::net::IpAddr;

use rusqlite::Row;
use rusqlite::types::{FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::analysis::neighbors::{Event, Kind, Level, Vlan, Ways};
use crate::frame::Timestamp;

/// An address that was at a MAC address, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub address: IpAddr,
    pub mac: [u8; 6],
    /// Empty where the capture it comes from names none.
    pub interface: String,
    pub vlan: Vlan,
    pub ways: Ways,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    /// How often it was seen.
    pub sightings: u64,
}

impl Binding {
    /// The columns of [`Self::from_row`], in order.
    pub(super) const COLUMNS: &str =
        "address, mac, interface, vlan, ways, first_seen, last_seen, sightings";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            address: row.get::<_, Address>(0)?.0,
            mac: row.get(1)?,
            interface: row.get(2)?,
            vlan: row.get_ref(3)?.as_str()?.parse().unwrap_or_default(),
            ways: Ways::from_bits(row.get(4)?),
            first_seen: Timestamp::from_nanos(row.get(5)?),
            last_seen: Timestamp::from_nanos(row.get(6)?),
            sightings: row.get(7)?,
        })
    }
}

/// The columns of [`event`], in order.
pub(super) const EVENT_COLUMNS: &str =
    "time, kind, level, address, mac, other, interface, vlan, idle, repeats";

pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let (kind, level) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
    let kind = Kind::ALL.iter().find(|known| known.name() == kind);
    let level = Level::ALL.iter().find(|known| known.name() == level);
    let (Some(kind), Some(level)) = (kind, level) else {
        return Err(FromSqlError::InvalidType.into());
    };
    Ok(Event {
        kind: *kind,
        level: *level,
        time: Timestamp::from_nanos(row.get(0)?),
        address: row.get::<_, Address>(3)?.0,
        mac: row.get(4)?,
        other: row.get(5)?,
        interface: row.get(6)?,
        vlan: row.get_ref(7)?.as_str()?.parse().unwrap_or_default(),
        idle: row.get(8)?,
        repeats: row.get(9)?,
    })
}

/// An IP address as its 4 or 16 bytes.
pub(super) struct Address(pub(super) IpAddr);

impl ToSql for Address {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            IpAddr::V4(address) => address.octets().to_vec().into(),
            IpAddr::V6(address) => address.octets().to_vec().into(),
        })
    }
}

impl rusqlite::types::FromSql for Address {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
        let v6 = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
        v4.or(v6).map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}
