//! netinspect: captures frames, decodes them, and says in plain words what they mean.
//!
//! In reading order; each imports only from those above it:
//! - [`frame`], [`about`], [`batch`]: a frame as it was captured, what a capture says beside, many frames in one piece of memory
//! - [`bytes`], [`text`], [`error`]: reading integers, writing text, what can go wrong
//! - [`vendor`], [`service`], [`address`]: what MAC addresses, ports and IP addresses mean
//! - [`decode`]: bytes to layers
//! - [`fields`]: the register of every named field of a layer
//! - [`source`], [`save`], [`net`]: where frames come from and go to, and this machine
//! - [`filter`], [`analysis`], [`output`]: choosing frames, following conversations and neighbors, showing them
//! - [`store`]: the table of neighbors, on disk
//! - [`arp`]: asking the link who has an address
//! - [`privilege`]: what this process may do
//! - [`pipeline`]: all of these in a row, for every command that reads frames
//! - [`check`]: what a capture is asserted to hold
//! - [`commands`], [`cli`]: what the program does, and how it is told

pub mod about;
pub mod address;
pub mod analysis;
pub mod arp;
pub mod batch;
pub mod bytes;
pub mod check;
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
pub mod store;
pub mod text;
pub mod vendor;
