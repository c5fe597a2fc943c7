//! Lists that traffic makes long: addresses, conversations, ports.

use std::net::{IpAddr, SocketAddr};

use super::sheet::{Cell, Column, Shape, Sheet, column};
use super::top;
use crate::address::Scope;
use crate::analysis::Statistics;
use crate::analysis::statistics::{
    Address, Counted, Dialogue, Ends, Exchange, Forgotten, Section, Traffic, Transport,
};
use crate::service::{self, PortRange};
use crate::text::{Buffer, push_mac};
use crate::vendor;

/// One list: what it is about, and how its rows are written.
struct List<'a, K, V> {
    section: Section,
    columns: &'static [Column],
    found: Vec<(K, V)>,
    forgotten: Forgotten,
    row: &'a dyn Fn(&K, &V) -> Vec<Cell>,
}

impl<K: Ord, V: Counted> List<'_, K, V> {
    fn sheet(self, limit: Option<usize>) -> Sheet {
        let (kept, notes) = top::heaviest(self.found, limit, self.forgotten);
        Sheet {
            section: self.section,
            columns: self.columns,
            rows: kept
                .iter()
                .map(|(key, value)| (self.row)(key, value))
                .collect(),
            shape: Shape::Table,
            notes,
        }
    }
}

const ENDPOINTS: &[Column] = &[
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

const MACS: &[Column] = &[
    column("address", "Address"),
    column("vendor", ""),
    column("vendor_short", "Vendor"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
    column("frames_sent", ""),
    column("bytes_sent", "Sent"),
    column("frames_received", ""),
    column("bytes_received", "Received"),
];

pub(super) fn endpoints(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let mut found = Vec::new();
    add_addresses(&mut found, &statistics.v4);
    add_addresses(&mut found, &statistics.v6);
    let (v4, v6) = (&statistics.v4.addresses, &statistics.v6.addresses);
    let list = List {
        section: Section::Endpoints,
        columns: ENDPOINTS,
        found,
        forgotten: v4.forgotten().beside(v6.forgotten()),
        row: &|address: &IpAddr, exchange| {
            let mut row = vec![Cell::text(address), Cell::text(Scope::of(*address).name)];
            push_exchange(&mut row, exchange, statistics.totals.traffic);
            row
        },
    };
    list.sheet(limit)
}

fn add_addresses<A: Address>(found: &mut Vec<(IpAddr, Exchange)>, ends: &Ends<A>) {
    let addresses = ends.addresses.iter();
    found.extend(addresses.map(|(address, exchange)| (address.ip(), *exchange)));
}

pub(super) fn macs(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let addresses = &statistics.macs.addresses;
    let list = List {
        section: Section::Macs,
        columns: MACS,
        found: addresses
            .iter()
            .map(|(mac, exchange)| (*mac, *exchange))
            .collect(),
        forgotten: addresses.forgotten(),
        row: &|mac, exchange| {
            let mut address = Buffer::new();
            push_mac(&mut address, *mac);
            let vendor = vendor::identify(*mac);
            let mut row = vec![
                Cell::Text(String::from_utf8_lossy(&address).into_owned()),
                Cell::text(vendor),
                Cell::text(vendor.short()),
            ];
            push_exchange(&mut row, exchange, statistics.totals.traffic);
            row
        },
    };
    list.sheet(limit)
}

fn push_exchange(row: &mut Vec<Cell>, exchange: &Exchange, whole: Traffic) {
    let total = exchange.total();
    row.extend([
        Cell::Count(total.frames),
        Cell::Bytes(total.bytes),
        Cell::share(total, whole),
        Cell::Count(exchange.sent.frames),
        Cell::Bytes(exchange.sent.bytes),
        Cell::Count(exchange.received.frames),
        Cell::Bytes(exchange.received.bytes),
    ]);
}

const CONVERSATIONS: &[Column] = &[
    column("a", "A"),
    column("b", "B"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
    column("frames_a_to_b", ""),
    column("bytes_a_to_b", "A → B"),
    column("frames_b_to_a", ""),
    column("bytes_b_to_a", "B → A"),
    column("first", ""),
    column("duration", ""),
];

const FLOWS: &[Column] = &[
    column("transport", ""),
    column("a", "A"),
    column("b", "B"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", ""),
    column("frames_a_to_b", ""),
    column("bytes_a_to_b", ""),
    column("frames_b_to_a", ""),
    column("bytes_b_to_a", ""),
    column("first", ""),
    column("duration", "Duration"),
    column("service", "Service"),
];

pub(super) fn conversations(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let mut found = Vec::new();
    add_pairs(&mut found, &statistics.v4);
    add_pairs(&mut found, &statistics.v6);
    let (v4, v6) = (&statistics.v4.pairs, &statistics.v6.pairs);
    let list = List {
        section: Section::Conversations,
        columns: CONVERSATIONS,
        found,
        forgotten: v4.forgotten().beside(v6.forgotten()),
        row: &|(a, b): &(IpAddr, IpAddr), dialogue| {
            let mut row = vec![Cell::text(a), Cell::text(b)];
            push_dialogue(&mut row, dialogue, statistics.totals.traffic);
            row
        },
    };
    list.sheet(limit)
}

fn add_pairs<A: Address>(found: &mut Vec<((IpAddr, IpAddr), Dialogue)>, ends: &Ends<A>) {
    let pairs = ends.pairs.iter();
    found.extend(pairs.map(|((low, high), dialogue)| ((low.ip(), high.ip()), *dialogue)));
}

type Ports = (Transport, SocketAddr, SocketAddr);

pub(super) fn flows(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let mut found = Vec::new();
    add_flows(&mut found, &statistics.v4);
    add_flows(&mut found, &statistics.v6);
    let (v4, v6) = (&statistics.v4.flows, &statistics.v6.flows);
    let list = List {
        section: Section::Flows,
        columns: FLOWS,
        found,
        forgotten: v4.forgotten().beside(v6.forgotten()),
        row: &|(transport, a, b): &Ports, dialogue| {
            let mut row = vec![Cell::text(transport.name()), Cell::text(a), Cell::text(b)];
            push_dialogue(&mut row, dialogue, statistics.totals.traffic);
            let port = service::likely_server(a.port(), b.port());
            row.push(service_cell(port));
            row
        },
    };
    list.sheet(limit)
}

fn add_flows<A: Address>(found: &mut Vec<(Ports, Dialogue)>, ends: &Ends<A>) {
    found.extend(ends.flows.iter().filter_map(|(flow, dialogue)| {
        let low = SocketAddr::new(flow.low.ip(), flow.low_port);
        let high = SocketAddr::new(flow.high.ip(), flow.high_port);
        Some(((flow.transport?, low, high), *dialogue))
    }));
}

fn push_dialogue(row: &mut Vec<Cell>, dialogue: &Dialogue, whole: Traffic) {
    let total = dialogue.total();
    row.extend([
        Cell::Count(total.frames),
        Cell::Bytes(total.bytes),
        Cell::share(total, whole),
        Cell::Count(dialogue.up.frames),
        Cell::Bytes(dialogue.up.bytes),
        Cell::Count(dialogue.down.frames),
        Cell::Bytes(dialogue.down.bytes),
        Cell::time(dialogue.period.first()),
        Cell::Span(dialogue.period.duration()),
    ]);
}

const PORTS: &[Column] = &[
    column("port", "Port"),
    column("transport", "Transport"),
    column("service", "Service"),
    column("range", "Range"),
    column("frames", "Frames"),
    column("bytes", "Bytes"),
    column("share_of_bytes", "Share"),
];

pub(super) fn ports(statistics: &Statistics, limit: Option<usize>) -> Sheet {
    let services = &statistics.ports.services;
    let list = List {
        section: Section::Ports,
        columns: PORTS,
        found: services
            .iter()
            .map(|(port, traffic)| (*port, *traffic))
            .collect(),
        forgotten: services.forgotten(),
        row: &|port, traffic| {
            vec![
                Cell::Id(port.number.into()),
                Cell::text(port.transport.name()),
                service_cell(port.number),
                Cell::text(PortRange::of(port.number).name()),
                Cell::Count(traffic.frames),
                Cell::Bytes(traffic.bytes),
                Cell::share(*traffic, statistics.totals.traffic),
            ]
        },
    };
    list.sheet(limit)
}

fn service_cell(port: u16) -> Cell {
    service::name(port).map_or(Cell::Nothing, Cell::text)
}
