//! Conversations in the forms that `connections` has: a table for people, JSON, CSV, and Zeek's conn.log.

mod cells;
mod csv;
mod fit;
mod json;
pub mod ladder;
mod local;
pub mod table;
mod words;
mod zeek;

pub use fit::Room;

use crate::analysis::connections::Conversation;
use crate::text::Buffer;

/// Who on this machine owns the sockets of a conversation.
pub trait Owners {
    /// The program's name, where one is known.
    fn of(&self, conversation: &Conversation) -> Option<String>;
}

/// In a file nobody is known.
pub struct Nobody;

impl Owners for Nobody {
    fn of(&self, _: &Conversation) -> Option<String> {
        None
    }
}

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

    pub fn push(self, out: &mut Buffer, conversation: &Conversation, owners: &dyn Owners) {
        match self {
            Self::Json => json::push_record(out, conversation, owners),
            Self::Csv => csv::push_record(out, conversation),
            Self::Zeek => zeek::push_record(out, conversation),
        }
    }
}
