//! Compares with programs that others wrote: tshark, capinfos, tcpdump. Where one is missing, that is said and
//! its tests pass; nothing else is let through, but for the explained differences in `known.rs`.

#[path = "../support/mod.rs"]
mod support;

mod alerts;
mod arpwatch;
mod conversations;
mod corpus;
mod counts;
mod fields;
mod known;
mod oracle;
mod statistics;
