//! The comparison as a table with what differs said below it, and as JSON.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::Rows;
use super::row::{Row, Verdict};
use crate::arp::Mac;
use crate::commands::arp::poll::Said;
use crate::commands::interfaces::mac_text;
use crate::net::NeighborState;
use crate::output::table::{table, terminal_width};
use crate::output::time::{TimeWriter, rfc3339};
use crate::vendor;

/// With `wire`, what it says is a column.
pub(super) fn as_table(rows: &Rows, wire: bool) -> String {
    // Three MAC addresses fit into 80 columns, and no words beside them; they stand below.
    const WIDE: u16 = 100;
    let verdicts = !wire || terminal_width().is_none_or(|width| width >= WIDE);
    let mut interfaces: Vec<_> = rows.keys().map(|(interface, _)| interface).collect();
    interfaces.dedup();
    let several = interfaces.len() > 1;
    let columns = [
        ("Address", true),
        ("On", several),
        ("Kernel", true),
        ("Our table", true),
        ("Wire", wire),
        ("Verdict", verdicts),
    ];
    let header: Vec<_> = columns
        .iter()
        .filter(|(_, shown)| *shown)
        .map(|(name, _)| *name)
        .collect();
    let lines = rows.iter().map(|((interface, address), row)| {
        let cells = [
            address.to_string(),
            interface.clone(),
            kernel(row),
            ours(row),
            on_wire(row),
            row.verdict().words().to_owned(),
        ];
        let shown = cells.into_iter().zip(columns);
        let shown = shown.filter(|(_, (_, shown))| *shown);
        shown.map(|(cell, _)| cell).collect::<Vec<_>>()
    });
    let mut text = format!("{}\n", table(&header, lines));
    for ((interface, address), row) in rows {
        let verdict = row.verdict();
        let sentence = sentence(*address, interface, row);
        let told = match verdict {
            Verdict::Same => None,
            // What the table has no room for.
            _ if !verdicts => sentence.or_else(|| Some(format!("{address}: {}", verdict.words()))),
            _ => sentence,
        };
        if let Some(told) = told {
            text.push_str(&told);
            text.push('\n');
        }
    }
    text
}

fn kernel(row: &Row) -> String {
    let Some(entry) = &row.kernel else {
        return String::new();
    };
    let mac = entry.mac.map(mac_text).unwrap_or_default();
    format!("{mac} {}", entry.state.name()).trim().to_owned()
}

fn ours(row: &Row) -> String {
    let known = row.ours.as_ref().map(|binding| {
        let seen = TimeWriter::minute(binding.last_seen);
        format!("{} {seen}", mac_text(binding.mac))
    });
    known.unwrap_or_default()
}

fn on_wire(row: &Row) -> String {
    match &row.wire {
        Said::NotAsked => "not asked".to_owned(),
        Said::Silent => "nobody answers".to_owned(),
        Said::ThisHost(_) => "this host".to_owned(),
        Said::At { macs, .. } => {
            let macs: Vec<_> = macs.iter().map(|(mac, _)| mac_text(*mac)).collect();
            macs.join(" ")
        }
    }
}

/// `00:1b:21:00:00:02 (Intel)`.
fn named(mac: Mac) -> String {
    format!("{} ({})", mac_text(mac), vendor::identify(mac).short())
}

/// What differs, and what to do about it.
fn sentence(address: IpAddr, interface: &str, row: &Row) -> Option<String> {
    let verdict = row.verdict();
    if !verdict.is_difference() {
        return None;
    }
    if let Said::At {
        conflict: Some(conflict),
        ..
    } = &row.wire
    {
        return Some(conflict.clone());
    }
    let kernel = row.kernel_mac().map(named).unwrap_or_default();
    let ours = row.ours.as_ref().map(|ours| named(ours.mac));
    let ours = ours.unwrap_or_default();
    let answers = match &row.wire {
        Said::At { macs, .. } => macs.first().map(|(mac, _)| *mac),
        Said::ThisHost(mac) => *mac,
        Said::NotAsked | Said::Silent => None,
    };
    let answers = answers.map(named).unwrap_or_default();
    // An address that another host takes back is asked for anew only once the entry is gone.
    let anew = match row.kernel.as_ref().map(|entry| entry.state) {
        Some(NeighborState::Permanent) => format!(
            "an administrator has set the kernel's entry for good; ip neigh del {address} dev {interface} removes it"
        ),
        _ => format!(
            "was it spoofed? ip neigh del {address} dev {interface} lets the kernel ask anew"
        ),
    };
    let history = format!("netinspect neighbors history {address} tells what was before");
    Some(match verdict {
        Verdict::KernelDiffers => {
            format!("{address}: {answers} answers for it, but the kernel sends to {kernel}: {anew}")
        }
        Verdict::TableDiffers => {
            format!("{address}: {answers} answers for it, and our table has {ours}; {history}")
        }
        Verdict::Moved if kernel == ours => {
            format!(
                "{address} has moved: it was at {kernel}, and {answers} answers for it now; {anew}"
            )
        }
        Verdict::Moved => format!(
            "{address} has moved: {answers} answers for it now, the kernel sends to {kernel}, and our table has {ours}; {anew}"
        ),
        _ => {
            format!("{address}: the kernel sends to {kernel}, and our table has {ours}; {history}")
        }
    })
}

pub(super) fn as_json(((interface, address), row): (&(String, IpAddr), &Row)) -> String {
    let (wire, macs): (_, Vec<Mac>) = match &row.wire {
        Said::NotAsked => ("not asked", Vec::new()),
        Said::Silent => ("silent", Vec::new()),
        Said::ThisHost(mac) => ("this host", mac.iter().copied().collect()),
        Said::At { macs, .. } => ("answered", macs.iter().map(|(mac, _)| *mac).collect()),
    };
    let ours = row.ours.as_ref();
    let object: Value = json!({
        "address": address,
        "interface": interface,
        "kernel_mac": row.kernel.as_ref().and_then(|entry| entry.mac).map(mac_text),
        "kernel_state": row.kernel.as_ref().map(|entry| entry.state.name()),
        "table_mac": ours.map(|binding| mac_text(binding.mac)),
        "table_vendor": ours.map(|binding| vendor::identify(binding.mac).to_string()),
        "last_seen": ours.map(|binding| rfc3339(binding.last_seen)),
        "wire": wire,
        "wire_macs": macs.into_iter().map(mac_text).collect::<Vec<_>>(),
        "verdict": row.verdict().words(),
        "differs": row.verdict().is_difference(),
    });
    format!("{object}\n")
}
