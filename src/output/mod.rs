//! What results look like: one file a form, and the bytes they are made of.

pub mod colour;
pub mod columns;
pub mod escape;
mod form;
pub mod hex;
pub mod json;
pub mod line;
pub mod regions;
pub mod schema;
pub mod table;
pub mod text;
pub mod time;
pub mod tree;
mod value;

pub use form::{Form, FrameWriter};
pub use value::{push_name, push_value};
