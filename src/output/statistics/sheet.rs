//! Statistics as rows and columns, whatever form they are then written in.

use crate::analysis::statistics::{Section, Traffic};
use crate::frame::Timestamp;

/// One section, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub section: Section,
    pub columns: &'static [Column],
    pub rows: Vec<Vec<Cell>>,
    pub shape: Shape,
    /// What people should know about it, in sentences.
    pub notes: Vec<String>,
}

/// What a sheet looks like to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One row, its columns from top to bottom; to programs an object, not a list.
    Facts,
    Table,
    /// Traffic over time.
    Plot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// As programs know it, in JSON and CSV.
    pub key: &'static str,
    /// As people see it; empty where there is no room for it.
    pub heading: &'static str,
}

pub(super) const fn column(key: &'static str, heading: &'static str) -> Column {
    Column { key, heading }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Our own words, or an address; nothing off the wire.
    Text(String),
    Count(u64),
    /// A number that is a name, and counts nothing.
    Id(u64),
    /// A count that is worth people's time only where it is not 0.
    Exception(u64),
    Bytes(u64),
    /// Of all, 0 to 1.
    Share(f64),
    /// With the unit that people see behind it.
    Measure(f64, &'static str),
    Time(Timestamp),
    /// Nanoseconds.
    Span(i64),
    Nothing,
}

impl Cell {
    pub(super) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn measure(value: Option<f64>, unit: &'static str) -> Self {
        value.map_or(Self::Nothing, |value| Self::Measure(value, unit))
    }

    pub(super) fn time(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Nothing, Self::Time)
    }

    /// The bytes of a part as a share of the whole's; nothing of nothing. Never more than all, though the frames of who talks to
    /// itself, or through a tunnel that it is an end of, count for both.
    pub(super) fn share(part: Traffic, whole: Traffic) -> Self {
        match whole.bytes {
            0 => Self::Nothing,
            whole => Self::Share((part.bytes as f64 / whole as f64).min(1.0)),
        }
    }
}
