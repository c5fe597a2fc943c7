//! netinspect: captures frames, decodes them, and says in plain words what they mean.
//!
//! In reading order:
//! - [`frame`], [`batch`], [`bytes`], [`error`]: what everything is made of
//! - [`source`]: where frames come from
//! - [`decode`]: bytes to layers

pub mod address;
pub mod analysis;
pub mod batch;
pub mod bytes;
pub mod cli;
pub mod commands;
pub mod decode;
pub mod error;
pub mod fields;
pub mod filter;
pub mod frame;
pub mod net;
pub mod output;
pub mod pipeline;
pub mod privilege;
pub mod save;
pub mod service;
pub mod source;
pub mod vendor;
