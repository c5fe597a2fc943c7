//! IP addresses: who sends and receives how much.

use super::sheet::{Cell, Column, Sheet, column};
use super::top;
use crate::address::Scope;
use crate::analysis::Statistics;
use crate::analysis::statistics::{Address, Ends, Exchange, Section};
use std::net::IpAddr;

const COLUMNS: &[Column] = &[
    column("address", "Address"),
    column("scope", "Scope"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
    column("frames_sent", ""),
    column("bytes_sent", "Sent"),
    column("frames_received", ""),
    column("bytes_received", "Received"),
];

pub(super) fn sheet(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let mut found = Vec::new();
    collect(&statistics.v4, &mut found);
    collect(&statistics.v6, &mut found);
    let forgotten = statistics.v4.addresses.forgotten() + statistics.v6.addresses.forgotten();
    let (kept, notes) = top::heaviest(found, limit, forgotten, "addresses");
    let rows = kept.into_iter().map(|(address, exchange)| {
        let total = exchange.total();
        vec![
            Cell::text(address),
            Cell::text(Scope::of(address).name),
            Cell::Count(total.frames),
            Cell::Bytes(total.bytes),
            Cell::share(total.bytes, statistics.totals.traffic.bytes),
            Cell::Count(exchange.sent.frames),
            Cell::Bytes(exchange.sent.bytes),
            Cell::Count(exchange.received.frames),
            Cell::Bytes(exchange.received.bytes),
        ]
    });
    Sheet {
        section: Section::Endpoints,
        title: "IP addresses",
        columns: COLUMNS,
        rows: rows.collect(),
        notes,
    }
}

fn collect<A: Address>(ends: &Ends<A>, found: &mut Vec<(IpAddr, Exchange)>) {
    let addresses = ends.addresses.iter();
    found.extend(addresses.map(|(address, exchange)| (address.ip(), *exchange)));
}
