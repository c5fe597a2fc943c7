//! Conversations in the forms that `connections` has: a table for people, JSON, CSV, and Zeek's conn.log.

mod csv;
mod json;
pub mod ladder;
pub mod table;
mod words;
mod zeek;

use crate::analysis::connections::Conversation;
use crate::text::Buffer;

/// A form that shows one conversation after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Json,
    Csv,
    Zeek,
}

impl Stream {
    /// What stands before the first.
    pub fn header(self) -> Buffer {
        let mut out = Buffer::new();
        match self {
            Self::Json => {}
            Self::Csv => csv::push_header(&mut out),
            Self::Zeek => zeek::push_header(&mut out),
        }
        out
    }

    pub fn push(self, out: &mut Buffer, conversation: &Conversation) {
        match self {
            Self::Json => json::push_record(out, conversation),
            Self::Csv => csv::push_record(out, conversation),
            Self::Zeek => zeek::push_record(out, conversation),
        }
    }
}
