//! The binary from outside: what a user sees, types, and gets back.
//!
//! Whole lines are held as snapshots under `snapshots/`, for few fixtures, since they change whenever a line learns to
//! say more. `INSTA_UPDATE=always cargo test --test cli` (or `cargo insta accept`) refreshes them; read the diff.

#[path = "../support/mod.rs"]
mod support;

mod alerts;
mod check;
mod connections;
mod damage;
mod diff;
mod errors;
mod escapes;
mod forms;
mod help;
mod input;
mod junit;
mod library;
mod lines;
mod neighbors;
mod passing_on;
mod pipes;
mod reassembly;
mod rights;
mod robust;
mod rotate;
mod said;
mod stats;
mod subnet;
mod watch;
mod write;
mod write_edges;
