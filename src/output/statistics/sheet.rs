//! Statistics as rows and columns, whatever form they are then written in.

use crate::analysis::statistics::Section;
use crate::frame::Timestamp;

/// One section, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub section: Section,
    /// For people: what it shows.
    pub title: &'static str,
    pub columns: &'static [Column],
    pub rows: Vec<Vec<Cell>>,
    /// What people should know about it, in sentences.
    pub notes: Vec<String>,
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
    Bytes(u64),
    /// Of all, 0 to 1.
    Share(f64),
    Number(f64),
    Time(Timestamp),
    /// Nanoseconds.
    Span(i64),
    Nothing,
}

impl Cell {
    pub(super) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }

    pub(super) fn time(time: Option<Timestamp>) -> Self {
        time.map_or(Self::Nothing, Self::Time)
    }

    /// `part` of `whole`; nothing of nothing.
    pub(super) fn share(part: u64, whole: u64) -> Self {
        match whole {
            0 => Self::Nothing,
            _ => Self::Share(part as f64 / whole as f64),
        }
    }
}
