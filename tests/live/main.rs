//! `netinspect capture` and `connections` on real links: network namespaces that each test makes for itself, joined by veth cables, with
//! real kernels and raw sockets at their ends. No frame leaves them.
//!
//! They need root, or user namespaces that anybody may make, and python3. Where that is missing they say so and pass;
//! with `NETINSPECT_LIVE=require` they fail instead.

mod capture;
mod connections;
mod frames;
mod lab;
mod process;

mod alerts;
mod arp;
mod arp_failures;
mod arp_links;
mod arp_scan;
mod ending;
mod exact;
mod faults;
mod links;
mod observers;
mod options;
mod privilege;
mod prompt;
mod reconcile;
mod rights;
mod rotating;
mod several;
mod stats;
mod talk;
mod tools;
mod watch;
mod words;
mod writing;
