//! What results look like: one file a form, and the bytes they are made of.

pub mod colour;
pub mod columns;
pub mod connections;
mod form;
pub mod hex;
pub mod json;
pub mod line;
mod names;
pub mod regions;
pub mod schema;
pub mod statistics;
pub mod table;
pub mod terminal;
pub mod time;
pub mod tree;

pub use form::{Form, FrameWriter};
